BeforeAll {
    # The module under test: the one that the variable names, or the one that build.ps1 -Task Build has made here.
    $module = if ($env:DATATOOLS_MODULE) { $env:DATATOOLS_MODULE } else { "$PSScriptRoot/../../DataTools.psd1" }
    Import-Module $module -Force
    $url = "sqlite:$TestDrive/test.db"
    $target = @{ Path = Join-Path $TestDrive migrations; Connection = $url }
    $null = Invoke-DataQuery 'CREATE TABLE users (id integer PRIMARY KEY, name text)' -Connection $url
    $file = New-DataMigration 'rename name' -Path $target.Path
    Set-Content $file.FullName @'
-- expand
ALTER TABLE users ADD COLUMN full_name text;
-- backfill
UPDATE users SET full_name = name;
-- contract
ALTER TABLE users DROP COLUMN name;
-- down
ALTER TABLE users DROP COLUMN full_name;
'@
    $null = Invoke-DataMigration @target
}

Describe 'Complete-DataMigration' {
    It 'finds what is expanded' {
        (Get-DataMigration @target).Status | Should -Be Expanded
    }

    It 'does nothing with -WhatIf' {
        Complete-DataMigration @target -WhatIf
        (Get-DataMigration @target).Status | Should -Be Expanded
    }

    It 'contracts' {
        (Complete-DataMigration @target -Confirm:$false).Status | Should -Be Applied
        (Get-DataSchema -Connection $url -Table users).Columns.Name | Should -Be id, full_name
    }
}
