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

    Context 'on MongoDB' -Skip:(-not $env:DATATOOLS_TEST_MONGODB) {
        BeforeAll {
            # A database of its own, which goes at the end.
            $server, $options = "$env:DATATOOLS_TEST_MONGODB".Split('?', 2)
            $mongo = "$($server.TrimEnd('/'))/pester_$([guid]::NewGuid().ToString('N'))?$(if ($options) { $options } else { 'authSource=admin' })"
            $changes = Join-Path $TestDrive changes
            $null = New-DataMigration 'create users' -Path $changes -Json -Up '[ { "create": "users" }, { "createIndexes": "users", "indexes": [ { "key": { "mail": 1 }, "name": "mail" } ] } ]'
            $null = New-DataMigration 'rename mail' -Path $changes -Json -Up '{ "migrate": "users", "rename": { "mail": "email" }, "set": { "active": true } }'
            $documents = @{ Path = $changes; Connection = $mongo }
        }

        AfterAll { $null = Invoke-DataQuery '{ "dropDatabase": 1 }' -Connection $mongo -NonQuery }

        It 'runs commands and changes documents' {
            (Invoke-DataMigration @documents -To +1).Name | Should -Be create_users
            Invoke-DataQuery '{ "insert": "users", "documents": [ { "_id": 1, "mail": "ada@example.org" } ] }' -Connection $mongo -NonQuery
            (Invoke-DataMigration @documents).Name | Should -Be rename_mail
            $user = Import-DataTable users -Connection $mongo
            $user.email | Should -Be 'ada@example.org'
            $user.active | Should -BeTrue
        }

        It 'undoes what keeps all values without a word on how' {
            (Undo-DataMigration @documents -Confirm:$false).Name | Should -Be rename_mail
            (Import-DataTable users -Connection $mongo).mail | Should -Be 'ada@example.org'
        }

        It 'writes the schema' {
            $file = Join-Path $TestDrive schema.txt
            Invoke-DataMigration @documents -SchemaPath $file
            @(Get-Content $file)[0] | Should -BeLike '*"create"*users*'
        }
    }
}
