BeforeAll {
    # The module under test: the one that the variable names, or the one that build.ps1 -Task Build has made here.
    $module = if ($env:DATATOOLS_MODULE) { $env:DATATOOLS_MODULE } else { "$PSScriptRoot/../../DataTools.psd1" }
    Import-Module $module -Force
    $data = Resolve-Path "$PSScriptRoot/../../examples/data"
    $orders = Join-Path $data orders.csv
    $shop = Join-Path $data shop.json
}

Describe 'Import-DataFile' {
    It 'gives typed values' {
        $row = Import-DataFile $orders | Select-Object -First 1
        $row.id | Should -BeOfType [long]
        $row.date | Should -BeOfType [System.DateOnly]
        $row.price | Should -BeOfType [decimal]
        $row.paid | Should -BeOfType [bool]
        $row.note | Should -BeNullOrEmpty
    }

    It 'keeps leading zeros' {
        (Import-DataFile (Join-Path $data customers.csv))[0].zip | Should -BeExactly '00501'
    }

    It 'stops the file when a later command has enough' {
        @(Import-DataFile $orders | Select-Object -First 3).Count | Should -Be 3
    }

    It 'takes what Get-ChildItem gives' {
        @(Get-Item $orders | Import-DataFile).Count | Should -Be 12
    }

    It 'names the file of a row' {
        (Import-DataFile $orders -IncludeSource)[0].SourceFile | Should -Match 'orders\.csv$'
    }

    Context 'Rows are objects to other commands' {
        BeforeAll { $rows = Import-DataFile $orders }

        It 'Select-Object' {
            $some = $rows | Select-Object id, @{ Name = 'total'; Expression = { $_.qty * $_.price } }
            $some[0].total | Should -Be 99.80
            $some[0].PSObject.Properties.Name | Should -Be 'id', 'total'
        }

        It 'Select-Object -ExpandProperty and -Property *' {
            ($rows | Select-Object -ExpandProperty id | Measure-Object -Sum).Sum | Should -Be 78
            ($rows[0] | Select-Object *).PSObject.Properties.Name | Should -Be 'id', 'date', 'customer', 'region', 'product', 'qty', 'price', 'paid', 'note'
        }

        It 'Sort-Object' { ($rows | Sort-Object price -Descending)[0].product | Should -Be 'Desk' }

        It 'Group-Object' {
            ($rows | Group-Object region | Sort-Object Name | ForEach-Object { "$($_.Name) $($_.Count)" }) | Should -Be 'APAC 2', 'EU 7', 'US 3'
        }

        It 'Where-Object in both forms' {
            @($rows | Where-Object qty -GT 4).Count | Should -Be 3
            @($rows | Where-Object { $null -eq $_.paid }).id | Should -Be 10
        }

        It 'ConvertTo-Json' {
            $json = $rows | Select-Object -First 1 | ConvertTo-Json -Compress
            ($json | ConvertFrom-Json).customer | Should -Be 'C001'
            $json | Should -Match '"qty":2,"price":49.90'
        }

        It 'Export-Csv' {
            $path = Join-Path $TestDrive foreign.csv
            $rows | Export-Csv $path
            $again = Import-Csv $path
            $again.Count | Should -Be 12
            $again[1].note | Should -Be 'Leave at the door, please'
        }

        It 'Add-Member' {
            $row = (Import-DataFile $orders)[0] | Add-Member total 5 -PassThru
            $row.total | Should -Be 5
            $row.id | Should -Be 1
        }

        It 'Export-Clixml and Import-Clixml' {
            $path = Join-Path $TestDrive rows.clixml
            $rows | Export-Clixml $path
            $again = Import-Clixml $path
            $again[0].customer | Should -Be 'C001'
            $again[0].qty | Should -Be 2
        }

        It 'Format-Table' { ($rows | Format-Table id, product | Out-String) | Should -Match 'Keyboard' }

        It 'ForEach-Object -Parallel' {
            $names = $rows | ForEach-Object -Parallel { $_.product } -ThrottleLimit 2
            @($names | Where-Object { $null -eq $_ }).Count | Should -Be 0
            @($names).Count | Should -Be 12
        }

        It 'Start-Job' {
            $job = $rows | Start-Job { $input | ForEach-Object { $_.customer } }
            $customers = $job | Wait-Job -Timeout 60 | Receive-Job
            $job | Remove-Job -Force
            @($customers).Count | Should -Be 12
            $customers[0] | Should -Be 'C001'
        }

        It 'can be changed' {
            $changed = Import-DataFile $orders | ForEach-Object { $_.qty = $_.qty * 2; $_ } | Convert-Data -First 1
            $changed.qty | Should -Be 4
            $changed.qty | Should -BeOfType [long]
        }
    }

    Context 'JSON' {
        It 'finds the records and keeps them nested' {
            $order = (Import-DataFile $shop -RecordPath result.orders)[0]
            $order.customer.address.zip | Should -BeExactly '00501'
            $order.items[0].qty | Should -Be 2
        }

        It 'flattens' {
            (Import-DataFile $shop -RecordPath result.orders -Flatten)[1].'customer.address.city' | Should -Be 'New York'
        }
    }

    Context 'Errors' {
        BeforeAll {
            $bad = Join-Path $TestDrive bad.csv
            Set-Content $bad 'id,n', '1,2', '3', '4,5'
        }

        It 'a bad row ends the run and says where' {
            $failure = { Import-DataFile $bad -ErrorAction Stop } | Should -Throw -ErrorId 'BadRow,DataTools.Module.ImportDataFileCommand' -PassThru
            $failure.Exception.Message | Should -Match 'bad\.csv, line 3'
            $failure.CategoryInfo.Category | Should -Be 'InvalidData'
        }

        It 'bad rows are put aside' {
            $rejects = Join-Path $TestDrive rejects.ndjson
            $rows = Import-DataFile $bad -MaxErrors 1 -RejectPath $rejects -WarningVariable warnings -WarningAction SilentlyContinue
            $rows.id | Should -Be 1, 4
            $warnings | Should -Match '^1 row'
            (Get-Content $rejects | ConvertFrom-Json).line | Should -Be 3
        }

        It 'a file that is not there is named' {
            { Import-DataFile (Join-Path $TestDrive none.csv) -ErrorAction Stop } | Should -Throw -ErrorId 'FileNotFound,DataTools.Module.ImportDataFileCommand'
        }

        It 'of several files the good ones are read' {
            $rows = Import-DataFile (Join-Path $TestDrive none.csv), $orders -ErrorVariable failures -ErrorAction SilentlyContinue
            @($rows).Count | Should -Be 12
            $failures[0].FullyQualifiedErrorId | Should -Be 'FileNotFound,DataTools.Module.ImportDataFileCommand'
        }
    }

    It 'logs its run' {
        $log = Join-Path $TestDrive runs.ndjson
        $null = Import-DataFile $orders -LogPath $log
        $line = Get-Content $log | ConvertFrom-Json
        $line.command | Should -Be 'Import-DataFile'
        $line.rows | Should -Be 12
        $line.succeeded | Should -BeTrue
    }

    It 'completes formats, encodings and columns' {
        (TabExpansion2 'Import-DataFile x -Format par' 29).CompletionMatches.CompletionText | Should -Contain 'Parquet'
        (TabExpansion2 'Import-DataFile x -Encoding utf8' 32).CompletionMatches.CompletionText | Should -Contain 'utf8BOM'
        $line = "Import-DataFile '$orders' -Column cus"
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Contain 'customer'
    }

    Context 'Excel books' {
        BeforeAll { $sales = Join-Path $data sales.xlsx }

        It 'gives cells their types' {
            $row = Import-DataFile $sales | Select-Object -First 1
            $row.id | Should -BeOfType [long]
            $row.date | Should -BeOfType [System.DateOnly]
            $row.total | Should -Be 149.7
        }

        It 'unites sheets' {
            $rows = Import-DataFile $sales -Sheet January, Feb* -IncludeSource
            $rows.id | Should -Be 1, 2, 3, 4, 5
            $rows[4].SourceSheet | Should -Be 'February'
        }

        It 'reads ranges, names and tables' {
            (Import-DataFile $sales -Range Months).month | Should -Be 'January', 'February'
            (Import-DataFile $sales -Range SalesFeb -Formula)[0].total | Should -Be '=D2*E2'
            @(Import-DataFile $sales -Range January!A1:B3).Count | Should -Be 2
        }

        It 'shows cells as Excel does' {
            (Import-DataFile $sales -AsDisplayed -Culture de-DE)[0].price | Should -Be '49,90 EUR'
        }

        It 'names a sheet that is not there' {
            { Import-DataFile $sales -WorksheetName March } | Should -Throw -ErrorId 'SheetNotFound,DataTools.Module.ImportDataFileCommand'
        }
    }

    It 'has help' {
        (Get-Help Import-DataFile -Full).examples.example.Count | Should -BeGreaterOrEqual 3
        (Get-Help Import-DataFile -Parameter Delimiter).description.Text | Should -Not -BeNullOrEmpty
        Get-Help about_DataTools_Types | Should -Match 'decimal'
    }

    It 'reads the elements that a path names from XML' {
        $file = Join-Path $TestDrive feed.xml
        [System.IO.File]::WriteAllText($file, '<feed><entry n="1"/><old><entry n="2"/></old></feed>')
        (Import-DataFile $file -RecordPath entry).n | Should -Be 1, 2
        (Import-DataFile $file -RecordPath /feed/entry).n | Should -Be 1
    }

    It 'reads files in an archive' {
        $folder = New-Item (Join-Path $TestDrive zipped) -ItemType Directory
        [System.IO.File]::WriteAllText((Join-Path $folder a.csv), "n`n1`n")
        [System.IO.File]::WriteAllText((Join-Path $folder b.csv), "n`n2`n")
        [System.IO.Compression.ZipFile]::CreateFromDirectory($folder, (Join-Path $TestDrive z.zip))
        (Import-DataFile "$(Join-Path $TestDrive z.zip)!*.csv").n | Should -Be 1, 2
    }
}
