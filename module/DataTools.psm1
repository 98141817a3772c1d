# Loads the cmdlets into a load context of their own. Only the language, .NET and Import-Module are used here, so that
# the module loads where PowerShell's engine runs without its Utility and Management modules.
$bin = [System.IO.Path]::Combine($PSScriptRoot, 'bin')

# The loader lives in the default context, once per process: what scripts may name is in it.
$loader = $null
foreach ($assembly in [System.AppDomain]::CurrentDomain.GetAssemblies()) {
    if ($assembly.GetName().Name -eq 'DataTools.Loader') { $loader = $assembly }
}
if ($null -eq $loader) {
    $loader = [System.Reflection.Assembly]::LoadFrom([System.IO.Path]::Combine($bin, 'DataTools.Loader.dll'))
}
$cmdlets = Import-Module -Assembly ($loader.GetType('DataTools.ModuleLoader')::Load($bin)) -PassThru

# A module that was made from an assembly exports nothing the second time it is imported (PowerShell issue 20710), unless
# its cmdlets are added to the importing module again.
$add = [psmoduleinfo].GetMethod('AddExportedCmdlet', [System.Reflection.BindingFlags] 'Instance, NonPublic')
foreach ($cmdlet in $cmdlets.ExportedCmdlets.Values) {
    $null = $add.Invoke($ExecutionContext.SessionState.Module, @(, $cmdlet))
}
