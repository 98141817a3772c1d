BeforeAll {
    # The module under test: the one that the variable names, or the one that build.ps1 -Task Build has made here.
    $module = if ($env:DATATOOLS_MODULE) { $env:DATATOOLS_MODULE } else { "$PSScriptRoot/../../DataTools.psd1" }
    Import-Module $module -Force
    $orders = Resolve-Path "$PSScriptRoot/../../examples/data/orders.csv"
    $url = "sqlite:$TestDrive/test.db"
    Import-DataFile $orders | Export-DataTable orders -Connection $url -Mode Replace -CreateTable -PrimaryKey id -Confirm:$false
}

Describe 'Get-DatabaseConnection' {
    It 'lists by name and wildcard' {
        $null = Connect-Database $url -Name alpha
        $null = Connect-Database $url -Name beta
        (Get-DatabaseConnection).Name | Should -Be 'alpha', 'beta'
        (Get-DatabaseConnection a*).Name | Should -Be 'alpha'
        Disconnect-Database -All
    }

    It 'shows the version' {
        $null = Connect-Database $url -Name alpha
        (Get-DatabaseConnection alpha).Version | Should -Match '^3'
        Disconnect-Database -All
    }

    It 'names one that is not there' {
        { Get-DatabaseConnection none } | Should -Throw -ErrorId 'ConnectionNotFound,DataTools.Module.Databases.GetDatabaseConnectionCommand'
    }
}
