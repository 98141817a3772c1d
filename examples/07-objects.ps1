# Objects of PowerShell go into files as they are: numbers, dates, times and nested values keep their types.
param([string] $OutputFolder = "$PSScriptRoot/out")
$ErrorActionPreference = 'Stop'
if (-not (Get-Command Import-DataFile -ErrorAction Ignore)) { Import-Module "$PSScriptRoot/../DataTools.psd1" }
$null = [System.IO.Directory]::CreateDirectory($OutputFolder)

# Objects of .NET; those of Get-Process, Get-Service or any other command are taken alike.
$processes = [System.Diagnostics.Process]::GetProcesses() | ForEach-Object {
    [pscustomobject]@{ Id = $_.Id; Name = $_.ProcessName; Memory = $_.WorkingSet64; Threads = $_.Threads.Count; Day = [System.DateOnly]::FromDateTime([datetime]::UtcNow) }
}
$processes | Export-Parquet "$OutputFolder/processes.parquet" -PassThru
Get-DataSchema "$OutputFolder/processes.parquet" | Format-Table Name, Type

# Hashtables too. A property that only later rows have is a column with -Widen.
@{ host = 'web1'; load = 0.4 }, @{ host = 'web2'; load = 1.7; tags = @('eu', 'new') } |
    Export-DataFile "$OutputFolder/hosts.ndjson" -Widen
Import-DataFile "$OutputFolder/hosts.ndjson" | Format-Table

# Rows are objects as well: other commands read and change them.
Import-DataFile "$OutputFolder/hosts.ndjson" |
    ForEach-Object { $_.load *= 100; $_ } |
    Convert-Data -Exclude tags |
    Export-DataFile "$OutputFolder/hosts.csv"
