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

    It 'writes commands as JSON' {
        $file = New-DataMigration 'index email' -Path (Join-Path $TestDrive json) -Json -Up '{ "create": "users" }'
        $file.Name | Should -Match '^\d{8}T\d{6}_index_email\.json$'
        (Get-Content $file.FullName -Raw | ConvertFrom-Json).up[0].create | Should -Be 'users'
    }

    It 'writes what differs from a model' {
        $live = "sqlite:$TestDrive/live.db"
        Invoke-DataQuery 'CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)' -Connection $live -NonQuery
        Set-Content "$TestDrive/schema.sql" 'CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);'
        $file = New-DataMigration 'add b' -Path (Join-Path $TestDrive generated) -Autogenerate -Connection $live -Model "$TestDrive/schema.sql"
        Get-Content $file.FullName -Raw | Should -Match 'ADD COLUMN "b"'
        { New-DataMigration 'drop t' -Path (Join-Path $TestDrive generated) -Autogenerate -Connection $live -Model "sqlite:$TestDrive/empty.db" } | Should -Throw
    }
}
