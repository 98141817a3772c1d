using System.Management.Automation;

namespace DataTools.Tests.Expressions;

/// <summary>Expressions that run on columns: every operator and member that is said to.</summary>
internal static class ExpressionCases
{
    private static readonly string[] CompareOps = ["-eq", "-ne", "-lt", "-le", "-gt", "-ge"];

    public static IEnumerable<string> All =>
        [.. Comparisons, .. Logic, .. Arithmetic, .. Text, .. Members, .. Conversions, .. Choices];

    /// <summary>Those that come to true or false.</summary>
    public static IEnumerable<string> Conditions => [.. Comparisons, .. Logic];

    /// <summary>Whether an expression runs row by row where an i has two upper cases.</summary>
    public static bool DependsOnCase(string expression) =>
        new[] { "-match", "-notmatch", "-replace", "-split" }.Any(op => expression.Contains(op, StringComparison.Ordinal));

    /// <summary>Variables that the expressions use.</summary>
    public static void SetVariables(Engine engine)
    {
        engine.Set("limit", 100);
        engine.Set("regions", new object[] { "EU", "us" });
        var settings = new PSObject();
        settings.Properties.Add(new PSNoteProperty("limit", 12.5));
        engine.Set("cfg", settings);
    }

    private static IEnumerable<string> Comparisons =>
    [
        .. Each("$_.m {0} 100", "$_.m {0} 12.5", "$_.m {0} 0.125", "100 {0} $_.m", "$_.m {0} $_.m2", "$_.m {0} $_.d", "$_.m {0} -3d", "$_.m {0} 1e30", "$_.m {0} '12.50'"),
        .. Each("$_.i {0} 5", "$_.i {0} 5.5", "$_.i {0} 5l", "$_.i {0} 5d", "$_.i {0} 0.1d", "$_.i {0} '10'", "$_.i {0} $true", "$_.sh {0} 7", "$_.sh {0} $_.i", "$_.i {0} $_.l", "$_.i {0} $_.d"),
        .. Each("$_.l {0} 5", "$_.l {0} 9007199254740992.0", "$_.l {0} $_.d", "$_.l {0} $_.m", "$_.l {0} $_.l2", "7 {0} $_.l", "-5 {0} $_.l", "$_.l {0} $limit", "$_.l {0} $cfg.limit", "$_.l {0} (-3)"),
        .. Each("$_.d {0} 2.5", "$_.d {0} 2", "$_.d {0} $_.d2", "$_.d {0} [double]::NaN", "$_.f {0} 0.1", "$_.f {0} $_.d", "$_.f {0} $_.m", "$_.f {0} -2", "2.5d {0} $_.d"),
        .. Each("$_.s {0} $_.s2", "'abc' {0} $_.s", "$_.s {0} 'abc'", "$_.s {0} 'i'", "$_.s {0} 'é'", "$_.s {0} ''"),
        .. new[] { "ceq", "cne", "clt", "cle", "cgt", "cge", "ieq" }.SelectMany(op => new[] { $"$_.s -{op} 'A'", $"$_.s -{op} $_.s2" }),
        "$_.s -eq 10", "$_.s -ne 10.0", "10 -eq $_.i", "'10' -eq $_.i", "'10' -eq $_.l", "$_.s -eq $_.i", "'a' -eq $_.s", "$_.s -eq $true",
        .. Each("$_.t {0} '2020-01-02'", "$_.t {0} [datetime]'2020-01-02 03:04:05.678'", "$_.t {0} $_.tz", "$_.tz {0} [datetime]'2020-01-02'", "[datetime]'2020-01-02' {0} $_.t"),
        .. Each("$_.da {0} '2020-02-29'", "$_.da {0} [DateOnly]'2020-02-29'", "$_.ti {0} '09:00'", "$_.du {0} [timespan]'01:00:00'", "$_.du {0} '00:00:00'", "$_.u {0} $_.u"),
        "$_.u -eq '6F9619FF-8B86-D011-B42D-00C04FC964FF'", "$_.b -eq $true", "$_.b -ne 'false'", "$_.b -eq 1", "$_.b -eq $_.b", "$true -eq $_.b",
        "$_.s -eq $null", "$null -ne $_.i", "$_.l -ne $null", "$null -eq $_.t",
        "$_.s -in 'EU','us'", "$_.s -in $regions", "$_.s -notin $regions", "$_.s -cin 'EU','I'", "$_.i -in 1,2,'10'", "$_.l -in 5", "$_.d -in 2.5,0.1,$null", "$regions -contains $_.s",
        "$regions -notcontains $_.s", "'EU','a' -ccontains $_.s", "1,5,10 -contains $_.l", "$_.m -in 1.5,2", "$_.t -in [datetime]'2020-01-02'",
        "$_.'name with space' -eq 'a'", "$PSItem.S -eq 'a'",
    ];

