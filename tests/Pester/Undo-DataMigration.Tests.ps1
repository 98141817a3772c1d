BeforeAll {
    # The module under test: the one that the variable names, or the one that build.ps1 -Task Build has made here.
    $module = if ($env:DATATOOLS_MODULE) { $env:DATATOOLS_MODULE } else { "$PSScriptRoot/../../DataTools.psd1" }
    Import-Module $module -Force
    $url = "sqlite:$TestDrive/test.db"
    $folder = Join-Path $TestDrive migrations
    $null = New-DataMigration 'create users' -Path $folder -Up 'CREATE TABLE users (id integer PRIMARY KEY, name text)' -Down 'DROP TABLE users'
    $null = New-DataMigration 'add email' -Path $folder -Up 'ALTER TABLE users ADD COLUMN email text' -Down 'ALTER TABLE users DROP COLUMN email'
    $target = @{ Path = $folder; Connection = $url }
    $null = Invoke-DataMigration @target
}

Describe 'Undo-DataMigration' {
    It 'does nothing with -WhatIf' {
        Undo-DataMigration @target -WhatIf
        (Get-DataMigration @target).Status | Should -Be Applied, Applied
    }

    It 'undoes the last' {
        (Undo-DataMigration @target -Confirm:$false).Name | Should -Be add_email
    }

    It 'undoes all' {
        $null = Invoke-DataMigration @target
        (Undo-DataMigration -To base @target -Confirm:$false).Name | Should -Be add_email, create_users
    }
}
