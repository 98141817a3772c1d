# Copies a database by many processes at once: every task of a job array runs this same script. Each takes parts that nobody works on; the destination's table
# datatools_ledger says which are done. A task that dies does no harm: another takes over its part, and what is started again goes on.
#
# Slurm:      sbatch --array=1-8 --wrap 'datatools 08-copy-by-a-job-array.ps1 -Source mariadb://reader@db1/shop -Destination postgres://loader@db2/shop'
# Kubernetes: an Indexed Job with parallelism 8 whose container runs the same command.
#
# The worker's name comes from SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX by itself. Passwords come from PGPASSFILE and the like, never from the command line.
# Without arguments one process copies a small database of its own making.
param(
    [string] $Source,
    [string] $Destination,
    [string] $OutputFolder = "$PSScriptRoot/out"
)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
if (-not (Get-Command Copy-DataTable -ErrorAction Ignore)) { Import-Module "$PSScriptRoot/../DataTools.psd1" }
$null = [System.IO.Directory]::CreateDirectory($OutputFolder)
$DataToolsLogPath = "$OutputFolder/runs.ndjson"

if (-not $Source) {
    $Source = "sqlite:$OutputFolder/shop.db"
    $Destination = "sqlite:$OutputFolder/copy.db"
    Import-DataFile "$PSScriptRoot/data/orders.csv" | Export-DataTable orders -Connection $Source -Mode Replace -CreateTable -PrimaryKey id -Confirm:$false
}

# -Resume lets a task that comes late, or again, take the copy as it finds it.
Copy-DataTable -Source $Source -Destination $Destination -Table * -Partitions 16 -Ledger shop -Resume -PassThru |
    Format-Table Table, Rows, RowsPerSecond
exit 0
