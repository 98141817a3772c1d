using System.Globalization;
using System.Text;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Query;

namespace DataTools.Tests.Query;

public class DataQueryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_file_named_in_the_sql_has_the_schema_and_nulls_of_its_reader()
    {
        var files = new FakeFiles { ["orders.csv"] = Table(("day", DataTypes.Text, ["1/2/2026", "", null])) };
        Assert.Equal(["1/2/2026", "", "NULL"], Run("select day from 'orders.csv'", files).Rows);
    }

    [Theory]
    [InlineData("select orders.id from 'orders.csv'")]
    [InlineData("select \"orders.csv\".id from \"orders.csv\" as \"orders.csv\"")]
    [InlineData("select id from read_csv('orders.csv')")]
    [InlineData("select id from 'data/orders.psv'")]
    [InlineData("select id from 'orders.parquet'")]
    [InlineData("select id from 'orders.ndjson.gz'")]
    [InlineData("select id from 'y=1/*.arrow'")]
    [InlineData("with x as (select * from 'orders.csv') select id from x")]
    [InlineData("create table t as select * from 'orders.csv'; select id from t")]
    [InlineData("create table t (id bigint); insert into t select id from 'orders.csv'; from t")]
    public void Sql_names_files_wherever_a_table_may_stand(string sql)
    {
        Assert.Equal(["7"], Run(sql, FakeFiles.Any(Table(("id", DataTypes.Int64, [7L])))).Rows);
    }

    [Fact]
    public void Only_the_columns_that_a_query_needs_are_read()
    {
        var files = FakeFiles.Any(Table(("a", DataTypes.Int64, [1L]), ("b", DataTypes.Text, ["x"]), ("c", DataTypes.Text, ["y"])));
        Run("select c from 'f.csv' where a = 1", files);
        Assert.Equal("a,c", string.Join(',', files.Asked.Last().Order()));
    }

    [Fact]
    public void Rows_are_counted_without_their_columns() =>
        Assert.Equal(["3"], Run("select count(*) from 'f.csv'", FakeFiles.Any(Table(("a", DataTypes.Text, ["x", null, "y"])))).Rows);

    [Fact]
    public void Every_type_goes_in_and_comes_out_the_same()
    {
        var table = AllTypes();
        var result = Run("select * from t", inputs: new() { ["t"] = table });
        var changed = new[] { "dt" };
        Assert.Equal(table.Schema.FieldsList.Select(f => changed.Contains(f.Name) ? "text" : DataTypes.Of(f).Name), result.Schema.FieldsList.Select(f => DataTypes.Of(f).Name));
        Assert.Equal(RowsOf(table.Schema, table.Batches), result.Rows);
    }

    [Fact]
    public void Slices_of_arrays_are_read_at_their_offset()
    {
        var table = AllTypes();
        var sliced = new RecordBatch(table.Schema, table.Batches[0].Arrays.Select(a => ArrowArrayFactory.Slice(a, 1, 2)), 2);
        Assert.Equal(RowsOf(table.Schema, table.Batches)[1..], Run("from t", inputs: new() { ["t"] = QueryInput.Of(table.Schema, [sliced]) }).Rows);
    }

    [Fact]
    public void More_rows_than_a_vector_and_a_batch_come_through()
    {
        var result = Run("select i, 'a text that is longer than twelve ' || i as t, case when i % 3 = 0 then null else i end as n from range(200000) r(i)");
        var again = Run("select count(*), sum(i), count(n), max(t) from x", inputs: new() { ["x"] = QueryInput.Of(result.Schema, result.Batches) });
        Assert.Equal(["200000|19999900000|133333|a text that is longer than twelve 99999"], again.Rows);
        Assert.True(result.Batches.Count >= 3);
    }

    [Theory]
    [InlineData("select 1::utinyint", "int16", "1")]
    [InlineData("select 65535::usmallint", "int32", "65535")]
    [InlineData("select 4294967295::uinteger", "int64", "4294967295")]
    [InlineData("select sum(i) from range(3) t(i)", "decimal(38,0)", "3")]
    [InlineData("select 1.5::decimal(4,1)", "decimal(4,1)", "1.5")]
    [InlineData("select -12345678.9::decimal(9,1)", "decimal(9,1)", "-12345678.9")]
    [InlineData("select 'b'::enum('a','b')", "text", "b")]
    [InlineData("select '0101'::bit", "text", "0101")]
    [InlineData("select [1, null, 3]", "list<int32>", "[1,null,3]")]
    [InlineData("select [1, 2]::int[2]", "list<int32>", "[1,2]")]
    [InlineData("select {'a': 1, 'b': 'x'}", "struct<a: int32, b: text>", """{"a":1,"b":"x"}""")]
    [InlineData("select map {'k': 1.5}", "list<struct<key: text, value: decimal(2,1)>>", """[{"key":"k","value":1.5}]""")]
    [InlineData("select interval 26 hours", "duration", "1.02:00:00")]
    [InlineData("select timestamp_ns '2026-01-02 03:04:05.000006'", "timestamp", "2026-01-02T03:04:05.000006")]
    [InlineData("select timestamp_s '2026-01-02 03:04:05'", "timestamp", "2026-01-02T03:04:05")]
    [InlineData("select timestamptz '2026-01-02 03:04:05+01'", "timestamptz", "2026-01-02T02:04:05Z")]
    [InlineData("select '{\"a\":1}'::json", "json", "{\"a\":1}")]
    [InlineData("select null", "int32", "NULL")]
    [InlineData("select date '0001-01-01'", "date", "0001-01-01")]
    [InlineData("select 'ab\\x00'::blob", "binary", "YWIA")]
    public void Results_take_our_types(string sql, string type, string text)
    {
        var result = Run(sql);
        Assert.Equal(type, DataTypes.Of(result.Schema.FieldsList[0]).Name);
        Assert.Equal([text], result.Rows);
    }

    [Theory]
    [InlineData("select 100000000000000000000000000000000000000::hugeint as c", "38 digits")]
    [InlineData("select interval 1 month as c", "months")]
    [InlineData("select 'infinity'::date as c", "infinity")]
    [InlineData("select '-infinity'::timestamp as c", "-infinity")]
    [InlineData("select date '10000-01-01' as c", "9999")]
    [InlineData("select make_timestamp_ns(1) as c", "microseconds")]
    [InlineData("select time '01:02:03+01'::timetz as c", "TimeTz")]
    public void A_value_that_none_of_our_types_holds_is_an_error_that_names_the_column(string sql, string reason)
    {
        var error = Assert.Throws<DataException>(() => Run(sql));
        Assert.Contains("'c'", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Statements_run_in_order_and_each_table_is_a_result()
    {
        using var query = Open("create table t (a int); insert into t values (1), (2); select a from t; select sum(a) from t");
        var results = new List<string>();
        while (query.NextResult(Token) is { } reader)
        {
            using (reader)
            {
                results.AddRange(Read(reader).Rows);
            }
        }

        Assert.Equal(["1", "2", "3"], results);
    }

    [Fact]
    public void Parameters_are_bound_by_name_and_position()
    {
        var values = new Dictionary<string, object?>
        {
            ["Y"] = 2026, ["d"] = new DateOnly(2026, 2, 3), ["m"] = 1.50m, ["t"] = "a'b\0c", ["n"] = null, ["l"] = new object[] { 1, 2 },
            ["u"] = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), ["z"] = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), ["s"] = TimeSpan.FromHours(-1),
        };
        var row = Assert.Single(Run("select $y + 1, $d, $m, length($t), $n, $l, $u, $z, $s", parameters: values).Rows);
        Assert.Equal("2027|2026-02-03|1.50|5|NULL|[1,2]|00112233-4455-6677-8899-aabbccddeeff|2026-01-01T00:00:00Z|-01:00:00", row);
        Assert.Equal(["1|2"], Run("select ?, ?", parameters: new() { ["1"] = 1, ["2"] = 2 }).Rows);
    }

    [Fact]
    public void A_parameter_without_a_value_is_named()
    {
        var error = Assert.Throws<DataException>(() => Run("select $year", parameters: new() { ["y"] = 1 }));
        Assert.Equal(("ParameterMissing", "year"), (error.Id, error.Target));
    }

    [Fact]
    public void A_database_file_keeps_its_tables()
    {
        using var folder = new TestFolder();
        var path = Path.Combine(folder.Path, "kept.duckdb");
        Run("create table t as select 42 as a", database: path);
        Assert.Equal(["42"], Run("from t", database: path).Rows);
    }

    [Theory]
    [InlineData("copy (select 1) to '{0}/out.csv'")]
    [InlineData("attach '{0}/other.duckdb'")]
    [InlineData("install httpfs")]
    [InlineData("from read_text('{0}/x.txt')")]
    [InlineData("from sniff_csv('{0}/x.csv')")]
    [InlineData("set enable_external_access = true")]
    public void Duckdbs_own_access_to_files_is_off(string sql)
    {
        using var folder = new TestFolder();
        File.WriteAllText(Path.Combine(folder.Path, "x.txt"), "x");
        Assert.Equal("QueryFailed", Assert.Throws<DataException>(() => Run(string.Format(CultureInfo.InvariantCulture, sql, folder.Path))).Id);
    }

    [Fact]
    public void Sorting_beyond_the_memory_limit_spills_to_the_folder_and_clears_it()
    {
        using var folder = new TestFolder();
        var result = Run(
            "select count(*), max(l) from (select length(s) l, row_number() over (order by hash(i)) from (select i, repeat('x', 100) || i s from range(1000000) t(i)))",
            options: o => o with { MemoryLimit = "100MB", TempPath = folder.Path, Threads = 1 });
        Assert.Equal(["1000000|106"], result.Rows);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void An_error_in_sql_says_where()
    {
        var error = Assert.Throws<DataException>(() => Run("select nope from range(3)"));
        Assert.Equal("QueryFailed", error.Id);
        Assert.Contains("LINE 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_of_a_reader_comes_out_as_it_went_in()
    {
        var reject = new Reject("f.csv", 1, 2, "a", "x", "is no int64", null);
        var files = FakeFiles.Any(Table(("a", DataTypes.Int64, [1L])));
        files.Failure = DataErrors.BadRow(reject, 1);
        Assert.Same(files.Failure, Assert.Throws<DataException>(() => Run("select sum(a) from 'f.csv'", files)));
    }

    [Fact]
    public void A_missing_file_is_the_error_of_its_reader() =>
        Assert.Equal("FileNotFound", Assert.Throws<DataException>(() => Run("from 'missing.csv'", new FakeFiles())).Id);

    [Fact]
    public void A_cancelled_query_stops_within_a_second()
    {
        using var source = new CancellationTokenSource(200);
        using var query = Open("select count(*) from range(1000000000) a, range(1000000) b where hash(a.range) = hash(b.range) + 1");
        var start = Environment.TickCount64;
        Assert.ThrowsAny<OperationCanceledException>(() => Read(query.NextResult(source.Token)!, source.Token));
        Assert.InRange(Environment.TickCount64 - start, 0, 1200);
    }

    /// <summary>The library forgets an interruption that comes before the statement runs.</summary>
    [Fact]
    public void A_query_that_is_cancelled_while_it_is_prepared_stops_too()
    {
        using var source = new CancellationTokenSource();
        var files = FakeFiles.Any(Table(("a", DataTypes.Int64, [1L])));
        files.Opening = source.Cancel;
        using var query = Open("select count(*) from range(1000000000) a, range(1000000) b, 'x.csv' where hash(a.range) = hash(b.range) + 1", files);
        Assert.ThrowsAny<OperationCanceledException>(() => Read(query.NextResult(source.Token)!, source.Token));
    }

    [Theory]
    [InlineData("select sum(a) from input", 1)]
    [InlineData("select count(*) from input x join input y using (a)", 1)]
    [InlineData("with x as (from input) select count(*) from x p join x q using (a)", 1)]
    [InlineData("select 1 as a", 0)]
    public void An_input_that_can_be_read_once_is_read_once(string sql, int reads)
    {
        var table = Table(("a", DataTypes.Int64, [1L]));
        var reader = new CountingReader(table);
        Assert.Equal(["1"], Run(sql, inputs: new() { ["input"] = QueryInput.Once(reader) }).Rows);
        Assert.Equal(reads, reader.Ended);
    }

    [Fact]
    public void Columns_of_one_name_are_made_unique_with_a_warning()
    {
        var warnings = new List<string>();
        var result = Run("select 1 as a, 2 as A", options: o => o with { Warn = warnings.Add });
        Assert.Equal("a,A_2", string.Join(',', result.Schema.FieldsList.Select(f => f.Name)));
        Assert.Single(warnings);
    }

    [Fact]
    public void A_query_without_rows_has_a_schema()
    {
        var result = Run("select 1 as a where false");
        Assert.Empty(result.Rows);
        Assert.Equal("a", result.Schema.FieldsList[0].Name);
    }

    private static QueryInput AllTypes()
    {
        var nested = new StructDataType([new("x", DataTypes.Int64), new("y", new ListDataType(DataTypes.Text))]);
        return Table(
            ("b", DataTypes.Bool, [true, null, false]),
            ("i8", DataTypes.Int8, [(sbyte)-128, null, (sbyte)127]),
            ("i16", DataTypes.Int16, [(short)-5, null, (short)5]),
            ("i32", DataTypes.Int32, [1, null, 3]),
            ("i64", DataTypes.Int64, [long.MinValue, null, long.MaxValue]),
            ("u64", DataTypes.UInt64, [0UL, null, ulong.MaxValue]),
            ("f", DataTypes.Float, [1.5f, null, float.NaN]),
            ("d", DataTypes.Double, [-0.0, null, 1e300]),
            ("s", DataTypes.Text, ["short", null, "a long text that is not kept in place: äöü"]),
            ("j", DataTypes.Json, ["{\"a\":[1]}", null, "null"]),
            ("dt", DataTypes.DecimalText, ["1.50", null, "123456789012345678901234567890123456789012"]),
            ("y", DataTypes.Binary, [new byte[] { 0, 255 }, null, System.Array.Empty<byte>()]),
            ("day", DataTypes.Date, [new DateOnly(1, 1, 1), null, new DateOnly(9999, 12, 31)]),
            ("time", DataTypes.Time, [new TimeOnly(0), null, new TimeOnly(23, 59, 59)]),
            ("ts", DataTypes.Timestamp, [new DateTime(1, 1, 1), null, new DateTime(9999, 12, 31)]),
            ("tz", DataTypes.TimestampUtc, [DateTime.UnixEpoch, null, new DateTime(1900, 1, 1, 0, 0, 0, DateTimeKind.Utc)]),
            ("dur", DataTypes.Duration, [TimeSpan.FromDays(400), null, TimeSpan.FromSeconds(-1)]),
            ("u", DataTypes.Uuid, [Guid.Empty, null, Guid.Parse("ffeeddcc-bbaa-9988-7766-554433221100")]),
            ("m4", new DecimalType(4, 2), [-12.34m, null, 99.99m]),
            ("m9", new DecimalType(9, 2), [-1234567.89m, null, 0.01m]),
            ("m18", new DecimalType(18, 2), [-1234567890123456.78m, null, 1m]),
            ("m38", new DecimalType(38, 2), [-123456789012345678901234.78m, null, 1m]),
            ("l", new ListDataType(DataTypes.Int64), [new object?[] { 1L, null }, null, System.Array.Empty<object>()]),
            ("st", nested, [Struct(1L, "a", "b"), null, Struct(null)]));
    }

    private static System.Collections.Specialized.OrderedDictionary Struct(long? x, params string[] y) => new() { ["x"] = x, ["y"] = y };

    private static QueryInput Table(params (string Name, DataType Type, object?[] Values)[] columns)
    {
        var schema = new Schema([.. columns.Select(c => c.Type.ToField(c.Name))], null);
        var builder = new BatchBuilder(schema);
        for (var i = 0; i < columns.Length; i++)
        {
            Assert.All(columns[i].Values, v => Assert.True(builder.Columns[i].TryAppend(v), $"{columns[i].Name}: {v}"));
        }

        builder.EndRows(columns[0].Values.Length);
        return QueryInput.Of(schema, [builder.Finish()]);
    }

    private static DataQuery Open(string sql, FakeFiles? files = null) => new(sql, new QueryOptions { Files = files ?? [] }, Token);

    private static Result Run(
        string sql, FakeFiles? files = null, Dictionary<string, QueryInput>? inputs = null, Dictionary<string, object?>? parameters = null, string? database = null, Func<QueryOptions, QueryOptions>? options = null)
    {
        var all = new QueryOptions { Files = files ?? new FakeFiles(), Inputs = inputs ?? [], Parameters = parameters ?? [], Database = database };
        using var query = new DataQuery(sql, options?.Invoke(all) ?? all, Token);
        using var reader = query.NextResult(Token);
        return reader is null ? new Result(new Schema([], null), [], []) : Read(reader);
    }

    private static Result Read(IBatchReader reader, CancellationToken? token = null)
    {
        var batches = new List<RecordBatch>();
        while (reader.ReadBatch(token ?? Token) is { } batch)
        {
            batches.Add(batch);
        }

        return new Result(reader.Schema, batches, batches.Sum(b => b.Length) > 1000 ? [] : RowsOf(reader.Schema, batches));
    }

    private static string[] RowsOf(Schema schema, IReadOnlyList<RecordBatch> batches) =>
        [.. batches.SelectMany(b => Enumerable.Range(0, b.Length).Select(row => string.Join('|', schema.FieldsList.Select((f, i) => TextOf(DataTypes.Of(f), b.Column(i), row)))))];

    private static string TextOf(DataType type, IArrowArray array, int row)
    {
        if (array.IsNull(row))
        {
            return "NULL";
        }

        var bytes = new byte[type.MaxTextLength(array, row)];
        Assert.True(type.TryFormat(array, row, bytes, out var written));
        return Encoding.UTF8.GetString(bytes, 0, written);
    }

    private sealed record Result(Schema Schema, IReadOnlyList<RecordBatch> Batches, string[] Rows);

    /// <summary>Tables that stand for files, by name or for any.</summary>
    private sealed class FakeFiles : Dictionary<string, QueryInput>, IQueryFiles
    {
        private QueryInput? _any;

        public List<IReadOnlyList<string>> Asked { get; } = [];

        public Exception? Failure { get; set; }

        public Action? Opening { get; set; }

        public static FakeFiles Any(QueryInput table) => new() { _any = table };

        public bool IsFile(string name) => name.Contains('.', StringComparison.Ordinal);

        public IBatchReader Open(string name, IReadOnlyList<string> columns)
        {
            Asked.Add(columns);
            Opening?.Invoke();
            return new CountingReader(_any ?? (TryGetValue(name, out var table) ? table : throw DataErrors.FileNotFound(name))) { Failure = Failure };
        }
    }

    private sealed class CountingReader(QueryInput table) : IBatchReader
    {
        private int _next;

        public Schema Schema => table.Schema;

        public Exception? Failure { get; init; }

        public int Ended { get; private set; }

        public RecordBatch? ReadBatch(CancellationToken cancellation)
        {
            if (Failure is not null)
            {
                throw Failure;
            }

            if (_next < table.Batches.Count)
            {
                return table.Batches[_next++];
            }

            Ended++;
            return null;
        }

        public void Dispose()
        {
        }
    }
}
