using DataTools.Tests.Databases;

namespace DataTools.Tests.Transfer;

/// <summary>Rows that become arrays within documents, and arrays that become tables.</summary>
public sealed class DocumentCopyTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private static readonly string[] Shop =
    [
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer VARCHAR(40) NOT NULL)",
        "CREATE TABLE items (order_id INTEGER REFERENCES orders (id), line INTEGER NOT NULL, item VARCHAR(40), price DECIMAL(10,2), PRIMARY KEY (order_id, line))",
        "CREATE TABLE parts (order_id INTEGER NOT NULL, line INTEGER NOT NULL, no INTEGER NOT NULL, name VARCHAR(40), PRIMARY KEY (order_id, line, no), FOREIGN KEY (order_id, line) REFERENCES items (order_id, line))",
        "INSERT INTO orders VALUES (1, 'Ann'), (2, 'O''Neil'), (3, 'Zoë')",
        "INSERT INTO items VALUES (1, 2, 'ink', 2.50), (1, 1, 'pen', 1.25), (3, 1, NULL, 0.10)",
        "INSERT INTO parts VALUES (1, 1, 1, 'cap'), (1, 1, 2, 'nib'), (3, 1, 1, 'éñ')",
    ];

    public static TheoryData<string> Kinds => ["Sqlite", "PostgreSql", "MariaDb", "DuckDb"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Rows_become_arrays_within_documents_and_tables_again(string kind)
    {
        using var source = TestDatabase.Make(kind);
        using var documents = TestDatabase.Make("MongoDb");
        using var back = TestDatabase.Make(kind);
        Fill(source);
        var results = session.Values("(Copy-DataTable $args[0] $args[1] orders -Embed orders.items, items.parts -PassThru).Rows", source.Url, documents.Url);
        Assert.Equal([3L], results);
        Assert.Equal(
            [
                """1|Ann|[{"line":1,"item":"pen","price":1.25,"parts":[{"no":1,"name":"cap"},{"no":2,"name":"nib"}]},{"line":2,"item":"ink","price":2.50,"parts":[]}]""",
                "2|O'Neil|[]",
                "3|Zoë|[{\"line\":1,\"item\":null,\"price\":0.10,\"parts\":[{\"no\":1,\"name\":\"éñ\"}]}]",
            ],
            TableContents.Of(documents.Url, "orders", "id", "customer", "items"));

        session.Run("Copy-DataTable $args[0] $args[1] orders -Unnest", documents.Url, back.Url);

        Assert.Equal(["orders", "orders_items", "orders_items_parts"], TableContents.Tables(back.Url));
        Assert.Equal(["1|Ann", "2|O'Neil", "3|Zoë"], TableContents.Of(back.Url, "orders", "id", "customer"));
        Assert.Equal(["1|pen|1.25", "1|~|0.10", "2|ink|2.50"], TableContents.Of(back.Url, "orders_items", "line", "item", "price"));
        Assert.Equal(["1|1|1|cap", "1|1|1|éñ", "1|2|2|nib"], TableContents.Of(back.Url, "orders_items_parts", "items_ordinal", "ordinal", "no", "name").Order(StringComparer.Ordinal));
        var parts = TableContents.Schema(back.Url, "orders_items_parts");
        Assert.Equal(["orders_id", "items_ordinal", "ordinal"], parts.PrimaryKey!.Columns);
        Assert.Equal(["orders_id", "items_ordinal"], Assert.Single(parts.ForeignKeys).Columns);
    }

    [Theory]
    [InlineData("INSERT INTO items VALUES (NULL, 9, 'lost', 1)", "")]
    [InlineData("", "-Where @{ orders = 'id <> 3' }")]
    public void Rows_that_would_be_lost_are_an_error_unless_it_is_allowed(string statement, string where)
    {
        using var source = TestDatabase.Make("Sqlite");
        using var documents = TestDatabase.Make("MongoDb");
        Fill(source);
        if (statement.Length > 0)
        {
            TestDatabase.Run(session, source.Url, statement);
        }

        var copy = $"Copy-DataTable $args[0] $args[1] orders -Embed orders.items {where}";
        Assert.StartsWith("RowsWithoutParent,", session.Error(copy, source.Url, documents.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
        session.Run($"{copy} -OnLoss Warn -Mode Replace -WarningVariable w; $w", source.Url, documents.Url);
        Assert.Equal(where.Length > 0 ? ["1", "2"] : ["1", "2", "3"], TableContents.Of(documents.Url, "orders", "id"));
    }

    [Theory]
    [InlineData("@{ a = 'b' }", "1|p|x|2", "id", "c", "b", "z")]
    [InlineData("@{ id = 'no'; c = $null }", "1|x|2", "no", "a", "z")]
    [InlineData("@{ id = '_id'; a = 'c'; c = 'a' }", "1|x|p|2", "_id", "c", "a", "z")]
    [InlineData("@{ id = $null; z = 'w' }", "x|p|2", "a", "c", "w")]
    public void Fields_get_their_new_names_and_what_the_table_computes(string map, string document, params string[] fields)
    {
        using var source = TestDatabase.Make("Sqlite");
        using var documents = TestDatabase.Make("MongoDb");
        TestDatabase.Run(session, source.Url, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, c TEXT, z INTEGER GENERATED ALWAYS AS (id * 2)); INSERT INTO t (id, a, c) VALUES (1, 'x', 'p'), (2, 'y', 'q')");

        foreach (var options in new[] { "", "-Ledger l -Mode Replace", "-Mode Replace -Confirm:$false" })
        {
            var results = session.Run($"Copy-DataTable $args[0] $args[1] t -ColumnMap {map} -Where 'id = 1' {options} -PassThru", source.Url, documents.Url);

            Assert.Equal([document], TableContents.Of(documents.Url, "t", fields));
            Assert.Equal([true], session.Values("$args[0] | Compare-DataTable -Quiet", results[0]));
        }
    }

    [Fact]
    public void Arrays_of_values_and_missing_ones_become_rows_or_none()
    {
        using var documents = TestDatabase.Make("MongoDb");
        using var target = TestDatabase.Make("PostgreSql");
        session.Run(
            """Invoke-DataQuery -Connection $args[0] '{ "insert": "t", "documents": [ { "_id": 1, "tags": ["b", null, "a"] }, { "_id": 2, "tags": [] }, { "_id": 3 }, { "_id": 4, "tags": ["c"], "n": { "x": 1 } } ] }' """, documents.Url);
        session.Run("Copy-DataTable $args[0] $args[1] t -Unnest", documents.Url, target.Url);

        Assert.Equal(["1|1|b", "1|2|~", "1|3|a", "4|1|c"], TableContents.Of(target.Url, "t_tags", "t_id", "ordinal", "value"));
        Assert.Equal(["1", "2", "3", "4"], TableContents.Of(target.Url, "t", "_id"));
    }

    [Theory]
    [InlineData("-Embed items", "such as orders.lines")]
    [InlineData("-Embed orders.nothing", "no table 'nothing'")]
    [InlineData("-Embed items.orders", "exactly one foreign key")]
    public void What_cannot_be_embedded_is_told(string arguments, string message)
    {
        using var source = TestDatabase.Make("Sqlite");
        using var documents = TestDatabase.Make("MongoDb");
        Fill(source);
        Assert.Contains(message, session.Error($"Copy-DataTable $args[0] $args[1] orders, items {arguments}", source.Url, documents.Url).ToString(), StringComparison.Ordinal);
        Assert.Contains("documents", session.Error("Copy-DataTable $args[0] $args[0] orders -Embed orders.items", source.Url).ToString(), StringComparison.Ordinal);
    }

    private void Fill(TestDatabase source) => Array.ForEach(Shop, s =>
    {
        TestDatabase.Run(session, source.Url, s);
        Assert.Empty(session.Errors);
    });
}
