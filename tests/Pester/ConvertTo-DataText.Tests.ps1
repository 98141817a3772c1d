BeforeAll {
    # The module under test: the one that the variable names, or the one that build.ps1 -Task Build has made here.
    $module = if ($env:DATATOOLS_MODULE) { $env:DATATOOLS_MODULE } else { "$PSScriptRoot/../../DataTools.psd1" }
    Import-Module $module -Force
    $data = Resolve-Path "$PSScriptRoot/../../examples/data"
    $orders = Join-Path $data orders.csv
}

Describe 'ConvertTo-DataText' {
    It 'gives the text of the file that Export-DataFile writes: <Name>' -ForEach @{ Name = 'Csv' }, @{ Name = 'Tsv' }, @{ Name = 'Json' }, @{ Name = 'NdJson' } {
        $path = Join-Path $TestDrive "copy.$Name"
        Import-DataFile $orders | Export-DataFile $path -Format $Name
        Import-DataFile $orders | ConvertTo-DataText $Name | Should -BeExactly (Get-Content $path -Raw)
    }

    It 'makes JSON that ConvertFrom-Json reads' {
        (Get-ChildItem $data -File | Select-Object Name, Length | ConvertTo-DataText Json | ConvertFrom-Json).Name | Should -Contain 'orders.csv'
    }

    It 'reads back with ConvertFrom-DataText' {
        $again = Import-DataFile $orders | ConvertTo-DataText Csv | ConvertFrom-DataText Csv
        ($again | ConvertTo-Json) | Should -Be (Import-DataFile $orders | ConvertTo-Json)
    }

    It 'completes the formats that are text' {
        $found = (TabExpansion2 'ConvertTo-DataText -Format ' 27).CompletionMatches.CompletionText
        $found | Should -Contain 'NdJson'
        $found | Should -Not -Contain 'Parquet'
    }
}
