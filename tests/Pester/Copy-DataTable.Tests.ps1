BeforeAll {
    # The module under test: the one that the variable names, or the one that build.ps1 -Task Build has made here.
    $module = if ($env:DATATOOLS_MODULE) { $env:DATATOOLS_MODULE } else { "$PSScriptRoot/../../DataTools.psd1" }
    Import-Module $module -Force
    $orders = Resolve-Path "$PSScriptRoot/../../examples/data/orders.csv"
    $source = "sqlite:$TestDrive/shop.db"
    Import-DataFile $orders | Export-DataTable orders -Connection $source -CreateTable -PrimaryKey id
}

Describe 'Copy-DataTable' {
    It 'copies a table with its key' {
        $target = "sqlite:$TestDrive/whole.db"
        $result = Copy-DataTable -Source $source -Destination $target -Table * -PassThru
        $result.Rows | Should -Be 12
        $result.Table | Should -Be 'orders'
        (Get-DataSchema -Connection $target -Table orders).PrimaryKey.Columns | Should -Be 'id'
        @(Import-DataTable orders -Connection $target).Count | Should -Be 12
    }

    It 'gives what Compare-DataTable takes' {
        $target = "sqlite:$TestDrive/compared.db"
        $checks = Copy-DataTable -Source $source -Destination $target -Table * -PassThru | Compare-DataTable
        $checks.Passed | Should -Not -Contain $false
        $checks.Check | Should -Contain 'Values'
    }

    It 'shows the plan and changes nothing' {
        $target = "sqlite:$TestDrive/plan.db"
        $plan = Copy-DataTable -Source $source -Destination $target -Table orders -PlanOnly
        $plan.Tables.Create | Should -Match 'CREATE TABLE'
        Copy-DataTable -Source $source -Destination $target -Table orders -WhatIf
        Get-DataTable -Connection $target | Should -BeNullOrEmpty
    }

    It 'never touches a table that is there' {
        $target = "sqlite:$TestDrive/there.db"
        Copy-DataTable -Source $source -Destination $target -Table orders
        { Copy-DataTable -Source $source -Destination $target -Table orders } | Should -Throw -ErrorId 'TableExists,DataTools.Module.Databases.CopyDataTableCommand'
    }

    It 'resumes a complete copy without doing it again' {
        $target = "sqlite:$TestDrive/ledger.db"
        Copy-DataTable -Source $source -Destination $target -Table orders -Partitions 3 -Ledger nightly
        $result = Copy-DataTable -Source $source -Destination $target -Table orders -Partitions 3 -Ledger nightly -Resume -PassThru
        $result.Rows | Should -Be 12
        @(Import-DataTable orders -Connection $target).Count | Should -Be 12
    }
}
