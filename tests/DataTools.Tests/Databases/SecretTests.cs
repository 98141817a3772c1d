namespace DataTools.Tests.Databases;

/// <summary>No password shows in anything that users see or keep, on any database that has one.</summary>
public sealed class SecretTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const string Script =
        """
        $url, $log, $other, $kind = $args
        $DataToolsLogPath = $log
        $VerbosePreference = 'Continue'
        function Show($value) { $value | Format-List * -Force | Out-String; $value | Format-Table -Force | Out-String; "$value"; [System.Management.Automation.PSSerializer]::Serialize($value, 5); $value | ConvertTo-Json -Depth 5 }
        $c = Connect-Database $url -Name shown -Verbose
        Show $c
        Show (Get-DatabaseConnection)
        Show ([pscustomobject]@{ a = 1 } | Export-DataTable t -Connection $url -CreateTable -PassThru)
        Show (Get-DataTable -Connection $url)
        Show (Get-DataSchema -Connection $url -Table t)
        [pscustomobject]@{ a = 2 } | Export-DataTable t -Connection $url -WhatIf
        $scripts = @(
            { Connect-Database ($url -replace ':[^:@/]+@', ':wrong@') }
            { Connect-Database ($url -replace '/test_', '/none_' -replace 'authSource=admin', 'authSource=none') }
            { Connect-Database ($url -replace ':\d+/', ':x/') }
            { Connect-Database ($url -replace ':\d+/', ':1/') }
            { Connect-Database ($url -replace '@127', '127') }
            { Connect-Database ($url + $(if ($url.Contains('?')) { '&' } else { '?' }) + 'nonsense=1') }
            { Connect-Database ($url + $(if ($url.Contains('?')) { '&' } else { '?' }) + 'sslmode=perhaps') }
            { Connect-Database $other -Kind $kind }
            { Import-DataTable nothing -Connection $url }
            { Import-DataTable -Connection $c -Query 'SELEC' }
            { Invoke-DataQuery 'SELEC' -Connection $url }
            { Import-DataTable t -Connection $url -Partitions 2 -PartitionColumn none }
            { [pscustomobject]@{ a = 'x' } | Export-DataTable t -Connection $url }
            { Copy-DataTable t -Source $url -Destination ($url -replace ':\d+/', ':1/') }
            { Disconnect-Database $url }
        )
        foreach ($script in $scripts) {
            try { & $script -ErrorAction Stop } catch { "error $($_.FullyQualifiedErrorId)"; Show $_; $_.Exception.ToString(); "$($_.TargetObject)"; "$($_.Exception.Data.Values)"; $_.ScriptStackTrace }
        }
        Show $Error
        Disconnect-Database $c
        Show $c
        [System.IO.File]::ReadAllText($log)
        """;

    public static TheoryData<string> Kinds => ["PostgreSql", "MariaDb", "MySql", "MongoDb"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void No_secret_shows_anywhere(string kind)
    {
        using var database = TestDatabase.Make(kind);
        using var folder = new TestFolder();
        var other = $"{(kind == "PostgreSql" ? "Host" : "Server")}=127.0.0.1;Nonsense=1;Password={TestServer.Password}";
        var output = session.Values(Script, database.Url, folder["log.ndjson"], other, kind);
        var text = string.Join('\n', output.Concat(session.VerboseMessages).Concat(session.Warnings).Concat(session.Errors.Select(e => e.ToString())));

        Assert.Contains("error LoginFailed", text, StringComparison.Ordinal);
        Assert.Contains("error ConnectionFailed", text, StringComparison.Ordinal);
        Assert.Contains("\"target\":", text, StringComparison.Ordinal);
        foreach (var secret in new[] { TestServer.Password, Uri.EscapeDataString(TestServer.Password), Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(TestServer.Password)), System.Text.Json.JsonEncodedText.Encode(TestServer.Password).ToString(), TestServer.Password[..7] })
        {
            var at = text.IndexOf(secret, StringComparison.Ordinal);
            Assert.True(at < 0, at < 0 ? null : text[Math.Max(0, at - 300)..Math.Min(text.Length, at + 100)]);
        }
    }
}
