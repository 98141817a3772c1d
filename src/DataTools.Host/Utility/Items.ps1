# Commands for the items of drives. The engine's providers do the work, so they serve env:, function: and variable: as well as files.

<#
.SYNOPSIS
The content of files: lines, or all text at once.
.DESCRIPTION
-Delimiter, -ReadCount, -Wait, -AsByteStream and the filters are not supported, and -Encoding only for files.
#>
function Get-Content {
    [CmdletBinding(DefaultParameterSetName = 'Path')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName, ParameterSetName = 'Path')] [string[]] $Path,
        [Parameter(Mandatory, ValueFromPipelineByPropertyName, ParameterSetName = 'LiteralPath')] [Alias('PSPath', 'LP')] [string[]] $LiteralPath,
        [Alias('First', 'Head')] [long] $TotalCount = -1,
        [Alias('Last')] [int] $Tail = -1,
        [switch] $Raw,
        [string] $Encoding = 'utf8NoBOM',
        [switch] $Force
    )
    process {
        $isLiteral = $PSCmdlet.ParameterSetName -eq 'LiteralPath'
        $textEncoding = Get-TextEncoding $Encoding
        foreach ($name in $(if ($isLiteral) { $LiteralPath } else { $Path })) {
            foreach ($item in Resolve-ItemPath $PSCmdlet $name $isLiteral) {
                if ($item.Provider.Name -ne 'FileSystem') {
                    $PSCmdlet.InvokeProvider.Content.GetReader($item.Path)[0].Read(0)
                }
                elseif ($Raw) {
                    [System.IO.File]::ReadAllText($item.ProviderPath, $textEncoding)
                }
                else {
                    $lines = [System.IO.File]::ReadLines($item.ProviderPath, $textEncoding)
                    if ($TotalCount -ge 0) { $lines = [System.Linq.Enumerable]::Take[string]([System.Collections.Generic.IEnumerable[string]] $lines, [int] $TotalCount) }
                    if ($Tail -ge 0) { $lines = [System.Linq.Enumerable]::TakeLast[string]([System.Collections.Generic.IEnumerable[string]] $lines, $Tail) }
                    foreach ($line in $lines) { $line }
                }
            }
        }
    }
}

# The items that a path names; what does not exist is an error of the calling command.
function Resolve-ItemPath([System.Management.Automation.PSCmdlet] $Caller, [string] $Path, [bool] $IsLiteral) {
    try {
        $pattern = if ($IsLiteral) { [wildcardpattern]::Escape($Path) } else { $Path }
        $Caller.SessionState.Path.GetResolvedPSPathFromPSPath($pattern)
    }
    catch [System.Management.Automation.RuntimeException] {
        $Caller.WriteError([System.Management.Automation.ErrorRecord]::new($_.Exception, 'PathNotFound', 'ObjectNotFound', $Path))
    }
}

<#
.SYNOPSIS
Replaces the content of a file.
.DESCRIPTION
Files only. -AsByteStream, -Stream and the filters are not supported.
#>
function Set-Content {
    [CmdletBinding(SupportsShouldProcess)]
    param(
        [Parameter(Mandatory, Position = 0)] [Alias('LiteralPath', 'PSPath')] [string] $Path,
        [Parameter(Mandatory, Position = 1, ValueFromPipeline)] [AllowNull()] [AllowEmptyCollection()] [object[]] $Value,
        [string] $Encoding = 'utf8NoBOM',
        [switch] $NoNewline,
        [switch] $Force,
        [switch] $PassThru
    )
    begin {
        $file = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path)
        if (-not $PSCmdlet.ShouldProcess($file)) { return }
        $writer = [System.IO.StreamWriter]::new($file, $false, (Get-TextEncoding $Encoding))
        if ($NoNewline) { $writer.NewLine = '' }
    }
    process {
        if (-not $writer) { return }
        foreach ($line in $Value) { $writer.WriteLine([string] $line) }
        if ($PassThru) { $Value }
    }
    clean {
        if ($writer) { $writer.Dispose() }
    }
}

<#
.SYNOPSIS
The items in a place.
.DESCRIPTION
-Depth, -FollowSymlink, -Attributes, -Hidden, -ReadOnly and -System are not supported; -Filter takes wildcards of PowerShell.
#>
function Get-ChildItem {
    [CmdletBinding(DefaultParameterSetName = 'Path')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName, ParameterSetName = 'Path')] [string[]] $Path = '.',
        [Parameter(Mandatory, ValueFromPipelineByPropertyName, ParameterSetName = 'LiteralPath')] [Alias('PSPath', 'LP')] [string[]] $LiteralPath,
        [Parameter(Position = 1)] [string] $Filter,
        [string[]] $Include,
        [string[]] $Exclude,
        [Alias('s')] [switch] $Recurse,
        [switch] $Force,
        [switch] $Name,
        [Alias('ad')] [switch] $Directory,
        [Alias('af')] [switch] $File
    )
    process {
        $isLiteral = $PSCmdlet.ParameterSetName -eq 'LiteralPath'
        $places = [string[]] $(if ($isLiteral) { $LiteralPath } else { $Path })
        $PSCmdlet.InvokeProvider.ChildItem.Get($places, $Recurse, $Force, $isLiteral) | Where-Object {
            $item = $_
            (-not $Filter -or $item.PSChildName -like $Filter) -and
            (-not $Include -or @($Include | Where-Object { $item.PSChildName -like $_ })) -and
            -not @($Exclude | Where-Object { $_ -and $item.PSChildName -like $_ }) -and
            (-not $Directory -or $item.PSIsContainer) -and (-not $File -or -not $item.PSIsContainer)
        } | ForEach-Object { if ($Name) { $_.PSChildName } else { $_ } }
    }
}

