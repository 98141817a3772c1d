namespace DataTools.Tests.Databases;

/// <summary>What MySQL and MariaDB have and others have not: types, the catalogue, definitions, connections.</summary>
public sealed class MySqlTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    public static TheoryData<string> Kinds => ["MariaDb", "MySql"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Native_types_go_there_and_back(string kind)
    {
        using var database = TestDatabase.Make(kind);
        Run(
            database,
            """
            CREATE TABLE s (id int AUTO_INCREMENT PRIMARY KEY, b tinyint(1), tu tinyint unsigned, su smallint unsigned, m mediumint, mu mediumint unsigned, iu int unsigned, bu bigint unsigned,
                d decimal(65,30), d2 decimal(20,4), f float, y year, bits bit(10), bit1 bit, e enum('a','it''s','ü'), st set('x','y','z'), c char(5), v varchar(20), t tinytext, mt mediumtext,
                bin binary(3), vb varbinary(10), bl blob, dt datetime(3), d0 datetime, ts timestamp NULL, ts6 timestamp(6) NULL, ti time(6), da date, l varchar(20) CHARACTER SET latin1, g point) CHARACTER SET utf8mb4;
            INSERT INTO s VALUES (1, 1, 255, 65535, -8388608, 16777215, 4294967295, 18446744073709551615, -12345678901234567890123456789012345.123456789012345678901234567890, 1.5, 1.1, 2026, b'1000000001', b'1',
                'it''s', 'x,z', 'ab', '🎉\\ \t', 'tiny', 'medium', x'0001ff', x'5c09', x'00', '2026-01-01 00:00:00.123', '9999-12-31 23:59:59', '2026-06-01 12:00:00', '2026-06-01 12:00:00.000001', '23:59:59.999999',
                '1000-01-01', 'é', POINT(1, 2)),
                (2, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null),
                (7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'a', '', '', '', '', '', x'000000', '', '', '2000-01-01', '2000-01-01', '1970-01-01 00:00:01', '2038-01-19 03:14:07.999999', '00:00:00', '0001-01-01', '', null);
            CREATE TABLE t LIKE s
            """);
        session.Run("$ErrorActionPreference = 'Stop'; Import-DataTable s -Connection $args[0] | Export-DataTable t -Connection $args[0]", database.Url);

        Assert.Equal(
            ["3"],
            session.Values(
                "$same = ((Get-DataSchema -Connection $args[0] -Table s).Columns.Name | ForEach-Object { \"BINARY s.$_ <=> BINARY t.$_\" }) -join ' AND '; \"$((Import-DataTable -Connection $args[0] -Query \"SELECT count(*) AS n FROM s JOIN t ON $same\").n)\"",
                database.Url));
        Assert.Equal(
            ["True 255 4294967295 18446744073709551615 it's x,z 2026 513 True 12:00:00Z é", "False 0  False"],
            session.Values(
                """
                $r = Import-DataTable t -Connection $args[0] | Sort-Object id
                "$($r[0].b) $($r[0].tu) $($r[0].iu) $($r[0].bu) $($r[0].e) $($r[0].st) $($r[0].y) $($r[0].bits) $($r[0].bit1) $($r[0].ts.ToString('HH:mm:ssK')) $($r[0].l)"
                "$($r[2].b) $($r[2].tu) $($r[2].st) $($r[2].bit1)"
                """,
                database.Url));
    }

    [Theory]
    [InlineData("MariaDb", "date", "'0000-00-00'")]
    [InlineData("MySql", "datetime", "'0000-00-00 00:00:00'")]
    [InlineData("MariaDb", "date", "'2026-00-10'")]
    [InlineData("MariaDb", "tinyint(1)", "2")]
    [InlineData("MySql", "tinyint(1)", "-1")]
    [InlineData("MariaDb", "time", "'25:00:00'")]
    [InlineData("MySql", "time", "'-00:00:01'")]
    public void What_no_type_holds_is_an_error_or_a_null(string kind, string type, string value)
    {
        using var database = TestDatabase.Make(kind);
        Run(database, $"SET sql_mode = ''; CREATE TABLE t (v {type}); INSERT INTO t VALUES ({value})");

        Assert.StartsWith("ValueUnreadable,", session.Error("Import-DataTable t -Connection $args[0]", database.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal([true], session.Values("$null -eq (Import-DataTable t -Connection $args[0] -OnLoss Allow).v", database.Url));
    }

    [Theory]
    [InlineData("tinyint(1)", "2", "@{ 'tinyint when length = 1' = 'int16' }", "2")]
    [InlineData("time", "'100:30:00'", "@{ time = 'duration' }", "4.04:30:00")]
    [InlineData("datetime", "'0000-00-00 00:00:00'", "@{ datetime = 'text' }", "0000-00-00 00:00:00")]
    public void Rules_read_what_the_map_cannot(string type, string value, string rules, string expected)
    {
        using var database = TestDatabase.Make("MariaDb");
        Run(database, $"SET sql_mode = ''; CREATE TABLE t (v {type}); INSERT INTO t VALUES ({value})");

        Assert.Equal([expected], session.Values($"\"$((Import-DataTable t -Connection $args[0] -TypeMap {rules}).v)\"", database.Url));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_schema_tells_everything(string kind)
    {
        using var database = TestDatabase.Make(kind);
        Run(
            database,
            """
            CREATE TABLE p (a int, b int, PRIMARY KEY (b, a));
            CREATE TABLE t (id int unsigned AUTO_INCREMENT PRIMARY KEY, a int COMMENT 'the a', b int, e enum('x','y''z') DEFAULT 'y''z', n varchar(10) COLLATE utf8_bin DEFAULT 'n', ts timestamp DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
                tx text, UNIQUE u (n), KEY pre (tx(7)), FULLTEXT KEY ft (tx), CONSTRAINT fk FOREIGN KEY (b, a) REFERENCES p (b, a) ON DELETE CASCADE) ENGINE = InnoDB COMMENT = 'the table';
            CREATE VIEW v AS SELECT id FROM t
            """);

        Assert.Equal(
            ["True int unsigned", "the a", "x|y'z", "'y''z'", "utf8_bin", "True", "ft(tx) fulltext False", "pre(tx(7)) btree False", "u(n) btree True", "b,a -> p(b,a) CASCADE", "InnoDB", "the table", "View"],
            session.Values(
                """
                $t, $v = Get-DataSchema -Connection $args[0] -Table t, v
                $c = @{}; $t.Columns | ForEach-Object { $c[$_.Name] = $_ }
                "$($c.id.IsIdentity) $($c.id.NativeType -replace '\(\d+\)')"; $c.a.Comment; $c.e.Values -join '|'; $c.e.Default -replace "\\'", "''"; $c.n.Collation -replace 'utf8mb3', 'utf8'
                "$($c.ts.Default -match '^current_timestamp.* on update current_timestamp')"
                $t.Indexes | Where-Object Name -ne fk | Sort-Object Name | ForEach-Object { "$($_.Name)($($_.Columns -join ',')) $($_.Method) $($_.IsUnique)" }
                $f = $t.ForeignKeys[0]; "$($f.Columns -join ',') -> $($f.References.Name)($($f.ReferencedColumns -join ',')) $($f.OnDelete)"
                $t.Engine; $t.Comment; "$($v.Kind)"
                """,
                database.Url));
    }

    [Fact]
    public void MariaDb_tells_checks_computed_columns_and_its_json()
    {
        using var database = TestDatabase.Make("MariaDb");
        Run(database, "CREATE TABLE t (id int PRIMARY KEY, j json, a int CHECK (a > 0), g int AS (a * 2) STORED, v int AS (a + 1) VIRTUAL, u uuid, CONSTRAINT ab CHECK (a < 9)); INSERT INTO t (id, j, a, u) VALUES (1, '{\"x\": 1}', 2, '0f8fad5b-d9cb-469f-a165-70867728950e')");

        Assert.Equal(
            ["json `a` * 2 `a` + 1", "a `a` > 0; ab `a` < 9", "guid 4 3"],
            session.Values(
                """
                $t = Get-DataSchema -Connection $args[0] -Table t
                "$($t.Columns[1].NativeType) $($t.Columns[3].Generated) $($t.Columns[4].Generated)"; ($t.Checks | ForEach-Object { "$($_.Name) $($_.Expression)" }) -join '; '
                $r = Import-DataTable t -Connection $args[0]; "$($r.u.GetType().Name.ToLower()) $($r.g) $($r.v)"
                """,
                database.Url));
        session.Run("[pscustomobject]@{ id = 2; j = '[]'; a = 3; g = 9 } | Export-DataTable t -Connection $args[0]", database.Url);
        Assert.Equal(["6"], session.Values("\"$((Import-DataTable t -Connection $args[0] -Where 'id = 2').g)\"", database.Url));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Replace_swaps_a_table_and_keeps_what_hangs_on_it(string kind)
    {
        using var database = TestDatabase.Make(kind);
        const string Replace = "[pscustomobject]@{ id = 5 } | Export-DataTable {0} -Connection $args[0] -Mode Replace -Confirm:$false";
        Run(database, "CREATE TABLE t (id int PRIMARY KEY, v varchar(5) DEFAULT 'x', KEY my_index (v)) COMMENT = 'mine'; INSERT INTO t (id) VALUES (1); CREATE VIEW w AS SELECT * FROM t");
        session.Run(Replace.Replace("{0}", "t", StringComparison.Ordinal), database.Url);
        Run(database, "CREATE TABLE child (id int, FOREIGN KEY (id) REFERENCES t (id)); CREATE TRIGGER tr BEFORE INSERT ON child FOR EACH ROW SET @x = 1");
        session.Run(Replace.Replace("{0}", "child", StringComparison.Ordinal), database.Url);

        Assert.Equal(
            ["5 x", "my_index mine", "1", "5"],
            session.Values(
                """
                $url = $args[0]
                Import-DataTable w -Connection $url | ForEach-Object { "$($_.id) $($_.v)" }; $s = Get-DataSchema -Connection $url -Table t; "$($s.Indexes.Name) $($s.Comment)"
                "$((Import-DataTable -Connection $url -Query 'SELECT count(*) AS n FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()').n)"; "$((Import-DataTable child -Connection $url).id)"
                """,
                database.Url));
        Assert.Equal(["child", "t", "w"], session.Values("(Get-DataTable -Connection $args[0]).Name", database.Url));
    }

    [Fact]
    public void A_table_that_was_made_is_dropped_when_the_run_fails()
    {
        using var database = TestDatabase.Make("MariaDb");
        const string Bad = "@([pscustomobject]@{ id = 1 }, [pscustomobject]@{ id = 1 }) | Export-DataTable t -Connection $args[0] -CreateTable -PrimaryKey id";
        Assert.StartsWith("BadRow,", session.Error(Bad, database.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(session.Values("Get-DataTable -Connection $args[0]", database.Url));

        const string Within = "$c = Connect-Database $args[0]; try { Invoke-DataQuery -Connection $c -Transaction { [pscustomobject]@{ id = 1 } | Export-DataTable t -Connection $c -CreateTable -ErrorAction Stop } } finally { Disconnect-Database $c }";
        Assert.Contains("commits the transaction", session.Error(Within, database.Url).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$url -replace ':[^:@/]+@', ':wrong@'", "LoginFailed")]
    [InlineData("$url -replace '/test_.*', '/none_such'", "StatementFailed")]
    [InlineData("$url -replace ':\\d+/', ':1/'", "ConnectionFailed")]
    public void Connections_that_fail_say_why(string change, string id)
    {
        using var database = TestDatabase.Make("MariaDb");
        Assert.StartsWith($"{id},", session.Error($"$url = $args[0]; Connect-Database ({change})", database.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_that_is_killed_is_one_that_failed()
    {
        using var database = TestDatabase.Make("MariaDb");
        const string Script = "$c = Connect-Database $args[0]; $id = (Import-DataTable -Connection $c -Query 'SELECT CONNECTION_ID() AS id').id; Invoke-DataQuery \"KILL $id\" -Connection $args[0] -NonQuery; Import-DataTable -Connection $c -Query 'SELECT 1'";
        Assert.StartsWith("ConnectionFailed,", session.Error(Script, database.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    private void Run(TestDatabase database, string sql) => TestDatabase.Run(session, database.Url, sql);
}
