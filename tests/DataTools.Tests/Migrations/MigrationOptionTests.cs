using DataTools.Errors;
using DataTools.Tests.Databases;

namespace DataTools.Tests.Migrations;

/// <summary>The schema's file, replicas that are waited for, and round trips that tell of more than tables.</summary>
public sealed class MigrationOptionTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const string Run = "-Path $args[0] -Connection $args[1] -SchemaPath $args[2] -Confirm:$false";

    public static TheoryData<string> Kinds => ["Sqlite", "PostgreSql", "MariaDb"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_schema_is_written_after_each_run_and_makes_the_same(string kind)
    {
        using var box = new MigrationSandbox(kind);
        using var folder = new TestFolder();
        var file = folder["schema.sql"];
        box.Write(1, "a", "-- up\nCREATE TABLE b (id integer PRIMARY KEY);\nCREATE TABLE a (id integer PRIMARY KEY, b integer REFERENCES b (id));\nCREATE VIEW v AS SELECT id FROM a;\n-- down\nDROP VIEW v;\nDROP TABLE a;\nDROP TABLE b;\n");
        session.Run("Invoke-DataMigration -WhatIf " + Run, box.Folder, box.Url, file);
        Assert.False(File.Exists(file));
        session.Run("Invoke-DataMigration " + Run, box.Folder, box.Url, file);
        var text = File.ReadAllText(file);
        Assert.Contains("VIEW", text, StringComparison.Ordinal);
        Assert.DoesNotContain("datatools_migration", text, StringComparison.Ordinal);
        Assert.Empty(session.Values("Compare-DataSchema $args[0] $args[1] | Where-Object Table -notlike '*datatools*'", file, box.Url));

        session.Run("Undo-DataMigration -Steps 1 " + Run, box.Folder, box.Url, file);
        Assert.Equal("", File.ReadAllText(file));
        session.Run("Invoke-DataMigration " + Run, box.Folder, box.Url, file);
        Assert.Equal(text, File.ReadAllText(file));
    }

    [Fact]
    public void A_backfill_asks_how_far_replicas_are_behind_where_the_database_tells()
    {
        const string Fill = "-- batch: a by id, 1\n-- expand\nSELECT 1;\n-- backfill\nUPDATE a SET b = 1;\n-- contract\nSELECT 1;\n";
        foreach (var kind in (string[])["PostgreSql", "Sqlite"])
        {
            using var box = new MigrationSandbox(kind);
            box.Run("CREATE TABLE a (id integer PRIMARY KEY, b integer)");
            box.Run("INSERT INTO a VALUES (1, 0), (2, 0)");
            box.Write(1, "a", Fill);
            box.Options = box.Options with { MaxReplicaLag = TimeSpan.FromSeconds(1) };
            if (kind == "Sqlite")
            {
                Assert.Contains("MaxReplicaLag", Assert.Throws<DataException>(() => box.Invoke()).Message, StringComparison.Ordinal);
            }
            else
            {
                box.Invoke();
                Assert.Equal("2", box.Ask("SELECT sum(b) FROM a"));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_view_that_is_left_over_is_found_by_a_round_trip(string kind)
    {
        using var database = TestDatabase.Make(kind);
        using var folder = new TestFolder();
        folder.Write("20260101T000000_a.sql", "-- up\nCREATE TABLE a (id integer);\nDROP VIEW IF EXISTS v;\nCREATE VIEW v AS SELECT 1 AS id;\n-- down\nDROP TABLE a;\n");
        Assert.Contains("View", string.Join('\n', session.Values("(Test-DataMigration -RoundTrip -Path $args[0] -Connection $args[1]).Reason", folder.Path, database.Url)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_way_back_without_its_file_may_hold_lines_that_look_like_marks()
    {
        using var box = new MigrationSandbox("PostgreSql");
        box.Run("CREATE TABLE told (what text)");
        var path = box.Write(1, "a", "-- up\nSELECT 1;\n-- down postgresql\nINSERT INTO told VALUES (E'it\\'s\n-- down\n');\nDO $$ BEGIN\n-- check\nINSERT INTO told VALUES ('x'); END $$;\n");
        box.Invoke();
        File.Delete(path);
        box.Undo();
        Assert.Equal("it's\n-- down\n,x", box.Ask("SELECT what FROM told"));
    }
}
