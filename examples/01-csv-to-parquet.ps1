# The main job: read a CSV file, keep some of its rows and columns, write Parquet. Types are inferred, data moves in columns.
param([string] $OutputFolder = "$PSScriptRoot/out")
$ErrorActionPreference = 'Stop'
if (-not (Get-Command Import-DataFile -ErrorAction Ignore)) { Import-Module "$PSScriptRoot/../DataTools.psd1" }
$null = [System.IO.Directory]::CreateDirectory($OutputFolder)
$target = "$OutputFolder/birdstrikes.parquet"

Import-DataFile "$PSScriptRoot/data/birdstrikes.csv" |
    Convert-Data -Where { $_.'Cost Repair' -gt 0 } -Select 'Flight Date', 'Origin State', 'Cost Repair' |
    Export-Parquet $target -PassThru

# What is in the file now:
Get-DataSchema $target | Format-Table Name, Type
Import-DataFile $target | Select-Object -First 5 | Format-Table
