using DataTools.Databases;
using DataTools.Errors;
using DataTools.Migrations;

namespace DataTools.Tests.Migrations;

/// <summary>What a file says.</summary>
public sealed class MigrationFileTests : IDisposable
{
    private static readonly IDatabase Sqlite = KnownDatabases.Find("Sqlite");
    private static readonly IDatabase Postgres = KnownDatabases.Find("PostgreSql");

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_not_UTF8_is_refused_and_not_guessed()
    {
        File.WriteAllBytes(_folder["20260101T000000_a.sql"], System.Text.Encoding.Latin1.GetBytes("-- up\nINSERT INTO t VALUES ('a');\nINSERT INTO t VALUES ('größe');\n"));
        var error = Assert.Throws<DataException>(() => MigrationFolder.Read(_folder.Path));
        Assert.Equal(nameof(DataErrors.MigrationMalformed), error.Id);
        Assert.Contains("line 3: the text is not UTF-8", error.Message, StringComparison.Ordinal);

        File.WriteAllText(_folder["20260101T000000_a.sql"], "-- up\nINSERT INTO t VALUES ('größe');\n", System.Text.Encoding.Unicode);
        Assert.Contains("größe", MigrationFolder.Read(_folder.Path).Single().Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Sections_and_options_are_read()
    {
        var file = Read(
            """
            -- Adds an address.
            -- transaction: off
            -- database: postgresql, sqlite
            -- depends: 20260101T000000, 20260101T000001
            -- lock-timeout: 500ms
            -- batch: sales.users by id, 250
            -- variables: schema, size=10
            -- up
            CREATE TABLE ${schema}.t (a varchar(${size}), b text DEFAULT '${other}');
            -- up postgresql
            SELECT 2;
            -- down
            DROP TABLE t;
            -- verify
            SELECT 1 WHERE 1 = 0;
            """);

        Assert.Equal(("20260102T101500", "add_email"), (file.Id, file.Name));
        Assert.False(file.Options.Transaction);
        Assert.Equal(["postgresql", "sqlite"], file.Options.Databases);
        Assert.Equal(["20260101T000000", "20260101T000001"], file.Options.Depends);
        Assert.Equal(TimeSpan.FromMilliseconds(500), file.Options.LockTimeout);
        Assert.Equal(("sales.users", "id", 250), (file.Options.Batch!.Table.ToString(), file.Options.Batch.Key, file.Options.Batch.Size));
        Assert.Contains("SELECT 2", file.Get(SectionKind.Up, Postgres).Text, StringComparison.Ordinal);
        var general = file.Get(SectionKind.Up, Sqlite);
        Assert.Equal("CREATE TABLE app.t (a varchar(10), b text DEFAULT '${other}');", file.Resolve(general, new Dictionary<string, string> { ["schema"] = "app" }).Trim());
        Assert.Equal(9, general.Line);
        Assert.Equal(nameof(DataErrors.MigrationVariableMissing), Assert.Throws<DataException>(() => file.Resolve(general, new Dictionary<string, string>())).Id);
    }

    /// <summary>What stands within a text, a routine or a comment is none of the file's own marks.</summary>
    [Theory]
    [InlineData("-- up\nINSERT INTO t VALUES ('a\n-- down\nb');\n", "Sqlite", "b')")]
    [InlineData("-- up\n/* once\n-- down\n*/\nSELECT 1;\n", "Sqlite", "SELECT 1")]
    [InlineData("-- up\nCREATE FUNCTION f() RETURNS text AS $x$\n-- down\n$x$ LANGUAGE sql;\n", "PostgreSql", "LANGUAGE sql")]
    [InlineData("-- up\nDO $$ BEGIN\n-- check\nEND $$;\n", "PostgreSql", "END $$")]
    [InlineData("-- up\nSELECT E'it\\'s\n-- down\n';\n", "PostgreSql", "';", "-- database: postgresql\n")]
    [InlineData("-- up mysql\nSELECT 'it\\'s\n-- down\n';\n", "MySql", "';")]
    [InlineData("-- up\nSELECT 'it\\'s';\n", "MySql", "'it\\'s'")]
    [InlineData("-- up\nDELIMITER $$\nCREATE TRIGGER a BEGIN END$$\nCREATE TRIGGER b BEGIN END$$\nDELIMITER ;\n", "MySql", "TRIGGER b")]
    [InlineData("-- up\nDELIMITER $$\nCREATE TRIGGER a BEGIN SET @x = '\n-- verify\n'; END$$\nDELIMITER ;\n", "MySql", "DELIMITER ;")]
    [InlineData("-- up\nSELECT 'is never closed;\n", "Sqlite", "never closed")]
    [InlineData("-- up postgresql\nCREATE TABLE csv (\ndelimiter text, a text[] DEFAULT ARRAY['\n-- up\n']);\n", "PostgreSql", "'])")]
    public void A_mark_within_a_text_is_none(string up, string database, string end, string options = "")
    {
        var file = Read($"{options}{up}-- down\nSELECT 2;\n");

        Assert.Equal([SectionKind.Up, SectionKind.Down], file.Sections.Select(s => s.Kind));
        Assert.Contains(end, file.Get(SectionKind.Up, KnownDatabases.Find(database)).Text, StringComparison.Ordinal);
        Assert.Equal("SELECT 2;\n", file.Sections[1].Text);
    }

    [Theory]
    [InlineData("/* Licence\n   -- transaction: on */\n\n-- transaction: off\n-- up\nSELECT 1;\n", true)]
    [InlineData("/* Licence */ /* more\n*/\n-- transaction: off\nSELECT 1;\n", true)]
    [InlineData("/*!40101 SET NAMES utf8 */;\n-- transaction: off\nSELECT 1;\n", false)]
    [InlineData("/* is never closed\n-- transaction: off\n", false)]
    public void A_licence_may_stand_before_the_options(string text, bool off) => Assert.Equal(off, !Read(text).Options.Transaction);

    [Fact]
    public void A_file_without_marks_may_hold_lines_like_them() =>
        Assert.Contains("END", Read("CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $f$\nBEGIN\n-- down\nEND $f$;").Get(SectionKind.Up, Postgres).Text, StringComparison.Ordinal);

    [Fact]
    public void A_file_without_marks_is_its_change() => Assert.Equal("SELECT 1;", Read("SELECT 1;").Get(SectionKind.Up, Sqlite).Text);

    [Theory]
    [InlineData("-- transaction: maybe\n-- up\n", 1)]
    [InlineData("-- ok\n-- database: oracle\n-- up\n", 2)]
    [InlineData("-- lock-timeout: soon\n-- up\n", 1)]
    [InlineData("-- batch: users\n-- up\n", 1)]
    [InlineData("-- ok\nSELECT 1;\n-- up\n", 2)]
    [InlineData("-- up\nSELECT 1;\n-- up oracle\n", 4)]
    [InlineData("-- up\n-- down\n-- up\nSELECT 1;", 3)]
    public void What_is_malformed_is_an_error_with_its_line(string text, int line)
    {
        var error = Assert.Throws<DataException>(() => Read(text));

        Assert.Equal(nameof(DataErrors.MigrationMalformed), error.Id);
        Assert.Contains($", line {line}:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_comment_that_only_begins_like_a_mark_is_none() =>
        Assert.Equal("-- up to here nothing\nSELECT 1;", Read("-- up to here nothing\nSELECT 1;").Get(SectionKind.Up, Sqlite).Text);

    /// <summary>Others' checksums changed with line ends, byte order marks and versions of the tool.</summary>
    [Fact]
    public void The_checksum_counts_the_text_alone()
    {
        var checksum = Read("-- up\nSELECT 1;\n").Checksum;

        Assert.Equal("s1:", checksum[..3]);
        Assert.Equal(checksum, Read("\uFEFF-- up\r\nSELECT 1;\r\n").Checksum);
        Assert.NotEqual(checksum, Read("-- up\nSELECT 2;\n").Checksum);
    }

    [Fact]
    public void Files_are_ordered_and_others_left_alone()
    {
        foreach (var name in new[] { "20260103T000000_c.sql", "20260101000000_a.sql", "R_view.sql", "20260102T000000_b.ps1", "notes.txt", "schema.sql" })
        {
            _folder.Write(name, "SELECT 1;");
        }

        Assert.Equal(["a", "b", "c", "view"], MigrationFolder.Read(_folder.Path).Select(f => f.Name));
    }

    [Fact]
    public void Two_files_with_one_id_are_an_error()
    {
        _folder.Write("20260103T000000_a.sql", "");
        _folder.Write("20260103T000000_b.sql", "");

        Assert.Equal(nameof(DataErrors.MigrationsUnclear), Assert.Throws<DataException>(() => MigrationFolder.Read(_folder.Path)).Id);
    }

    [Fact]
    public void A_new_id_follows_all_others_though_the_clock_went_back()
    {
        _folder.Write("29991231T235958_future.sql", "-- up\n");
        NewMigration.OfSql(_folder.Path, "Add E-Mail!", "SELECT 1", null).Write();

        var added = MigrationFolder.Read(_folder.Path)[^1];
        Assert.Equal(("29991231T235959", "add_e_mail"), (added.Id, added.Name));
        Assert.Equal(["29991231T235958"], added.Options.Depends);
        Assert.Equal("SELECT 1;", added.Get(SectionKind.Up, Sqlite).Text.Trim());
    }

    [Fact]
    public void Heads_are_found_and_merged()
    {
        _folder.Write("20260101T000000_a.sql", "-- up\n");
        _folder.Write("20260102T000000_b.sql", "-- depends: 20260101T000000\n-- up\n");
        _folder.Write("20260103T000000_c.sql", "-- depends: 20260101T000000\n-- up\n");
        Assert.Equal(["20260102T000000", "20260103T000000"], Graph().Heads);
        Assert.Equal(nameof(DataErrors.MigrationHeads), Assert.Throws<DataException>(() => NewMigration.OfSql(_folder.Path, "d", null, null)).Id);

        NewMigration.Merge(_folder.Path, "merge heads").Write();
        Assert.Equal("merge_heads", MigrationFolder.Read(_folder.Path).Single(f => Graph().Heads.Contains(f.Id)).Name);
        Assert.Throws<DataException>(() => NewMigration.Merge(_folder.Path, "again"));
    }

    [Theory]
    [InlineData("20260109T000000", "20260101T000000")]
    [InlineData("20260102T000000", "20260102T000000")]
    public void What_depends_on_nothing_or_on_itself_is_an_error(string first, string second)
    {
        _folder.Write("20260101T000000_a.sql", $"-- depends: {first}\n-- up\n");
        _folder.Write("20260102T000000_b.sql", $"-- depends: {second}\n-- up\n");

        Assert.Equal(nameof(DataErrors.MigrationsUnclear), Assert.Throws<DataException>(Graph).Id);
    }

    [Theory]
    [InlineData("UPDATE t SET a = 1", "UPDATE t SET a = 1\nWHERE \"id\" > 5 AND \"id\" <= 9")]
    [InlineData("UPDATE t SET a = (SELECT 1 FROM u WHERE 1 = 1) WHERE b OR c -- x", "UPDATE t SET a = (SELECT 1 FROM u WHERE 1 = 1) WHERE ( b OR c -- x\n) AND \"id\" > 5 AND \"id\" <= 9")]
    [InlineData("INSERT INTO o SELECT * FROM t WHERE id > ${from} AND id <= ${to}", "INSERT INTO o SELECT * FROM t WHERE id > 5 AND id <= 9")]
    public void A_backfill_is_cut_by_keys(string statement, string expected)
    {
        using var session = (SqlSession)Connector.Open(AddressText.Parse("sqlite::memory:"), CancellationToken.None);
        var batch = new BackfillOptions(new DataTools.Schemas.TableName(null, "t"), "id", 10);

        Assert.Equal(expected, BackfillStatement.Of(new SqlStatement(statement, 0, 1), MigrationTarget.Of(session), batch, "5", "9"));
    }

    private MigrationGraph Graph() => new(MigrationFolder.Read(_folder.Path), new HashSet<string>());

    private MigrationFile Read(string text)
    {
        _folder.Write("20260102T101500_add_email.sql", text);
        return MigrationFolder.Read(_folder.Path).Single();
    }
}
