BeforeAll {
    # The module under test: the one that the variable names, or the one that build.ps1 -Task Build has made here.
    $module = if ($env:DATATOOLS_MODULE) { $env:DATATOOLS_MODULE } else { "$PSScriptRoot/../../DataTools.psd1" }
    Import-Module $module -Force
    $url = "sqlite:$TestDrive/test.db"
    $folder = Join-Path $TestDrive migrations
    $null = New-DataMigration 'create users' -Path $folder -Up 'CREATE TABLE users (id integer PRIMARY KEY, name text)' -Down 'DROP TABLE users'
    $null = New-DataMigration 'add email' -Path $folder -Up 'ALTER TABLE users ADD COLUMN email text' -Down 'ALTER TABLE users DROP COLUMN email'
    $target = @{ Path = $folder; Connection = $url }
}

Describe 'Get-DataMigration' {
    It 'shows what is pending' {
        (Get-DataMigration @target).Status | Should -Be Pending, Pending
    }

    It 'finds by name' {
        (Get-DataMigration *email* @target).Name | Should -Be add_email
    }

    It 'filters by status' {
        Get-DataMigration -Status Applied @target | Should -BeNullOrEmpty
    }
}
