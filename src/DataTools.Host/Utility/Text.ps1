# Commands that turn objects into text and back, and those of the clock.

# A pipeline that writes what it gets to a writer, as the engine's formatting shows it.
function Get-FormattingPipeline([System.IO.TextWriter] $Writer, [int] $Width) {
    $line = [DataTools.Host.EngineFormatting]::LineOutput($Writer, $Width)
    { Out-FormattedLine -LineOutput $line }.GetSteppablePipeline()
}

<#
.SYNOPSIS
Formats objects as text.
#>
function Out-String {
    [CmdletBinding()]
    param([Parameter(ValueFromPipeline)] [psobject] $InputObject, [int] $Width = 120, [switch] $Stream, [switch] $NoNewline)
    begin {
        $writer = [System.IO.StringWriter]::new()
        $format = Get-FormattingPipeline $writer $Width
        $format.Begin($true)
    }
    process {
        $format.Process($InputObject)
    }
    end {
        $format.End()
        $text = $writer.ToString()
        if ($Stream) { return $text.TrimEnd("`r", "`n") -split '\r?\n' }
        if ($NoNewline) { $text -replace '\r?\n' } else { $text }
    }
}

<#
.SYNOPSIS
Writes objects to a file as the console shows them. This is what > and >> do.
#>
function Out-File {
    [CmdletBinding(SupportsShouldProcess)]
    param(
        [Parameter(Mandatory, Position = 0)] [Alias('Path', 'LiteralPath', 'PSPath')] [string] $FilePath,
        [Parameter(Position = 1)] [string] $Encoding = 'utf8NoBOM',
        [switch] $Append,
        [switch] $Force,
        [Alias('NoOverwrite')] [switch] $NoClobber,
        [int] $Width = 1000000,
        [switch] $NoNewline,
        [Parameter(ValueFromPipeline)] [psobject] $InputObject
    )
    begin {
        $path = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($FilePath)
        if (-not $PSCmdlet.ShouldProcess($path)) { return }
        $mode = if ($Append) { 'Append' } elseif ($NoClobber) { 'CreateNew' } else { 'Create' }
        $writer = [System.IO.StreamWriter]::new([System.IO.FileStream]::new($path, $mode, 'Write', 'Read'), (Get-TextEncoding $Encoding))
        if ($NoNewline) { $writer.NewLine = '' }
        $format = Get-FormattingPipeline $writer $Width
        $format.Begin($true)
    }
    process {
        if ($format) { $format.Process($InputObject) }
    }
    end {
        if ($format) { $format.End() }
    }
    clean {
        if ($writer) { $writer.Dispose() }
    }
}

# The encoding of a name that PowerShell knows.
function Get-TextEncoding([string] $Name) {
    switch ($Name) {
        'utf8' { return [System.Text.UTF8Encoding]::new($false) }
        'utf8NoBOM' { return [System.Text.UTF8Encoding]::new($false) }
        'utf8BOM' { return [System.Text.UTF8Encoding]::new($true) }
        'unicode' { return [System.Text.Encoding]::Unicode }
        'bigendianunicode' { return [System.Text.Encoding]::BigEndianUnicode }
        'oem' { return [System.Text.Encoding]::GetEncoding([cultureinfo]::CurrentCulture.TextInfo.OEMCodePage) }
        'ansi' { return [System.Text.Encoding]::GetEncoding([cultureinfo]::CurrentCulture.TextInfo.ANSICodePage) }
    }

    $number = 0
    if ([int]::TryParse($Name, [ref] $number)) { [System.Text.Encoding]::GetEncoding($number) } else { [System.Text.Encoding]::GetEncoding($Name) }
}

