BeforeAll {
    # The module under test: the one that the variable names, or the one that build.ps1 -Task Build has made here.
    $module = if ($env:DATATOOLS_MODULE) { $env:DATATOOLS_MODULE } else { "$PSScriptRoot/../../DataTools.psd1" }
    Import-Module $module -Force
    $orders = Resolve-Path "$PSScriptRoot/../../examples/data/orders.csv"
    $left = "sqlite:$TestDrive/left.db"
    $right = "sqlite:$TestDrive/right.db"
    Import-DataFile $orders | Export-DataTable orders -Connection $left -CreateTable -PrimaryKey id
    Import-DataFile $orders | Export-DataTable orders -Connection $right -CreateTable -PrimaryKey id
    Import-DataFile $orders | Convert-Data -Replace @{ qty = { $_.qty + 1 } } -Where { $_.id -eq 2 } | Export-DataTable changed -Connection $right -CreateTable -PrimaryKey id
}

Describe 'Compare-DataTable' {
    It 'finds equal tables equal' {
        $checks = Compare-DataTable $left $right orders
        $checks.Passed | Should -Not -Contain $false
        $checks.Check | Should -Contain 'Values'
    }

    It 'lists what differs' {
        $checks = Compare-DataTable $left $right orders -DestinationTable changed -ErrorAction SilentlyContinue
        $found = $checks.Differences
        @($found | Where-Object Kind -eq Missing).Count | Should -Be 11
        ($found | Where-Object Kind -eq Different).Column | Should -Be 'qty'
    }

    It 'reports an error where tables differ' {
        { Compare-DataTable $left $right orders -DestinationTable changed -ErrorAction Stop } | Should -Throw -ErrorId 'TablesDiffer,DataTools.Module.Databases.CompareDataTableCommand'
    }

    It 'answers with true or false' {
        Compare-DataTable $orders $right orders -Quiet | Should -BeTrue
        Compare-DataTable $orders $right changed -Quiet | Should -BeFalse
    }
}
