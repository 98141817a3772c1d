# Runs a file of Pester tests where Pester is not installed: blocks, their preparation, cases and the assertions that our tests use. What it
# shows is that their lines run and hold; Pester itself judges them where PowerShell is. Gives an object for each test: Name, Result, Message.
param([string] $File, [string] $TestDrive)

$blocks = [System.Collections.Generic.Stack[hashtable]]::new()
$blocks.Push(@{ Name = ''; Before = @(); After = @(); Items = @() })

function Describe([Parameter(Position = 0)] [string] $Name, [Parameter(Position = 1)] [scriptblock] $Body, [switch] $Skip) {
    if ($Skip) { return }
    $blocks.Push(@{ Name = $Name; Before = @(); After = @(); Items = @() })
    # Pester looks for the tests in one scope and runs them in another: what is set beside them is not there when they run.
    & $Body
    $block = $blocks.Pop()
    $blocks.Peek().Items += $block
}

function Context([Parameter(Position = 0)] [string] $Name, [Parameter(Position = 1)] [scriptblock] $Body, [switch] $Skip) { Describe $Name $Body -Skip:$Skip }
function BeforeAll([scriptblock] $Script) { $blocks.Peek().Before += $Script }
function AfterAll([scriptblock] $Script) { $blocks.Peek().After += $Script }

function It([Parameter(Position = 0)] [string] $Name, [Parameter(Position = 1)] [scriptblock] $Test, [object[]] $ForEach) {
    if ($null -eq $ForEach) { $blocks.Peek().Items += @{ Name = $Name; Test = $Test; Cases = @($null) } }
    else { $blocks.Peek().Items += @{ Name = $Name; Test = $Test; Cases = $ForEach } }
}

function Invoke-Case([hashtable] $It, $Case) {
    if ($Case -is [hashtable]) { foreach ($key in $Case.Keys) { $ExecutionContext.SessionState.PSVariable.Set($key, $Case[$key]) } }
    $_ = $Case
    try {
        $null = & $It.Test
        [pscustomobject]@{ Name = $It.Name; Result = 'Passed'; Message = '' }
    }
    catch [System.Management.Automation.CommandNotFoundException] {
        [pscustomobject]@{ Name = $It.Name; Result = 'Skipped'; Message = "$_" }
    }
    catch {
        # Jobs need PowerShell's own program.
        $result = "$_" -like '*pwsh executable*' ? 'Skipped' : 'Failed'
        [pscustomobject]@{ Name = $It.Name; Result = $result; Message = "$_ $($_.InvocationInfo.PositionMessage)" }
    }
}

function Invoke-Block([hashtable] $Block) {
    foreach ($script in $Block.Before) { . $script }
    foreach ($item in $Block.Items) {
        if ($item.ContainsKey('Test')) { foreach ($case in $item.Cases) { Invoke-Case $item $case } }
        else { Invoke-Block $item }
    }

    foreach ($script in $Block.After) { . $script }
}

function Test-Same($Actual, $Expected, [bool] $Exactly) {
    $left = @($Actual)
    $right = @($Expected)
    if ($left.Count -ne $right.Count) { return $false }
    for ($i = 0; $i -lt $left.Count; $i++) {
        if ($Exactly ? $left[$i] -cne $right[$i] : $left[$i] -ne $right[$i]) { return $false }
    }

    $true
}

function Test-Throws($Actual, [string] $Like, [string] $ErrorId) {
    $script:caught = $null
    try { $null = & $Actual }
    catch [System.Management.Automation.CommandNotFoundException] { throw }
    catch { $script:caught = $_ }
    $null -ne $script:caught -and (-not $Like -or "$script:caught" -like $Like) -and (-not $ErrorId -or $script:caught.FullyQualifiedErrorId -eq $ErrorId)
}

function Should {
    param(
        [Parameter(Position = 0)] $Like, [switch] $Not, $Be, $BeExactly, $BeOfType, $Match, $BeLike, $Contain, $BeGreaterThan, $BeGreaterOrEqual,
        [switch] $BeTrue, [switch] $BeFalse, [switch] $BeNullOrEmpty, [switch] $Exist, [switch] $Throw, [string] $ErrorId, [switch] $PassThru,
        [Parameter(ValueFromPipeline)] $Actual
    )
    $all = @($input)
    $value = if ($all.Count -le 1) { $all[0] } else { $all }
    $operator = @($PSBoundParameters.Keys).Where({ $_ -notin 'Not', 'Like', 'ErrorId', 'PassThru', 'Actual' })[0]
    $holds = switch ($operator) {
        'Be' { Test-Same $value $Be $false }
        'BeExactly' { Test-Same $value $BeExactly $true }
        'BeOfType' { $value -is ($BeOfType -is [type] ? $BeOfType : [type] ("$BeOfType" -replace '^\[(.*)\]$', '$1')) }
        'Match' { @($all -match $Match).Count -eq $all.Count }
        'BeLike' { @($all -like $BeLike).Count -eq $all.Count }
        'Contain' { $all -contains $Contain }
        'BeGreaterThan' { $value -gt $BeGreaterThan }
        'BeGreaterOrEqual' { $value -ge $BeGreaterOrEqual }
        'BeTrue' { [bool] $value }
        'BeFalse' { -not $value }
        'BeNullOrEmpty' { @($all).Where({ $null -ne $_ -and "$_" -ne '' }).Count -eq 0 }
        'Exist' { [System.IO.File]::Exists($value) -or [System.IO.Directory]::Exists($value) }
        'Throw' { Test-Throws $value $Like $ErrorId }
        default { throw "The stand-in has no Should -$operator." }
    }
    if ($holds -eq [bool] $Not) { throw "Should $($Not ? '-Not ' : '')-$operator does not hold: '$value', '$($PSBoundParameters[$operator])', '$script:caught'." }
    if ($PassThru) { $script:caught }
}

# What the engine alone lacks, as far as the tests need it.
function Resolve-Path([string] $Path) { [System.IO.Path]::GetFullPath($Path) }
function Get-Item([string] $Path) { [System.IO.FileInfo]::new($Path) }
function New-Item([string] $Path, [string] $ItemType) { [System.IO.Directory]::CreateDirectory($Path) }
function Add-Content([string] $Path, [string] $Value) { [System.IO.File]::AppendAllText($Path, "$Value`n") }
function Get-FileHash([string] $Path) { [pscustomobject]@{ Hash = [System.Convert]::ToHexString([System.Security.Cryptography.SHA256]::HashData([System.IO.File]::ReadAllBytes($Path))) } }
function Push-Location([string] $Path) { $script:before = "$PWD"; Set-Location $Path }
function Pop-Location { Set-Location $script:before }

. $File
Invoke-Block $blocks.Pop()
