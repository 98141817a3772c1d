BeforeAll {
    # The module under test: the one that the variable names, or the one that build.ps1 -Task Build has made here.
    $module = if ($env:DATATOOLS_MODULE) { $env:DATATOOLS_MODULE } else { "$PSScriptRoot/../../DataTools.psd1" }
    Import-Module $module -Force
    $data = Resolve-Path "$PSScriptRoot/../../examples/data"
    $orders = Join-Path $data orders.csv
}

Describe 'ConvertFrom-DataText' {
    It 'reads lines of Get-Content as Import-DataFile reads the file' {
        $rows = Get-Content $orders | ConvertFrom-DataText Csv
        ($rows | ConvertTo-Json) | Should -Be (Import-DataFile $orders | ConvertTo-Json)
    }

    It 'reads one string' {
        $rows = Get-Content $orders -Raw | ConvertFrom-DataText -Format Csv -Column id, price
        $rows.Count | Should -Be 12
        $rows[0].price | Should -BeOfType [decimal]
    }

    It 'reads the records within JSON' {
        ('{ "a": { "b": [ { "x": 1 }, { "x": 2 } ] } }' | ConvertFrom-DataText Json -RecordPath a.b).x | Should -Be 1, 2
    }

    It 'refuses a format that is no text' {
        { 'x' | ConvertFrom-DataText Parquet -ErrorAction Stop } | Should -Throw -ErrorId 'FormatCannot,DataTools.Module.ConvertFromDataTextCommand'
    }

    It 'names line and column of a bad value' {
        { "id`n1`nx" | ConvertFrom-DataText Csv -Type int -ErrorAction Stop } | Should -Throw '*line 3, column ''id'': ''x''*'
    }
}
