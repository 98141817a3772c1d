using System.Globalization;
using DataTools.Errors;
using DataTools.Migrations;
using DataTools.Migrations.Changes;
using DataTools.Schemas;

namespace DataTools.Tests.Migrations;

/// <summary>Changes without downtime, as New-DataMigration -Kind writes them.</summary>
public sealed class MigrationChangeTests
{
    private const int Clients = 3;

    /// <summary>MySQL is tested on a version that cannot rename columns yet.</summary>
    private const string Oldest = "MySql";

    public static TheoryData<string> Kinds => [.. MigrationSandbox.Kinds.Where(k => k != Oldest)];

    /// <summary>The databases that can add constraints to a table that is there.</summary>
    public static TheoryData<string> Servers => [.. MigrationSandbox.Kinds.Where(k => k is not ("Sqlite" or Oldest))];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_column_is_renamed_while_both_applications_write(string kind)
    {
        using var box = Users(kind);
        Make(box, new SchemaChange(ChangeKind.RenameColumn, new TableName(null, "users"), ["name"]) { NewName = "full_name", BatchSize = 2 });

        Assert.Equal(MigrationStatus.Expanded, Assert.Single(box.Invoke()).Status);
        Assert.Equal("n1,n2,n3,n4,n5", box.Ask("SELECT full_name FROM users ORDER BY id"));
        box.Run("INSERT INTO users (id, name) VALUES (6, 'old')");
        box.Run("INSERT INTO users (id, full_name) VALUES (7, 'new')");
        box.Run("UPDATE users SET name = 'old2' WHERE id = 1");
        box.Run("UPDATE users SET full_name = 'new2' WHERE id = 2");
        box.Run("UPDATE users SET full_name = 'won', name = 'lost' WHERE id = 3");
        const string Expected = "1|old2|old2,2|new2|new2,3|won|won,4|n4|n4,5|n5|n5,6|old|old,7|new|new";
        Assert.Equal(Expected, box.Ask("SELECT id, name, full_name FROM users ORDER BY id"));

        Assert.Equal(MigrationStatus.Applied, Assert.Single(Complete(box)).Status);
        Assert.Equal(["id", "age", "full_name"], Columns(box));
        Assert.Equal("7", box.Ask("SELECT count(*) FROM users"));
        box.Undo();
        Assert.Equal(["id", "age", "name"], Columns(box));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_expanded_is_undone_without_loss(string kind)
    {
        using var box = Users(kind);
        Make(box, new SchemaChange(ChangeKind.RenameColumn, new TableName(null, "users"), ["name"]) { NewName = "full_name" });
        box.Invoke();
        box.Run("INSERT INTO users (id, full_name) VALUES (7, 'new')");
        box.Run("UPDATE users SET full_name = 'new2' WHERE id = 2");

        Assert.Equal(MigrationStatus.Pending, Assert.Single(box.Undo()).Status);
        Assert.Equal(["id", "name", "age"], Columns(box));
        Assert.Equal("n1,new2,n3,n4,n5,new", box.Ask("SELECT name FROM users ORDER BY id"));
        box.Run("UPDATE users SET name = 'free' WHERE id = 1");
        Assert.Single(box.Invoke());
        Assert.Equal("free", box.Ask("SELECT full_name FROM users WHERE id = 1"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_type_changes_and_the_backfill_leaves_old_values_alone(string kind)
    {
        using var box = Users(kind);
        // 007 becomes 7, and must not come back as 7.
        box.Run("UPDATE users SET name = '007' WHERE id = 1");
        box.Run("UPDATE users SET name = '12' WHERE id > 1");
        var number = kind == "MariaDb" ? "SIGNED" : "integer";
        Make(box, new SchemaChange(ChangeKind.ChangeType, new TableName(null, "users"), ["name"]) { Type = kind == "MariaDb" ? "int" : "integer", Using = $"CAST(name AS {number})", Back = kind == "MariaDb" ? "CAST({new} AS CHAR)" : null });

        box.Invoke();
        Assert.Equal("007|7,12|12", box.Ask("SELECT DISTINCT name, name_new FROM users ORDER BY name"));
        box.Run("UPDATE users SET name_new = 5 WHERE id = 2");
        Assert.Equal("5", box.Ask("SELECT name FROM users WHERE id = 2"));
        Complete(box);
        Assert.Equal(["id", "age", "name"], Columns(box));
        Assert.Equal("7,5,12,12,12", box.Ask("SELECT name FROM users ORDER BY id"));
    }

    /// <summary>CAST of MySQL and MariaDB does not know the types that columns have.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_type_changes_without_a_word_on_how_where_no_value_is_lost(string kind)
    {
        using var box = Users(kind);
        var text = kind == "Sqlite" ? "text" : "varchar(20)";
        foreach (var (column, type) in new[] { ("age", "bigint"), ("age", "decimal(12,2)"), ("age", "int"), ("age", text), ("name", "varchar(9)") })
        {
            Make(box, new SchemaChange(ChangeKind.ChangeType, new TableName(null, "users"), [column]) { Type = type });
            box.Invoke();
            box.Undo();
            box.Invoke();
            box.Run("UPDATE users SET age_new = 6 WHERE id = 5".Replace("age_new", $"{column}_new", StringComparison.Ordinal));
            Complete(box);
        }

        Assert.Equal("n1|1,n2|2,n3|3,n4|4,6|6", box.Ask("SELECT name, age FROM users ORDER BY id"));
        box.Run("UPDATE users SET name = 'x.5' WHERE id = 2");
        Make(box, new SchemaChange(ChangeKind.ChangeType, new TableName(null, "users"), ["name"]) { Type = kind == "Sqlite" ? "integer" : "varchar(2)" });
        var error = Assert.Throws<DataException>(() => box.Invoke());
        Assert.Equal(nameof(DataErrors.MigrationVerifyFailed), error.Id);
        Assert.Equal(["id", "age", "name"], Columns(box).Order(StringComparer.Ordinal).OrderBy(c => c != "id"));
    }

    /// <summary>It would go with the old column, on PostgreSQL and in part on MariaDB without a word; so nothing is dropped, and the triggers stay.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_came_onto_the_old_column_meanwhile_is_found_before_it_goes(string kind)
    {
        using var box = Users(kind);
        box.Run("CREATE TABLE ages (age int PRIMARY KEY)");
        box.Run("INSERT INTO ages VALUES (1), (2), (3), (4), (5), (6)");
        box.Run("CREATE INDEX before_age ON users (age, id)");
        Make(box, new SchemaChange(ChangeKind.ChangeType, new TableName(null, "users"), ["age"]) { Type = "bigint" });
        box.Invoke();
        string[] made = kind == "Sqlite"
            ? ["CREATE INDEX later ON users (age)"]
            : ["CREATE INDEX later ON users (age)", "ALTER TABLE users ADD CONSTRAINT later FOREIGN KEY (age) REFERENCES ages (age)"];
        string[] gone = kind switch { "Sqlite" => ["DROP INDEX later"], "MariaDb" => ["ALTER TABLE users DROP INDEX later", "ALTER TABLE users DROP FOREIGN KEY later"], _ => ["DROP INDEX later", "ALTER TABLE users DROP CONSTRAINT later"] };
        for (var i = 0; i < made.Length; i++)
        {
            box.Run(made[i]);
            var error = Assert.Throws<DataException>(() => Complete(box));
            Assert.Equal(kind == "Sqlite" ? nameof(DataErrors.MigrationFailed) : nameof(DataErrors.MigrationVerifyFailed), error.Id);
            box.Run("UPDATE users SET age = 6 WHERE id = 1");
            Assert.Equal("6", box.Ask("SELECT age_new FROM users WHERE id = 1"));
            box.Run("UPDATE users SET age = 5 WHERE id = 1");
            box.Run(gone[i]);
        }

        Complete(box);
        Assert.StartsWith("before_age", Table(box).Indexes.Single().Name, StringComparison.Ordinal);
    }

    /// <summary>The client of MySQL and MariaDB knows nothing of BEGIN and END, and cuts at every semicolon.</summary>
    [Fact]
    public void A_script_of_triggers_is_for_a_client_that_knows_no_blocks()
    {
        using var box = Users("MariaDb");
        Make(box, new SchemaChange(ChangeKind.RenameColumn, new TableName(null, "users"), ["name"]) { NewName = "full 'name" });
        var client = box.Session.Dialect.Splitting with { Blocks = default };
        foreach (var statement in StatementSplitter.Split(box.Engine.Script(null, CancellationToken.None), client))
        {
            box.Run(statement.Text);
        }

        box.Run("INSERT INTO users (id, name) VALUES (9, 'x;y')");
        Assert.Equal("x;y", box.Ask("SELECT `full 'name` FROM users WHERE id = 9"));
        Complete(box);
    }

    /// <summary>MariaDB forgets what a new definition of a column leaves out.</summary>
    [Fact]
    public void Not_null_leaves_the_check_of_the_column_comment_and_default()
    {
        using var box = new MigrationSandbox("MariaDb");
        box.Run("CREATE TABLE users (id int PRIMARY KEY, age int DEFAULT 5 COMMENT 'it''s' CHECK (age > 0))");
        Make(box, new SchemaChange(ChangeKind.AddNotNull, new TableName(null, "users"), ["age"]));
        box.Invoke();

        var column = Table(box).Find("age")!;
        Assert.Equal((false, "5", "it's"), (column.Nullable, column.Default, column.Comment));
        Assert.Equal("age", Table(box).Checks.Single().Column);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_column_is_split(string kind)
    {
        using var box = Users(kind);
        box.Run("UPDATE users SET name = 'Ada-Lovelace'");
        var (first, last) = kind switch
        {
            "Sqlite" => ("substr(name, 1, instr(name, '-') - 1)", "substr(name, instr(name, '-') + 1)"),
            "PostgreSql" => ("split_part(name, '-', 1)", "split_part(name, '-', 2)"),
            _ => ("substring_index(name, '-', 1)", "substring_index(name, '-', -1)"),
        };
        Make(box, new SchemaChange(ChangeKind.SplitColumn, new TableName(null, "users"), ["name"])
        {
            Into = [KeyValuePair.Create("first", first), KeyValuePair.Create("last", last)],
            Back = kind == "MariaDb" ? "concat(first, '-', last)" : "first || '-' || last",
        });

        box.Invoke();
        box.Run("UPDATE users SET last = 'Byron' WHERE id = 1");
        box.Run("INSERT INTO users (id, name) VALUES (8, 'Grace-Hopper')");
        Assert.Equal("Ada-Byron|Ada|Byron,Grace-Hopper|Grace|Hopper", box.Ask("SELECT name, first, last FROM users WHERE id IN (1, 8) ORDER BY id"));
        Complete(box);
        Assert.Equal(["id", "age", "first", "last"], Columns(box));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_column_is_added_and_dropped(string kind)
    {
        using var box = Users(kind);
        Make(box, new SchemaChange(ChangeKind.AddColumn, new TableName(null, "users"), ["country"]) { Type = "varchar(2)", Default = "'DE'", NotNull = true });
        box.Invoke();
        Assert.Equal("DE", box.Ask("SELECT DISTINCT country FROM users"));

        Make(box, new SchemaChange(ChangeKind.DropColumn, new TableName(null, "users"), ["age"]));
        Assert.Equal(MigrationStatus.Expanded, Assert.Single(box.Invoke()).Status);
        Complete(box);
        Assert.Equal(["id", "name", "country"], Columns(box));
        Assert.Equal(nameof(DataErrors.MigrationIrreversible), Assert.Throws<DataException>(() => box.Undo()).Id);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Indexes_and_unique_keys_are_added_and_duplicates_found_before_anything_is_done(string kind)
    {
        using var box = Users(kind);
        Make(box, new SchemaChange(ChangeKind.AddIndex, new TableName(null, "users"), ["age", "name"]));
        box.Invoke();
        Assert.Equal(["age", "name"], Table(box).Indexes.Single(i => i.Name == "users_age_name_idx").Columns);

        box.Run("UPDATE users SET name = 'same' WHERE id < 3");
        Make(box, new SchemaChange(ChangeKind.AddUnique, new TableName(null, "users"), ["name"]));
        Assert.Equal(nameof(DataErrors.MigrationVerifyFailed), Assert.Throws<DataException>(() => box.Invoke()).Id);
        Assert.DoesNotContain(Table(box).Indexes, i => i.IsUnique);

        box.Run("UPDATE users SET name = 'other' WHERE id = 1");
        box.Invoke();
        Assert.True(Table(box).Indexes.Single(i => i.Name == "users_name_key").IsUnique);
        box.Undo(2);
        Assert.Empty(Table(box).Indexes);
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public void Not_null_and_foreign_keys_are_added(string kind)
    {
        using var box = Users(kind);
        box.Run("UPDATE users SET age = NULL WHERE id > 3");
        Make(box, new SchemaChange(ChangeKind.AddNotNull, new TableName(null, "users"), ["age"]) { Default = "0", BatchSize = 1 });
        box.Invoke();
        Complete(box);
        Assert.False(Table(box).Find("age")!.Nullable);
        Assert.Equal("0", box.Ask("SELECT DISTINCT age FROM users WHERE id > 3"));

        box.Run("CREATE TABLE orders (id int PRIMARY KEY, buyer int)");
        box.Run("INSERT INTO orders VALUES (1, 99)");
        Make(box, new SchemaChange(ChangeKind.AddForeignKey, new TableName(null, "orders"), ["buyer"]) { References = new TableName(null, "users"), ReferencedColumns = ["id"] });
        Assert.Equal(nameof(DataErrors.MigrationVerifyFailed), Assert.Throws<DataException>(() => box.Invoke()).Id);
        box.Run("DELETE FROM orders");
        box.Invoke();
        Assert.Throws<DataException>(() => box.Run("INSERT INTO orders VALUES (1, 99)"));
        box.Undo();
        box.Run("INSERT INTO orders VALUES (1, 99)");
    }

    [Fact]
    public void Indexes_keys_and_not_null_of_a_renamed_column_go_with_it()
    {
        using var box = Users("PostgreSql");
        box.Run("ALTER TABLE users ALTER COLUMN name SET NOT NULL, ALTER COLUMN name SET DEFAULT 'x', ADD CONSTRAINT users_name_key UNIQUE (name)");
        box.Run("CREATE INDEX by_age ON users (age, name)");
        Make(box, new SchemaChange(ChangeKind.RenameColumn, new TableName(null, "users"), ["name"]) { NewName = "full_name" });
        box.Invoke();
        Complete(box);

        var table = Table(box);
        Assert.Equal((false, "'x'::text"), (table.Find("full_name")!.Nullable, table.Find("full_name")!.Default));
        Assert.Equal(["by_age: age, full_name", "users_name_key: full_name"], table.Indexes.Select(i => $"{i.Name}: {string.Join(", ", i.Columns)}"));
        Assert.True(table.Indexes.Single(i => i.Name == "users_name_key").IsConstraint);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_cannot_be_done_by_itself_is_refused_with_the_reason(string kind)
    {
        using var box = Users(kind);
        var users = new TableName(null, "users");
        Assert.Contains("primary key", Refused(box, new SchemaChange(ChangeKind.RenameColumn, users, ["id"]) { NewName = "x" }), StringComparison.Ordinal);
        Assert.Contains("already", Refused(box, new SchemaChange(ChangeKind.RenameColumn, users, ["name"]) { NewName = "age" }), StringComparison.Ordinal);
        Assert.Contains("-Default", Refused(box, new SchemaChange(ChangeKind.AddColumn, users, ["x"]) { Type = "int", NotNull = true }), StringComparison.Ordinal);
        Assert.Contains("none", Refused(box, new SchemaChange(ChangeKind.AddIndex, users, ["none"])), StringComparison.Ordinal);
        if (kind == "Sqlite")
        {
            Assert.Contains("rebuilt", Refused(box, new SchemaChange(ChangeKind.AddNotNull, users, ["age"])), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_column_that_a_cascade_changes_is_refused_where_cascades_fire_no_triggers()
    {
        using var box = Users("MariaDb");
        box.Run("CREATE TABLE orders (id int PRIMARY KEY, buyer int, CONSTRAINT by_buyer FOREIGN KEY (buyer) REFERENCES users (id) ON UPDATE CASCADE)");

        Assert.Contains("by_buyer", Refused(box, new SchemaChange(ChangeKind.RenameColumn, new TableName(null, "orders"), ["buyer"]) { NewName = "owner" }), StringComparison.Ordinal);
    }

    /// <summary>Clients of the old and of the new application read and write all the time, through all phases: no statement fails and no write is lost or stale.</summary>
    [Theory]
    [MemberData(nameof(Servers))]
    public Task A_table_is_migrated_under_load(string kind) => UnderLoad(kind, 100_000);

    [Theory]
    [Trait("Length", "Full")]
    [MemberData(nameof(Servers))]
    public Task A_large_table_is_migrated_under_load(string kind) => UnderLoad(kind, 1_000_000);

    private static async Task UnderLoad(string kind, int rows)
    {
        using var box = new MigrationSandbox(kind);
        box.Run("CREATE TABLE counters (id int PRIMARY KEY, amount bigint NOT NULL)");
        var series = kind == "PostgreSql" ? $"SELECT n, 0 FROM generate_series(1, {rows}) AS n" : $"SELECT seq, 0 FROM seq_1_to_{rows}";
        box.Run($"INSERT INTO counters {series}");
        Make(box, new SchemaChange(ChangeKind.RenameColumn, new TableName(null, "counters"), ["amount"]) { NewName = "total", BatchSize = 5000 });

        var both = true;
        var isNew = false;
        var isDone = false;
        var waits = new System.Collections.Concurrent.ConcurrentBag<double>();
        var clients = Enumerable.Range(0, Clients).Select(number => Task.Run(() => Client(number))).ToArray();
        box.Invoke();
        isNew = true;
        await Task.Delay(500, TestContext.Current.CancellationToken);
        both = false;
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Complete(box);
        await Task.Delay(300, TestContext.Current.CancellationToken);
        isDone = true;
        var counts = await Task.WhenAll(clients);

        // Every client has rows of its own and knows what they must hold.
        var expected = counts.SelectMany(c => c.Counts).Where(c => c.Value > 0).OrderBy(c => c.Key).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key}|{c.Value}"));
        Assert.Equal(string.Join(",", expected), box.Ask("SELECT id, total FROM counters WHERE total <> 0 ORDER BY id"));
        Assert.Equal($"{rows}", box.Ask("SELECT count(*) FROM counters WHERE total IS NOT NULL"));
        Assert.True(counts.Sum(c => c.Writes) > 100);
        TestContext.Current.SendDiagnosticMessage($"{kind}: {counts.Sum(c => c.Writes)} writes, {counts.Sum(c => c.Conflicts)} retried, longest wait {waits.Max():0} ms");

        (Dictionary<int, long> Counts, int Writes, int Conflicts) Client(int number)
        {
            using var session = box.Open();
            var known = new Dictionary<int, long>();
            var random = new Random(number);
            var (writes, conflicts) = (0, 0);
            while (!isDone)
            {
                var id = (random.Next(rows / Clients) * Clients) + number + 1;
                if (id > rows)
                {
                    continue;
                }

                var usesNew = isNew && (!both || random.Next(2) == 0);
                var column = usesNew ? "total" : "amount";
                var watch = System.Diagnostics.Stopwatch.StartNew();
                try
                {
                    Assert.Equal(1, session.Run($"UPDATE counters SET {column} = {column} + 1 WHERE id = {id}", CancellationToken.None));
                    known[id] = known.GetValueOrDefault(id) + 1;
                    Assert.Equal(known[id], session.Query($"SELECT {column} FROM counters WHERE id = {id}", r => r.GetInt64(0), CancellationToken.None).Single());
                    writes++;
                }
                catch (DataException e) when (e.Id == nameof(DataErrors.TransactionConflict))
                {
                    conflicts++;
                }

                waits.Add(watch.Elapsed.TotalMilliseconds);
            }

            return (known, writes, conflicts);
        }
    }

    internal static List<MigrationInfo> Complete(MigrationSandbox box) => [.. box.Engine.Complete(null, CancellationToken.None)];

    private static string Refused(MigrationSandbox box, SchemaChange change) => Assert.Throws<DataException>(() => ChangeWriter.Write(box.Session, change, CancellationToken.None)).Message;

    internal static void Make(MigrationSandbox box, SchemaChange change)
    {
        var (options, sections) = ChangeWriter.Write(box.Session, change, CancellationToken.None);
        NewMigration.OfSections(box.Folder, change.Title, options, sections).Write();
    }

    private static TableSchema Table(MigrationSandbox box) => box.Session.FindTable(new TableName(null, "users"), CancellationToken.None)!;

    private static IEnumerable<string> Columns(MigrationSandbox box) => Table(box).Columns.Select(c => c.Name);

    internal static MigrationSandbox Users(string kind)
    {
        var box = new MigrationSandbox(kind);
        var text = kind == "MariaDb" ? "varchar(50)" : "text";
        box.Run($"CREATE TABLE users (id int PRIMARY KEY, name {text}, age int)");
        box.Run("INSERT INTO users VALUES (1, 'n1', 1), (2, 'n2', 2), (3, 'n3', 3), (4, 'n4', 4), (5, 'n5', 5)");
        return box;
    }
}
