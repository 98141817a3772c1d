BeforeAll {
    # The module under test: the one that the variable names, or the one that build.ps1 -Task Build has made here.
    $module = if ($env:DATATOOLS_MODULE) { $env:DATATOOLS_MODULE } else { "$PSScriptRoot/../../DataTools.psd1" }
    Import-Module $module -Force
    $data = Resolve-Path "$PSScriptRoot/../../examples/data"
    $orders = Join-Path $data orders.csv
}

Describe 'Get-DataSchema' {
    It 'shows names and types of a file' {
        $schema = Get-DataSchema $orders
        $schema.Name | Should -Be 'id', 'date', 'customer', 'region', 'product', 'qty', 'price', 'paid', 'note'
        $schema[0].Type | Should -Be 'int64'
        $schema[0].ValueType | Should -Be ([long])
    }

    It 'shows those of other objects' {
        (Get-Process -Id $PID | Select-Object Id, ProcessName, WorkingSet64 | Get-DataSchema).Type | Should -Be 'int64', 'text', 'int64'
    }

    It 'takes files from Get-ChildItem' {
        (Get-Item $orders | Get-DataSchema).Count | Should -Be 9
    }

    It 'gives what -Type takes' {
        $types = @{}
        Get-DataSchema $orders -FullScan | ForEach-Object { $types[$_.Name] = $_.Type }
        (Import-DataFile $orders -Type $types)[0].price | Should -Be 49.90
    }

    It 'lists what an Excel book holds' {
        $contents = Get-DataSchema (Join-Path $data sales.xlsx) -ListContents
        ($contents | Where-Object Kind -eq Worksheet).Name | Should -Be 'January', 'February', 'Summary'
        ($contents | Where-Object Kind -eq Table).Range | Should -Be 'A1:F4', 'A1:F3'
        ($contents | Where-Object Kind -eq Name).Name | Should -Be 'Months'
        (Get-DataSchema (Join-Path $data sales.xlsx) -ListContents -IncludeHidden).Name | Should -Contain 'Rates'
    }

    It 'shows the columns of a sheet' {
        (Get-DataSchema (Join-Path $data sales.xlsx) -WorksheetName Summary -Range B4:D6).Type | Should -Be 'text', 'int64', 'duration'
    }

    It 'is shown as a table' {
        (Get-DataSchema $orders | Out-String -Width 200) | Should -Match 'Name\s+Type\s+Nullable'
    }

    It 'names a file that is not there' {
        { Get-DataSchema (Join-Path $TestDrive none.csv) -ErrorAction Stop } | Should -Throw -ErrorId 'FileNotFound,DataTools.Module.GetDataSchemaCommand'
    }
}
