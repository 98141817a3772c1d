# A folder of Parquet files, divided by the values of columns as Hive and Spark do, and read back as one table.
param([string] $OutputFolder = "$PSScriptRoot/out")
$ErrorActionPreference = 'Stop'
if (-not (Get-Command Import-DataFile -ErrorAction Ignore)) { Import-Module "$PSScriptRoot/../DataTools.psd1" }
$null = [System.IO.Directory]::CreateDirectory($OutputFolder)
$folder = "$OutputFolder/strikes"

Import-DataFile "$PSScriptRoot/data/birdstrikes.csv" |
    Convert-Data -Add @{ year = { $_.'Flight Date'.Year } } |
    Export-Parquet $folder -PartitionBy year -Force -PassThru

# One year is one folder; all of them are one table with the column year.
Measure-Data "$folder/year=2000" -Column 'Flight Date' | Format-Table Name, Rows, Min, Max
Import-DataFile $folder -Column year, 'Cost Total $' |
    Invoke-DataQuery 'SELECT year, count(*) AS strikes, sum("Cost Total $") AS cost FROM input GROUP BY year ORDER BY year' |
    Format-Table
