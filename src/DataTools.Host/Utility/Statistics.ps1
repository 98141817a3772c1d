# Commands that say something about many objects.

<#
.SYNOPSIS
Groups objects by the value of properties.
.DESCRIPTION
-CaseSensitive and -Culture are not supported: texts are equal whatever their case.
#>
function Group-Object {
    [CmdletBinding()]
    param(
        [Parameter(ValueFromPipeline)] [psobject] $InputObject,
        [Parameter(Position = 0)] [object[]] $Property,
        [switch] $NoElement,
        [switch] $AsHashTable,
        [switch] $AsString
    )
    begin {
        $plans = @($Property | ForEach-Object { if ($null -ne $_) { Get-PropertyPlan $_ } })
        $groups = [System.Collections.Specialized.OrderedDictionary]::new([System.StringComparer]::CurrentCultureIgnoreCase)
    }
    process {
        if ($null -eq $InputObject) { return }
        $values = @(if ($plans) { foreach ($plan in $plans) { , (Get-PlannedValue $InputObject $plan.Expression) } } else { $InputObject })
        $name = @($values | ForEach-Object { [string] $_ }) -join ', '
        if (-not $groups.Contains($name)) {
            $groups.Add($name, @{ Values = $values; Group = [System.Collections.Generic.List[psobject]]::new() })
        }

        $groups[$name].Group.Add($InputObject)
    }
    end {
        if ($AsHashTable) {
            $table = @{}
            foreach ($name in $groups.Keys) {
                $key = if ($AsString -or $groups[$name].Values.Count -ne 1) { $name } else { $groups[$name].Values[0] }
                $table[$key] = $groups[$name].Group
            }

            return $table
        }

        $type = if ($NoElement) { 'Microsoft.PowerShell.Commands.GroupInfoNoElement' } else { 'Microsoft.PowerShell.Commands.GroupInfo' }
        $all = foreach ($name in $groups.Keys) {
            $group = [ordered] @{ PSTypeName = $type; Values = $groups[$name].Values; Count = $groups[$name].Group.Count; Name = $name }
            if (-not $NoElement) { $group.Group = $groups[$name].Group }
            [pscustomobject] $group
        }

        $all | Sort-Object { $_.Values[0] }
    }
}

<#
.SYNOPSIS
Counts objects, and adds up the values of properties.
.DESCRIPTION
-Line, -Word, -Character and -IgnoreWhiteSpace are not supported.
#>
function Measure-Object {
    [CmdletBinding()]
    param(
        [Parameter(ValueFromPipeline)] [psobject] $InputObject,
        [Parameter(Position = 0)] [object[]] $Property,
        [switch] $Sum,
        [switch] $Average,
        [switch] $Minimum,
        [switch] $Maximum,
        [switch] $StandardDeviation,
        [switch] $AllStats
    )
    begin {
        $names = @(if ($Property) { $Property } else { $null })
        $values = @{}
        foreach ($name in $names) { $values["$name"] = [System.Collections.Generic.List[object]]::new() }

        function Get-Statistic([object] $Name) {
            $list = $values["$Name"]
            $result = [ordered] @{ PSTypeName = 'Microsoft.PowerShell.Commands.GenericMeasureInfo'; Count = $list.Count }
            $numbers = @(if ($Sum -or $Average -or $StandardDeviation -or $AllStats) { foreach ($value in $list) { [double] $value } })
            $total = 0.0
            foreach ($number in $numbers) { $total += $number }
            $result.Average = if ($Average -or $AllStats) { $total / $list.Count }
            $result.Sum = if ($Sum -or $AllStats) { $total }
            $sorted = @(if ($list.Count -gt 0 -and ($Minimum -or $Maximum -or $AllStats)) { $list | Sort-Object })
            $result.Maximum = if ($Maximum -or $AllStats) { $sorted[-1] }
            $result.Minimum = if ($Minimum -or $AllStats) { $sorted[0] }
            $result.StandardDeviation = if (($StandardDeviation -or $AllStats) -and $list.Count -gt 1) {
                $squares = 0.0
                foreach ($number in $numbers) { $squares += ($number - $total / $list.Count) * ($number - $total / $list.Count) }
                [math]::Sqrt($squares / ($list.Count - 1))
            }

            $result.Property = $Name
            [pscustomobject] $result
        }
    }
    process {
        if ($null -eq $InputObject) { return }
        foreach ($name in $names) {
            $value = if ($null -eq $name) { $InputObject } else { Get-PlannedValue $InputObject $name }
            if ($null -ne $value) { $values["$name"].Add($value) }
        }
    }
    end {
        foreach ($name in $names) { Get-Statistic $name }
    }
}
