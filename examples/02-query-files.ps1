# SQL over files of any format, the pipeline, and objects of PowerShell. DuckDB is part of the module.
param([string] $OutputFolder = "$PSScriptRoot/out")
$ErrorActionPreference = 'Stop'
if (-not (Get-Command Import-DataFile -ErrorAction Ignore)) { Import-Module "$PSScriptRoot/../DataTools.psd1" }
$null = [System.IO.Directory]::CreateDirectory($OutputFolder)
Set-Location "$PSScriptRoot/data"

# Who spends how much? Tables are files.
Invoke-DataQuery @'
SELECT c.name, count(*) AS orders, sum(o.qty * o.price) AS total
FROM 'orders.csv' o JOIN 'customers.csv' c USING (customer)
GROUP BY c.name
ORDER BY total DESC
'@ | Format-Table

# The pipeline is the table input; values are given as parameters, never pasted into the SQL.
$regions = @(
    [pscustomobject]@{ code = 'EU'; region_name = 'Europe' }
    [pscustomobject]@{ code = 'US'; region_name = 'United States' }
    [pscustomobject]@{ code = 'APAC'; region_name = 'Asia and Pacific' }
)
Import-DataFile orders.csv |
    Invoke-DataQuery @'
SELECT r.region_name, i.product, sum(i.qty) AS pieces
FROM input i JOIN regions r ON r.code = i.region
WHERE i.date >= $since
GROUP BY ALL
ORDER BY ALL
'@ -InputTable @{ regions = $regions } -Parameters @{ since = [System.DateOnly]::new(2026, 1, 10) } |
    Export-DataFile "$OutputFolder/pieces.csv" -PassThru