    private static IEnumerable<string> Logic =>
    [
        "$_.m -gt 100 -and $_.s -eq 'EU'", "$_.i -gt 1 -or $_.l -gt 1", "$_.b -xor $_.i", "-not $_.b", "!$_.s", "$_.s -and $_.d", "$_.b", "$_.l", "$_.d", "$_.s", "$_.t", "$_.u", "$_.f",
        "$_.l -and $_.i / $_.l -gt 2", "-not ($_.t -and $_.da)", "($_.i -gt 3) -eq $_.b", "$_.i -gt 3 -and (-not $_.b -or $_.s -like 'a*')", "-not ($_.l -gt 5)", "!($_.s -eq 'a' -or $_.m -lt 5)",
    ];

    private static IEnumerable<string> Arithmetic =>
    [
        .. new[] { "+", "-", "*", "/", "%" }.SelectMany(op => new[]
        {
            $"$_.i {op} $_.i2", $"$_.i {op} 7", $"7 {op} $_.i", $"$_.l {op} 7", $"$_.l {op} $_.l2", $"$_.i {op} $_.l", $"$_.d {op} 2.5", $"$_.d {op} $_.i", $"$_.d {op} $_.d2", $"$_.m {op} $_.i",
            $"$_.m {op} 1.5", $"$_.m {op} $_.m2", $"$_.sh {op} $_.sh", $"$_.f {op} 2", $"$_.f {op} $_.f", $"$_.l {op} $_.d", $"$_.m2 {op} 2d", $"3 {op} $_.d", $"$_.f {op} 2d",
        }),
        "-$_.i", "-$_.d", "-$_.m", "-($_.l + 1)", "$_.i / 3 * 100", "100 * $_.i / $_.l", "$_.i / 4 + $_.d", "$_.i / 4 - 1.5", "$_.i / 2 * 1.5d", "$_.i / 2 + $_.m", "$_.i / 3 % 2", "$_.i / 2 / 3", "$_.i / 2 -gt 10",
        "$_.l / 3 -le 2.5", "$_.l / 4 -eq 2", "$_.i / 4 -eq 0.25d", "$_.i / 2 - $_.l / 3", "($_.i + 1) * 2 -gt 20", "$_.l * $_.m", "$_.t - $_.t", "$_.t - [datetime]'2020-01-01'", "$_.t + $_.du", "$_.t - [timespan]'1.00:00:00'",
        "$_.du + $_.du", "$_.du - [timespan]'00:30:00'", "($_.t - [datetime]'2020-01-01').TotalDays -gt 3", "$_.i * 2 + $_.l * 3", "$_.l + $limit", "$_.d * $cfg.limit",
    ];

    private static IEnumerable<string> Text =>
    [
        "$_.s -like 'a*'", "$_.s -notlike '*b*'", "$_.s -clike 'A*'", "$_.s -cnotlike 'A*'", "$_.i -like '1*'", "$_.d -like '*.5'", "$_.s -like '[ab]?c'", "$_.s -like '*'",
        "$_.s -match '^a'", "$_.s -notmatch 'b$'", "$_.s -cmatch '[A-Z]'", "$_.s -cnotmatch 'i'", "$_.l -match '^1'",
        "$_.s -replace 'B','x'", "$_.s -creplace 'b'", "$_.s -replace '(a)(b)?','<$1>'", "$_.i -replace '1','one'", "$_.s -replace ','",
        "($_.s -split ',')[0]", "($_.s -split ',')[-1]", "($_.s -split '-')[1]", "($_.s -csplit 'B')[0]", "$_.s.Split(',')[0]", "$_.s.Split('-')[1]",
        "'{0:N2}' -f $_.d", "'{0}-{1}' -f $_.s,$_.i", "'{0:yyyy-MM}|{1,8:F1}' -f $_.t,$_.m", "'{0}' -f $_.b",
        "\"$($_.s)-x\"", "\"$($_.i)/$($_.d)`t$limit {$($_.m)}\"", "\"$($_.t)|$($_.da)|$($_.ti)|$($_.du)|$($_.u)|$($_.b)|$($_.f)\"", "\"$($_.i / 4)\"", "\"a`\"b$($_.s)'\"",
        "$_.s + '-' + $_.s2", "$_.s + $_.i", "'x' + $_.d", "'' + $_.m + 'é'", "'t' + $_.t",
    ];

