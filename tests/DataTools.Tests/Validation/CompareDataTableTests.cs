using DataTools.Tests.Databases;

namespace DataTools.Tests.Validation;

/// <summary>Compare-DataTable as users call it.</summary>
public sealed class CompareDataTableTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const string Found = "ForEach-Object { $_.Differences } | ForEach-Object { \"$($_.Kind)|$($_.Key)|$($_.Column)|$($_.Source)|$($_.Destination)\" }";

    private static string Checks(string arguments) => $"Compare-DataTable {arguments} | ForEach-Object {{ \"$($_.Check) $($_.Passed) $($_.Expected) $($_.Actual) $($_.Details)\".TrimEnd() }}";

    [Fact]
    public void Checks_say_what_is_expected_and_what_is_there()
    {
        using var pair = new SqlitePair(session,
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE, b INTEGER, old TEXT); INSERT INTO t VALUES (1, 'x', 2, ''), (2, 'y', 3, ''); CREATE INDEX ix ON t (b)",
            "CREATE TABLE t (ID INTEGER PRIMARY KEY, b INTEGER, a TEXT, new TEXT); INSERT INTO t VALUES (1, 2, 'x', ''), (3, 3, 'y', '')");

        var checks = session.Values(Checks("$args[0] $args[1] t"), pair.Left, pair.Right).Cast<string>().ToList();

        Assert.Contains("Columns False 4 4 missing: old; extra: new", checks);
        Assert.Contains("Types True 3 comparable 3 comparable", checks);
        Assert.Contains("Rows True 2 2", checks);
        Assert.Contains(checks, c => c.StartsWith("Values False", StringComparison.Ordinal) && c.EndsWith("1 missing, 1 extra", StringComparison.Ordinal));
        Assert.Contains("PrimaryKey True ID ID", checks);
        Assert.Contains("UniqueKeys False 1 0 missing: a", checks);
        Assert.Contains("Indexes False 1 0 missing: b", checks);
        Assert.Equal("TablesDiffer,DataTools.Module.Databases.CompareDataTableCommand", Assert.Single(session.Errors).FullyQualifiedErrorId);
    }

    [Fact]
    public void Differences_carry_the_values_of_both_sides()
    {
        using var pair = new SqlitePair(session,
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b BLOB); INSERT INTO t VALUES (1, 'x ', x'00ff'), (2, 'gone', NULL)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b BLOB); INSERT INTO t VALUES (1, 'X', x'00ff'), (3, 'new', NULL)");

        var found = session.Values($"Compare-DataTable $args[0] $args[1] t -ErrorAction SilentlyContinue | {Found}", pair.Left, pair.Right);

        Assert.Equal(["Different|id=1|a|x |X", "Missing|id=2|||", "Extra|id=3|||"], found.Cast<string>().OrderBy(f => f.Split('|')[1], StringComparer.Ordinal));
        Assert.Equal(["gone", "new"], session.Values("Compare-DataTable $args[0] $args[1] t -ErrorAction Ignore | ForEach-Object { $_.Differences } | Where-Object { $_.Row } | ForEach-Object { $_.Row['a'] }", pair.Left, pair.Right).Order());
    }

    [Fact]
    public void Rows_without_a_key_are_counted_as_a_whole()
    {
        using var pair = new SqlitePair(session,
            "CREATE TABLE t (a TEXT, b INTEGER); INSERT INTO t VALUES ('x', 1), ('x', 1), ('x', 1), (NULL, 2)",
            "CREATE TABLE t (a TEXT, b INTEGER); INSERT INTO t VALUES (NULL, 2), ('x', 1), ('y', 1), ('x', 1)");

        var found = session.Values($"Compare-DataTable $args[0] $args[1] t -ErrorAction Ignore | {Found}", pair.Left, pair.Right);

        Assert.Equal(["Extra|a=y, b=1|||", "Missing|a=x, b=1|||"], found.Cast<string>().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Rows_with_the_same_key_are_compared_as_a_set()
    {
        using var pair = new SqlitePair(session,
            "CREATE TABLE t (k INTEGER, v TEXT); INSERT INTO t VALUES (1, 'a'), (1, 'b'), (1, 'c'), (2, 'x'), (NULL, 'n')",
            "CREATE TABLE t (k INTEGER, v TEXT); INSERT INTO t VALUES (1, 'c'), (1, 'a'), (1, 'B'), (2, 'x'), (2, 'x'), (NULL, 'n')");

        var found = session.Values($"Compare-DataTable $args[0] $args[1] t -Key k -ErrorAction Ignore | {Found}", pair.Left, pair.Right);

        Assert.Equal(["Different|k=1|v|b|B", "Extra|k=2|||"], found.Cast<string>().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-Key a")]
    public void Empty_tables_are_equal_and_differ_from_others(string key)
    {
        using var pair = new SqlitePair(session, "CREATE TABLE t (a TEXT); CREATE TABLE u (a TEXT); INSERT INTO u VALUES ('x')", "CREATE TABLE t (a TEXT)");

        Assert.Equal([true], session.Values($"Compare-DataTable $args[0] $args[1] t {key} -Quiet", pair.Left, pair.Right));
        Assert.Equal(["Missing|a=x|||"], session.Values($"Compare-DataTable $args[0] $args[1] u -DestinationTable t {key} -ErrorAction Ignore | {Found}", pair.Left, pair.Right));
    }

    [Fact]
    public void Names_of_any_kind_and_values_of_any_size_are_compared()
    {
        const string Table = """CREATE TABLE "o'dd ""t]a*b?le" ("k;--" INTEGER PRIMARY KEY, "se""lect [x]*" TEXT, "größe" BLOB); INSERT INTO "o'dd ""t]a*b?le" VALUES (1, '{0}', zeroblob(3000000)), (-9223372036854775808, '<b>', NULL), (9223372036854775807, '', x'')""";
        using var pair = new SqlitePair(session, Table.Replace("{0}", "a''b", StringComparison.Ordinal), Table.Replace("{0}", "a''B", StringComparison.Ordinal));

        var found = session.Values($"Compare-DataTable $args[0] $args[1] $args[2] -ErrorAction Ignore | {Found}", pair.Left, pair.Right, "\"o'dd \"\"t]a*b?le\"");

        Assert.Equal(["""Different|k;--=1|se"lect [x]*|a'b|a'B"""], found);
    }

    [Fact]
    public void Columns_that_have_no_form_in_common_are_named_and_left_out()
    {
        using var folder = new TestFolder();
        var (left, right) = (folder["l.parquet"], folder["r.parquet"]);
        session.Run("Invoke-DataQuery \"SELECT 1 AS id, DATE '2026-01-01' AS d, 'a' AS t\" | Export-Parquet $args[0]; Invoke-DataQuery \"SELECT 1 AS id, 5 AS d, 'a' AS t\" | Export-Parquet $args[1]", left, right);

        var checks = session.Values(Checks("$args[0] $args[1] -Key id -ErrorAction Ignore"), left, right).Cast<string>().ToList();

        Assert.Contains("Types False 3 comparable 2 comparable not comparable: d: date and int32", checks);
        Assert.Contains(checks, c => c.StartsWith("Values True", StringComparison.Ordinal));
    }

    [Fact]
    public void Floats_are_compared_by_value_or_within_a_tolerance()
    {
        using var folder = new TestFolder();
        var (left, right) = (folder["l.parquet"], folder["r.parquet"]);
        session.Run(
            """
            Invoke-DataQuery "SELECT * FROM (VALUES (1, 0.1::DOUBLE), (2, 'NaN'::DOUBLE), (3, '-0'::DOUBLE), (4, 1e300), (5, 2.0)) t(id, v)" | Export-Parquet $args[0]
            Invoke-DataQuery "SELECT * FROM (VALUES (1, 0.1::DOUBLE), (2, 'NaN'::DOUBLE), (3, 0::DOUBLE), (4, 1e300), (5, 2.0000001)) t(id, v)" | Export-Parquet $args[1]
            """, left, right);

        Assert.Equal(["Different|id=5|v|2|2.0000001"], session.Values($"Compare-DataTable $args[0] $args[1] -Key id -ErrorAction Ignore | {Found}", left, right));
        Assert.Equal([true, false], session.Values("Compare-DataTable $args[0] $args[1] -Key id -Tolerance 1e-6 -Quiet; Compare-DataTable $args[0] $args[1] -Key id -Tolerance 1e-8 -Quiet", left, right));
        Assert.Equal("InvalidOption", session.Error("Compare-DataTable $args[0] $args[1] -Tolerance 1e-8", left, right).FullyQualifiedErrorId.Split(',')[0]);
    }

    [Fact]
    public void Text_is_exact_unless_its_accents_are_to_be_composed()
    {
        using var pair = new SqlitePair(session, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'e' || char(769)), (2, 'i')", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, char(233)), (2, 'i')");

        Assert.Equal([false, true], session.Values("Compare-DataTable $args[0] $args[1] t -Quiet; Compare-DataTable $args[0] $args[1] t -Quiet -NormalizeText", pair.Left, pair.Right));
    }

    [Fact]
    public void The_culture_of_the_machine_has_no_say()
    {
        var before = Thread.CurrentThread.CurrentCulture;
        Thread.CurrentThread.CurrentCulture = System.Globalization.CultureInfo.GetCultureInfo("tr-TR");
        try
        {
            using var pair = new SqlitePair(session, "CREATE TABLE t (ID INTEGER PRIMARY KEY, I TEXT, n REAL); INSERT INTO t VALUES (1, 'I', 1.5)", "CREATE TABLE t (id INTEGER PRIMARY KEY, i TEXT, n REAL); INSERT INTO t VALUES (1, 'i', 1.5)");
            Assert.Equal(["Different|id=1|i|I|i"], session.Values($"Compare-DataTable $args[0] $args[1] t -ErrorAction Ignore | {Found}", pair.Left, pair.Right));
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
    }

    [Fact]
    public void Wildcards_queries_conditions_and_missing_tables()
    {
        using var pair = new SqlitePair(session,
            "CREATE TABLE a1 (x INTEGER PRIMARY KEY); CREATE TABLE a2 (x INTEGER PRIMARY KEY); CREATE TABLE b (x INTEGER PRIMARY KEY); INSERT INTO a1 VALUES (1), (2)",
            "CREATE TABLE a1 (x INTEGER PRIMARY KEY); CREATE TABLE b (x INTEGER PRIMARY KEY); INSERT INTO a1 VALUES (1), (3)");

        Assert.Equal(["a1 Values", "a2 Table"], session.Values("Compare-DataTable $args[0] $args[1] a* -ErrorAction Ignore | Where-Object { -not $_.Passed } | ForEach-Object { \"$($_.Table) $($_.Check)\" }", pair.Left, pair.Right));
        Assert.Equal([true], session.Values("Compare-DataTable $args[0] $args[1] a1 -Where 'x < 2 -- a comment' -Quiet", pair.Left, pair.Right));
        Assert.Equal([true], session.Values("Compare-DataTable $args[0] $args[1] -Query 'SELECT min(x) AS m, count(*) AS n FROM a1' -Quiet", pair.Left, pair.Right));
        Assert.Equal([true], session.Values("Compare-DataTable $args[0] $args[1] -Query 'SELECT x + 1 AS x FROM a1 WHERE x = 2' -DestinationQuery 'SELECT x FROM a1 WHERE x = 3' -Quiet", pair.Left, pair.Right));
        Assert.Equal("TableNotFound", session.Error("Compare-DataTable $args[0] $args[1] none", pair.Left, pair.Right).FullyQualifiedErrorId.Split(',')[0]);
    }

    [Fact]
    public void Source_Destination_and_Table_bind_by_name()
    {
        using var pair = new SqlitePair(session, "CREATE TABLE t (a INTEGER PRIMARY KEY); CREATE TABLE u (a INTEGER PRIMARY KEY)", "CREATE TABLE t (a INTEGER PRIMARY KEY); CREATE TABLE u (a INTEGER PRIMARY KEY)");

        Assert.Equal([true], session.Values("$l, $r = $args; 't', 'u' | ForEach-Object { [pscustomobject]@{ Source = $l; Destination = $r; Table = $_ } } | Compare-DataTable -Quiet", pair.Left, pair.Right));
    }

    /// <summary>Two SQLite databases, each made by a script.</summary>
    private sealed class SqlitePair : IDisposable
    {
        private readonly TestFolder _folder = new();

        public SqlitePair(PowerShellSession session, string left, string right)
        {
            TestDatabase.Run(session, Left, left);
            TestDatabase.Run(session, Right, right);
        }

        public string Left => $"sqlite:{_folder["left.db"]}";

        public string Right => $"sqlite:{_folder["right.db"]}";

        public void Dispose() => _folder.Dispose();
    }
}
