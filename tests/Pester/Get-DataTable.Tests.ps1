BeforeAll {
    # The module under test: the one that the variable names, or the one that build.ps1 -Task Build has made here.
    $module = if ($env:DATATOOLS_MODULE) { $env:DATATOOLS_MODULE } else { "$PSScriptRoot/../../DataTools.psd1" }
    Import-Module $module -Force
    $orders = Resolve-Path "$PSScriptRoot/../../examples/data/orders.csv"
    $url = "sqlite:$TestDrive/test.db"
    Import-DataFile $orders | Export-DataTable orders -Connection $url -Mode Replace -CreateTable -PrimaryKey id -Confirm:$false
}

Describe 'Get-DataTable' {
    It 'lists tables and views' {
        $null = Invoke-DataQuery 'CREATE VIEW v AS SELECT * FROM orders' -Connection $url -NonQuery
        (Get-DataTable -Connection $url).Name | Should -Be 'orders', 'v'
        (Get-DataTable v -Connection $url).Type | Should -Be 'View'
    }

    It 'takes wildcards' {
        (Get-DataTable ord* -Connection $url).Name | Should -Be 'orders'
    }

    It 'takes names of connections' {
        $null = Connect-Database $url -Name shop
        (Get-DataTable orders -Connection shop).Name | Should -Be 'orders'
        Disconnect-Database shop
    }
}
