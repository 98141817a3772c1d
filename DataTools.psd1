@{
    RootModule           = 'module/DataTools.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '5b0c7a52-6f0e-4c0b-9a63-2d9b7a4f1e10'
    Author               = 'DataTools'
    CompanyName          = 'DataTools'
    Copyright            = '(c) DataTools. MIT license.'
    Description          = 'Moves, converts, queries and checks data: CSV, fixed width, JSON, Parquet and Arrow files, PostgreSQL and SQLite databases and the objects in a pipeline, typed, at column speed.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('module/DataTools.Format.ps1xml')
    CmdletsToExport      = @(
        'Compare-DataTable'
        'Complete-DataMigration'
        'Connect-Database'
        'Convert-Data'
        'ConvertFrom-DataText'
        'ConvertTo-DataText'
        'Disconnect-Database'
        'Export-DataFile'
        'Export-DataTable'
        'Export-Parquet'
        'Get-DataMigration'
        'Get-DataSchema'
        'Get-DataTable'
        'Get-DataTypeMap'
        'Get-DatabaseConnection'
        'Import-DataFile'
        'Import-DataTable'
        'Invoke-DataMigration'
        'Invoke-DataQuery'
        'Measure-Data'
        'New-DataMigration'
        'Repair-DataMigration'
        'Set-DataMigration'
        'Test-DataMigration'
        'Test-DataQuality'
        'Undo-DataMigration'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    PrivateData          = @{
        PSData = @{
            Tags       = @('csv', 'parquet', 'json', 'arrow', 'etl', 'data', 'conversion', 'duckdb', 'postgresql', 'sqlite')
            LicenseUri = 'https://opensource.org/license/mit'
        }
    }
}
