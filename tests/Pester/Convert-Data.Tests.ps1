BeforeAll {
    # The module under test: the one that the variable names, or the one that build.ps1 -Task Build has made here.
    $module = if ($env:DATATOOLS_MODULE) { $env:DATATOOLS_MODULE } else { "$PSScriptRoot/../../DataTools.psd1" }
    Import-Module $module -Force
    $data = Resolve-Path "$PSScriptRoot/../../examples/data"
    $orders = Join-Path $data orders.csv
}

Describe 'Convert-Data' {
    It 'filters as Where-Object does: <_>' -ForEach @(
        { $_.price -gt 100 }, { $_.region -eq 'eu' }, { $_.note -like '*door*' }, { $_.paid }, { -not $_.paid }, { $null -eq $_.note }
        { $_.product -match '^(Mo|De)' }, { $_.region -in 'US', 'APAC' }, { $_.date.Month -eq 1 -and $_.date.Day -gt 20 }, { $_.qty * $_.price -ge 200 }
        { $_.note.Length -gt 10 }, { $_.product.StartsWith('K') }, { "$($_.region)-$($_.qty)" -eq 'EU-2' }, { (Get-Date).Year -gt 2000 -and $_.qty -gt 1 }
    ) {
        $expected = @(Import-DataFile $orders | Where-Object $_ | ForEach-Object id)
        @(Import-DataFile $orders | Convert-Data -Where $_ | ForEach-Object id) | Should -Be $expected
    }

    It 'says which way an expression went' {
        $columns = Import-DataFile $orders | Convert-Data { $_.qty -gt 1 } -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        $columns.Message | Should -Match 'runs on columns'
        $rows = Import-DataFile $orders | Convert-Data { Get-Date; $_.qty } -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        $rows.Message | Should -Match 'row by row'
    }

    It 'computes, replaces, fills, selects and renames' {
        $row = Import-DataFile $orders |
            Convert-Data -Replace @{ region = @{ EU = 'Europe' } } -FillNull @{ note = '-' } -Add @{ total = { $_.qty * $_.price } } -Select id, region, note, total -Rename @{ total = 'sum' } -First 1
        $row.PSObject.Properties.Name | Should -Be 'id', 'region', 'note', 'sum'
        $row.region | Should -Be 'Europe'
        $row.note | Should -Be '-'
        $row.sum | Should -Be 99.80
    }

    It 'uses variables of the caller' {
        $least = 200
        @(Import-DataFile $orders | Convert-Data { $_.price -ge $least }).Count | Should -Be 5
    }

    It 'keeps the first of equal rows' {
        (Import-DataFile $orders | Convert-Data -Distinct region).id | Should -Be 1, 2, 5
    }

    It 'takes other objects' {
        $rows = 1..10 | ForEach-Object { [pscustomobject]@{ n = $_ } } | Convert-Data { $_.n -gt 8 } -Add @{ square = { $_.n * $_.n } }
        $rows.square | Should -Be 81, 100
    }

    It 'names a column that is not there' {
        { Import-DataFile $orders | Convert-Data -Select nothing -ErrorAction Stop } | Should -Throw -ErrorId 'ColumnNotFound,DataTools.Module.ConvertDataCommand'
    }

    It 'ends what comes before after -First' {
        @(1..1000 | ForEach-Object { [pscustomobject]@{ n = $_ } } | Convert-Data -First 2).Count | Should -Be 2
    }
}
