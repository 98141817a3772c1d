using DataTools.Errors;
using DataTools.Migrations;
using DataTools.Migrations.Adopt;

namespace DataTools.Tests.Migrations;

/// <summary>Folders and histories of other tools, in the forms that their documentation shows.</summary>
public sealed class MigrationAdoptTests
{
    public static TheoryData<string, string> Tools
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var kind in MigrationSandbox.Kinds)
            {
                foreach (var tool in Enum.GetNames<MigrationTool>())
                {
                    data.Add(kind, tool);
                }
            }

            return data;
        }
    }

    /// <summary>Three migrations; the history says that two are applied.</summary>
    /// <summary>To other tools such comments say nothing.</summary>
    [Fact]
    public void A_way_back_of_another_tool_may_have_comments_that_look_like_marks()
    {
        using var box = new MigrationSandbox("Sqlite");
        File.WriteAllText(Path.Combine(box.Folder, "V1__a.sql"), "-- up\nCREATE TABLE a (t text);\n-- down\n");
        File.WriteAllText(Path.Combine(box.Folder, "U1__a.sql"), "-- down\nCREATE TABLE b AS SELECT '\n-- down\n' AS t;\n-- down\nDROP TABLE a;\n-- check\n");
        box.Invoke();
        box.Undo();
        Assert.Equal("\n-- down\n", box.Ask("SELECT t FROM b"));
        Assert.False(box.HasTable("a"));
    }

    /// <summary>What alembic has not applied must not be taken for applied because it stands in one file with what it has.</summary>
    [Fact]
    public void Revisions_of_alembic_that_the_database_has_not_are_not_recorded()
    {
        using var box = new MigrationSandbox("Sqlite");
        box.Run("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)");
        box.Run("INSERT INTO alembic_version VALUES ('b2')");
        var path = box.Write(1, "all", "-- Running upgrade  -> a1\nCREATE TABLE a (i int);\n-- Running upgrade a1 -> b2\nCREATE TABLE b (i int);\n-- Running upgrade b2 -> c3\nCREATE TABLE c (i int);\n");
        var error = Assert.Throws<DataException>(() => box.Engine.Baseline(MigrationTool.Alembic, CancellationToken.None).ToList());
        Assert.Contains("the database has (a1, b2) and others that it has not (c3)", error.Message, StringComparison.Ordinal);

        File.WriteAllText(path, "-- Running upgrade  -> a1\nCREATE TABLE a (i int);\n-- Running upgrade a1 -> b2\nCREATE TABLE b (i int);\n");
        box.Write(2, "branch", "-- Running upgrade a1 -> x1\nCREATE TABLE x (i int);\n");
        box.Write(3, "rest", "-- Running upgrade b2, x1 -> c3\nCREATE TABLE c (i int);\n");
        Assert.Equal(["all"], box.Engine.Baseline(MigrationTool.Alembic, CancellationToken.None).Select(i => i.Name));
    }

    [Theory]
    [MemberData(nameof(Tools))]
    public void A_folder_is_run_as_it_is_and_taken_over_from_the_history(string kind, string tool)
    {
        var from = Enum.Parse<MigrationTool>(tool);
        using var fresh = new MigrationSandbox(kind);
        Write(fresh, from);
        Assert.Equal(3, fresh.Invoke().Count);
        Assert.True(fresh.HasTable("one") && fresh.HasTable("two") && fresh.HasTable("three"));
        Assert.Empty(fresh.Invoke());
        if (from != MigrationTool.Alembic)
        {
            Assert.Single(fresh.Undo());
            Assert.False(fresh.HasTable("three"));
        }

        using var box = new MigrationSandbox(kind);
        Write(box, from);
        foreach (var statement in History(from))
        {
            box.Run(statement);
        }

        Assert.Equal(2, box.Engine.Baseline(from, CancellationToken.None).Count());
        Assert.Single(box.Invoke());
        Assert.Equal((false, true), (box.HasTable("two"), box.HasTable("three")));
        // Files of our own come after those that were taken over.
        NewMigration.OfSql(box.Folder, "four", "CREATE TABLE four (id int)", "DROP TABLE four").Write();
        Assert.Equal(["four"], box.Invoke().Select(i => i.Name));
    }

    [Fact]
    public void Versions_are_ordered_by_their_numbers()
    {
        using var box = new MigrationSandbox("Sqlite");
        foreach (var version in new[] { "1.10", "1.9", "2", "1_2" })
        {
            Write(box, $"V{version}__v.sql", "SELECT 1;");
        }

        Assert.Equal(["1.2", "1.9", "1.10", "2"], MigrationFolder.Read(box.Folder).Select(f => f.Id));
    }

    [Fact]
    public void What_cannot_be_run_as_it_is_is_refused()
    {
        using var box = new MigrationSandbox("Sqlite");
        Write(box, "a.sql", "--liquibase formatted sql\n--changeset ada:1\n--preconditions onFail:HALT\nSELECT 1;\n");
        var error = Assert.Throws<DataException>(() => box.Status());
        Assert.Equal((nameof(DataErrors.MigrationMalformed), true), (error.Id, error.Message.Contains("line 3", StringComparison.Ordinal)));
    }

    [Fact]
    public void Attributes_of_changesets_count()
    {
        using var box = new MigrationSandbox("Sqlite");
        Write(
            box,
            "a.sql",
            "--liquibase formatted sql\n--changeset ada:1 dbms:postgresql\nnonsense;\n--changeset ada:2 runInTransaction:false\nVACUUM;\n--rollback not required\n--changeset ada:3 splitStatements:false\nCREATE TABLE t (a text DEFAULT ';');\n--changeset ada:4 runOnChange:true\nDROP VIEW IF EXISTS v;\nCREATE VIEW v AS SELECT 1 AS n;\n");

        Assert.Equal(["ada:2", "ada:3", "ada:4"], box.Invoke().Select(i => i.Id));
    }

    [Fact]
    public void A_history_that_is_in_trouble_is_not_taken_over()
    {
        using var box = new MigrationSandbox("Sqlite");
        Write(box, MigrationTool.GolangMigrate);
        Assert.Equal(nameof(DataErrors.TableNotFound), Assert.Throws<DataException>(() => box.Engine.Baseline(MigrationTool.Flyway, CancellationToken.None).ToList()).Id);
        box.Run("CREATE TABLE schema_migrations (version bigint, dirty boolean)");
        box.Run("INSERT INTO schema_migrations VALUES (2, 1)");
        Assert.Contains("dirty", Assert.Throws<DataException>(() => box.Engine.Baseline(MigrationTool.GolangMigrate, CancellationToken.None).ToList()).Message, StringComparison.Ordinal);
        Assert.False(box.HasTable("datatools_migration"));
    }

    private static void Write(MigrationSandbox box, MigrationTool tool)
    {
        string[] names = ["one", "two", "three"];
        for (var i = 0; i < names.Length; i++)
        {
            var up = $"CREATE TABLE {names[i]} (id int);\n";
            var down = $"DROP TABLE {names[i]};\n";
            switch (tool)
            {
                case MigrationTool.Flyway:
                    Write(box, $"V{i + 1}__create_{names[i]}.sql", up);
                    Write(box, $"U{i + 1}__create_{names[i]}.sql", down);
                    break;
                case MigrationTool.Dbmate:
                    Write(box, $"2015112721225{i}_create_{names[i]}.sql", $"-- migrate:up transaction:false\n{up}\n-- migrate:down\n{down}");
                    break;
                case MigrationTool.Goose:
                    Write(box, $"0000{i + 1}_create_{names[i]}.sql", $"-- +goose Up\n-- +goose StatementBegin\n{up}-- +goose StatementEnd\n\n-- +goose Down\n{down}");
                    break;
                case MigrationTool.GolangMigrate:
                    Write(box, $"00000{i + 1}_create_{names[i]}.up.sql", up);
                    Write(box, $"00000{i + 1}_create_{names[i]}.down.sql", down);
                    break;
                case MigrationTool.Liquibase:
                    File.AppendAllText(Path.Combine(box.Folder, "changelog.sql"), (i == 0 ? "--liquibase formatted sql\n\n" : "") + $"--changeset ada:create-{names[i]}\n--comment: makes a table\n{up}--rollback {down}\n");
                    break;
                default:
                    box.Write(i + 1, $"from_alembic_{i}", $"-- Running upgrade {(i == 0 ? "" : $"a{i - 1}e1")} -> a{i}e1\n-- up\n{up}");
                    break;
            }
        }
    }

    private static string[] History(MigrationTool tool) => tool switch
    {
        MigrationTool.Flyway =>
        [
            "CREATE TABLE flyway_schema_history (installed_rank int, version varchar(50), description varchar(200), type varchar(20), script varchar(1000), checksum int, installed_by varchar(100), installed_on varchar(50), execution_time int, success boolean)",
            "INSERT INTO flyway_schema_history VALUES (1, '1', 'create one', 'SQL', 'V1__create_one.sql', 1, 'ada', 'now', 1, true), (2, '2', 'create two', 'SQL', 'V2__create_two.sql', 1, 'ada', 'now', 1, true)",
        ],
        MigrationTool.Dbmate => ["CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY)", "INSERT INTO schema_migrations VALUES ('20151127212250'), ('20151127212251')"],
        MigrationTool.Goose =>
        [
            "CREATE TABLE goose_db_version (id int PRIMARY KEY, version_id bigint, is_applied boolean, tstamp varchar(50))",
            "INSERT INTO goose_db_version VALUES (1, 0, true, 'x'), (2, 1, true, 'x'), (3, 2, true, 'x'), (4, 3, true, 'x'), (5, 3, false, 'x')",
        ],
        MigrationTool.GolangMigrate => ["CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean)", "INSERT INTO schema_migrations VALUES (2, false)"],
        MigrationTool.Liquibase =>
        [
            "CREATE TABLE databasechangelog (id varchar(255), author varchar(255), filename varchar(255))",
            "INSERT INTO databasechangelog VALUES ('create-one', 'ada', 'changelog.sql'), ('create-two', 'ada', 'changelog.sql')",
        ],
        _ => ["CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)", "INSERT INTO alembic_version VALUES ('a1e1')"],
    };

    private static void Write(MigrationSandbox box, string name, string text) => File.WriteAllText(Path.Combine(box.Folder, name), text);
}
