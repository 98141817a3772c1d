BeforeAll {
    # The module under test: the one that the variable names, or the one that build.ps1 -Task Build has made here.
    $module = if ($env:DATATOOLS_MODULE) { $env:DATATOOLS_MODULE } else { "$PSScriptRoot/../../DataTools.psd1" }
    Import-Module $module -Force
    $orders = Resolve-Path "$PSScriptRoot/../../examples/data/orders.csv"
    $url = "sqlite:$TestDrive/test.db"
    Import-DataFile $orders | Export-DataTable orders -Connection $url -Mode Replace -CreateTable -PrimaryKey id -Confirm:$false
}

Describe 'Export-DataTable' {
    It 'makes a table' {
        $result = Import-DataFile $orders | Export-DataTable made -Connection $url -CreateTable -PassThru
        $result.Rows | Should -Be 12
    }

    It 'upserts by key' {
        [pscustomobject]@{ id = 1; customer = 'changed' } | Export-DataTable orders -Connection $url -Mode Upsert -Key id
        $rows = Import-DataTable orders -Connection $url
        $rows.Count | Should -Be 12
        $rows[0].customer | Should -Be 'changed'
    }

    It 'puts bad rows aside' {
        $rejects = Join-Path $TestDrive rejects.ndjson
        Import-DataFile $orders | Export-DataTable orders -Connection $url -MaxErrors 20 -RejectPath $rejects -WarningAction SilentlyContinue
        @(Get-Content $rejects).Count | Should -Be 12
    }

    It 'does nothing with -WhatIf' {
        Import-DataFile $orders | Export-DataTable never -Connection $url -CreateTable -WhatIf
        Get-DataTable never -Connection $url | Should -BeNullOrEmpty
    }

    It 'names a table that is not there' {
        { [pscustomobject]@{ a = 1 } | Export-DataTable none -Connection $url } | Should -Throw -ErrorId 'TableNotFound,DataTools.Module.Databases.ExportDataTableCommand'
    }
}
