# A job for cron or Register-ScheduledTask: it stops at the first error, logs each run, and tells by its exit code how it went.
#
# cron:     30 2 * * * datatools /srv/jobs/06-scheduled-job.ps1 -InputPath /srv/in -OutputFolder /srv/out >> /var/log/orders.log 2>&1
# Windows:  $action = New-ScheduledTaskAction -Execute pwsh.exe -Argument '-NoProfile -File C:\jobs\06-scheduled-job.ps1'
#           Register-ScheduledTask -TaskName Orders -Action $action -Trigger (New-ScheduledTaskTrigger -Daily -At 2:30am)
param(
    [string] $InputPath = "$PSScriptRoot/data/orders.csv",
    [string] $OutputFolder = "$PSScriptRoot/out"
)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
if (-not (Get-Command Import-DataFile -ErrorAction Ignore)) { Import-Module "$PSScriptRoot/../DataTools.psd1" }
$null = [System.IO.Directory]::CreateDirectory($OutputFolder)

# Every command of this module appends a line to this file when it ends.
$DataToolsLogPath = "$OutputFolder/runs.ndjson"

try {
    Import-DataFile $InputPath -MaxErrors 1% -RejectPath "$OutputFolder/rejects.ndjson" |
        Export-Parquet "$OutputFolder/orders.parquet"
}
catch {
    [System.Console]::Error.WriteLine("The orders were not converted: $_")
    exit 2
}

Import-DataFile $DataToolsLogPath -LogPath '' | Format-Table command, rows, rejects, succeeded
exit 0
