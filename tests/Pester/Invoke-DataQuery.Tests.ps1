BeforeAll {
    # The module under test: the one that the variable names, or the one that build.ps1 -Task Build has made here.
    $module = if ($env:DATATOOLS_MODULE) { $env:DATATOOLS_MODULE } else { "$PSScriptRoot/../../DataTools.psd1" }
    Import-Module $module -Force
    $data = Resolve-Path "$PSScriptRoot/../../examples/data"
    $orders = Join-Path $data orders.csv
    Push-Location $data
}

AfterAll { Pop-Location }

Describe 'Invoke-DataQuery' {
    It 'queries files' {
        $rows = Invoke-DataQuery "SELECT region, count(*) AS n FROM 'orders.csv' GROUP BY region ORDER BY n DESC"
        $rows[0].region | Should -Be 'EU'
        $rows[0].n | Should -Be 7
    }

    It 'queries the pipeline' {
        (Import-DataFile $orders | Invoke-DataQuery 'SELECT max(price) AS m FROM input').m | Should -Be 389
    }

    It 'queries objects of other commands' {
        (Get-ChildItem -File | Select-Object Name, Length | Invoke-DataQuery 'SELECT count(*) AS n FROM input').n | Should -Be @(Get-ChildItem -File).Count
    }

    It 'joins with variables' {
        $names = [pscustomobject]@{ code = 'EU'; name = 'Europe' }, [pscustomobject]@{ code = 'US'; name = 'United States' }
        $rows = Invoke-DataQuery "SELECT n.name, count(*) AS n FROM 'orders.csv' o JOIN names n ON n.code = o.region GROUP BY ALL ORDER BY ALL" -InputTable @{ names = $names }
        $rows.name | Should -Be 'Europe', 'United States'
        $rows.n | Should -Be 7, 3
    }

    It 'takes values by name and by position' {
        @(Invoke-DataQuery "SELECT id FROM 'orders.csv' WHERE region = `$r" -Parameters @{ r = 'US' }).Count | Should -Be 3
        @(Invoke-DataQuery "SELECT id FROM 'orders.csv' WHERE qty > ?" -Parameters 4).Count | Should -Be 3
    }

    It 'keeps tables in a file' {
        $file = Join-Path $TestDrive shop.duckdb
        Invoke-DataQuery "CREATE TABLE o AS SELECT * FROM 'orders.csv'" -Database $file
        (Invoke-DataQuery 'SELECT count(*) AS n FROM o' -Database $file).n | Should -Be 12
    }

    It 'changes no database with -WhatIf' {
        $file = Join-Path $TestDrive whatif.duckdb
        Invoke-DataQuery 'CREATE TABLE t (a INT)' -Database $file -WhatIf
        $file | Should -Not -Exist
    }

    It 'gives rows to other commands' {
        Invoke-DataQuery "SELECT id, price FROM 'orders.csv' ORDER BY id" | Select-Object -First 1 | ConvertTo-Json -Compress | Should -Be '{"id":1,"price":49.90}'
    }

    It 'says what is wrong with the SQL' {
        { Invoke-DataQuery 'SELEC 1' -ErrorAction Stop } | Should -Throw -ErrorId 'QueryFailed,DataTools.Module.InvokeDataQueryCommand'
    }

    It 'runs a file' {
        $sql = Join-Path $TestDrive query.sql
        Set-Content $sql "SELECT 41 + 1 AS n"
        (Invoke-DataQuery -QueryPath $sql).n | Should -Be 42
    }

    Context 'on MongoDB' -Skip:(-not $env:DATATOOLS_TEST_MONGODB) {
        BeforeAll {
            # A database of its own, which goes at the end.
            $server, $options = "$env:DATATOOLS_TEST_MONGODB".Split('?', 2)
            $mongo = "$($server.TrimEnd('/'))/pester_$([guid]::NewGuid().ToString('N'))?$(if ($options) { $options } else { 'authSource=admin' })"
            Import-DataFile $orders | Export-DataTable orders -Connection $mongo -Mode Replace -CreateTable -Confirm:$false
        }

        AfterAll { $null = Invoke-DataQuery '{ "dropDatabase": 1 }' -Connection $mongo -NonQuery }

        It 'runs commands' {
            @(Invoke-DataQuery '{ "find": "orders", "filter": { "region": "US" } }' -Connection $mongo).Count | Should -Be 3
        }

        It 'runs pipelines' {
            $rows = Invoke-DataQuery '{ "aggregate": "orders", "pipeline": [ { "$group": { "_id": "$region", "n": { "$sum": 1 } } }, { "$sort": { "_id": 1 } } ] }' -Connection $mongo
            ($rows | Where-Object _id -eq 'EU').n | Should -Be 7
        }
    }
}
