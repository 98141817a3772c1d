BeforeAll {
    # The module under test: the one that the variable names, or the one that build.ps1 -Task Build has made here.
    $module = if ($env:DATATOOLS_MODULE) { $env:DATATOOLS_MODULE } else { "$PSScriptRoot/../../DataTools.psd1" }
    Import-Module $module -Force
    $orders = Resolve-Path "$PSScriptRoot/../../examples/data/orders.csv"
    $url = "sqlite:$TestDrive/test.db"
    Import-DataFile $orders | Export-DataTable orders -Connection $url -Mode Replace -CreateTable -PrimaryKey id -Confirm:$false
}

Describe 'Connect-Database' {
    It 'opens a file by URL' {
        $c = Connect-Database $url -Name shop
        $c.Database | Should -Be 'Sqlite'
        $c.State | Should -Be 'Open'
        Disconnect-Database $c
        $c.State | Should -Be 'Closed'
    }

    It 'takes a connection string with -Kind' {
        $c = Connect-Database "Data Source=$TestDrive/test.db" -Kind Sqlite -Name text
        (Get-DataTable -Connection text).Name | Should -Be 'orders'
        Disconnect-Database $c
    }

    It 'names what is wrong' {
        { Connect-Database nonsense: } | Should -Throw -ErrorId 'InvalidOption,DataTools.Module.Databases.ConnectDatabaseCommand'
        { Connect-Database "${url}?nonsense=1" } | Should -Throw -ErrorId 'UnknownConnectionOption,DataTools.Module.Databases.ConnectDatabaseCommand'
    }
}
