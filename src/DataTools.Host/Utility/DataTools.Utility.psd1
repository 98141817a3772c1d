@{
    RootModule = 'DataTools.Utility.psm1'
    ModuleVersion = '1.0'
    GUID = '6b0a3f5e-51c7-4c39-9b0e-2d9f6a8f3f10'
    Description = 'The most used commands of PowerShell, for where only its engine is installed.'
    # Sessions that a script opens find the module by these names.
    FunctionsToExport = @(
        'ConvertFrom-Json'
        'ConvertTo-Json'
        'Get-ChildItem'
        'Get-Content'
        'Get-Date'
        'Group-Object'
        'Join-Path'
        'Measure-Object'
        'New-Object'
        'Out-File'
        'Out-String'
        'Remove-Item'
        'Select-Object'
        'Set-Content'
        'Set-Location'
        'Sort-Object'
        'Start-Sleep'
        'Test-Path'
        'Write-Debug'
        'Write-Error'
        'Write-Host'
        'Write-Information'
        'Write-Output'
        'Write-Progress'
        'Write-Verbose'
        'Write-Warning'
    )
    CmdletsToExport = @()
    AliasesToExport = @()
}
