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
    $file = (Get-ChildItem $folder | Sort-Object Name)[0]
    Add-Content $file.FullName '-- edited'
}

Describe 'Repair-DataMigration' {
    It 'does nothing with -WhatIf' {
        Repair-DataMigration @target -WhatIf
        (Get-DataMigration @target).Status | Should -Be Changed, Applied
    }

    It 'accepts an edited file' {
        $null = Repair-DataMigration @target -Confirm:$false
        (Get-DataMigration @target).Status | Should -Be Applied, Applied
    }

    It 'refuses to resolve what is not interrupted' {
        { Repair-DataMigration add_email -Retry @target -Confirm:$false } | Should -Throw -ErrorId 'InvalidOption,DataTools.Module.Migrations.RepairDataMigrationCommand'
    }
}
