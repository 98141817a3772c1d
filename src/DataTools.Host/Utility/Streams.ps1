# Commands that write to PowerShell's streams. A module does not see the preferences of the function that calls it, so each command
# fetches its own; only what it sets itself counts for $PSCmdlet.

<#
.SYNOPSIS
Writes objects to the pipeline.
#>
function Write-Output {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromRemainingArguments)] [AllowNull()] [AllowEmptyCollection()]
        [psobject[]] $InputObject,
        [switch] $NoEnumerate
    )
    process {
        if ($NoEnumerate) { return , $InputObject }
        foreach ($item in $InputObject) { $item }
    }
}

<#
.SYNOPSIS
Writes text to the host.
#>
function Write-Host {
    [CmdletBinding()]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromRemainingArguments)] [Alias('Msg', 'Message')] [object] $Object,
        [switch] $NoNewline,
        [object] $Separator = ' ',
        [System.ConsoleColor] $ForegroundColor,
        [System.ConsoleColor] $BackgroundColor
    )
    process {
        $message = [System.Management.Automation.HostInformationMessage] @{ Message = @($Object) -join $Separator; NoNewLine = [bool] $NoNewline }
        if ($PSBoundParameters.ContainsKey('ForegroundColor')) { $message.ForegroundColor = $ForegroundColor }
        if ($PSBoundParameters.ContainsKey('BackgroundColor')) { $message.BackgroundColor = $BackgroundColor }
        $PSCmdlet.WriteInformation($message, [string[]] 'PSHOST')
    }
}

<#
.SYNOPSIS
Writes an error that does not end the script, unless ErrorAction says so.
#>
function Write-Error {
    [CmdletBinding(DefaultParameterSetName = 'Message')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ParameterSetName = 'Message')] [AllowEmptyString()] [Alias('Msg')] [string] $Message,
        [Parameter(Mandatory, ParameterSetName = 'Exception')] [System.Exception] $Exception,
        [Parameter(Mandatory, ParameterSetName = 'ErrorRecord')] [System.Management.Automation.ErrorRecord] $ErrorRecord,
        [System.Management.Automation.ErrorCategory] $Category = 'NotSpecified',
        [string] $ErrorId,
        [object] $TargetObject,
        [string] $RecommendedAction
    )
    process {
        if (-not $PSBoundParameters.ContainsKey('ErrorAction')) { $ErrorActionPreference = $PSCmdlet.GetVariableValue('ErrorActionPreference') }
        if (-not $ErrorRecord) {
            if (-not $ErrorId) { $ErrorId = if ($Exception) { $Exception.GetType().FullName } else { 'Microsoft.PowerShell.Commands.WriteErrorException' } }
            if (-not $Exception) { $Exception = [System.Exception]::new($Message) }
            $ErrorRecord = [System.Management.Automation.ErrorRecord]::new($Exception, $ErrorId, $Category, $TargetObject)
        }

        if ($RecommendedAction) {
            $ErrorRecord.ErrorDetails = [System.Management.Automation.ErrorDetails] @{ RecommendedAction = $RecommendedAction }
        }

        $PSCmdlet.WriteError($ErrorRecord)
    }
}

<#
.SYNOPSIS
Writes a warning.
#>
function Write-Warning {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0, ValueFromPipeline)] [AllowEmptyString()] [Alias('Msg')] [string] $Message)
    process {
        if (-not $PSBoundParameters.ContainsKey('WarningAction')) { $WarningPreference = $PSCmdlet.GetVariableValue('WarningPreference') }
        $PSCmdlet.WriteWarning($Message)
    }
}

<#
.SYNOPSIS
Writes a message that is shown with -Verbose.
#>
function Write-Verbose {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0, ValueFromPipeline)] [AllowEmptyString()] [Alias('Msg')] [string] $Message)
    process {
        if (-not $PSBoundParameters.ContainsKey('Verbose')) { $VerbosePreference = $PSCmdlet.GetVariableValue('VerbosePreference') }
        $PSCmdlet.WriteVerbose($Message)
    }
}

<#
.SYNOPSIS
Writes a message that is shown with -Debug.
#>
function Write-Debug {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0, ValueFromPipeline)] [AllowEmptyString()] [Alias('Msg')] [string] $Message)
    process {
        if (-not $PSBoundParameters.ContainsKey('Debug')) { $DebugPreference = $PSCmdlet.GetVariableValue('DebugPreference') }
        $PSCmdlet.WriteDebug($Message)
    }
}

<#
.SYNOPSIS
Writes to the information stream.
#>
function Write-Information {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline)] [Alias('Msg', 'Message')] [object] $MessageData,
        [Parameter(Position = 1)] [string[]] $Tags = @()
    )
    process {
        if (-not $PSBoundParameters.ContainsKey('InformationAction')) { $InformationPreference = $PSCmdlet.GetVariableValue('InformationPreference') }
        $PSCmdlet.WriteInformation($MessageData, $Tags)
    }
}

<#
.SYNOPSIS
Shows how far a long task is.
.DESCRIPTION
-SourceId is not supported.
#>
function Write-Progress {
    [CmdletBinding()]
    param(
        [Parameter(Position = 0)] [string] $Activity = 'Progress',
        [Parameter(Position = 1)] [string] $Status = 'Processing',
        [Parameter(Position = 2)] [int] $Id = 0,
        [int] $PercentComplete = -1,
        [int] $SecondsRemaining = -1,
        [string] $CurrentOperation,
        [int] $ParentId = -1,
        [switch] $Completed
    )
    $ProgressPreference = $PSCmdlet.GetVariableValue('ProgressPreference')
    $record = [System.Management.Automation.ProgressRecord]::new($Id, $Activity, $Status)
    $record.PercentComplete = $PercentComplete
    $record.SecondsRemaining = $SecondsRemaining
    $record.CurrentOperation = $CurrentOperation
    $record.ParentActivityId = $ParentId
    if ($Completed) { $record.RecordType = 'Completed' }
    $PSCmdlet.WriteProgress($record)
}
