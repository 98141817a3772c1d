BeforeAll {
    # The module under test: the one that the variable names, or the one that build.ps1 -Task Build has made here.
    $module = if ($env:DATATOOLS_MODULE) { $env:DATATOOLS_MODULE } else { "$PSScriptRoot/../../DataTools.psd1" }
    Import-Module $module -Force
    $folder = Join-Path $TestDrive migrations
    $null = New-DataMigration 'create users' -Path $folder -Up 'CREATE TABLE users (id integer PRIMARY KEY, name text)' -Down 'DROP TABLE users'
    $null = New-DataMigration 'index names' -Path $folder -Up 'CREATE INDEX users_name ON users (name)' -Down 'DROP INDEX users_name'
}

Describe 'Test-DataMigration' {
    It 'finds an index that locks' {
        (Test-DataMigration -Path $folder -Kind PostgreSql).Rule | Should -Be index-not-concurrent
    }

    It 'has nothing to say of what is well' {
        Test-DataMigration -Path $folder -Kind Sqlite | Should -BeNullOrEmpty
    }

    It 'tries the way back' {
        Test-DataMigration -Path $folder -Connection sqlite::memory: -RoundTrip | Should -BeNullOrEmpty
    }
}
