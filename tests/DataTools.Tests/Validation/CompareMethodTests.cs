using DataTools.Tests.Databases;

namespace DataTools.Tests.Validation;

/// <summary>The methods of Compare-DataTable, its repair script and its report.</summary>
public sealed class CompareMethodTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const string Found = "ForEach-Object { $_.Differences } | ForEach-Object { \"$($_.Kind)|$($_.Key)|$($_.Column)\" }";

    /// <summary>Values that databases write in their own ways, in types that servers can hash.</summary>
    private const string Awkward =
        """
        SELECT * FROM (VALUES
            (1, 0, 0.00::DECIMAL(20,6), '', true, DATE '0001-01-01', TIMESTAMP '0001-01-01 00:00:00', TIMESTAMPTZ '1969-12-31 23:59:59.999999+00', 'a'::BLOB, '00000000-0000-0000-0000-000000000000'::UUID, TIME '00:00:00'),
            (2, -9223372036854775808, -12345678901234.500000::DECIMAL(20,6), '~', false, DATE '9999-12-31', TIMESTAMP '9999-12-31 23:59:59.999999', TIMESTAMPTZ '2026-03-29 02:30:00+02', '\x00\xFF|'::BLOB, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::UUID, TIME '23:59:59.999999'),
            (3, 9223372036854775807, 0.000001::DECIMAL(20,6), 'a|b:~|', NULL, DATE '1970-01-01', TIMESTAMP '1970-01-01 00:00:00.000001', TIMESTAMPTZ '1999-12-31 23:59:59.5+00', ''::BLOB, '0f8fad5b-d9cb-469f-a165-70867728950e'::UUID, TIME '12:00:00.5'),
            (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
            (5, 100, 100::DECIMAL(20,6), 'é' || chr(128512) || chr(10) || '  ', true, DATE '1582-10-04', TIMESTAMP '1900-02-28 12:34:56', TIMESTAMPTZ '2100-01-01 00:00:00+00', 'x'::BLOB, '12345678-9abc-def0-1234-56789abcdef0'::UUID, TIME '00:00:00.000001'))
            t(id, n, d, s, b, day, ts, instant, bytes, u, tod)
        """;

    public static TheoryData<string, string> Servers => [.. ServerKinds.SelectMany(a => ComparisonPairs.Places.Where(b => b != a && b != ".csv").Select(b => (a, b)))];

    private static IEnumerable<string> ServerKinds => TestDatabase.Kinds.Where(k => k is "PostgreSql" or "MariaDb" or "MySql");

    [Theory]
    [MemberData(nameof(Servers))]
    public void Servers_and_we_hash_alike(string server, string place)
    {
        using var pairs = new ComparisonPairs(session);
        var file = pairs.Folder["awkward.parquet"];
        session.Run("Invoke-DataQuery $args[0] | Export-Parquet $args[1]", Awkward, file);
        var (source, destination) = (pairs.Put(server, file, "source"), pairs.Put(place, file, "destination"));

        foreach (var key in new[] { "-Key id", "-Key u, id", "-Key s, id" })
        {
            Assert.Equal(["Values True"], session.Values($"Compare-DataTable $args[0] $args[1] t {key} -Method Hash | Where-Object Check -eq Values | ForEach-Object {{ \"$($_.Check) $($_.Passed) $($_.Details)\".Trim() }}", source, destination));
            Assert.Empty(session.Warnings);
        }
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public void Hashes_of_servers_find_the_rows(string server, string place)
    {
        using var pairs = new ComparisonPairs(session);
        var file = pairs.MakeMany(20_000);
        var (left, right) = (pairs.Folder["l.parquet"], pairs.Folder["r.parquet"]);
        session.Run(
            """
            Invoke-DataQuery "SELECT * EXCLUDE (ratio) FROM '$($args[0])'" | Export-Parquet $args[1]
            Invoke-DataQuery "SELECT * EXCLUDE (ratio) REPLACE (CASE WHEN id = 77 THEN ts + INTERVAL 1 MICROSECOND ELSE ts END AS ts, CASE WHEN id = 4400 THEN '' ELSE note END AS note) FROM '$($args[0])' WHERE id <> 19999" | Export-Parquet $args[2]
            """, file, left, right);
        var (source, destination) = (pairs.Put(server, left, "source"), pairs.Put(place, right, "destination"));

        foreach (var key in new[] { "id", "name, id", "id -Partitions 3" })
        {
            var found = session.Values($"Compare-DataTable $args[0] $args[1] t -Key {key} -Method Hash -ErrorAction Ignore | {Found}", source, destination).Cast<string>().ToList();
            Assert.Equal(3, found.Count);
            Assert.Contains(found, f => f.StartsWith("Missing|", StringComparison.Ordinal) && f.Contains("id=19999", StringComparison.Ordinal));
            Assert.Contains(found, f => f.Contains("id=77|ts", StringComparison.Ordinal));
            Assert.Contains(found, f => f.Contains("id=4400|note", StringComparison.Ordinal));
        }
    }

    /// <summary>A value in the place of its neighbour is a difference, also where the others are null.</summary>
    [Theory]
    [MemberData(nameof(Servers))]
    public void Hashes_of_servers_tell_nulls_apart(string server, string place)
    {
        const string Columns = "id, n::INTEGER AS n, m::INTEGER AS m, day::DATE AS day, s::VARCHAR AS s, z::VARCHAR AS z";
        const string Left = "(1, 2, NULL, NULL, 'a', NULL), (2, NULL, NULL, NULL, '', NULL), (3, NULL, 1, NULL, '|', ''), (4, NULL, NULL, '2026-01-01', '0|', NULL), (5, NULL, NULL, NULL, NULL, NULL)";
        const string Right = "(1, NULL, 2, NULL, 'a', NULL), (2, NULL, NULL, NULL, NULL, ''), (3, 1, NULL, NULL, '', '|'), (4, NULL, NULL, '2026-01-01', NULL, '0|'), (5, NULL, NULL, NULL, NULL, NULL)";
        using var pairs = new ComparisonPairs(session);
        var (left, right) = (pairs.Folder["l.parquet"], pairs.Folder["r.parquet"]);
        foreach (var (file, rows) in new[] { (left, Left), (right, Right) })
        {
            session.Run("Invoke-DataQuery $args[0] | Export-Parquet $args[1]", $"SELECT {Columns} FROM (VALUES {rows}) t(id, n, m, day, s, z)", file);
        }

        var (source, destination) = (pairs.Put(server, left, "source"), pairs.Put(place, right, "destination"));

        Assert.Equal(
            ["Different|id=1|m", "Different|id=1|n", "Different|id=2|s", "Different|id=2|z", "Different|id=3|m", "Different|id=3|n", "Different|id=3|s", "Different|id=3|z", "Different|id=4|s", "Different|id=4|z"],
            session.Values($"Compare-DataTable $args[0] $args[1] t -Key id -Method Hash -ErrorAction Ignore | {Found}", source, destination).Cast<string>().Order(StringComparer.Ordinal));
    }

    /// <summary>A row's last text has no length before it, and a row without a key may begin with it.</summary>
    [Theory]
    [MemberData(nameof(Servers))]
    public void Rows_that_begin_with_a_text_are_hashed_alike(string server, string place)
    {
        const string Rows = "('', 1, NULL), ('', NULL, 1), (NULL, 1, NULL), (NULL, NULL, 1), ('|', 1, 1), ('1', NULL, 0), ('1|1', 1, NULL), (NULL, NULL, NULL)";
        using var pairs = new ComparisonPairs(session);
        var file = pairs.Folder["t.parquet"];
        session.Run("Invoke-DataQuery $args[0] | Export-Parquet $args[1]", $"SELECT s::VARCHAR AS s, n::INTEGER AS n, m::INTEGER AS m FROM (VALUES {Rows}) t(s, n, m)", file);

        Assert.Equal([true], session.Values("Compare-DataTable $args[0] $args[1] t -Method Hash -Quiet", pairs.Put(server, file, "source", ""), pairs.Put(place, file, "destination", "")));
        Assert.Empty(session.Warnings);
    }

    /// <summary>There may be fewer ranges than connections.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void Few_rows_are_hashed_over_many_connections(int rows)
    {
        using var pairs = new ComparisonPairs(session);
        var file = pairs.Folder["few.parquet"];
        session.Run("Invoke-DataQuery $args[0] | Export-Parquet $args[1]", $"SELECT i::INTEGER AS id, 'n' || i AS name FROM range({rows}) r(i)", file);
        var (source, destination) = (pairs.Put("PostgreSql", file, "source"), pairs.Put("MariaDb", file, "destination"));

        Assert.Equal([true], session.Values("Compare-DataTable $args[0] $args[1] t -Method Hash -Partitions 8 -Quiet", source, destination));
        session.Run("Invoke-DataQuery \"INSERT INTO t VALUES (-7, 'new'), (4000, 'far')\" -Connection $args[0] -NonQuery", destination);
        Assert.Equal(["Extra|id=-7|", "Extra|id=4000|"], session.Values($"Compare-DataTable $args[0] $args[1] t -Method Hash -Partitions 8 -ErrorAction Ignore | {Found}", source, destination));
    }

    /// <summary>PostgreSQL's functions take 100 arguments.</summary>
    [Theory]
    [MemberData(nameof(Servers))]
    public void Wide_tables_are_hashed_on_servers(string server, string place)
    {
        using var pairs = new ComparisonPairs(session);
        var (left, right) = (pairs.Folder["l.parquet"], pairs.Folder["r.parquet"]);
        var numbers = Enumerable.Range(0, 90).Select(i => $"CASE WHEN id % 7 = {i % 7} THEN NULL ELSE id + {i} END AS n{i}");
        var texts = Enumerable.Range(0, 45).Select(i => $"CASE WHEN id % 5 = {i % 5} THEN NULL ELSE 't' || id END AS s{i}");
        var wide = $"SELECT id, {string.Join(", ", numbers.Concat(texts))} FROM (SELECT i::INTEGER AS id FROM range(50) r(i))";
        session.Run("Invoke-DataQuery $args[0] | Export-Parquet $args[1]; Invoke-DataQuery $args[2] | Export-Parquet $args[3]", wide, left, $"SELECT * REPLACE (CASE WHEN id = 9 THEN NULL ELSE n85 END AS n85) FROM ({wide})", right);
        var (source, destination) = (pairs.Put(server, left, "source"), pairs.Put(place, right, "destination"));

        Assert.Equal(["Different|id=9|n85"], session.Values($"Compare-DataTable $args[0] $args[1] t -Key id -Method Hash -ErrorAction Ignore | {Found}", source, destination));
        Assert.Empty(session.Warnings);
    }

    [Fact]
    public void Floats_are_streamed_where_hashes_were_asked_for()
    {
        using var pairs = new ComparisonPairs(session);
        var file = pairs.MakeMany(1000);
        var (source, destination) = (pairs.Put("PostgreSql", file, "source"), pairs.Put("Sqlite", file, "destination"));

        Assert.Equal([true], session.Values("Compare-DataTable $args[0] $args[1] t -Method Hash -Quiet", source, destination));
        Assert.Contains("ratio", Assert.Single(session.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sqlite", "PostgreSql")]
    [InlineData(".csv", "Sqlite")]
    [InlineData(".parquet", ".csv")]
    public void Counts_and_samples(string left, string right)
    {
        using var pairs = new ComparisonPairs(session);
        var file = pairs.MakeMany(5000);
        var (fewer, other) = (pairs.Folder["fewer.parquet"], pairs.Folder["other.parquet"]);
        session.Run("Invoke-DataQuery \"SELECT * FROM '$($args[0])' WHERE id < 4999\" | Export-Parquet $args[1]; Invoke-DataQuery \"SELECT * REPLACE (name || '!' AS name) FROM '$($args[0])'\" | Export-Parquet $args[2]", file, fewer, other);
        var source = pairs.Put(left, file, "source");

        Assert.Equal(["Rows False 5,000 4,999"], session.Values("Compare-DataTable $args[0] $args[1] t -Key id -Method Count -ErrorAction Ignore | Where-Object Check -in Rows, Values, Sample | ForEach-Object { \"$($_.Check) $($_.Passed) $($_.Expected) $($_.Actual)\" }", source, pairs.Put(right, fewer, "fewer")));
        var sample = session.Values("Compare-DataTable $args[0] $args[1] t -Key id -Sample 40 -ErrorAction Ignore | Where-Object Check -eq Sample | ForEach-Object { $_.Passed; $_.Differences.Count; @($_.Differences.Column | Select-Object -Unique) -join ',' }", source, pairs.Put(right, other, "other"));
        Assert.Equal(false, sample[0]);
        Assert.InRange((int)sample[1]!, 5, 200);
        Assert.Equal("name", sample[2]);
        Assert.Equal([true], session.Values("Compare-DataTable $args[0] $args[0] t -Key id -Quick -Quiet", source));
    }

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("PostgreSql")]
    [InlineData("MariaDb")]
    [InlineData("DuckDb")]
    public void The_repair_script_makes_tables_equal(string kind)
    {
        using var left = TestDatabase.Make("Sqlite");
        using var right = TestDatabase.Make(kind);
        session.Run(
            """
            $l, $r = $args
            $make = { param($sql) Invoke-DataQuery $sql | Export-DataTable t -Connection $url -CreateTable -PrimaryKey id }
            $sql = "SELECT i AS id, 'it''s \ ' || i AS s, CAST(i * 1.10 AS DECIMAL(10,2)) AS d, i % 2 = 0 AS b, DATE '2026-01-01' + CAST(i AS INT) AS day, TIMESTAMP '2026-01-01' + to_microseconds(i) AS ts, i / 3.0 AS f, encode('ab' || i) AS x,
                TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_microseconds(i) AS tz, to_microseconds(-108000000000 - i) AS span, 18446744073709551615::UBIGINT - i::UBIGINT AS u, TIME '23:59:59.999999' AS tm,
                'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::UUID AS uu, '[1, true, null]'::JSON AS j, 123456789012345678901234567.0123456789::DECIMAL(38,10) AS dd FROM range(50) t(i)"
            Invoke-DataQuery $sql | Export-DataTable t -Connection $l -CreateTable -PrimaryKey id
            Invoke-DataQuery "SELECT * REPLACE (CASE id WHEN 3 THEN '' WHEN 4 THEN NULL ELSE s END AS s, CASE id WHEN 5 THEN d + 1 ELSE d END AS d, NOT b AS b, day + 1 AS day, ts + INTERVAL 1 MICROSECOND AS ts, f + 1 AS f, encode('z') AS x,
                nullif(tz, TIMESTAMPTZ '2026-01-01 00:00:00.000009+00') AS tz, nullif(span, to_microseconds(-108000000009)) AS span, nullif(u, 18446744073709551606) AS u, CASE id WHEN 9 THEN NULL ELSE tm END AS tm,
                CASE id WHEN 9 THEN NULL ELSE uu END AS uu, CASE id WHEN 9 THEN NULL ELSE j END AS j, CASE id WHEN 9 THEN NULL ELSE dd END AS dd) FROM ($sql) WHERE id NOT IN (7, 8)
                UNION ALL SELECT 100, '', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL" |
                Export-DataTable t -Connection $r -CreateTable -PrimaryKey id
            """, left.Url, right.Url);

        var script = session.Values("Compare-DataTable $args[0] $args[1] t -AsRepairScript", left.Url, right.Url);
        Assert.Empty(session.Errors);
        Assert.All(script, s => Assert.EndsWith(";", (string)s!, StringComparison.Ordinal));
        foreach (var statement in script)
        {
            TestDatabase.Run(session, right.Url, (string)statement!);
        }

        Assert.Equal([true], session.Values("(Compare-DataTable $args[0] $args[1] t -ErrorAction Ignore | Where-Object Check -eq Values).Passed", left.Url, right.Url));
    }

    [Fact]
    public void The_repair_script_counts_rows_that_nothing_tells_apart()
    {
        using var left = TestDatabase.Make("Sqlite");
        using var right = TestDatabase.Make("Sqlite");
        TestDatabase.Run(session, left.Url, "CREATE TABLE t (a TEXT, b INTEGER); INSERT INTO t VALUES ('x', 1), ('x', 1), (NULL, 2), ('new', 3)");
        TestDatabase.Run(session, right.Url, "CREATE TABLE t (a TEXT, b INTEGER); INSERT INTO t VALUES ('x', 1), ('x', 1), ('x', 1), ('x', 1), (NULL, 2), (NULL, 2)");

        session.Run("$l, $r = $args; Compare-DataTable $l $r t -AsRepairScript | ForEach-Object { Invoke-DataQuery $_ -Connection $r -NonQuery }", left.Url, right.Url);

        Assert.Equal([true], session.Values("Compare-DataTable $args[0] $args[1] t -Quiet", left.Url, right.Url));
    }

    /// <summary>What differs is looked for in the state whose sums differ; who writes meanwhile waits no longer than that.</summary>
    [Theory]
    [InlineData("wal")]
    [InlineData("delete")]
    public void A_side_in_Sqlite_is_read_at_one_state(string journal)
    {
        using var database = TestDatabase.Make("Sqlite");
        TestDatabase.Run(session, database.Url, $"PRAGMA journal_mode = {journal}; CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)");
        using var reads = DataTools.Databases.Connector.Open(DataTools.Databases.AddressText.Parse(database.Url), CancellationToken.None);
        using var writes = (DataTools.Databases.SqlSession)DataTools.Databases.Connector.Open(DataTools.Databases.AddressText.Parse($"{database.Url}?connect_timeout=1"), CancellationToken.None);
        using var log = new DataTools.Errors.RejectLog(new DataTools.Errors.RejectPolicy());
        using var side = new DataTools.Validation.DatabaseSource(reads, new() { Table = new DataTools.Schemas.TableName(null, "t") }, new(log, _ => { }, CancellationToken.None));

        Assert.Equal(1, Rows());
        Assert.Equal(journal == "wal", Record.Exception(() => writes.Run("INSERT INTO t VALUES (2)", CancellationToken.None)) is null);
        Assert.Equal(1, Rows());
        side.Release();
        writes.Run("INSERT OR IGNORE INTO t VALUES (2)", CancellationToken.None);
        side.Refresh();
        Assert.Equal(2, Rows());

        int Rows()
        {
            using var reader = side.Read(null, null);
            var rows = 0;
            while (reader.ReadBatch(CancellationToken.None) is { } batch)
            {
                rows += batch.Length;
            }

            return rows;
        }
    }

    /// <summary>A pipe gives its bytes once, and rows that differ are read once more.</summary>
    [Fact]
    public void A_pipe_is_compared_as_a_file_is()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Pipes of Windows are no files.");
        using var folder = new TestFolder();
        File.WriteAllText(folder["a.csv"], $"id,v\n{string.Concat(Enumerable.Range(1, 50_000).Select(i => $"{i},v{i}\n"))}");
        File.WriteAllText(folder["b.csv"], File.ReadAllText(folder["a.csv"]).Replace("\n4711,v4711\n", "\n4711,other\n", StringComparison.Ordinal));
        const string Test = "Compare-DataTable $args[0] $args[1] -Key id -Format Csv -ErrorAction Ignore | Where-Object Check -eq Values | ForEach-Object { \"$($_.Passed) $($_.Differences.Key)\" }";

        foreach (var (left, right, expected) in new[] { ("a", "b", "False id=4711"), ("a", "a", "True ") })
        {
            using var first = new NamedPipe(folder[$"{left}{right}1.csv"], folder[$"{left}.csv"]);
            using var second = new NamedPipe(folder[$"{left}{right}2"], folder[$"{right}.csv"]);
            Assert.Equal([expected], session.Values(Test, first.Path, second.Path));
        }
    }

    /// <summary>A pipe with a name, through which a file is sent once.</summary>
    private sealed class NamedPipe : IDisposable
    {
        private readonly System.Diagnostics.Process _writer;

        public NamedPipe(string path, string file)
        {
            Path = path;
            System.Diagnostics.Process.Start("mkfifo", [path]).WaitForExit();
            _writer = System.Diagnostics.Process.Start("sh", ["-c", $"cat '{file}' > '{path}'"]);
        }

        public string Path { get; }

        public void Dispose()
        {
            _writer.Kill(entireProcessTree: true);
            _writer.Dispose();
        }
    }

    [Fact]
    public void The_report_is_a_page_in_which_values_are_only_text()
    {
        using var left = TestDatabase.Make("Sqlite");
        using var right = TestDatabase.Make("Sqlite");
        using var folder = new TestFolder();
        TestDatabase.Run(session, left.Url, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, '<script>alert(1)</script>'), (2, 'same')");
        TestDatabase.Run(session, right.Url, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, NULL), (2, 'same')");

        session.Run("Compare-DataTable $args[0] $args[1] t -Html $args[2] -ErrorAction Ignore | Out-Null", left.Url, right.Url, folder["report.html"]);

        var page = File.ReadAllText(folder["report.html"]);
        Assert.Contains("1 of 1 table differs", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.Contains("<td class=\"null\">null</td>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_were_on_their_way_are_looked_at_again()
    {
        using var left = TestDatabase.Make("PostgreSql");
        using var right = TestDatabase.Make("PostgreSql");
        foreach (var url in new[] { left.Url, right.Url })
        {
            TestDatabase.Run(session, url, "CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t SELECT i, i FROM generate_series(1, 1000) i");
        }

        TestDatabase.Run(session, left.Url, "UPDATE t SET v = 0 WHERE id IN (10, 20); DELETE FROM t WHERE id = 30");
        var later = Task.Run(async () =>
        {
            await Task.Delay(500, TestContext.Current.CancellationToken);
            using var other = (DataTools.Databases.SqlSession)DataTools.Databases.Connector.Open(DataTools.Databases.AddressText.Parse(right.Url), CancellationToken.None);
            other.Run("UPDATE t SET v = 0 WHERE id = 10; DELETE FROM t WHERE id = 30", CancellationToken.None);
        }, TestContext.Current.CancellationToken);

        var found = session.Values($"Compare-DataTable $args[0] $args[1] t -Recheck 4 -ErrorAction Ignore | {Found}", left.Url, right.Url);
        await later;

        Assert.Equal(["Different|id=20|v"], found);
    }
}
