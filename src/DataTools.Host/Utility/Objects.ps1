# Commands that choose, order and make objects.

# One requested property as its name and how its value is found: of 'name', 'na*', { script } or @{ Name = ..; Expression = .. }.
function Get-PropertyPlan([object] $Property) {
    if ($Property -is [System.Collections.IDictionary]) {
        $plan = @{ Name = $null; Expression = $null; Descending = $null }
        foreach ($key in $Property.Keys) {
            switch -Wildcard ($key) {
                'N*' { $plan.Name = [string] $Property[$key] }
                'L*' { $plan.Name = [string] $Property[$key] }
                'E*' { $plan.Expression = $Property[$key] }
                'D*' { $plan.Descending = [bool] $Property[$key] }
                'A*' { $plan.Descending = -not $Property[$key] }
            }
        }

        if (-not $plan.Name) { $plan.Name = [string] $plan.Expression }
        return $plan
    }

    @{ Name = [string] $Property; Expression = $Property; Descending = $null }
}

# The value of a planned property; $_ is the object in a script.
function Get-PlannedValue([object] $InputObject, [object] $Expression) {
    if ($Expression -is [scriptblock]) {
        return $Expression.InvokeWithContext($null, [psvariable]::new('_', $InputObject))
    }

    if ($InputObject -is [System.Collections.IDictionary] -and $InputObject.Contains($Expression)) { return $InputObject[$Expression] }
    $found = $InputObject.psobject.Properties[[string] $Expression]
    if ($null -ne $found) { $found.Value }
}

<#
.SYNOPSIS
Chooses objects and their properties.
.DESCRIPTION
-First stops the commands before it as soon as it has what it wants.
-Index, -SkipIndex, -SkipLast, -Wait and -CaseInsensitive are not supported.
#>
function Select-Object {
    [CmdletBinding()]
    param(
        [Parameter(ValueFromPipeline)] [psobject] $InputObject,
        [Parameter(Position = 0)] [object[]] $Property,
        [string[]] $ExcludeProperty,
        [string] $ExpandProperty,
        [switch] $Unique,
        [int] $First = -1,
        [int] $Last = -1,
        [int] $Skip = 0
    )
    begin {
        $plans = @($Property | ForEach-Object { if ($null -ne $_) { Get-PropertyPlan $_ } })
        if ($ExcludeProperty -and -not $plans) { $plans = @(Get-PropertyPlan '*') }
        $seen = [System.Collections.Generic.HashSet[string]]::new()
        $tail = [System.Collections.Generic.Queue[object]]::new()
        $passed = 0
        $skipped = 0

        function Add-Property([psobject] $Target, [string] $Name, [object] $Value) {
            foreach ($pattern in $ExcludeProperty) { if ($Name -like $pattern) { return } }
            if ($null -eq $Target.psobject.Properties[$Name]) { $Target.psobject.Properties.Add([psnoteproperty]::new($Name, $Value)) }
        }

        function Get-Selected([psobject] $Source) {
            if (-not $plans) { return $Source }
            $selected = [psobject]::new()
            foreach ($plan in $plans) {
                if ($plan.Expression -is [string] -and [wildcardpattern]::ContainsWildcardCharacters($plan.Expression)) {
                    foreach ($found in $Source.psobject.Properties.Match($plan.Expression)) { Add-Property $selected $found.Name $found.Value }
                }
                else {
                    $value = Get-PlannedValue $Source $plan.Expression
                    Add-Property $selected $plan.Name $value
                }
            }

            $selected.psobject.TypeNames.Insert(0, "Selected.$($Source.psobject.TypeNames[0])")
            $selected
        }

        function Write-Selected([psobject] $Source) {
            $result = Get-Selected $Source
            if ($Unique -and -not $seen.Add((Get-IdentityText $result))) { return }
            if (-not $ExpandProperty) { return $result }
            $found = $Source.psobject.Properties[$ExpandProperty]
            if ($null -ne $found) { return $found.Value }
            $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new(
                    [System.ArgumentException]::new("Property ""$ExpandProperty"" cannot be found."), 'ExpandPropertyNotFound', 'InvalidArgument', $Source))
        }

        function Get-IdentityText([psobject] $Source) {
            if ($Source.psobject.BaseObject -isnot [System.Management.Automation.PSCustomObject]) { return [string] $Source }
            @($Source.psobject.Properties | ForEach-Object { "$($_.Name)=$($_.Value)" }) -join "`0"
        }

        if ($First -eq 0) { [DataTools.Host.UpstreamStop]::Now($PSCmdlet) }
    }
    process {
        if ($null -eq $InputObject -and -not $PSBoundParameters.ContainsKey('InputObject')) { return }
        if ($Last -ge 0) {
            $tail.Enqueue($InputObject)
            if ($tail.Count -gt $Last + $Skip) { $null = $tail.Dequeue() }
            return
        }

        if ($skipped -lt $Skip) {
            $skipped++
            return
        }

        Write-Selected $InputObject
        $passed++
        if ($passed -eq $First) { [DataTools.Host.UpstreamStop]::Now($PSCmdlet) }
    }
    end {
        while ($tail.Count -gt $Skip) { Write-Selected $tail.Dequeue() }
    }
}

