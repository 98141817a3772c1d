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

Describe 'New-DataMigration' {
    It 'writes a file whose name begins with an id' {
        (New-DataMigration 'Add Phone!' -Path (Join-Path $TestDrive other)).Name | Should -Match '^\d{8}T\d{6}_add_phone\.sql$'
    }

    It 'depends on the migration before' {
        $last = (Get-ChildItem $folder | Sort-Object Name)[-1]
        Get-Content $last.FullName -Raw | Should -Match 'depends: \d{8}T\d{6}'
    }

    It 'does nothing with -WhatIf' {
        New-DataMigration never -Path (Join-Path $TestDrive never) -WhatIf
        Join-Path $TestDrive never | Should -Not -Exist
    }
}
