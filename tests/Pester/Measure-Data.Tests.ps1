BeforeAll {
    # The module under test: the one that the variable names, or the one that build.ps1 -Task Build has made here.
    $module = if ($env:DATATOOLS_MODULE) { $env:DATATOOLS_MODULE } else { "$PSScriptRoot/../../DataTools.psd1" }
    Import-Module $module -Force
    $data = Resolve-Path "$PSScriptRoot/../../examples/data"
    $orders = Join-Path $data orders.csv
}

Describe 'Measure-Data' {
    It 'counts and finds the extremes' {
        $price = Measure-Data $orders | Where-Object Name -EQ price
        $price.Rows | Should -Be 12
        $price.Nulls | Should -Be 0
        $price.Min | Should -Be 4.25
        $price.Max | Should -Be 389
    }

    It 'agrees with Measure-Object' {
        $expected = (Import-DataFile $orders | Measure-Object qty -Average).Average
        (Measure-Data $orders -Column qty).Mean | Should -Be $expected
    }

    It 'takes other objects' {
        $profile = Get-ChildItem $data -File | Select-Object Name, Length | Measure-Data
        $profile.Name | Should -Be 'Name', 'Length'
        $profile[0].Distinct | Should -Be @(Get-ChildItem $data -File).Count
    }

    It 'is shown as a table' {
        (Measure-Data $orders | Out-String -Width 200) | Should -Match 'Name\s+Type\s+Rows\s+Nulls\s+Distinct'
    }
}