<#
.SYNOPSIS
Orders objects; equal ones keep their order.
.DESCRIPTION
-Bottom and -Stable (it always is) are not supported.
#>
function Sort-Object {
    [CmdletBinding()]
    param(
        [Parameter(ValueFromPipeline)] [psobject] $InputObject,
        [Parameter(Position = 0)] [object[]] $Property,
        [switch] $Descending,
        [switch] $Unique,
        [switch] $CaseSensitive,
        [int] $Top = [int]::MaxValue,
        [string] $Culture
    )
    begin {
        $plans = @($Property | ForEach-Object { if ($null -ne $_) { Get-PropertyPlan $_ } })
        $directions = [bool[]] @(if ($plans) { $plans | ForEach-Object { $null -eq $_.Descending ? [bool] $Descending : $_.Descending } } else { [bool] $Descending })
        $compareCulture = if ($Culture) { [cultureinfo] $Culture } else { [cultureinfo]::CurrentCulture }
        $order = [DataTools.Host.ObjectOrder]::new($directions, -not $CaseSensitive, $compareCulture)
    }
    process {
        if ($null -eq $InputObject) { return }
        $keys = if ($plans) { foreach ($plan in $plans) { , (Get-PlannedValue $InputObject $plan.Expression) } } else { $InputObject }
        $order.Add($InputObject, [object[]] @($keys))
    }
    end {
        $order.Sorted([bool] $Unique, $Top)
    }
}

<#
.SYNOPSIS
Makes an object of a .NET type.
.DESCRIPTION
-ComObject is not supported.
#>
function New-Object {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $TypeName,
        [Parameter(Position = 1)] [Alias('Args')] [object[]] $ArgumentList = @(),
        [System.Collections.IDictionary] $Property
    )
    $type = $TypeName -as [type]
    if ($null -eq $type) {
        $PSCmdlet.ThrowTerminatingError([System.Management.Automation.ErrorRecord]::new(
                [System.Management.Automation.PSArgumentException]::new("Cannot find type [$TypeName]: verify that the assembly containing this type is loaded."),
                'TypeNotFound', 'InvalidType', $TypeName))
    }

    $made = if ($type -eq [psobject] -or $type.Name -eq 'PSCustomObject') { [pscustomobject] @{} } else { , $type::new.Invoke($ArgumentList) }
    foreach ($key in $Property.Keys) {
        if ($null -ne $made.psobject.Properties[$key]) { $made.$key = $Property[$key] }
        else { $made.psobject.Properties.Add([psnoteproperty]::new($key, $Property[$key])) }
    }

    , $made
}
