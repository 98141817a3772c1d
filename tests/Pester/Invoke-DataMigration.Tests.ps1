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

Describe 'Invoke-DataMigration' {
    It 'shows the statements with -WhatIf' {
        Invoke-DataMigration @target -WhatIf
        (Get-DataMigration @target).Status | Should -Be Pending, Pending
    }

    It 'gives a script' {
        Invoke-DataMigration @target -AsSql | Should -Match 'CREATE TABLE users'
    }

    It 'runs what is pending' {
        (Invoke-DataMigration @target).Name | Should -Be create_users, add_email
        Invoke-DataMigration @target | Should -BeNullOrEmpty
        (Get-DataSchema -Connection $url -Table users).Columns.Name | Should -Contain email
    }
}
