BeforeAll {
    # The module under test: the one that the variable names, or the one that build.ps1 -Task Build has made here.
    $module = if ($env:DATATOOLS_MODULE) { $env:DATATOOLS_MODULE } else { "$PSScriptRoot/../../DataTools.psd1" }
    Import-Module $module -Force
    $orders = Resolve-Path "$PSScriptRoot/../../examples/data/orders.csv"
    $url = "sqlite:$TestDrive/test.db"
    Import-DataFile $orders | Export-DataTable orders -Connection $url -Mode Replace -CreateTable -PrimaryKey id -Confirm:$false
}

Describe 'Import-DataTable' {
    It 'reads a table with its types' {
        $rows = Import-DataTable orders -Connection $url
        $rows.Count | Should -Be 12
        $rows[0].price | Should -BeOfType decimal
        $rows[0].date | Should -BeOfType DateOnly
    }

    It 'reads columns and rows that are asked for' {
        $rows = @(Import-DataTable orders -Connection $url -Column id, price -Where 'qty > @n' -Parameters @{ n = 5 } -First 1)
        $rows.Count | Should -Be 1
        $rows[0].PSObject.Properties.Name | Should -Be 'id', 'price'
    }

    It 'reads a query with parameters' {
        (Import-DataTable -Connection $url -Query 'SELECT count(*) AS n FROM orders WHERE region = @r' -Parameters @{ r = 'EU' }).n | Should -Be 7
    }

    It 'names a table that is not there' {
        { Import-DataTable none -Connection $url } | Should -Throw -ErrorId 'TableNotFound,DataTools.Module.Databases.ImportDataTableCommand'
    }

    Context 'on MongoDB' -Skip:(-not $env:DATATOOLS_TEST_MONGODB) {
        BeforeAll {
            # A database of its own, which goes at the end.
            $server, $options = "$env:DATATOOLS_TEST_MONGODB".Split('?', 2)
            $mongo = "$($server.TrimEnd('/'))/pester_$([guid]::NewGuid().ToString('N'))?$(if ($options) { $options } else { 'authSource=admin' })"
            Import-DataFile $orders | Export-DataTable orders -Connection $mongo -Mode Replace -CreateTable -Confirm:$false
        }

        AfterAll { $null = Invoke-DataQuery '{ "dropDatabase": 1 }' -Connection $mongo -NonQuery }

        It 'reads what was written, with its types' {
            $rows = Import-DataTable orders -Connection $mongo
            $rows.Count | Should -Be 12
            $rows[0].price | Should -BeOfType decimal
        }

        It 'reads columns and documents that are asked for' {
            $rows = @(Import-DataTable orders -Connection $mongo -Column id, price -Where '{ "qty": { "$gt": 5 } }' -First 1)
            $rows.Count | Should -Be 1
            $rows[0].PSObject.Properties.Name | Should -Be 'id', 'price'
        }

        It 'names a collection that is not there' {
            { Import-DataTable none -Connection $mongo } | Should -Throw -ErrorId 'TableNotFound,DataTools.Module.Databases.ImportDataTableCommand'
        }
    }
}
