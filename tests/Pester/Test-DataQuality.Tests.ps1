BeforeAll {
    # The module under test: the one that the variable names, or the one that build.ps1 -Task Build has made here.
    $module = if ($env:DATATOOLS_MODULE) { $env:DATATOOLS_MODULE } else { "$PSScriptRoot/../../DataTools.psd1" }
    Import-Module $module -Force
    $orders = Resolve-Path "$PSScriptRoot/../../examples/data/orders.csv"
    $url = "sqlite:$TestDrive/test.db"
    Import-DataFile $orders | Export-DataTable orders -Connection $url -CreateTable
}

Describe 'Test-DataQuality' {
    It 'finds sound data sound' {
        $results = Test-DataQuality $orders -Rule @{ id = 'notnull', 'unique'; qty = @{ min = 1 } }
        $results.Count | Should -Be 3
        $results.Passed | Should -Not -Contain $false
    }

    It 'counts the rows that break a rule and shows examples' {
        $result = [pscustomobject]@{ a = 1 }, [pscustomobject]@{ a = 5 } | Test-DataQuality -Rule @{ a = @{ max = 4 } } -ErrorAction SilentlyContinue
        $result.Failed | Should -Be 1
        $result.Examples | Should -Be 5
    }

    It 'tests tables where they are' {
        $result = Test-DataQuality -Connection $url -Table orders -Rule @{ 'positive' = { $_.qty -gt 0 }; id = 'unique' }
        $result.Passed | Should -Not -Contain $false
    }

    It 'reports an error where a rule is broken' {
        { [pscustomobject]@{ a = $null; b = 1 } | Test-DataQuality -Rule @{ a = 'notnull' } -ErrorAction Stop } | Should -Throw -ErrorId 'QualityInsufficient,DataTools.Module.TestDataQualityCommand'
    }

    It 'answers with true or false' {
        [pscustomobject]@{ a = 1 } | Test-DataQuality -Rule @{ a = @{ set = 1, 2 } } -Quiet | Should -BeTrue
    }
}
