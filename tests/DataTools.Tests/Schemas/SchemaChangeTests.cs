using CsCheck;
using DataTools.Databases;
using DataTools.Schemas;
using DataTools.Schemas.Changes;
using DataTools.Schemas.Comparison;
using DataTools.Tests.Databases;

namespace DataTools.Tests.Schemas;

/// <summary>Statements that turn one schema into another, and back.</summary>
public sealed class SchemaChangeTests
{
    private static readonly Dictionary<string, string> NoRenames = [];

    public static TheoryData<string> Kinds => ["Sqlite", "PostgreSql"];

    /// <summary>The same pairs each time.</summary>
    [Theory]
    [InlineData("Sqlite", 60)]
    [InlineData("PostgreSql", 25)]
    [InlineData("MariaDb", 15)]
    public void Any_schema_is_turned_into_any_other_and_back(string kind, int pairs)
    {
        var random = new Random(1);
        TurnSchemas(kind, turn =>
        {
            for (var i = 0; i < pairs; i++)
            {
                turn(random.Next());
            }
        });
    }

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("PostgreSql")]
    [InlineData("MariaDb")]
    [Trait("Length", "Full")]
    public void Other_schemas_are_turned_into_others_each_time(string kind) => TurnSchemas(kind, turn => Gen.Int[0, int.MaxValue].Sample(turn, iter: 1_000, threads: 1));

    private static void TurnSchemas(string kind, Action<Action<int>> each)
    {
        var database = KnownDatabases.Find(kind);
        using var left = new TestSession(kind);
        using var right = new TestSession(kind);
        each(
            seed =>
            {
                left.Clear();
                right.Clear();
                left.Run([.. SchemaSnapshot.Statements(new RandomSchema(seed, database).Make(), left.Sql.Dialect)]);
                right.Run([.. SchemaSnapshot.Statements(new RandomSchema(seed / 3 + 1, database).Make(), right.Sql.Dialect)]);
                var (before, wanted) = (left.Read(), right.Read());

                try
                {
                    var change = SchemaChange.Between(before, wanted, left.Sql, NoRenames);
                    left.Apply(change.Up);
                    AssertSame(wanted, left.Read(), left.Sql);
                    left.Apply(change.Down);
                    AssertSame(before, left.Read(), left.Sql);
                }
                catch (Exception e)
                {
                    throw new InvalidOperationException($"{seed}: {e.Message}\n-- from\n{SchemaSnapshot.ToText(before, left.Sql.Dialect)}\n-- to\n{SchemaSnapshot.ToText(wanted, left.Sql.Dialect)}", e);
                }
            });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_snapshot_makes_the_same_schema_and_says_the_same_again(string kind)
    {
        using var first = new TestSession(kind);
        using var second = new TestSession(kind);
        first.Run([.. SchemaSnapshot.Statements(new RandomSchema(7, first.Sql.Database).Make(), first.Sql.Dialect)]);
        first.Run("CREATE TABLE z (i integer)", "CREATE VIEW v AS SELECT i FROM z");
        second.Run([.. SchemaSnapshot.Statements(first.Read(), first.Sql.Dialect)]);

        AssertSame(first.Read(), second.Read(), first.Sql);
        Assert.Equal(SchemaSnapshot.ToText(first.Read(), first.Sql.Dialect), SchemaSnapshot.ToText(second.Read(), first.Sql.Dialect));
        Assert.Contains("CREATE VIEW", SchemaSnapshot.ToText(second.Read(), first.Sql.Dialect), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("PostgreSql")]
    [InlineData("MariaDb")]
    public void Chinook_is_made_from_nothing(string kind)
    {
        using var chinook = TestSession.Open($"sqlite:{TestPlaces.Data("chinook.sqlite")}?mode=ro");
        using var model = new TestSession(kind);
        using var target = new TestSession(kind);
        model.Make(DatabaseSchema.Read(chinook, null, CancellationToken.None), chinook.Database);
        var change = SchemaChange.Between(target.Read(), model.Read(), target.Sql, NoRenames);

        Assert.DoesNotContain(change.Up, s => s.Destroys is not null);
        target.Apply(change.Up);
        AssertSame(model.Read(), target.Read(), target.Sql);
        target.Apply(change.Down);
        Assert.Empty(target.Read().Tables);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Renamings_are_proposed_and_made_only_when_told(string kind)
    {
        using var left = new TestSession(kind);
        using var right = new TestSession(kind);
        left.Run("CREATE TABLE people (id integer PRIMARY KEY, mail text CHECK (mail <> ''), age integer)", "CREATE TABLE pets (id integer PRIMARY KEY, owner integer REFERENCES people (id))", "CREATE INDEX by_mail ON people (mail)");
        left.Run("INSERT INTO people VALUES (1, 'a@b', 30)", "INSERT INTO pets VALUES (1, 1)");
        right.Run("CREATE TABLE persons (id integer PRIMARY KEY, mail text CHECK (mail <> ''), age integer)", "CREATE TABLE pets (id integer PRIMARY KEY, keeper integer REFERENCES persons (id))", "CREATE INDEX by_mail ON persons (mail)");

        var guess = SchemaChange.Between(left.Read(), right.Read(), left.Sql, NoRenames);
        Assert.Contains(guess.Up, s => s.Destroys == "the table people");
        Assert.Equal(["'people' = 'persons'", "'pets.owner' = 'keeper'"], guess.Comparison.Candidates.Select(c => c.ToString()));

        var change = SchemaChange.Between(left.Read(), right.Read(), left.Sql, new Dictionary<string, string> { ["people"] = "persons", ["pets.owner"] = "keeper" });
        Assert.Equal(2, change.Up.Count);
        left.Apply(change.Up);
        AssertSame(right.Read(), left.Read(), left.Sql);
        Assert.Equal(["a@b"], left.Sql.Query("SELECT mail FROM persons JOIN pets ON keeper = persons.id", r => r.GetString(0), CancellationToken.None));
        left.Apply(change.Down);
        Assert.Equal(["owner"], left.Table("pets").ForeignKeys.Single().Columns);
    }

    /// <summary>With foreign keys on, dropping the old table would delete the rows of its children.</summary>
    [Fact]
    public void A_rebuild_in_Sqlite_keeps_children_triggers_views_and_numbers()
    {
        using var left = new TestSession("Sqlite");
        using var right = new TestSession("Sqlite");
        left.Run(
            "CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT, gone TEXT)", "CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p (id) ON DELETE CASCADE)", "CREATE TABLE log (t TEXT)",
            "CREATE VIEW v AS SELECT a FROM p", "CREATE TRIGGER tr AFTER UPDATE ON p BEGIN INSERT INTO log VALUES (new.a); END", "CREATE INDEX i ON p (a)",
            "INSERT INTO p VALUES (1, 'x', 'y'), (9, 'z', 'y')", "INSERT INTO c VALUES (1, 1)", "DELETE FROM p WHERE id = 9");
        right.Run("CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT NOT NULL DEFAULT 'n')", "CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p (id) ON DELETE CASCADE)", "CREATE TABLE log (t TEXT)", "CREATE INDEX i ON p (a)");
        var change = SchemaChange.Between(left.Read(), right.Read(), left.Sql, NoRenames);

        Assert.Equal(["the values of p.gone"], change.Up.Select(s => s.Destroys).OfType<string>());
        Assert.Equal((StatementPhase.Before, StatementPhase.After), (change.Up[0].Phase, change.Up[^1].Phase));
        left.Apply(change.Up);
        left.Run("UPDATE p SET a = 'w'", "INSERT INTO p (a) VALUES ('next')");
        Assert.Equal(["1", "w", "10", "1"], Texts(left, "SELECT count(*) FROM c UNION ALL SELECT t FROM log UNION ALL SELECT max(id) FROM p UNION ALL SELECT count(*) FROM v WHERE a = 'w'"));
        AssertSame(right.Read(), left.Read(), left.Sql);

        // The script as text does the same by itself.
        left.Run(SchemaChange.ToText(change.Down));
        Assert.Equal(["1"], Texts(left, "SELECT count(*) FROM c"));
        Assert.NotNull(left.Table("p").Find("gone"));
    }

    [Fact]
    public void A_key_that_would_point_to_nothing_undoes_the_rebuild()
    {
        using var left = new TestSession("Sqlite");
        using var right = new TestSession("Sqlite");
        left.Run("CREATE TABLE p (id INTEGER PRIMARY KEY)", "CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER)", "INSERT INTO c VALUES (1, 5)");
        right.Run("CREATE TABLE p (id INTEGER PRIMARY KEY)", "CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p (id))");
        var change = SchemaChange.Between(left.Read(), right.Read(), left.Sql, NoRenames);

        Assert.Contains("foreign keys point to rows that are not there", Assert.ThrowsAny<Exception>(() => left.Apply(change.Up)).Message, StringComparison.Ordinal);
        Assert.Equal(["1 5"], Texts(left, "SELECT id || ' ' || p FROM c"));
    }

    [Fact]
    public void PostgreSql_keeps_the_rows_of_what_changes()
    {
        using var left = new TestSession("PostgreSql");
        using var right = new TestSession("PostgreSql");
        left.Run(
            "CREATE TYPE mood AS ENUM ('sad', 'ok')", "CREATE TABLE t (id int PRIMARY KEY, n int DEFAULT 3, s varchar(9) DEFAULT '5', m mood DEFAULT 'ok', b bool, g int GENERATED ALWAYS AS (n * 2) STORED)",
            "INSERT INTO t VALUES (5, 7, '8', 'sad', true)", "CREATE TABLE c (t int REFERENCES t)", "INSERT INTO c VALUES (5)");
        right.Run(
            "CREATE TYPE mood AS ENUM ('ok', 'happy', 'sad')", "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n bigint DEFAULT 4, s int DEFAULT 6, m mood NOT NULL DEFAULT 'happy', b int, g int GENERATED ALWAYS AS (n * 3) STORED)",
            "CREATE TABLE c (t bigint REFERENCES t)", "COMMENT ON TABLE t IS 'it''s t'");
        var change = SchemaChange.Between(left.Read(), right.Read(), left.Sql, NoRenames);
        left.Apply(change.Up);

        AssertSame(right.Read(), left.Read(), left.Sql);
        Assert.Equal(["5 7 8 sad 1 21"], Texts(left, "SELECT concat_ws(' ', id, n, s, m, b, g) FROM t"));
        Assert.Equal(["6"], Texts(left, "INSERT INTO t DEFAULT VALUES RETURNING id"));
        Assert.Contains(change.Up, s => s.Destroys?.Contains("values of s", StringComparison.Ordinal) == true);
        Assert.DoesNotContain(change.Up, s => s.Destroys?.Contains("values of n", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void PostgreSql_writes_longer_texts_not_anew_and_cuts_none()
    {
        using var left = new TestSession("PostgreSql");
        using var right = new TestSession("PostgreSql");
        left.Run("CREATE TABLE t (a varchar(5), b varchar(5))", "INSERT INTO t VALUES ('abc', 'abc')");
        right.Run("CREATE TABLE t (a varchar(9), b text)");
        var change = SchemaChange.Between(left.Read(), right.Read(), left.Sql, NoRenames);
        var file = Texts(left, "SELECT pg_relation_filenode('t')::text").Single();
        left.Apply(change.Up);
        Assert.Equal([file], Texts(left, "SELECT pg_relation_filenode('t')::text"));

        left.Run("UPDATE t SET a = 'abcdefgh'");
        Assert.Contains("value too long", Assert.ThrowsAny<Exception>(() => left.Apply(change.Down)).Message, StringComparison.Ordinal);
        left.Run("UPDATE t SET a = 'abcde'");
        left.Apply(change.Down);
        Assert.Equal(["abcde abc"], Texts(left, "SELECT a || ' ' || b FROM t"));
    }

    /// <summary>A check of a column goes only with a new definition of it, and json has a collation that must not be said.</summary>
    [Fact]
    public void MariaDb_has_checks_of_columns_and_json()
    {
        using var left = new TestSession("MariaDb");
        using var right = new TestSession("MariaDb");
        left.Run("CREATE TABLE t (id int PRIMARY KEY, a int CHECK (a > 0), b int CHECK (b > 1), c int CHECK (c > 2), d int, e json)");
        right.Run("CREATE TABLE t (id int PRIMARY KEY, a int, b bigint CHECK (b > 1), c int CHECK (c > 3), d int CHECK (d > 4), e json NOT NULL, f json COMMENT 'x', g int DEFAULT 7 CHECK (g > 5), CONSTRAINT h CHECK (a > 6 OR b > 6))");
        var change = SchemaChange.Between(left.Read(), right.Read(), left.Sql, NoRenames);
        left.Apply(change.Up);

        AssertSame(right.Read(), left.Read(), left.Sql);
        Assert.ThrowsAny<Exception>(() => left.Run("INSERT INTO t (id, b, e) VALUES (1, 1, '{}')"));
        Assert.ThrowsAny<Exception>(() => left.Run("INSERT INTO t (id, e) VALUES (1, '{')"));
        left.Apply(change.Down);
        Assert.Equal(["a", "b", "c"], left.Table("t").Checks.Select(c => c.Column));
        Assert.Equal("json", left.Table("t").Find("e")!.NativeType);
        right.Clear();
        right.Run([.. SchemaSnapshot.Statements(left.Read(), left.Sql.Dialect)]);
        AssertSame(left.Read(), right.Read(), left.Sql);
        var renamed = SchemaChange.Between(left.Read(), right.Read() with { Tables = [.. right.Read().Tables.Select(t => t with { Columns = [.. t.Columns.Select(c => c.Name == "a" ? c with { Name = "z" } : c)], Checks = [.. t.Checks.Where(c => c.Column != "a")] })] }, left.Sql, new Dictionary<string, string> { ["t.a"] = "z" });
        left.Apply(renamed.Up);
        Assert.Equal(["b", "c"], left.Table("t").Checks.Select(c => c.Column));
    }

    /// <summary>The model numbers its constraints from one, and the database has its own numbers.</summary>
    [Theory]
    [InlineData("MariaDb")]
    [InlineData("PostgreSql")]
    public void Names_that_the_database_made_up_do_not_collide(string kind)
    {
        using var left = new TestSession(kind);
        using var right = new TestSession(kind);
        left.Run("CREATE TABLE p (id int PRIMARY KEY)", "CREATE TABLE t (a int, b int, FOREIGN KEY (b) REFERENCES p (id), CHECK (a + b > 2))");
        right.Run("CREATE TABLE p (id int PRIMARY KEY)", "CREATE TABLE t (a int, b int, FOREIGN KEY (a) REFERENCES p (id), FOREIGN KEY (b) REFERENCES p (id), CHECK (a + b > 1), CHECK (a + b > 2))");
        var change = SchemaChange.Between(left.Read(), right.Read(), left.Sql, NoRenames);
        left.Apply(change.Up);

        AssertSame(right.Read(), left.Read(), left.Sql);
        left.Apply(change.Down);
        Assert.Equal((1, 1), (left.Table("t").ForeignKeys.Count, left.Table("t").Checks.Count));
    }

    [Fact]
    public void What_an_enumeration_is_written_into_goes_over_to_the_new_one()
    {
        using var left = new TestSession("PostgreSql");
        using var right = new TestSession("PostgreSql");
        const string Table = "CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'ok', a mood[] DEFAULT '{ok}', CONSTRAINT c CHECK (m <> 'sad'), CHECK (id > 0))";
        string[] indexes = ["CREATE INDEX i ON t (id) WHERE m = 'ok'", "CREATE INDEX e ON t ((m = 'ok'))", "CREATE UNIQUE INDEX u ON t (m)"];
        left.Run(["CREATE TYPE mood AS ENUM ('sad', 'ok', 'odd')", Table, .. indexes, "INSERT INTO t VALUES (1, 'ok', '{ok,sad}')"]);
        right.Run(["CREATE TYPE mood AS ENUM ('ok', 'sad')", Table, .. indexes]);
        var change = SchemaChange.Between(left.Read(), right.Read(), left.Sql, NoRenames);
        left.Apply(change.Up);

        AssertSame(right.Read(), left.Read(), left.Sql);
        Assert.Equal(["ok {ok,sad}"], Texts(left, "SELECT m || ' ' || a::text FROM t"));
        Assert.ThrowsAny<Exception>(() => left.Run("INSERT INTO t VALUES (2, 'sad', NULL)"));
        left.Apply(change.Down);
        Assert.Equal(["sad", "ok", "odd"], left.Read().Enums.Single().Values);
    }

    [Fact]
    public void A_schema_that_is_not_there_is_made()
    {
        using var left = new TestSession("PostgreSql");
        using var right = new TestSession("PostgreSql");
        right.Run("CREATE SCHEMA \"s 2\"", "CREATE TYPE \"s 2\".mood AS ENUM ('ok')", "CREATE TABLE \"s 2\".x (id int PRIMARY KEY, m \"s 2\".mood)", "CREATE TABLE y (x int REFERENCES \"s 2\".x)");
        var change = SchemaChange.Between(left.Read(), right.Read(), left.Sql, NoRenames);
        left.Apply(change.Up);

        AssertSame(right.Read(), left.Read(), left.Sql);
        left.Apply(change.Down);
        Assert.Empty(left.Read().Tables);
        left.Run("DROP SCHEMA \"s 2\"");
        left.Run([.. SchemaSnapshot.Statements(right.Read(), right.Sql.Dialect)]);
        AssertSame(right.Read(), left.Read(), left.Sql);
    }

    [Fact]
    public void New_values_of_an_enumeration_are_added_without_rewriting()
    {
        using var left = new TestSession("PostgreSql");
        using var right = new TestSession("PostgreSql");
        left.Run("CREATE TYPE mood AS ENUM ('b', 'd')", "CREATE TABLE t (m mood)");
        right.Run("CREATE TYPE mood AS ENUM ('a', 'b', 'c', 'd', 'it''s')", "CREATE TABLE t (m mood)");
        var change = SchemaChange.Between(left.Read(), right.Read(), left.Sql, NoRenames);

        Assert.Equal(["ALTER TYPE \"mood\" ADD VALUE 'a' BEFORE 'b'", "ALTER TYPE \"mood\" ADD VALUE 'c' AFTER 'b'", "ALTER TYPE \"mood\" ADD VALUE 'it''s' AFTER 'd'"], change.Up.Select(s => s.Sql));
        left.Apply(change.Up);
        AssertSame(right.Read(), left.Read(), left.Sql);
        left.Apply(change.Down);
        Assert.Equal(["b", "d"], left.Read().Enums.Single().Values);
    }

    [Fact]
    public void Databases_of_two_kinds_are_the_same_after_a_translation_and_differ_where_they_do()
    {
        using var chinook = TestSession.Open($"sqlite:{TestPlaces.Data("chinook.sqlite")}?mode=ro");
        using var target = new TestSession("PostgreSql");
        var source = DatabaseSchema.Read(chinook, null, CancellationToken.None);
        target.Make(source, chinook.Database);
        var options = new ComparisonOptions { Left = chinook.Dialect, LeftKind = chinook.Database, Right = target.Sql.Dialect, RightKind = target.Sql.Database };
        Assert.Empty(SchemaComparer.Compare(source, target.Read(), options).Differences);

        target.Run("DROP INDEX \"IFK_AlbumArtistId\"", "ALTER TABLE \"Genre\" ALTER \"Name\" TYPE varchar(100), ALTER \"Name\" SET NOT NULL, ALTER \"Name\" SET DEFAULT 'x'", "ALTER TABLE \"Artist\" ADD CHECK (\"ArtistId\" > 0), ADD extra int", "ALTER TABLE \"Album\" DROP CONSTRAINT \"Album_ArtistId_fkey\"");
        Assert.Equal(
            ["Album ForeignKey (ArtistId) -> Artist (ArtistId) -> ", "Album Index (ArtistId) -> ", "Artist Check  -> \"ArtistId\" > 0", "Artist Column  -> int32", "Genre Default  -> 'x'", "Genre Nullability null -> not null", "Genre Type text(120) -> text(100)"],
            SchemaComparer.Compare(source, target.Read(), options).Differences.Select(d => $"{d.Table} {d.Kind} {d.Left} -> {d.Right}").Order(StringComparer.Ordinal));
    }

    private static List<string> Texts(TestSession session, string query) => session.Sql.Query(query, r => Convert.ToString(r.GetValue(0), System.Globalization.CultureInfo.InvariantCulture)!, CancellationToken.None);

    private static void AssertSame(DatabaseSchema expected, DatabaseSchema actual, SqlSession session)
    {
        var options = new ComparisonOptions { Left = session.Dialect, Right = session.Dialect, LeftKind = session.Database, RightKind = session.Database };
        Assert.Empty(SchemaComparer.Compare(expected.Local(), actual.Local(), options).Differences);
    }
}
