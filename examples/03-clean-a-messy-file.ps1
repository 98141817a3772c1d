# A file as users send it: a comment, semicolons, German numbers and dates, spaces, two columns of one name, and bad rows.
param([string] $OutputFolder = "$PSScriptRoot/out")
$ErrorActionPreference = 'Stop'
if (-not (Get-Command Import-DataFile -ErrorAction Ignore)) { Import-Module "$PSScriptRoot/../DataTools.psd1" }
$null = [System.IO.Directory]::CreateDirectory($OutputFolder)
$messy = "$PSScriptRoot/data/messy.csv"
$rejects = "$OutputFolder/messy-rejects.ndjson"

# Without -MaxErrors the first bad row ends the run and says where it is.
$reading = @{
    Comment = '#'; Culture = 'de-DE'; Trim = $true; NullValue = 'n/a'
    Type    = @{ Betrag = 'decimal(10,2)'; Datum = 'date' }
}
try { $null = Import-DataFile $messy @reading } catch { "The run ended: $_" }

# With it bad rows are put aside, and the rest goes on under better names.
Import-DataFile $messy @reading -MaxErrors 10 -RejectPath $rejects |
    Convert-Data -FillNull @{ Betrag = 0 } -Replace @{ Status = @{ offen = 'open'; bezahlt = 'paid' } } -Rename @{
        Kunde = 'customer'; Betrag = 'amount'; Datum = 'date'; Status = 'status'; Status_2 = 'remark'
    } |
    Export-DataFile "$OutputFolder/clean.csv"

Import-DataFile "$OutputFolder/clean.csv" | Format-Table
Import-DataFile $rejects | Format-Table line, column, value, reason
