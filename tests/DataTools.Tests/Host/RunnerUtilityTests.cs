using System.Management.Automation;

namespace DataTools.Tests.Host;

/// <summary>The commands that the runner supplies where PowerShell's own modules are missing.</summary>
public sealed class RunnerUtilityTests(PowerShellSession session) : IClassFixture<PowerShellSession>, IDisposable
{
    private const string Objects = "$o = 1..5 | ForEach-Object { [pscustomobject]@{ Id = $_; Name = \"n$($_ % 2)\"; Other = $_ * 1.5 } };";
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("(Write-Output 1 2 3).Count", "3")]
    [InlineData("(Write-Output (1, 2, 3)).Count", "3")]
    [InlineData("@(1..4 | Write-Output).Count", "4")]
    [InlineData("Write-Host 'a' 'b' 6>&1", "a b")]
    [InlineData("try { Write-Error 'stop' -ErrorAction Stop } catch { \"$_|$($_.FullyQualifiedErrorId)\" }", "stop|Microsoft.PowerShell.Commands.WriteErrorException,Write-Error")]
    [InlineData("Write-Error 'boom' 2>$null; $?", "False")]
    [InlineData("function f { [CmdletBinding()] param() Write-Error 'inner'; 'on' }; try { f -ErrorAction Stop } catch { \"caught $_\" }", "caught inner")]
    [InlineData("function f { [CmdletBinding()] param() Write-Verbose 'told' }; f -Verbose 4>&1; f 4>&1", "told")]
    [InlineData("function f { [CmdletBinding()] param() Write-Warning 'told' }; f 3>&1; f -WarningAction SilentlyContinue 3>&1", "told")]
    [InlineData("Write-Information 'told' -InformationAction Continue 6>&1", "told")]
    public void Streams(string script, string expected) => AssertText(expected, script);

    [Theory]
    [InlineData("$o | Select-Object Id, @{ n = 'X'; e = { $_.Id * 10 } } -First 2", "@{Id=1; X=10} @{Id=2; X=20}")]
    [InlineData("$o | Select-Object -ExpandProperty Id -Last 2", "4 5")]
    [InlineData("$o | Select-Object N*, O* -First 1", "@{Name=n1; Other=1.5}")]
    [InlineData("$o | Select-Object -ExcludeProperty Id -First 1", "@{Name=n1; Other=1.5}")]
    [InlineData("$n = 0; $null = 1..1000 | ForEach-Object { $n++; $_ } | Select-Object -First 3; $n", "3")]
    [InlineData("1..10 | Select-Object -Skip 3 -First 2", "4 5")]
    [InlineData("1..5 | Select-Object -Skip 1 -Last 2", "3 4")]
    [InlineData("1, 1, 2, 3, 3 | Select-Object -Unique", "1 2 3")]
    [InlineData("1..3 | Select-Object -First 0", "")]
    [InlineData("3, 1, 2 | Sort-Object", "1 2 3")]
    [InlineData("3, 1, 2 | Sort-Object -Descending", "3 2 1")]
    [InlineData("$o | Sort-Object Name, @{ e = 'Id'; Descending = $true } | ForEach-Object Id", "4 2 5 3 1")]
    [InlineData("'b', 'A', 'a', 'B' | Sort-Object -Unique", "A b")]
    [InlineData("10, 9, 'x' | Sort-Object -Top 2", "9 10")]
    [InlineData("$o | Group-Object Name | ForEach-Object { \"$($_.Name)=$($_.Count)\" }", "n0=2 n1=3")]
    [InlineData("($o | Group-Object Name -AsHashTable)['n1'].Count", "3")]
    [InlineData("$m = $o | Measure-Object Other -Sum -Average -Minimum -Maximum; $m.Count, $m.Sum, $m.Average, $m.Minimum, $m.Maximum", "5 22.5 4.5 1.5 7.5")]
    [InlineData("(1..3 | Measure-Object).Count", "3")]
    [InlineData("(New-Object System.Text.StringBuilder 'ab', 10).ToString()", "ab")]
    [InlineData("(New-Object System.Collections.Generic.List[int]).Count", "0")]
    [InlineData("(New-Object psobject -Property @{ a = 1 }).a", "1")]
    public void Objects_are_chosen_ordered_and_counted(string script, string expected) => AssertText(expected, Objects + script);

    [Theory]
    [InlineData("'hello', 'world' > a.txt; 'more' >> a.txt; Get-Content a.txt", "hello world more")]
    [InlineData("'a', 'b', 'c' | Set-Content a.txt; Get-Content a.txt -Tail 1; Get-Content a.txt -First 1; (Get-Content a.txt -Raw).Length", "c a 6")]
    [InlineData("'a' | Out-File a.txt -Encoding unicode; Get-Content a.txt -Encoding unicode; [System.IO.FileInfo]::new([System.IO.Path]::Combine($PWD, 'a.txt')).Length", "a 6")]
    [InlineData("'a' > a.txt; 'b' > b.txt; Get-ChildItem *.txt -Name; (Get-ChildItem -Filter b*).Name", "a.txt b.txt b.txt")]
    [InlineData("'a' > a.txt; Test-Path a.txt; Test-Path nope; Test-Path . -PathType Container; Test-Path a.txt -PathType Container; Test-Path env:PATH", "True False True False True")]
    [InlineData("'a' > a.txt; Remove-Item a.txt; Test-Path a.txt", "False")]
    [InlineData("'a' > a.txt; Remove-Item a.txt -WhatIf; Test-Path a.txt", "True")]
    [InlineData("Get-Content nope.txt 2>&1 | ForEach-Object { $_.CategoryInfo.Category }", "ObjectNotFound")]
    [InlineData("(Join-Path a b c) -replace '\\\\', '/'", "a/b/c")]
    public void Items(string script, string expected) => AssertText(expected, "Set-Location $args[0]; " + script, folder.Path);

    [Theory]
    [InlineData("@(1, @{ a = 1.0 }, $null, 'x\"<', $true) | ConvertTo-Json -Compress", "[1,{\"a\":1.0},null,\"x\\\"<\",true]")]
    [InlineData("1 | ConvertTo-Json -AsArray -Compress", "[1]")]
    [InlineData("@{ a = @{ b = @{ c = @{ d = 1 } } } } | ConvertTo-Json -Compress -WarningAction Ignore", "{\"a\":{\"b\":{\"c\":\"System.Collections.Hashtable\"}}}")]
    [InlineData("$j = '{\"a\":[1,{\"b\":null}],\"n\":1.5}' | ConvertFrom-Json; $j.a[0], $j.n, ($null -eq $j.a[1].b)", "1 1.5 True")]
    [InlineData("('{\"A\":1,\"a\":2}' | ConvertFrom-Json -AsHashtable).Count", "2")]
    [InlineData("try { '{bad' | ConvertFrom-Json } catch { $_.Exception.GetBaseException().GetType().Name }", "JsonReaderException")]
    [InlineData("(('{\"a\":1}', '{\"a\":2}' | ConvertFrom-Json).a) -join ' '", "1 2")]
    [InlineData("('{', '\"a\":1}' | ConvertFrom-Json).a", "1")]
    [InlineData("Get-Date '2020-01-02' -Format 'yyyy/MM'", "2020/01")]
    [InlineData("(Get-Date -UnixTimeSeconds 0 -AsUTC).Year", "1970")]
    [InlineData("$t = [datetime]::UtcNow; Start-Sleep -Milliseconds 30; ([datetime]::UtcNow - $t).TotalMilliseconds -ge 30", "True")]
    public void Json_and_time(string script, string expected) => AssertText(expected, script);

    [Fact]
    public void Formatting_commands_are_the_engines()
    {
        Assert.Equal(
            ["", "Id Name", "-- ----", " 1 n1"],
            session.Values(Objects + "$o[0] | Format-Table Id, Name -AutoSize | Out-String -Stream").Select(line => $"{line}".TrimEnd()));
        Assert.Equal(["Id : 1"], session.Values(Objects + "$o[0] | Format-List Id | Out-String -Stream").Where(line => $"{line}".Length > 0));
    }

    [Fact]
    public void Every_supplied_command_has_help() =>
        Assert.Empty(session.Values(
            "Get-Command -Module DataTools.Utility | Where-Object { -not (Get-Help $_.Name).Synopsis -or (Get-Help $_.Name).Synopsis -match '\\[<CommonParameters>\\]' } | ForEach-Object Name"));

    private void AssertText(string expected, string script, params object?[] arguments) =>
        Assert.Equal(expected, string.Join(' ', session.Run(script, arguments).Select(LanguagePrimitives.ConvertTo<string>)));
}
