# Nested JSON to flat CSV, and a table of the inner lists by SQL.
param([string] $OutputFolder = "$PSScriptRoot/out")
$ErrorActionPreference = 'Stop'
if (-not (Get-Command Import-DataFile -ErrorAction Ignore)) { Import-Module "$PSScriptRoot/../DataTools.psd1" }
$null = [System.IO.Directory]::CreateDirectory($OutputFolder)
$json = "$PSScriptRoot/data/shop.json"

# The records are in result.orders. Objects become columns; the list of items stays one value, so it is left out here.
Import-DataFile $json -RecordPath result.orders -Flatten -FlattenSeparator _ |
    Convert-Data -Exclude items |
    Export-DataFile "$OutputFolder/orders.csv"
Import-DataFile "$OutputFolder/orders.csv" | Format-Table

# A row for each item.
Import-DataFile $json -RecordPath result.orders |
    Invoke-DataQuery 'SELECT id, item.sku, item.qty FROM (SELECT id, unnest(items) AS item FROM input)' |
    Export-DataFile "$OutputFolder/items.csv"
Import-DataFile "$OutputFolder/items.csv" | Format-Table
