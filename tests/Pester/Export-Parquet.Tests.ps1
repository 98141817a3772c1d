BeforeAll {
    # The module under test: the one that the variable names, or the one that build.ps1 -Task Build has made here.
    $module = if ($env:DATATOOLS_MODULE) { $env:DATATOOLS_MODULE } else { "$PSScriptRoot/../../DataTools.psd1" }
    Import-Module $module -Force
    $data = Resolve-Path "$PSScriptRoot/../../examples/data"
    $orders = Join-Path $data orders.csv
}

Describe 'Export-Parquet' {
    It 'keeps types and nulls' {
        $path = Join-Path $TestDrive orders.parquet
        Import-DataFile $orders | Export-Parquet $path
        $types = Get-DataSchema $path
        ($types | Where-Object Name -EQ price).Type | Should -BeLike 'decimal(*,2)'
        ($types | Where-Object Name -EQ date).Type | Should -Be 'date'
        (Import-DataFile $path | Where-Object { $null -eq $_.paid }).id | Should -Be 10
    }

    It 'writes with <_>' -ForEach 'none', 'snappy', 'zstd', 'gzip', 'lz4' {
        $path = Join-Path $TestDrive "$_.parquet"
        Import-DataFile $orders | Export-Parquet $path -Compression $_
        @(Import-DataFile $path).Count | Should -Be 12
    }

    It 'writes folders that read back as one table' {
        $path = Join-Path $TestDrive parts
        Import-DataFile $orders | Export-Parquet $path -PartitionBy region
        Join-Path $path 'region=EU' | Should -Exist
        $rows = Import-DataFile $path
        @($rows).Count | Should -Be 12
        ($rows | Group-Object region | Where-Object Name -EQ US).Count | Should -Be 3
    }

    It 'takes the objects of Get-Process' {
        $path = Join-Path $TestDrive processes.parquet
        Get-Process | Select-Object Id, ProcessName, WorkingSet64 | Export-Parquet $path
        (Import-DataFile $path).Id | Should -Contain $PID
    }

    It 'does nothing with -WhatIf' {
        Import-DataFile $orders | Export-Parquet (Join-Path $TestDrive whatif.parquet) -WhatIf
        Join-Path $TestDrive whatif.parquet | Should -Not -Exist
    }

    It 'logs its run by the preference variable' {
        $DataToolsLogPath = Join-Path $TestDrive runs.ndjson
        Import-DataFile $orders | Export-Parquet (Join-Path $TestDrive logged.parquet)
        $lines = Get-Content $DataToolsLogPath | ConvertFrom-Json
        $lines.command | Sort-Object | Should -Be 'Export-Parquet', 'Import-DataFile'
        ($lines | Where-Object command -EQ Export-Parquet).target | Should -Match 'logged\.parquet$'
    }
}
