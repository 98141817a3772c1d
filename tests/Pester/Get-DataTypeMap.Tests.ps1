BeforeAll {
    # The module under test: the one that the variable names, or the one that build.ps1 -Task Build has made here.
    $module = if ($env:DATATOOLS_MODULE) { $env:DATATOOLS_MODULE } else { "$PSScriptRoot/../../DataTools.psd1" }
    Import-Module $module -Force
    $orders = Resolve-Path "$PSScriptRoot/../../examples/data/orders.csv"
    $url = "sqlite:$TestDrive/test.db"
    Import-DataFile $orders | Export-DataTable orders -Connection $url -Mode Replace -CreateTable -PrimaryKey id -Confirm:$false
}

Describe 'Get-DataTypeMap' {
    It 'shows what is read' {
        (Get-DataTypeMap PostgreSql | Where-Object From -eq uuid).Type | Should -Be 'uuid'
    }

    It 'shows what is written' {
        (Get-DataTypeMap -To Sqlite | Where-Object From -eq bool).To | Should -Be 'BOOLEAN'
    }

    It 'shows both' {
        (Get-DataTypeMap PostgreSql Sqlite | Where-Object From -eq bytea).To | Should -Be 'BLOB'
    }

    It 'shows what MariaDB marks by a comment' {
        (Get-DataTypeMap PostgreSql MariaDb | Where-Object From -eq uuid).To | Should -Be "char(36) comment 'uuid'"
    }

    It 'needs a database' {
        { Get-DataTypeMap } | Should -Throw -ErrorId 'InvalidOption,DataTools.Module.Databases.GetDataTypeMapCommand'
    }
}
