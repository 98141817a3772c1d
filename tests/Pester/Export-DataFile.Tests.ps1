BeforeAll {
    # The module under test: the one that the variable names, or the one that build.ps1 -Task Build has made here.
    $module = if ($env:DATATOOLS_MODULE) { $env:DATATOOLS_MODULE } else { "$PSScriptRoot/../../DataTools.psd1" }
    Import-Module $module -Force
    $data = Resolve-Path "$PSScriptRoot/../../examples/data"
    $orders = Join-Path $data orders.csv
}

Describe 'Export-DataFile' {
    It 'writes <Name> that reads back the same' -ForEach @(
        @{ Name = 'copy.csv' }, @{ Name = 'copy.tsv' }, @{ Name = 'copy.psv' }, @{ Name = 'copy.csv.gz' }, @{ Name = 'copy.csv.zst' }
        @{ Name = 'copy.parquet' }, @{ Name = 'copy.arrow' }, @{ Name = 'copy.arrows' }
    ) {
        $path = Join-Path $TestDrive $Name
        Import-DataFile $orders | Export-DataFile $path
        (Import-DataFile $path | ConvertTo-Json) | Should -Be (Import-DataFile $orders | ConvertTo-Json)
    }

    It 'writes <Name> that ConvertFrom-Json reads' -ForEach @{ Name = 'copy.json' }, @{ Name = 'copy.ndjson' } {
        $path = Join-Path $TestDrive $Name
        Import-DataFile $orders | Export-DataFile $path
        $rows = if ($Name -like '*.json') { Get-Content $path -Raw | ConvertFrom-Json } else { Get-Content $path | ConvertFrom-Json }
        @($rows).Count | Should -Be 12
        $rows[3].note | Should -Be 'Says "urgent"'
        $rows[0].paid | Should -BeTrue
    }

    It 'takes objects of other commands' {
        $path = Join-Path $TestDrive objects.csv
        Get-ChildItem $data -File | Select-Object Name, Length, LastWriteTimeUtc | Export-DataFile $path
        (Import-Csv $path).Name | Should -Contain 'orders.csv'
        (Import-DataFile $path)[0].Length | Should -BeOfType [long]
    }

    It 'takes hashtables, and later properties with -Widen' {
        $path = Join-Path $TestDrive hash.ndjson
        [ordered]@{ a = 1 }, [ordered]@{ a = 2; b = 'x' } | Export-DataFile $path -Widen
        (Import-DataFile $path)[1].b | Should -Be 'x'
    }

    It 'a property that appears late is an error' {
        $many = 1..100000 | ForEach-Object { [pscustomobject]@{ a = $_ } }
        { @($many) + [pscustomobject]@{ a = 1; b = 2 } | Export-DataFile (Join-Path $TestDrive late.csv) -ErrorAction Stop } |
            Should -Throw -ErrorId 'LateColumn,DataTools.Module.ExportDataFileCommand'
        Join-Path $TestDrive late.csv | Should -Not -Exist
    }

    It 'gives a result with -PassThru' {
        $result = Import-DataFile $orders | Export-DataFile (Join-Path $TestDrive passed.csv) -PassThru
        $result.Rows | Should -Be 12
        $result.Rejected | Should -Be 0
        $result.Target | Should -Match 'passed\.csv$'
        $result.Elapsed | Should -BeOfType [timespan]
        ($result | Out-String) | Should -Match 'RowsPerSecond'
    }

    It 'does nothing with -WhatIf' {
        Import-DataFile $orders | Export-DataFile (Join-Path $TestDrive whatif.csv) -WhatIf
        Join-Path $TestDrive whatif.csv | Should -Not -Exist
    }

    It 'leaves a file alone with -NoClobber' {
        $path = Join-Path $TestDrive kept.csv
        Set-Content $path 'kept'
        { Import-DataFile $orders | Export-DataFile $path -NoClobber -ErrorAction Stop } |
            Should -Throw -ErrorId 'TargetExists,DataTools.Module.ExportDataFileCommand'
        Get-Content $path | Should -Be 'kept'
    }

    It 'leaves what was there when the run fails' {
        $path = Join-Path $TestDrive before.csv
        Set-Content $path 'before'
        $bad = Join-Path $TestDrive bad.csv
        Set-Content $bad 'id,n', '1,2', '3'
        { Import-DataFile $bad -ErrorAction Stop | Export-DataFile $path -ErrorAction Stop } | Should -Throw
        Get-Content $path | Should -Be 'before'
        @(Get-ChildItem $TestDrive -Force -Filter '.before*').Count | Should -Be 0
    }

    It 'appends' {
        $path = Join-Path $TestDrive appended.csv
        1..2 | ForEach-Object { [pscustomobject]@{ a = $_ } | Export-DataFile $path -Append }
        Get-Content $path | Should -Be 'a', '1', '2'
    }

    It 'completes formats' {
        (TabExpansion2 'Export-DataFile x -Format NdJ' 29).CompletionMatches.CompletionText | Should -Contain 'NdJson'
    }

    It 'writes the same under a culture with a decimal comma' {
        $before = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = 'de-DE'
            $path = Join-Path $TestDrive culture.csv
            Import-DataFile $orders -Column price | Export-DataFile $path
            (Get-Content $path)[1] | Should -Be '49.90'
        }
        finally { [cultureinfo]::CurrentCulture = $before }
    }

    It 'writes a book with <Arguments.Keys>' -ForEach @(
        @{ Arguments = @{ WorksheetName = 'Orders' } }, @{ Arguments = @{ TableName = 'Orders'; TableStyle = 'Light1' } }, @{ Arguments = @{ SheetBy = 'region' } }
        @{ Arguments = @{ Title = 'Orders'; AutoFilter = $true; FreezeTopRow = $true; BoldTopRow = $true; AutoSize = $true } }
        @{ Arguments = @{ NumberFormat = @{ price = '#,##0.00' }; ColumnWidth = 12; OnRowLimit = 'NewSheet'; FormulaPolicy = 'Text' } }
    ) {
        $path = Join-Path $TestDrive book.xlsx
        if (Test-Path $path) { Remove-Item $path }
        $result = Import-DataFile $orders | Export-DataFile $path @Arguments -PassThru
        $result.Rows | Should -Be 12
        [Text.Encoding]::ASCII.GetString([IO.File]::ReadAllBytes($path), 0, 2) | Should -Be 'PK'
    }

    It 'adds rows to a book and fills a template' {
        $path = Join-Path $TestDrive append.xlsx
        Import-DataFile $orders | Export-DataFile $path -TableName Orders
        $before = (Get-Item $path).Length
        Import-DataFile $orders | Export-DataFile $path -TableName Orders -Append
        (Get-Item $path).Length | Should -BeGreaterThan $before
        Import-DataFile $orders | Export-DataFile (Join-Path $TestDrive filled.xlsx) -Template $path
        Join-Path $TestDrive filled.xlsx | Should -Exist
    }

    It 'leaves a book as it was where the columns differ' {
        $path = Join-Path $TestDrive other.xlsx
        Import-DataFile $orders | Export-DataFile $path
        $before = (Get-FileHash $path).Hash
        { [pscustomobject]@{ a = 1 } | Export-DataFile $path -Append -ErrorAction Stop } |
            Should -Throw -ErrorId 'SheetMismatch,DataTools.Module.ExportDataFileCommand'
        (Get-FileHash $path).Hash | Should -Be $before
    }

    It 'writes XML that comes back as it was' {
        $file = Join-Path $TestDrive back.xml
        [pscustomobject]@{ id = 1; 'first name' = 'A & B'; gone = $null; empty = '' } | Export-DataFile $file -AttributeColumn id
        ([xml] [System.IO.File]::ReadAllText($file)).records.record.id | Should -Be '1'
        $row = Import-DataFile $file
        $row.'first name' | Should -BeExactly 'A & B'
        $row.gone | Should -BeNullOrEmpty
        $row.empty | Should -BeExactly ''
    }
}
