using System.Text.Json.Nodes;
using DataTools.Databases.MySql;

namespace DataTools.Tests.Databases;

/// <summary>What LOAD DATA LOCAL would bend without an error, servers that forbid it, and engines that undo nothing.</summary>
public sealed class MySqlLoadTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    [Theory]
    [InlineData("varchar(3)", "'abcdefgh'", "'abc'", "too long")]
    [InlineData("tinyint", "300", "1", "int8")]
    [InlineData("datetime", "[datetime] '2026-01-01T00:00:00.5'", "[datetime] '2026-01-01'", "digits behind the second")]
    [InlineData("char(5)", "'ab '", "'ab'", "ends in a space")]
    [InlineData("binary(3)", "[byte[]] (1, 2)", "[byte[]] (1, 2, 3)", "shorter than the 3 bytes")]
    [InlineData("int NOT NULL", "$null", "5", "takes no null")]
    [InlineData("enum('a','b')", "'c'", "'b'", "none of the values")]
    [InlineData("set('a','b')", "'a,c'", "'a,b'", "is not made of the values of the set")]
    [InlineData("varchar(9) CHARACTER SET utf8", "'🎉'", "'ü'", "Incorrect string value")]
    [InlineData("varchar(9) CHARACTER SET latin1", "'中'", "'ü'", "Incorrect string value")]
    [InlineData("year", "70", "1970", "is no year")]
    [InlineData("decimal(10,2)", "[decimal] 1.005", "[decimal] 1.25", "decimal(10,2)")]
    [InlineData("timestamp NULL", "[datetime]::new(2100, 1, 1, 0, 0, 0, [DateTimeKind]::Utc)", "[datetime]::new(2030, 1, 1, 0, 0, 0, [DateTimeKind]::Utc)", "Incorrect datetime value")]
    [InlineData("int, FOREIGN KEY (v) REFERENCES p (id)", "5", "$null", "foreign key")]
    public void What_the_server_would_change_is_a_bad_row(string type, string bad, string good, string reason)
    {
        foreach (var kind in MySqlTests.Kinds.Select(k => k.Data))
        {
            using var database = TestDatabase.Make(kind);
            using var folder = new TestFolder();
            TestDatabase.Run(session, database.Url, $"CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, v {type}) ENGINE = InnoDB");
            var rows = $"1..3 | ForEach-Object {{ if ($_ -eq 2) {{ $v = {bad} }} else {{ $v = {good} }}; [pscustomobject]@{{ id = $_; v = $v }} }} | Export-DataTable t -Connection $args[0]";

            var error = session.Error(rows, database.Url);
            Assert.Contains(reason, error.ToString(), StringComparison.OrdinalIgnoreCase);
            Assert.Contains("row 2", error.ToString(), StringComparison.Ordinal);
            Assert.Empty(session.Values("Import-DataTable t -Connection $args[0]", database.Url));

            session.Run(rows + " -MaxErrors 1 -RejectPath $args[1]", database.Url, folder["r.ndjson"]);
            Assert.Equal(["1", "3"], session.Values("Import-DataTable t -Connection $args[0] | Sort-Object id | ForEach-Object { \"$($_.id)\" }", database.Url));
            Assert.Contains(reason, JsonNode.Parse(File.ReadAllText(folder["r.ndjson"]))!["reason"]!.ToString(), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData("InnoDB", "")]
    [InlineData("MyISAM", "")]
    [InlineData("InnoDB", "--local-infile=0")]
    public void Many_bad_rows_are_found_and_the_others_loaded(string engine, string option)
    {
        using var server = option.Length == 0 ? null : Start(option);
        using var database = server is null ? TestDatabase.Make("MariaDb") : null;
        using var folder = new TestFolder();
        var url = database?.Url ?? server!.Url + "/test_own";
        if (server is not null)
        {
            TestDatabase.Run(session, server.Url, "CREATE DATABASE test_own");
        }

        TestDatabase.Run(session, url, $"CREATE TABLE t (id int PRIMARY KEY, v varchar(5), b varbinary(9)) ENGINE = {engine}; INSERT INTO t VALUES (5000, 'old', null)");
        const string Rows = "1..5000 | ForEach-Object { [pscustomobject]@{ id = $_; v = if ($_ % 1000 -eq 7) { 'too long' } else { \"v$_\" }; b = [byte[]] (0, 9, 92) } } | Export-DataTable t -Connection $args[0]";
        Assert.StartsWith("BadRow,", session.Error(Rows, url).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(["1"], session.Values("\"$(@(Import-DataTable t -Connection $args[0]).Count)\"", url));

        session.Run(Rows + " -MaxErrors 10 -RejectPath $args[1]", url, folder["r.ndjson"]);
        Assert.Equal(["7", "1007", "2007", "3007", "4007", "5000"], File.ReadLines(folder["r.ndjson"]).Select(l => JsonNode.Parse(l)!["row"]!.ToString()).OrderBy(r => int.Parse(r, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(["4995 old 00095C"], session.Values("$r = Import-DataTable t -Connection $args[0] | Sort-Object id; \"$($r.Count) $($r[-1].v) $([Convert]::ToHexString($r[0].b))\"", url));
    }

    [Theory]
    [InlineData("MariaDb", "MyISAM")]
    [InlineData("MySql", "MyISAM")]
    [InlineData("MariaDb", "Aria")]
    [InlineData("MariaDb", "MEMORY")]
    public void A_table_that_undoes_nothing_takes_the_good_rows_or_none(string kind, string engine)
    {
        using var database = TestDatabase.Make(kind);
        using var folder = new TestFolder();
        TestDatabase.Run(session, database.Url, $"CREATE TABLE t (id int PRIMARY KEY, v varchar(5) NOT NULL) ENGINE = {engine}; INSERT INTO t VALUES (10, 'old'), (20, 'old')");
        const string Rows = "1..2000 + 30 | ForEach-Object { $v = switch ($_) { 40 { 'too long' } 50 { $null } default { 'new' } }; [pscustomobject]@{ id = $_; v = $v } } | Export-DataTable t -Connection $args[0]";
        const string Table = "$r = Import-DataTable t -Connection $args[0]; \"$($r.Count) $(@($r | Where-Object v -eq old | Sort-Object id).id)\"";
        session.Error(Rows.Replace("| Export", "| ForEach-Object { if ($_.id -eq 1500) { throw 'broken' }; $_ } | Export", StringComparison.Ordinal), database.Url);
        session.Error(Rows, database.Url);
        session.Error(Rows + " -MaxErrors 4", database.Url);
        Assert.Equal(["2 10 20"], session.Values(Table, database.Url));

        if (engine == "Aria")
        {
            // Its temporary tables have no savepoints: all or nothing.
            session.Run($"try {{ {Rows} -MaxErrors 5 }} catch {{ }}", database.Url);
            Assert.Contains(session.Values(Table, database.Url)[0], new[] { "2 10 20", "1998 10 20" });
            return;
        }

        session.Run(Rows + " -MaxErrors 5 -RejectPath $args[1]", database.Url, folder["r.ndjson"]);
        Assert.Equal([10, 20, 40, 50, 2001], File.ReadLines(folder["r.ndjson"]).Select(l => (int)JsonNode.Parse(l)!["row"]!).Order());
        Assert.Equal(["1998 10 20"], session.Values(Table, database.Url));
    }

    [Theory]
    [InlineData("Truncate")]
    [InlineData("Replace")]
    public void A_table_that_undoes_nothing_keeps_its_rows_when_the_new_ones_are_bad(string mode)
    {
        using var database = TestDatabase.Make("MySql");
        TestDatabase.Run(session, database.Url, "CREATE TABLE t (id int PRIMARY KEY) ENGINE = MyISAM; CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET @x = 1; INSERT INTO t VALUES (1)");
        Assert.StartsWith("BadRow,", session.Error($"1, 2, 2 | ForEach-Object {{ [pscustomobject]@{{ id = $_ }} }} | Export-DataTable t -Connection $args[0] -Mode {mode} -Confirm:$false", database.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(["1"], session.Values("Import-DataTable t -Connection $args[0] | ForEach-Object { \"$($_.id)\" }", database.Url));

        session.Run($"1, 2, 3 | ForEach-Object {{ [pscustomobject]@{{ id = $_ }} }} | Export-DataTable t -Connection $args[0] -Mode {mode} -Confirm:$false", database.Url);
        Assert.Equal(["1", "2", "3"], session.Values("Import-DataTable t -Connection $args[0] | ForEach-Object { \"$($_.id)\" }", database.Url));
    }

    [Theory]
    [InlineData("MariaDb")]
    [InlineData("MySql")]
    public void A_zero_is_no_request_for_a_number_and_NUL_is_a_character(string kind)
    {
        using var database = TestDatabase.Make(kind);
        TestDatabase.Run(session, database.Url, "CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, v varchar(5) CHARACTER SET utf8mb4)");
        session.Run("[pscustomobject]@{ id = 0; v = \"a$([char]0)b\" } | Export-DataTable t -Connection $args[0]; [pscustomobject]@{ v = 'next' } | Export-DataTable t -Connection $args[0]", database.Url);

        Assert.Equal(["0 3", "1 4"], session.Values("Import-DataTable t -Connection $args[0] | Sort-Object id | ForEach-Object { \"$($_.id) $($_.v.Length)\" }", database.Url));
    }

    [Fact]
    public void Keys_of_text_match_by_the_order_of_the_column()
    {
        using var database = TestDatabase.Make("MariaDb");
        TestDatabase.Run(session, database.Url, "CREATE TABLE t (k varchar(9) COLLATE utf8mb4_bin, n int, other int UNIQUE, UNIQUE (k)) CHARACTER SET utf8mb4; INSERT INTO t VALUES ('a', 1, 1)");
        session.Run("@([pscustomobject]@{ k = 'a'; n = 2; other = 1 }, [pscustomobject]@{ k = 'A'; n = 3; other = 2 }) | Export-DataTable t -Connection $args[0] -Mode Upsert -Key k", database.Url);

        Assert.Equal(["a2", "A3"], session.Values("Import-DataTable t -Connection $args[0] | Sort-Object n | ForEach-Object { \"$($_.k)$($_.n)\" }", database.Url));
        Assert.StartsWith("RowRefused,", session.Error("[pscustomobject]@{ k = 'b'; n = 2; other = 1 } | Export-DataTable t -Connection $args[0] -Mode Upsert -Key k", database.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Option_files_are_read_as_the_client_reads_them()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["more.cnf"], "[client]\nport = 3307\n");
        File.WriteAllText(folder["my.cnf"], $"# a comment\n[mysqld]\nuser=server\n[client]\nuser = me # and not more\npassword=\"a#b\\\\c\"\nssl_ca=ca.pem\n!include {folder["more.cnf"]}\n[mysql]\ndatabase=shop\n");
        var values = new Dictionary<string, string>();
        MySqlOptionFile.Read(folder["my.cnf"], ["client", "mysql"], values, 0);

        Assert.Equal("database=shop password=a#b\\c port=3307 ssl-ca=ca.pem user=me", string.Join(' ', values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Key}={v.Value}")));
    }

    private static OwnServer Start(string option)
    {
        var started = TestServers.StartOwnMariaDb(option);
        if (started is not { } own)
        {
            TestServers.Missing("MariaDB with options of its own");
            throw new InvalidOperationException();
        }

        return new OwnServer(own.Server, own.Url);
    }

    private sealed record OwnServer(TestServer Server, string Url) : IDisposable
    {
        public void Dispose() => Server.Dispose();
    }
}
