BeforeAll {
    # The module under test: the one that the variable names, or the one that build.ps1 -Task Build has made here.
    $module = if ($env:DATATOOLS_MODULE) { $env:DATATOOLS_MODULE } else { "$PSScriptRoot/../../DataTools.psd1" }
    Import-Module $module -Force
    $orders = Resolve-Path "$PSScriptRoot/../../examples/data/orders.csv"
    $url = "sqlite:$TestDrive/test.db"
    Import-DataFile $orders | Export-DataTable orders -Connection $url -Mode Replace -CreateTable -PrimaryKey id -Confirm:$false
}

Describe 'Disconnect-Database' {
    It 'closes by name' {
        $c = Connect-Database $url -Name one
        Disconnect-Database one
        $c.State | Should -Be 'Closed'
    }

    It 'closes from the pipeline' {
        Connect-Database $url -Name two | Disconnect-Database
        Get-DatabaseConnection tw* | Should -BeNullOrEmpty
    }

    It 'closes all' {
        $null = Connect-Database $url
        $null = Connect-Database $url
        Disconnect-Database -All
        Get-DatabaseConnection | Should -BeNullOrEmpty
    }
}
