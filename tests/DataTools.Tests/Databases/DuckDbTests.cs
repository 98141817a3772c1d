namespace DataTools.Tests.Databases;

/// <summary>What DuckDB has and others have not.</summary>
public sealed class DuckDbTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const string Kind = "DuckDb";

    [Fact]
    public void Every_type_goes_there_and_back()
    {
        using var database = TestDatabase.Make(Kind);
        Run(
            database,
            """
            CREATE TYPE mood AS ENUM ('sad', 'it''s (ok), really');
            CREATE TABLE s (id INTEGER, m mood, l DECIMAL(10,2)[], st STRUCT(a INTEGER, "b x" VARCHAR[]), mp MAP(VARCHAR, INTEGER), ar INTEGER[3], u UNION(n INTEGER, s VARCHAR), tz TIMETZ, b BIT,
                big BIGNUM, ns TIMESTAMP_NS, sec TIMESTAMP_S, ms TIMESTAMP_MS, j JSON, h HUGEINT, uh UHUGEINT, tns TIME_NS, i INTERVAL, u1 UTINYINT, u2 USMALLINT, u4 UINTEGER, u8 UBIGINT, ll VARCHAR[][]);
            INSERT INTO s VALUES
                (1, 'it''s (ok), really', [1.50, NULL], {'a': 1, 'b x': ['x', NULL]}, MAP {'k': 1, 'l': NULL}, [1, 2, 3], union_value(s := 'text'), '12:00:00+02', '0101011101',
                    12345678901234567890123456789012345678901234567890, '2026-01-01 00:00:00.123456', '2026-01-01 00:00:01', '2026-01-01 00:00:00.123', '{"a": [1]}', -12345678901234567890123456789012345678, 12345678901234567890123456789012345678,
                    '12:00:00.000001', INTERVAL '1 day 2 hours', 255, 65535, 4294967295, 18446744073709551615, [['a'], [], NULL]),
                (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
            """);
        session.Run("$ErrorActionPreference = 'Stop'; Import-DataTable s -Connection $args[0] | Export-DataTable t -Connection $args[0] -CreateTable", database.Url);

        Assert.Empty(session.Values("Import-DataTable -Connection $args[0] -Query 'SELECT * EXCLUDE (u, mp) FROM s EXCEPT SELECT * EXCLUDE (u, mp) FROM t'", database.Url));
        Assert.Equal([2L], session.Values("(Import-DataTable -Connection $args[0] -Query 'SELECT count(*) AS n FROM t').n", database.Url));
        Assert.Equal(
            session.Values("(Get-DataSchema -Connection $args[0] -Table s).Columns.NativeType -replace '^UNION.*', 'JSON' -replace '^MAP.*', 'STRUCT(\"key\" VARCHAR, \"value\" INTEGER)[]'", database.Url),
            session.Values("(Get-DataSchema -Connection $args[0] -Table t).Columns.NativeType", database.Url));
        Assert.Equal(
            ["26:00:00 {\"s\":\"text\"} x k 3 12:00:00+02 0101011101"],
            session.Values("$r = Import-DataTable t -Connection $args[0] -Where 'id = 1'; \"$([int] $r.i.TotalHours):00:00 $(($r.u -replace ' ', '')) $($r.st.'b x'[0]) $($r.mp[0].key) $($r.ar[2]) $($r.tz) $($r.b)\"", database.Url));
    }

    [Theory]
    [InlineData("'infinity'::DATE")]
    [InlineData("'-infinity'::TIMESTAMPTZ")]
    [InlineData("INTERVAL '1 month'")]
    [InlineData("'0044-03-15 (BC)'::DATE")]
    [InlineData("170141183460469231731687303715884105727::HUGEINT")]
    [InlineData("TIMESTAMP_NS '2026-01-01 00:00:00.123456789'")]
    public void What_no_type_holds_is_an_error_or_a_null(string value)
    {
        using var database = TestDatabase.Make(Kind);
        var query = $"SELECT {value} AS v";

        var error = session.Error("Import-DataTable -Connection $args[0] -Query $args[1]", database.Url, query);
        Assert.StartsWith("ValueUnreadable,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("row 1, column 'v'", error.ToString(), StringComparison.Ordinal);
        Assert.Equal([true], session.Values("$null -eq (Import-DataTable -Connection $args[0] -Query $args[1] -OnLoss Allow).v", database.Url, query));
    }

    [Fact]
    public void What_could_only_be_guessed_is_not_written()
    {
        using var database = TestDatabase.Make(Kind);
        Run(database, "CREATE TABLE t (u UNION (n INTEGER, s VARCHAR))");
        Assert.StartsWith("TypeNotSupported,", session.Error("[pscustomobject]@{ u = '1' } | Export-DataTable t -Connection $args[0]", database.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_map_reads_what_no_type_holds_as_text()
    {
        using var database = TestDatabase.Make(Kind);
        Assert.Equal(
            ["1 month 170141183460469231731687303715884105727"],
            session.Values("$r = Import-DataTable -Connection $args[0] -Query \"SELECT INTERVAL '1 month' AS i, 170141183460469231731687303715884105727::HUGEINT AS h\" -TypeMap @{ interval = 'text'; hugeint = 'decimal' }; \"$($r.i) $($r.h)\"", database.Url));
    }

    [Fact]
    public void Bad_rows_of_every_kind_are_found_before_they_are_loaded()
    {
        using var database = TestDatabase.Make(Kind);
        using var folder = new TestFolder();
        Run(
            database,
            """
            CREATE TABLE p (id INTEGER PRIMARY KEY); INSERT INTO p VALUES (1), (2);
            CREATE TABLE t (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p (id), m ENUM ('a', 'b') NOT NULL, n UTINYINT CHECK (n < 100), d INTEGER DEFAULT 7, g INTEGER GENERATED ALWAYS AS (n + 1), CHECK (n + d <> 12));
            CREATE UNIQUE INDEX u ON t (n); INSERT INTO t (id, p, m, n) VALUES (50, 1, 'a', 50);
            """);
        session.Run(
            """
            $rows = [pscustomobject]@{ id = 1; p = 1; m = 'a'; n = 1 }, [pscustomobject]@{ id = 2; p = 3; m = 'a'; n = 2 }, [pscustomobject]@{ id = 3; p = 1; m = 'c'; n = 3 }, [pscustomobject]@{ id = 4; p = 1; m = $null; n = 4 },
                [pscustomobject]@{ id = 5; p = 1; m = 'a'; n = 5 }, [pscustomobject]@{ id = 6; p = 1; m = 'a'; n = 300 }, [pscustomobject]@{ id = 7; p = 1; m = 'a'; n = 101 }, [pscustomobject]@{ id = 50; p = 1; m = 'a'; n = 8 },
                [pscustomobject]@{ id = 1; p = 1; m = 'a'; n = 9 }, [pscustomobject]@{ id = 10; p = 1; m = 'a'; n = 50 }, [pscustomobject]@{ id = 11; p = $null; m = 'b'; n = $null }
            $rows | Export-DataTable t -Connection $args[0] -MaxErrors 20 -RejectPath $args[1]
            """,
            database.Url,
            folder["rejects.ndjson"]);

        Assert.Equal([1, 11, 50], session.Values("(Import-DataTable t -Connection $args[0] | Sort-Object id).id", database.Url));
        var rejects = File.ReadLines(folder["rejects.ndjson"]).Select(l => System.Text.Json.Nodes.JsonNode.Parse(l)!).ToDictionary(r => (int)r["row"]!, r => $"{r["column"]} {r["reason"]}");
        Assert.Equal([2, 3, 4, 5, 6, 7, 8, 9, 10], rejects.Keys.Order());
        Assert.Contains("no such row", rejects[2], StringComparison.Ordinal);
        Assert.StartsWith("m is no ENUM", rejects[3], StringComparison.Ordinal);
        Assert.StartsWith("m is null", rejects[4], StringComparison.Ordinal);
        Assert.StartsWith("n is no UTINYINT", rejects[6], StringComparison.Ordinal);
        Assert.Contains("CHECK", rejects[7], StringComparison.Ordinal);
        Assert.Contains("the same id", rejects[8], StringComparison.Ordinal);
        Assert.Contains("the same n", rejects[10], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("m = 'c'", "row 3, column 'm'")]
    [InlineData("n = -1", "row 3, column 'n'")]
    [InlineData("n = 101", "row 3")]
    [InlineData("id = 2", "row 3, column 'id'")]
    public void The_row_that_ends_a_load_is_named(string change, string place)
    {
        using var database = TestDatabase.Make(Kind);
        Run(database, "CREATE TABLE t (id INTEGER PRIMARY KEY, m ENUM ('a', 'b'), n UTINYINT CHECK (n < 100))");
        var error = session.Error($"1..4 | ForEach-Object {{ $r = [pscustomobject]@{{ id = $_; m = 'a'; n = 1 }}; if ($_ -eq 3) {{ $r.{change} }}; $r }} | Export-DataTable t -Connection $args[0]", database.Url);

        Assert.StartsWith("BadRow,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(place, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(session.Values("Import-DataTable t -Connection $args[0]", database.Url));
    }

    [Fact]
    public void Replace_swaps_the_table_and_keeps_its_definition()
    {
        using var database = TestDatabase.Make(Kind);
        Run(
            database,
            """
            CREATE SEQUENCE q START 1; CREATE TABLE t (id INTEGER PRIMARY KEY DEFAULT nextval('q'), v VARCHAR DEFAULT 'x' CHECK (v <> ''), g VARCHAR GENERATED ALWAYS AS (v || '!'));
            CREATE INDEX my_index ON t (lower(v)); COMMENT ON TABLE t IS 'it''s a table'; COMMENT ON COLUMN t.v IS 'the v'; CREATE VIEW w AS SELECT g FROM t; INSERT INTO t (v) VALUES ('old');
            """);
        session.Run("[pscustomobject]@{ id = 5; v = 'a' } | Export-DataTable t -Connection $args[0] -Mode Replace -Confirm:$false", database.Url);
        Run(database, "INSERT INTO t (v) VALUES ('b')");

        Assert.Equal(["5 a!", "6 b!"], session.Values("Import-DataTable t -Connection $args[0] | Sort-Object id | ForEach-Object { \"$($_.id) $($_.g)\" }", database.Url));
        Assert.Equal(["a!", "b!"], session.Values("(Import-DataTable w -Connection $args[0]).g | Sort-Object", database.Url));
        Assert.Equal(["my_index", "it's a table", "the v", "(v != '')"], session.Values("$s = Get-DataSchema -Connection $args[0] -Table t; $s.Indexes.Name; $s.Comment; $s.Columns[1].Comment; $s.Checks[0].Expression -replace '<>', '!='", database.Url));
    }

    [Fact]
    public void The_schema_tells_everything()
    {
        using var database = TestDatabase.Make(Kind);
        Run(
            database,
            """
            CREATE SCHEMA test; CREATE TABLE test.test.x (a INTEGER); CREATE SCHEMA other; CREATE TABLE other.p (a INTEGER, b INTEGER, PRIMARY KEY (b, a));
            CREATE TABLE other."t (x)" (id INTEGER UNIQUE, a INTEGER, b INTEGER, "c, d" VARCHAR COLLATE nocase, FOREIGN KEY (b, a) REFERENCES other.p (b, a)); CREATE INDEX i ON other."t (x)" (a, "c, d");
            """);

        Assert.Equal(
            ["b,a -> other.p(b,a)", "id True", "a|c, d False", "NOCASE", "other t (x) 0"],
            session.Values(
                """
                $t = Get-DataSchema -Connection $args[0] -Table 'other."t (x)"'
                $f = $t.ForeignKeys[0]; "$($f.Columns -join ',') -> $($f.References)($($f.ReferencedColumns -join ','))"
                $t.Indexes | ForEach-Object { "$($_.Columns -join '|') $($_.IsUnique)" }
                "$($t.Columns[3].Collation)".ToUpper()
                Get-DataTable -Connection $args[0] | Where-Object Name -like 't*' | ForEach-Object { "$($_.Schema) $($_.Name) $($_.Rows)" }
                """,
                database.Url));
        // The schema has the name of the database, which takes it from its file.
        session.Run("[pscustomobject]@{ id = 1; a = $null } | Export-DataTable test.x -Connection $args[0] -ColumnMap @{ id = $null }", database.Url);
    }

    [Fact]
    public void Memory_is_one_database_for_the_commands_of_a_connection()
    {
        var rows = session.Values(
            """
            $c = Connect-Database duckdb: -Name scratch
            $d = Connect-Database duckdb::memory: -Name other
            1..5000 | ForEach-Object { [pscustomobject]@{ id = $_ } } | Export-DataTable a -Connection $c -CreateTable
            Import-DataTable a -Connection scratch | Export-DataTable b -Connection scratch -CreateTable
            @(Import-DataTable b -Connection $c).Count; @(Get-DataTable -Connection $d).Count
            Disconnect-Database $c, $d
            """);
        Assert.Equal([5000, 0], rows);
    }

    [Fact]
    public void Several_statements_give_several_results()
    {
        using var database = TestDatabase.Make(Kind);
        Assert.Equal(
            [1, 3L, "7"],
            session.Values("$r = Invoke-DataQuery 'CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1), (2); SELECT 1 AS a; INSERT INTO t VALUES ($a)' -Parameters @{ a = 7 } -Connection $args[0]; $r.a; (Import-DataTable -Connection $args[0] -Query 'SELECT count(*) AS n FROM t').n; \"$((Import-DataTable t -Connection $args[0] -Where 'a = @a' -Parameters @{ a = 7 }).a)\"", database.Url));
    }

    [Fact]
    public void A_file_may_be_opened_for_reading_only()
    {
        using var database = TestDatabase.Make(Kind);
        Run(database, "CREATE TABLE t AS SELECT 1 AS a");
        var url = database.Url + "?access_mode=read_only";

        Assert.Equal([1], session.Values("(Import-DataTable t -Connection $args[0]).a", url));
        Assert.StartsWith("PermissionDenied,", session.Error("[pscustomobject]@{ a = 1 } | Export-DataTable u -Connection $args[0] -CreateTable", url).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("PermissionDenied,", session.Error("[pscustomobject]@{ a = 1 } | Export-DataTable t -Connection $args[0]", url).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("ConnectionFailed,", session.Error("Connect-Database ($args[0] -replace 'test.duckdb', 'none.duckdb')", url).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_database_is_an_error()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["text.duckdb"], new string('x', 20_000));
        Assert.StartsWith("ConnectionFailed,", session.Error("Connect-Database $args[0]", $"duckdb:{folder["text.duckdb"]}").FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    private void Run(TestDatabase database, string sql) => TestDatabase.Run(session, database.Url, sql);
}
