namespace DataTools.Tests.Databases;

/// <summary>What a user may see of a connection: never its password.</summary>
public sealed class SecretTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    public static TheoryData<string> Servers => [.. TestDatabase.Kinds.Where(k => k is "PostgreSql" or "MariaDb" or "MySql")];

    [Theory]
    [MemberData(nameof(Servers))]
    public void No_secret_shows_anywhere(string kind)
    {
        using var database = TestDatabase.Make(kind);
        using var folder = new TestFolder();
        var output = session.Values(
            """
            $url, $log, $kind = $args
            $c = Connect-Database $url -Name shown -Verbose -LogPath $log
            foreach ($shown in $c, (Get-DatabaseConnection), (Get-DataTable -Connection $c), (Get-DataTypeMap -From $kind -To Sqlite)) {
                $shown | Format-List * -Force | Out-String; "$shown"; [System.Management.Automation.PSSerializer]::Serialize($shown, 2); $shown | ConvertTo-Json -Depth 2 -WarningAction Ignore
            }
            [pscustomobject]@{ a = 1 } | Export-DataTable t -Connection $url -CreateTable -PassThru -Verbose -LogPath $log | Format-List | Out-String
            Copy-DataTable $url $url t -RenameTable @{ t = 'u' } -PassThru -Verbose -LogPath $log | Compare-DataTable -Verbose | Format-List * | Out-String
            $password = [uri]::UnescapeDataString(($url -split '[:@]')[2])
            foreach ($script in { Connect-Database ($url -replace '/test_.*', '/none_such') -LogPath $log }, { Import-DataTable nothing -Connection $url -LogPath $log }, { Import-DataTable -Connection $c -Query 'SELEC' -LogPath $log },
                { Connect-Database ($url -replace ':\d+/', ':1/') }, { Connect-Database ($url -replace ':\d+/', ':x/') }, { Connect-Database ($url + '?nonsense=1') }, { Connect-Database ($url -replace '@127', 'x@127') },
                { Connect-Database "Host=127.0.0.1;Server=127.0.0.1;Nonsense=1;Password=$password" -Kind $kind }, { Invoke-DataQuery 'SELECT 1' -Connection ($url -replace '@', 'wrong@') -LogPath $log }) {
                try { & $script } catch { "$_"; $_.Exception.ToString(); $_ | Format-List * -Force | Out-String; "$($_.TargetObject)"; [System.Management.Automation.PSSerializer]::Serialize($_, 2) }
            }
            Disconnect-Database $c
            [System.IO.File]::ReadAllText($log)
            """,
            database.Url,
            folder["log.ndjson"],
            kind);
        var text = string.Join('\n', output.Concat(session.VerboseMessages).Concat(session.Warnings));

        Assert.Contains("SELEC", text, StringComparison.Ordinal);
        Assert.DoesNotContain(TestServer.Password, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Uri.EscapeDataString(TestServer.Password), text, StringComparison.Ordinal);
    }
}