    private static IEnumerable<string> Members =>
    [
        "$_.s.Length", "$_.s.Length -gt 2", .. Calls(
            "$_.s", "ToUpper()", "ToLower()", "ToUpperInvariant()", "ToLowerInvariant()", "Trim()", "TrimStart()", "TrimEnd()", "Trim('a')", "TrimStart('a')", "TrimEnd('c')", "Substring(1)", "Substring(0, 2)", "Substring(0,$_.i)",
            "Remove(1)", "Insert(0, 'x')", "Replace('a', 'b')", "Replace('b', '')", "PadLeft(5)", "PadRight(5)", "PadLeft(5, '0')", "PadRight(5, '.')", "ToString()", "StartsWith('a')", "EndsWith('C')", "Contains('b')", "IndexOf('b')", "LastIndexOf('c')",
            "Contains($_.s2)", "ToUpper().Trim().Length"),
        .. new[] { "Year", "Month", "Day", "Hour", "Minute", "Second", "Millisecond", "DayOfYear", "Date", "TimeOfDay", "DayOfWeek", "Ticks" }.Select(m => "$_.t." + m),
        .. new[] { "Year", "Month", "Day", "DayOfYear", "DayNumber", "DayOfWeek" }.Select(m => "$_.da." + m),
        .. new[] { "Hour", "Minute", "Second", "Millisecond" }.Select(m => "$_.ti." + m),
        .. new[] { "Days", "Hours", "Minutes", "Seconds", "Milliseconds", "TotalDays", "TotalHours", "TotalMinutes", "TotalSeconds", "TotalMilliseconds" }.Select(m => "$_.du." + m),
        "$_.t.DayOfWeek -eq 'thursday'", "$_.t.DayOfWeek -ne 4", "$_.t.Year -ge 2020 -and $_.t.Month -eq 1", "$_.t.Date -eq '2020-01-02'", "\"$($_.t.DayOfWeek)\"",
        .. Calls("$_.t", "AddDays(1.5)", "AddDays(-1)", "AddHours(2)", "AddMinutes($_.i)", "AddSeconds(0.5)", "AddMilliseconds(10)", "AddMonths(1)", "AddYears(-1)", "ToString('yyyy-MM')", "ToString()", "ToString('d')"),
        .. Calls("$_.da", "AddDays(1)", "AddMonths(1)", "AddYears(1)", "ToString('yyyy')", "ToString()"),
        "$_.i.ToString()", "$_.i.ToString('D5')", "$_.l.ToString('N0')", "$_.d.ToString()", "$_.d.ToString('F2')", "$_.m.ToString()", "$_.m.ToString('N1')", "$_.ti.ToString('HH')", "$_.du.ToString()", "$_.u.ToString()",
        "$_.du.ToString('c')", "$_.u.ToString('N')", "$_.ti.ToString()", "$_.l.ToString()",
        .. new[] { "i", "l", "d", "m" }.SelectMany(c => new[] { "Round", "Floor", "Ceiling", "Truncate", "Abs" }.Select(f => $"[math]::{f}($_.{c})")),
        "[math]::Round($_.d, 1)", "[math]::Round($_.m, 1)", "[math]::Round($_.i, 1)", "[math]::Round($_.i / 3, 2)", "[math]::Floor($_.l / 4)", "[math]::Sqrt($_.d)", "[math]::Sqrt($_.i)", "[math]::Max($_.i, 5)", "[math]::Min($_.i, $_.i2)",
        "[math]::Max($_.l, 5)", "[math]::Min($_.l, $_.i)", "[math]::Max($_.d, 2.5)", "[math]::Min($_.d, 2)", "[math]::Max($_.m, 5)", "[math]::Min($_.m, $_.m2)", "[math]::Max($_.m, $_.l)", "[Math]::Min($_.d, $_.d2)",
        "[string]::IsNullOrEmpty($_.s)", "[string]::IsNullOrWhiteSpace($_.s)",
    ];

    private static IEnumerable<string> Conversions =>
    [
        .. new[] { "int", "long", "double", "decimal", "string", "bool" }.SelectMany(type => new[] { "i", "l", "d", "f", "m", "s", "b" }.Select(column => $"[{type}]$_.{column}")),
        "[datetime]$_.s", "[datetime]$_.t", "[timespan]$_.s", "[guid]$_.s", "[DateOnly]$_.s", "[string]$_.t", "[string]$_.da", "[int]($_.i / 3)", "[string]($_.i / 4)", "[double]($_.i / 4) + 1", "[int]$_.s + 1", "[bool]$_.t",
        "[timespan]$_.du", "[guid]$_.u", "[DateOnly]$_.da", "[TimeOnly]$_.ti",
    ];

    private static IEnumerable<string> Choices =>
    [
        "if ($_.i -gt 5) { 'big' } else { 'small' }", "if ($_.i -gt 50) { 'big' } elseif ($_.i -gt 5) { 'middle' } else { $_.s }", "if ($_.b) { $_.i }", "if ($_.b) { $_.i } else { $_.d }", "if ($_.i) { $_.l / $_.i } else { 0 }",
        "if ($_.b) { $_.m } else { 0 }", "$_.b ? 'yes' : 'no'", "$_.i -gt 5 ? $_.i : $_.l", "$_.s ?? 'none'", "$_.i ?? 0", "$_.m ?? 0", "($_.s ?? '').Length", "if ($_.s -like 'a*') { $_.t } else { $null }", "\"$(if ($_.b) { 'x' } else { 'y' })!\"",
        "if ($null -eq $_.s) { 'null' } else { $_.s.Trim() }", "$(if ($_.b) { 1 } else { 2 }) + 1", "if ($_.b) { $_.i -gt 3 } else { $_.b }", "if ($_.b) { $_.da } else { $_.da.AddDays(1) }",
    ];

    private static IEnumerable<string> Each(params string[] formats) => formats.SelectMany(f => CompareOps.Select(op => f.Replace("{0}", op, StringComparison.Ordinal)));

    private static IEnumerable<string> Calls(string owner, params string[] calls) => calls.Select(c => $"{owner}.{c}");
}
