using DataTools.Tests.Databases;

namespace DataTools.Tests.Transfer;

/// <summary>Copies into tables that are there: nothing is lost or changed without a word.</summary>
public sealed class CopyExistingTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    public static TheoryData<string> Kinds => ["Sqlite", "PostgreSql", "MariaDb", "DuckDb"];

    /// <summary>The table decides which keys are the same, and the source has the row.</summary>
    [Theory]
    [InlineData("Sqlite", "text COLLATE NOCASE PRIMARY KEY")]
    [InlineData("MariaDb", "varchar(9) COLLATE utf8mb4_unicode_ci PRIMARY KEY")]
    public void Keys_that_the_table_calls_the_same_are_not_missing(string kind, string key)
    {
        using var source = Source("CREATE TABLE t (k TEXT PRIMARY KEY, v INT); INSERT INTO t VALUES ('a', 1), ('b', 2)");
        using var target = TestDatabase.Make(kind);
        TestDatabase.Run(session, target.Url, $"CREATE TABLE t (k {key}, v int)");
        TestDatabase.Run(session, target.Url, "INSERT INTO t VALUES ('A', 9), ('z', 9)");

        Assert.Equal(1L, session.Values("(Copy-DataTable $args[0] $args[1] t -Mode Upsert -DeleteMissing Hard -PassThru -Confirm:$false).Removed", source.Url, target.Url)[0]);

        Assert.Equal(["A|1", "b|2"], TableContents.Of(target.Url, "t"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_row_whose_key_holds_a_null_is_not_missing(string kind)
    {
        using var source = Source("CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b INT); INSERT INTO t VALUES (1, 1, NULL), (2, 2, 2)");
        using var target = TestDatabase.Make(kind);
        TestDatabase.Run(session, target.Url, "CREATE TABLE t (id int PRIMARY KEY, a int, b int)");
        TestDatabase.Run(session, target.Url, "INSERT INTO t VALUES (7, 7, NULL)");

        session.Run("Copy-DataTable $args[0] $args[1] t -Mode Upsert -Key a, b -DeleteMissing Hard -Confirm:$false", source.Url, target.Url);

        Assert.Equal(["1|1|~", "2|2|2"], TableContents.Of(target.Url, "t"));
    }

    [Fact]
    public void Missing_rows_are_found_by_the_keys_that_a_transformation_leaves()
    {
        using var source = Source("CREATE TABLE t (id INTEGER PRIMARY KEY, v INT); INSERT INTO t VALUES (1, 1), (2, 2)");
        using var target = TestDatabase.Make("Sqlite");
        TestDatabase.Run(session, target.Url, "CREATE TABLE t (no INTEGER PRIMARY KEY, v INT); INSERT INTO t VALUES (1, 9), (101, 9)");

        session.Run("Copy-DataTable $args[0] $args[1] t -Mode Upsert -ColumnMap @{ id = 'no' } -Transform { Convert-Data -Replace @{ id = { $_.id + 100 } } } -DeleteMissing Hard -Confirm:$false", source.Url, target.Url);

        Assert.Equal(["101|1", "102|2"], TableContents.Of(target.Url, "t"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_mark_of_missing_rows_can_be_read(string kind)
    {
        using var source = Source("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)");
        using var target = TestDatabase.Make(kind);
        TestDatabase.Run(session, target.Url, "CREATE TABLE t (id int PRIMARY KEY)");
        TestDatabase.Run(session, target.Url, "INSERT INTO t VALUES (2)");

        session.Run("Copy-DataTable $args[0] $args[1] t -Mode Upsert -DeleteMissing Soft", source.Url, target.Url);

        Assert.Equal([false, true], session.Values("Import-DataTable t -Connection $args[0] | Sort-Object id | ForEach-Object { $null -ne $_.datatools_deleted_at -and [math]::Abs(([datetime]::UtcNow - $_.datatools_deleted_at).TotalMinutes) -lt 5 }", target.Url));
    }

    /// <summary>SQLite is told not to look at keys while tables are loaded, and others may point to what is gone.</summary>
    [Theory]
    [InlineData("Truncate")]
    [InlineData("Replace")]
    [InlineData("Upsert -DeleteMissing Hard")]
    public void Rows_to_which_other_tables_point_stay(string mode)
    {
        using var source = Source("CREATE TABLE p (id INTEGER PRIMARY KEY); INSERT INTO p VALUES (1)");
        using var target = TestDatabase.Make("Sqlite");
        TestDatabase.Run(session, target.Url, "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INT REFERENCES p (id)); INSERT INTO p VALUES (1), (2); INSERT INTO c VALUES (1), (2)");

        var error = session.Error($"Copy-DataTable $args[0] $args[1] p -Mode {mode} -Confirm:$false", source.Url, target.Url);

        Assert.StartsWith("RowsPointedTo,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(["1", "2"], TableContents.Of(target.Url, "p"));
        TestDatabase.Run(session, target.Url, "DELETE FROM c WHERE p = 2");
        session.Run($"Copy-DataTable $args[0] $args[1] p -Mode {mode} -Confirm:$false", source.Url, target.Url);
        Assert.Equal(["1"], TableContents.Of(target.Url, "p"));
    }

    [Fact]
    public void A_ledger_tells_of_rows_that_point_to_none()
    {
        using var source = Source("CREATE TABLE p (id INTEGER PRIMARY KEY); INSERT INTO p VALUES (1)");
        using var target = TestDatabase.Make("Sqlite");
        TestDatabase.Run(session, target.Url, "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INT REFERENCES p (id)); INSERT INTO p VALUES (1), (2); INSERT INTO c VALUES (1), (2)");
        const string Copy = "Copy-DataTable $args[0] $args[1] p -Mode Truncate -Confirm:$false -Ledger l -Resume";

        Assert.StartsWith("RowsPointedTo,", session.Error(Copy, source.Url, target.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
        TestDatabase.Run(session, target.Url, "DELETE FROM c WHERE p = 2");
        session.Run(Copy, source.Url, target.Url);
        Assert.Equal(["1"], TableContents.Of(target.Url, "p"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_table_does_not_take_the_place_of_itself(string kind)
    {
        using var place = TestDatabase.Make(kind);
        TestDatabase.Run(session, place.Url, "CREATE TABLE t (id int PRIMARY KEY, v int)");
        TestDatabase.Run(session, place.Url, "INSERT INTO t VALUES (1, 1), (2, 2)");

        foreach (var mode in new[] { "Truncate", "Replace", "Replace -SchemaOnly" })
        {
            var error = session.Error($"Copy-DataTable $args[0] $args[0] t -Mode {mode} -Confirm:$false", place.Url);
            Assert.StartsWith("InvalidOption,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Contains("onto itself", error.ToString(), StringComparison.Ordinal);
        }

        session.Run("Copy-DataTable $args[0] $args[0] t -Mode Upsert -Transform { Convert-Data -Replace @{ v = { $_.v + 10 } } }", place.Url);
        Assert.Equal(["1|11", "2|12"], TableContents.Of(place.Url, "t"));
    }

    [Fact]
    public void Rows_that_the_table_gives_one_key_are_told()
    {
        using var source = Source("CREATE TABLE t (k TEXT PRIMARY KEY, v INT); INSERT INTO t VALUES ('a', 1), ('A', 2)");
        using var target = TestDatabase.Make("Sqlite");
        TestDatabase.Run(session, target.Url, "CREATE TABLE t (k TEXT COLLATE NOCASE PRIMARY KEY, v INT)");

        session.Run("Copy-DataTable $args[0] $args[1] t -Mode Upsert", source.Url, target.Url);

        Assert.Contains("1 rows had the key of a later row", Assert.Single(session.Warnings), StringComparison.Ordinal);
        Assert.Equal(["A|2"], TableContents.Of(target.Url, "t"));
    }

    [Fact]
    public void Keys_of_another_collation_are_merged()
    {
        using var source = Source("CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT); INSERT INTO t VALUES (1, 'a'), (2, 'b')");
        using var target = TestDatabase.Make("PostgreSql");
        TestDatabase.Run(session, target.Url, "CREATE TABLE t (id int PRIMARY KEY, k text COLLATE \"C\" UNIQUE); INSERT INTO t VALUES (1, 'a'), (3, 'c')");

        session.Run("Copy-DataTable $args[0] $args[1] t -Mode Upsert -Key k -DeleteMissing Hard -Confirm:$false", source.Url, target.Url);

        Assert.Equal(["1|a", "2|b"], TableContents.Of(target.Url, "t"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Values_of_a_column_that_the_table_computes_are_a_loss(string kind)
    {
        using var source = Source("CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b INT); INSERT INTO t VALUES (1, 1, 77)");
        using var target = TestDatabase.Make(kind);
        TestDatabase.Run(session, target.Url, $"CREATE TABLE t (id int PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a * 2) {(kind == "DuckDb" ? "VIRTUAL" : "STORED")})");

        session.Run("Copy-DataTable $args[0] $args[1] t -Mode Append", source.Url, target.Url);

        Assert.Contains("computes the column by itself", Assert.Single(session.Warnings), StringComparison.Ordinal);
        Assert.Equal(["1|1|2"], TableContents.Of(target.Url, "t"));
    }

    [Theory]
    [InlineData("PostgreSql", "timestamp(0)", "TIMESTAMP", "2024-01-01 10:00:00.6", "more digits behind the second than the 0")]
    [InlineData("PostgreSql", "time(3)", "TIME", "10:00:00.123456", "more digits behind the second than the 3")]
    [InlineData("PostgreSql", "timestamptz(0)", "TIMESTAMPTZ", "2024-01-01T10:00:00.6Z", "more digits behind the second than the 0")]
    [InlineData("PostgreSql", "varchar(3)", "TEXT", "ab   ", "ends in spaces beyond the 3 characters")]
    [InlineData("MariaDb", "enum('a', '1', 'x')", "TEXT", "2", "is none of the values of the enumeration")]
    [InlineData("MariaDb", "enum('a', '1', 'x')", "TEXT", "X", "is none of the values of the enumeration")]
    [InlineData("MariaDb", "set('a', '1', 'x')", "TEXT", "2", "is not made of the values of the set")]
    [InlineData("MariaDb", "set('a', '1', 'x')", "TEXT", "x,a", "is not made of the values of the set, in their order")]
    [InlineData("PostgreSql", "interval day to hour", "DURATION_TEXT", "01:30:00", "holds more than the column keeps")]
    [InlineData("PostgreSql", "interval day", "DURATION_TEXT", "23:00:00", "holds more than the column keeps")]
    [InlineData("PostgreSql", "interval second(1)", "DURATION_TEXT", "00:00:00.25", "more digits behind the second than the 1")]
    [InlineData("PostgreSql", "money", "DECIMAL_TEXT(10,3)", "1.005", "more than the 2 digits behind the point")]
    [InlineData("PostgreSql", "name", "TEXT", "éééééééééééééééééééééééééééééééé", "is longer than the 63 bytes")]
    [InlineData("PostgreSql", "\"char\"", "TEXT", "ab", "is longer than the byte")]
    [InlineData("DuckDb", "TIMESTAMP_S", "TIMESTAMP", "2024-01-01 10:00:00.6", "has parts of a second")]
    [InlineData("DuckDb", "TIMESTAMP_MS", "TIMESTAMP", "2024-01-01 10:00:00.0006", "has parts of a millisecond")]
    [InlineData("MariaDb", "double(7,2)", "REAL", "0.125", "more than 2 digits behind the point")]
    [InlineData("MariaDb", "float(7,1)", "FLOAT4", "0.25", "more than 1 digits behind the point")]
    public void What_the_server_would_change_is_refused(string kind, string type, string from, string value, string reason)
    {
        using var source = Source($"CREATE TABLE t (id INTEGER PRIMARY KEY, v {from}); INSERT INTO t VALUES (1, '{value}'), (2, NULL)");
        using var target = TestDatabase.Make(kind);
        TestDatabase.Run(session, target.Url, $"CREATE TABLE t (id int PRIMARY KEY, v {type} NULL, x int)");

        foreach (var mode in new[] { "Append", "Upsert" })
        {
            var error = session.Error($"Copy-DataTable $args[0] $args[1] t -Mode {mode}", source.Url, target.Url);
            Assert.StartsWith("BadRow,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Contains(reason, error.ToString(), StringComparison.Ordinal);
        }

        session.Run("Copy-DataTable $args[0] $args[1] t -Mode Append -MaxErrors 1", source.Url, target.Url);
        Assert.Equal(["2|~|~"], TableContents.Of(target.Url, "t"));
        session.Run("Copy-DataTable $args[0] $args[1] t -Mode Truncate -OnLoss Warn -Confirm:$false -ErrorAction SilentlyContinue", source.Url, target.Url);
        Assert.Contains(session.Warnings, w => w.Contains("1 values were changed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("PostgreSql", "timestamp(0)[]")]
    [InlineData("DuckDb", "TIMESTAMP_S[]")]
    public void What_the_items_of_a_list_would_lose_is_refused(string kind, string type)
    {
        using var source = TestDatabase.Make("DuckDb");
        using var target = TestDatabase.Make(kind);
        TestDatabase.Run(session, source.Url, "CREATE TABLE t (id INT PRIMARY KEY, v TIMESTAMP[]); INSERT INTO t VALUES (1, [TIMESTAMP '2024-01-01 10:00:00', NULL, TIMESTAMP '2024-01-01 10:00:00.6']), (2, [TIMESTAMP '2024-01-01 10:00:00']), (3, NULL), (4, [])");
        TestDatabase.Run(session, target.Url, $"CREATE TABLE t (id int PRIMARY KEY, v {type})");

        Assert.StartsWith("BadRow,", session.Error("Copy-DataTable $args[0] $args[1] t -Mode Append", source.Url, target.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(3L, session.Values("(Copy-DataTable $args[0] $args[1] t -Mode Append -MaxErrors 1 -PassThru).Rows", source.Url, target.Url)[0]);
    }

    /// <summary>A table whose columns have no binary form of COPY goes by its text.</summary>
    [Fact]
    public void What_the_server_would_change_is_refused_beside_an_enumeration()
    {
        using var source = Source("CREATE TABLE t (id INTEGER PRIMARY KEY, v TIMESTAMP, e TEXT); INSERT INTO t VALUES (1, '2024-01-01 10:00:00.6', 'a')");
        using var target = TestDatabase.Make("PostgreSql");
        TestDatabase.Run(session, target.Url, "CREATE TYPE kind AS ENUM ('a'); CREATE TABLE t (id int PRIMARY KEY, v timestamp(0), e kind)");

        Assert.StartsWith("BadRow,", session.Error("Copy-DataTable $args[0] $args[1] t -Mode Append", source.Url, target.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Rows_that_were_refused_are_not_counted(string kind)
    {
        using var source = Source("CREATE TABLE t (id INTEGER PRIMARY KEY, v INT); INSERT INTO t VALUES (1, 1), (2, NULL), (3, 3), (4, NULL), (5, 5)");
        using var target = TestDatabase.Make(kind);
        TestDatabase.Run(session, target.Url, "CREATE TABLE t (id int PRIMARY KEY, v int NOT NULL)");

        Assert.Equal(3L, session.Values("(Copy-DataTable $args[0] $args[1] t -Mode Append -MaxErrors 5 -PassThru).Rows", source.Url, target.Url)[0]);

        Assert.Equal(["1|1", "3|3", "5|5"], TableContents.Of(target.Url, "t"));
    }

    [Theory]
    [InlineData("-Mode Truncate")]
    [InlineData("-Mode Upsert -DeleteMissing Hard")]
    public void Without_rows_none_are_deleted(string arguments)
    {
        using var source = Source("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)");
        using var target = Source("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (2)");

        Assert.StartsWith("InvalidOption,", session.Error($"Copy-DataTable $args[0] $args[1] t -SchemaOnly {arguments} -Confirm:$false", source.Url, target.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(["2"], TableContents.Of(target.Url, "t"));
    }

    [Theory]
    [InlineData("t, orders", true)]
    [InlineData("t -Where @{ T = 'id = 1'; orders = 'id = 2' }", false)]
    [InlineData("* -Where @{ orders = 'id = 2' }", true)]
    [InlineData("* -RenameTable @{ orders = 'sales' }", true)]
    [InlineData("*, orders -Exclude orders", false)]
    [InlineData("t, odd*", false)]
    public void A_name_that_no_table_has_is_an_error(string arguments, bool isError)
    {
        using var source = Source("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)");
        using var target = TestDatabase.Make("Sqlite");
        using var folder = new TestFolder();
        foreach (var (command, there) in new[] { ("Copy-DataTable $args[0] $args[1] ", target.Url), ("Copy-DataTable -Source $args[0] -Via $args[1] -Table ", folder["via"]) })
        {
            if (!isError)
            {
                session.Run(command + arguments, source.Url, there);
                continue;
            }

            var error = session.Error(command + arguments, source.Url, there);
            Assert.StartsWith("TableNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Contains("no table 'orders'", error.ToString(), StringComparison.Ordinal);
        }
    }

    /// <summary>SQLite orders what it holds, whatever type was declared.</summary>
    [Fact]
    public void Values_that_grow_may_have_no_declared_type()
    {
        using var source = Source("CREATE TABLE t (id INTEGER PRIMARY KEY, w); INSERT INTO t VALUES (1, 9.5)");
        using var target = TestDatabase.Make("Sqlite");
        const string Copy = "Copy-DataTable $args[0] $args[1] t -Mode Append -Ledger l -Since w";

        session.Run(Copy, source.Url, target.Url);
        TestDatabase.Run(session, source.Url, "INSERT INTO t VALUES (2, 10.5)");
        session.Run(Copy, source.Url, target.Url);

        Assert.Equal(2, TableContents.Of(target.Url, "t", "id").Count);
    }

    [Fact]
    public void Values_that_are_ordered_as_text_do_not_grow()
    {
        using var source = Source("CREATE TABLE t (id INTEGER PRIMARY KEY, w DECIMAL_TEXT(10,2)); INSERT INTO t VALUES (1, '9.50')");
        using var target = TestDatabase.Make("Sqlite");

        var error = session.Error("Copy-DataTable $args[0] $args[1] t -Ledger l -Since w", source.Url, target.Url);

        Assert.StartsWith("InvalidOption,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("keeps these values as text", error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>As texts, 10:00:00Z stands behind 10:00:00.5Z.</summary>
    [Theory]
    [InlineData("TIMESTAMPTZ", "2024-01-01T10:00:00Z", "2024-01-01T10:00:00.5Z", "2024-01-01T10:00:01Z")]
    [InlineData("TIMESTAMPTZ", "2024-01-01 10:00:00+02:00", "2024-01-01 10:00:00.5+02:00", "2024-01-01 10:00:01+02:00")]
    [InlineData("TIMESTAMP", "2024-01-01 10:00:00", "2024-01-01 10:00:00.5", "2024-01-01 10:00:01.25")]
    [InlineData("DATETIME", "1700000000", "1700000001", "1700000100")]
    [InlineData("DATE", "2024-01-01", "2024-01-02", "2024-01-31")]
    public void Points_in_time_grow_as_they_are_written(string type, string first, string second, string third)
    {
        using var source = Source($"CREATE TABLE t (id INTEGER PRIMARY KEY, w {type}); INSERT INTO t VALUES (1, '{first}'), (9, NULL)");
        using var target = TestDatabase.Make("Sqlite");
        const string Copy = "(Copy-DataTable $args[0] $args[1] t -Mode Append -Ledger l -Since w -PassThru).Rows";

        Assert.Equal([2L], session.Values(Copy, source.Url, target.Url));
        TestDatabase.Run(session, source.Url, $"INSERT INTO t VALUES (2, '{second}')");
        Assert.Equal([1L], session.Values(Copy, source.Url, target.Url));
        Assert.Equal([0L], session.Values(Copy, source.Url, target.Url));
        TestDatabase.Run(session, source.Url, $"INSERT INTO t VALUES (3, '{third}')");
        Assert.Equal([1L], session.Values(Copy, source.Url, target.Url));
    }

    [Theory]
    [InlineData("TIMESTAMPTZ", "2024-01-01T12:00:00Z", "2024-01-01T12:00:00+02:00")]
    [InlineData("TIMESTAMP", "2024-01-01T10:00:00", "2024-01-01 12:00:00")]
    [InlineData("TIMESTAMP", "2024-01-01 10:00:00", "1704110400")]
    public void Points_in_time_that_are_written_in_several_ways_do_not_grow(string type, string first, string second)
    {
        using var source = Source($"CREATE TABLE t (id INTEGER PRIMARY KEY, w {type}); INSERT INTO t VALUES (1, '{first}'), (2, '{second}')");
        using var target = TestDatabase.Make("Sqlite");

        var error = session.Error("Copy-DataTable $args[0] $args[1] t -Ledger l -Since w", source.Url, target.Url);

        Assert.StartsWith("InvalidOption,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("written in several ways", error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The copy has counted its row, and no row of the table has such a key.</summary>
    [Theory]
    [InlineData("Sqlite", "int")]
    [InlineData("PostgreSql", "int")]
    [InlineData("MariaDb", "int")]
    [InlineData("DuckDb", "int")]
    [InlineData("PostgreSql", "varchar(3)")]
    [InlineData("MariaDb", "varchar(3)")]
    public void A_key_that_the_table_cannot_hold_is_one_bad_row(string kind, string key)
    {
        using var source = Source("CREATE TABLE t (k TEXT PRIMARY KEY, v INT); INSERT INTO t VALUES ('1', 1), ('abcdef', 2), ('3', 3), ('zzzzzz', 4)");
        using var target = TestDatabase.Make(kind);
        const string Copy = "Copy-DataTable $args[0] $args[1] t -Mode Upsert -DeleteMissing Hard -PassThru -Confirm:$false";
        TestDatabase.Run(session, target.Url, $"CREATE TABLE t (k {key} PRIMARY KEY, v int)");
        TestDatabase.Run(session, target.Url, "INSERT INTO t VALUES ('3', 0), ('9', 9)");

        Assert.Equal([1L], session.Values($"({Copy} -MaxErrors 2).Removed", source.Url, target.Url));

        Assert.Equal(["2 rows were rejected."], session.Warnings);
        Assert.Equal(["1|1", "3|3"], TableContents.Of(target.Url, "t"));
        Assert.StartsWith("BadRow,", session.Error($"{Copy} -MaxErrors 1", source.Url, target.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("BadRow,", session.Error($"{Copy} -Where \"k <> 'abcdef' AND k <> 'zzzzzz'\"", source.Url, target.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    private TestDatabase Source(string sql)
    {
        var source = TestDatabase.Make("Sqlite");
        TestDatabase.Run(session, source.Url, sql);
        return source;
    }
}