<#
.SYNOPSIS
Writes an object as JSON.
#>
function ConvertTo-Json {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline)] [AllowNull()] [object] $InputObject,
        [ValidateRange(0, 100)] [int] $Depth = 2,
        [switch] $Compress,
        [switch] $EnumsAsStrings,
        [switch] $AsArray
    )
    begin {
        $all = [System.Collections.Generic.List[object]]::new()
    }
    process {
        $all.Add($InputObject)
    }
    end {
        $json = [DataTools.Host.JsonText]::new($Depth, [bool] $EnumsAsStrings, [bool] $Compress)
        $json.Write($(if ($all.Count -eq 1 -and -not $AsArray) { , $all[0] } else { , $all }))
        if ($json.Truncated) { $PSCmdlet.WriteWarning("Resulting JSON is truncated as serialization has exceeded the set depth of $Depth.") }
    }
}

<#
.SYNOPSIS
Reads JSON into objects: one text of several lines, or, where the first line is JSON by itself, a text in each.
.DESCRIPTION
-DateKind is not supported.
#>
function ConvertFrom-Json {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline)] [AllowEmptyString()] [string] $InputObject,
        [switch] $AsHashtable,
        [int] $Depth = 1024,
        [switch] $NoEnumerate
    )
    begin {
        $lines = [System.Collections.Generic.List[string]]::new()
    }
    process {
        $lines.Add($InputObject)
    }
    end {
        $texts = @($lines -join "`n")
        if ($lines.Count -gt 1 -and [DataTools.Host.JsonText]::IsWhole($lines[0], $Depth)) { $texts = $lines }
        foreach ($text in $texts) {
            $value = [DataTools.Host.JsonText]::Read($text, [bool] $AsHashtable, $Depth)
            if ($NoEnumerate) { , $value } else { $value }
        }
    }
}

<#
.SYNOPSIS
The current time, or a given one, as a value or as text.
.DESCRIPTION
-UFormat, -DisplayHint and the parts of a date (-Year, -Month ...) are not supported.
#>
function Get-Date {
    [CmdletBinding()]
    param(
        [Parameter(Position = 0, ValueFromPipeline)] [Alias('LastWriteTime')] [datetime] $Date,
        [Alias('UnixTime')] [long] $UnixTimeSeconds,
        [string] $Format,
        [switch] $AsUTC
    )
    process {
        $time = if ($PSBoundParameters.ContainsKey('Date')) { $Date }
        elseif ($PSBoundParameters.ContainsKey('UnixTimeSeconds')) { [System.DateTimeOffset]::FromUnixTimeSeconds($UnixTimeSeconds).LocalDateTime }
        else { [datetime]::Now }
        if ($AsUTC) { $time = $time.ToUniversalTime() }
        if (-not $Format) { return $time }
        $pattern = switch ($Format) { 'FileDate' { 'yyyyMMdd' } 'FileDateTime' { 'yyyyMMddTHHmmssffff' } default { $Format } }
        $time.ToString($pattern, [cultureinfo]::CurrentCulture)
    }
}

<#
.SYNOPSIS
Waits; Ctrl+C ends it at once.
#>
function Start-Sleep {
    [CmdletBinding(DefaultParameterSetName = 'Seconds')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ParameterSetName = 'Seconds')] [ValidateRange(0, 2147483)] [double] $Seconds,
        [Parameter(Mandatory, ParameterSetName = 'Milliseconds')] [Alias('ms')] [ValidateRange(0, 2147483647)] [int] $Milliseconds,
        [Parameter(Mandatory, ParameterSetName = 'Duration')] [timespan] $Duration
    )
    process {
        $wait = switch ($PSCmdlet.ParameterSetName) {
            'Seconds' { [timespan]::FromSeconds($Seconds) }
            'Milliseconds' { [timespan]::FromMilliseconds($Milliseconds) }
            default { $Duration }
        }

        # In short steps: between them the engine sees that it shall stop.
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        while ($clock.Elapsed -lt $wait) {
            [System.Threading.Thread]::Sleep([math]::Clamp([math]::Ceiling(($wait - $clock.Elapsed).TotalMilliseconds), 0, 50))
        }
    }
}
