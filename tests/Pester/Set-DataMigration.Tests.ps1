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

Describe 'Set-DataMigration' {
    It 'does nothing with -WhatIf' {
        Set-DataMigration -Baseline @target -WhatIf
        (Get-DataMigration @target).Status | Should -Be Pending, Pending
    }

    It 'records up to one' {
        (Set-DataMigration -Baseline -To create_users @target -Confirm:$false).IsBaseline | Should -BeTrue
        (Get-DataMigration @target).Status | Should -Be Applied, Pending
    }

    It 'records all without running them' {
        $null = Set-DataMigration -Baseline @target -Confirm:$false
        Get-DataTable users -Connection $url | Should -BeNullOrEmpty
    }
}