<#
.SYNOPSIS
Whether a path exists.
.DESCRIPTION
-Filter, -Include, -Exclude, -NewerThan and -OlderThan are not supported.
#>
function Test-Path {
    [CmdletBinding(DefaultParameterSetName = 'Path')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName, ParameterSetName = 'Path')] [AllowEmptyString()] [string[]] $Path,
        [Parameter(Mandatory, ValueFromPipelineByPropertyName, ParameterSetName = 'LiteralPath')] [Alias('PSPath', 'LP')] [AllowEmptyString()] [string[]] $LiteralPath,
        [Alias('Type')] [ValidateSet('Any', 'Container', 'Leaf')] [string] $PathType = 'Any',
        [switch] $IsValid
    )
    process {
        $isLiteral = $PSCmdlet.ParameterSetName -eq 'LiteralPath'
        foreach ($name in $(if ($isLiteral) { $LiteralPath } else { $Path })) {
            if ([string]::IsNullOrWhiteSpace($name)) { $false }
            elseif ($IsValid) { $PSCmdlet.SessionState.Path.IsValid($name) }
            else {
                $exists = $PSCmdlet.InvokeProvider.Item.Exists($name, $true, $isLiteral)
                $exists -and ($PathType -eq 'Any' -or $PSCmdlet.InvokeProvider.Item.IsContainer($name) -eq ($PathType -eq 'Container'))
            }
        }
    }
}

<#
.SYNOPSIS
Joins the parts of a path.
.DESCRIPTION
-Resolve is not supported.
#>
function Join-Path {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)] [Alias('PSPath')] [string[]] $Path,
        [Parameter(Mandatory, Position = 1)] [AllowEmptyString()] [string] $ChildPath,
        [Parameter(Position = 2, ValueFromRemainingArguments)] [string[]] $AdditionalChildPath
    )
    process {
        foreach ($parent in $Path) {
            $joined = $PSCmdlet.SessionState.Path.Combine($parent, $ChildPath)
            foreach ($part in $AdditionalChildPath) { $joined = $PSCmdlet.SessionState.Path.Combine($joined, $part) }
            $joined
        }
    }
}

<#
.SYNOPSIS
Changes the current place.
.DESCRIPTION
-StackName is not supported.
#>
function Set-Location {
    [CmdletBinding()]
    param([Parameter(Position = 0, ValueFromPipeline)] [Alias('LiteralPath', 'PSPath')] [string] $Path = '~', [switch] $PassThru)
    process {
        $place = $PSCmdlet.SessionState.Path.SetLocation($Path)
        if ($PassThru) { $place }
    }
}

<#
.SYNOPSIS
Deletes items.
.DESCRIPTION
-Filter, -Include, -Exclude, -Stream and -Credential are not supported. A folder that is not empty needs -Recurse; there is no question.
#>
function Remove-Item {
    [CmdletBinding(SupportsShouldProcess, DefaultParameterSetName = 'Path')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName, ParameterSetName = 'Path')] [string[]] $Path,
        [Parameter(Mandatory, ValueFromPipelineByPropertyName, ParameterSetName = 'LiteralPath')] [Alias('PSPath', 'LP')] [string[]] $LiteralPath,
        [switch] $Recurse,
        [switch] $Force
    )
    process {
        $isLiteral = $PSCmdlet.ParameterSetName -eq 'LiteralPath'
        foreach ($name in $(if ($isLiteral) { $LiteralPath } else { $Path })) {
            foreach ($item in Resolve-ItemPath $PSCmdlet $name $isLiteral) {
                if (-not $PSCmdlet.ShouldProcess($item.Path)) { continue }
                if (-not $Recurse -and $PSCmdlet.InvokeProvider.ChildItem.HasChild($item.Path, $true, $true)) {
                    $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new(
                            [System.InvalidOperationException]::new("$($item.Path) is not empty: -Recurse deletes what is in it too."), 'DirectoryNotEmpty', 'InvalidOperation', $item.Path))
                    continue
                }

                $PSCmdlet.InvokeProvider.Item.Remove([string[]] $item.Path, [bool] $Recurse, [bool] $Force, $true)
            }
        }
    }
}
