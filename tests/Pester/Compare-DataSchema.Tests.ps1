BeforeAll {
    # The module under test: the one that the variable names, or the one that build.ps1 -Task Build has made here.
    $module = if ($env:DATATOOLS_MODULE) { $env:DATATOOLS_MODULE } else { "$PSScriptRoot/../../DataTools.psd1" }
    Import-Module $module -Force
    $left = "sqlite:$TestDrive/left.db"
    $right = "sqlite:$TestDrive/right.db"
    $null = Invoke-DataQuery 'CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER)' -Connection $left -NonQuery
    $null = Invoke-DataQuery 'CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, c INTEGER)' -Connection $right -NonQuery
}

Describe 'Compare-DataSchema' {
    It 'shows what differs' {
        $differences = Compare-DataSchema $left $right
        $differences.Kind | Should -Contain 'Nullability'
        ($differences | Where-Object Kind -eq Column).Object | Should -Be 'b', 'c'
    }

    It 'says nothing where nothing differs' {
        Compare-DataSchema $left $left | Should -BeNullOrEmpty
    }

    It 'takes a model' {
        Set-Content "$TestDrive/schema.sql" 'CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);'
        Compare-DataSchema "$TestDrive/schema.sql" $left | Should -BeNullOrEmpty
    }

    It 'takes answers for renamings' {
        (Compare-DataSchema $left $right -Rename @{ 't.b' = 'c' } | Where-Object Kind -eq Column).Right | Should -Be 'c'
    }
}
