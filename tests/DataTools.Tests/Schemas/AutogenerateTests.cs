using DataTools.Tests.Databases;

namespace DataTools.Tests.Schemas;

/// <summary>New-DataMigration -Autogenerate as users call it, and what it writes run by Invoke-DataMigration.</summary>
public sealed class AutogenerateTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const string Generate = "$ErrorActionPreference = 'Stop'; New-DataMigration change -Path $args[1] -Autogenerate -Connection $args[0] -Model $args[2]";

    public static TheoryData<string> Kinds => ["Sqlite", "PostgreSql", "MariaDb"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Chinook_is_rebuilt_from_nothing_by_a_generated_migration(string kind)
    {
        using var chinook = TestSession.Open($"sqlite:{TestPlaces.Data("chinook.sqlite")}?mode=ro");
        using var model = new TestSession(kind);
        using var database = TestDatabase.Make(kind);
        using var folder = new TestFolder();
        model.Make(DataTools.Schemas.DatabaseSchema.Read(chinook, null, CancellationToken.None), chinook.Database);
        session.Run(Generate, database.Url, folder["migrations"], model.Url);
        session.Run("Invoke-DataMigration -Path $args[1] -Connection $args[0] -Confirm:$false", database.Url, folder["migrations"]);

        Assert.Empty(session.Values("Compare-DataSchema $args[0] $args[1] | Where-Object Table -notlike '*datatools*'", model.Url, database.Url));
        Assert.StartsWith("SchemaUnchanged,", session.Error(Generate, database.Url, folder["migrations"], model.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
        session.Run("Undo-DataMigration -Path $args[1] -Connection $args[0] -Steps 1 -Confirm:$false", database.Url, folder["migrations"]);
        Assert.Equal([0], session.Values("@(Get-DataTable -Connection $args[0] | Where-Object Name -notlike 'datatools*').Count", database.Url));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_destroys_must_be_allowed_and_renamings_answered(string kind)
    {
        using var database = TestDatabase.Make(kind);
        using var folder = new TestFolder();
        TestDatabase.Run(session, database.Url, "CREATE TABLE people (id integer PRIMARY KEY, mail text, age integer); INSERT INTO people VALUES (1, 'a@b', 3)");
        var model = folder.Write("schema.sql", "CREATE TABLE people (id integer PRIMARY KEY, email text NOT NULL, age bigint);\n");

        var error = session.Error(Generate, database.Url, folder["m"], model);
        Assert.StartsWith("DestructiveChange,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("-Rename @{ 'people.mail' = 'email' }", error.ToString(), StringComparison.Ordinal);

        session.Run(Generate + " -Rename @{ 'people.mail' = 'email' }", database.Url, folder["m"], model);
        var text = File.ReadAllText(Assert.Single(Directory.GetFiles(folder["m"])));
        Assert.DoesNotContain("-- destroys", text[..text.IndexOf("-- down", StringComparison.Ordinal)], StringComparison.Ordinal);
        session.Run("Invoke-DataMigration -Path $args[1] -Connection $args[0] -Confirm:$false", database.Url, folder["m"]);
        Assert.Equal(["1 a@b 3"], session.Values("Import-DataTable people -Connection $args[0] | ForEach-Object { \"$($_.id) $($_.email) $($_.age)\" }", database.Url));
        session.Run("Undo-DataMigration -Path $args[1] -Connection $args[0] -Steps 1 -Confirm:$false", database.Url, folder["m"]);
        Assert.Equal(["a@b"], session.Values("(Import-DataTable people -Connection $args[0]).mail", database.Url));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_model_may_be_the_schema_after_all_migrations(string kind)
    {
        using var database = TestDatabase.Make(kind);
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder["other"]);
        folder.Write("other/20260101T000000_one.sql", "-- up\nCREATE TABLE a (id integer PRIMARY KEY, n integer);\n-- down\nDROP TABLE a;\n");
        folder.Write("other/20260102T000000_two.sql", "-- expand\nALTER TABLE a ADD COLUMN m integer;\n-- contract\nALTER TABLE a DROP COLUMN n;\n");
        session.Run(Generate, database.Url, folder["m"], folder["other"]);
        session.Run("Invoke-DataMigration -Path $args[1] -Connection $args[0] -Confirm:$false", database.Url, folder["m"]);

        Assert.Equal(["1 2"], session.Values("Invoke-DataQuery 'INSERT INTO a (id, m) VALUES (1, 2)' -Connection $args[0] -NonQuery | Out-Null; Import-DataTable a -Connection $args[0] | ForEach-Object { \"$($_.PSObject.Properties.Value)\" }", database.Url));
        Assert.StartsWith("SchemaUnchanged,", session.Error(Generate, database.Url, folder["m"], folder["other"]).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void The_model_may_be_a_dump_whose_views_and_sequences_are_named_as_not_written()
    {
        using var database = TestDatabase.Make("PostgreSql");
        using var folder = new TestFolder();
        var model = folder.Write(
            "dump.sql",
            "\\restrict abc\n\nSET lock_timeout = 0;\nSELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.t (id integer NOT NULL);\n"
            + "CREATE VIEW public.v AS SELECT id FROM public.t;\nCREATE SEQUENCE public.s;\nALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);\n\\unrestrict abc\n");
        var warnings = session.Values(Generate + " -WarningVariable warned 3> $null | Out-Null; $warned.Message", database.Url, folder["m"], model).Cast<string>().ToList();

        Assert.Equal(["Sequence public.s", "View public.v"], warnings.Select(w => w[(w.IndexOf(": ", StringComparison.Ordinal) + 2)..w.IndexOf(", which", StringComparison.Ordinal)]));
        session.Run("Invoke-DataMigration -Path $args[1] -Connection $args[0] -Confirm:$false", database.Url, folder["m"]);
        Assert.Equal(["t"], session.Values("(Get-DataTable -Connection $args[0] | Where-Object Name -notlike 'datatools*').Name", database.Url));
    }

    /// <summary>A history under a name of one's own is no table that the model lacks.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_history_is_known_under_any_name(string kind)
    {
        using var database = TestDatabase.Make(kind);
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder["m"]);
        folder.Write("m/20260101T000000_a.sql", "CREATE TABLE a (id int);");
        session.Run("Invoke-DataMigration -Path $args[1] -Connection $args[0] -HistoryTable applied -Confirm:$false", database.Url, folder["m"]);

        Assert.StartsWith("SchemaUnchanged,", session.Error(Generate, database.Url, folder["m"], folder.Write("s.sql", "CREATE TABLE a (id int);")).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Views_that_read_what_changes_are_named()
    {
        using var database = TestDatabase.Make("PostgreSql");
        using var folder = new TestFolder();
        TestDatabase.Run(session, database.Url, "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE t (id int, m varchar(5), e mood); CREATE VIEW vm AS SELECT m FROM t; CREATE VIEW ve AS SELECT e FROM t; CREATE VIEW vi AS SELECT id FROM t");
        var model = folder.Write(
            "s.sql", "CREATE TYPE mood AS ENUM ('b'); CREATE TABLE t (id int, m varchar(9), e mood); CREATE VIEW vm AS SELECT m FROM t; CREATE VIEW ve AS SELECT e FROM t; CREATE VIEW vi AS SELECT id FROM t;");

        Assert.Equal(
            ["View public.ve", "View public.vm"],
            session.Values(Generate + " -AllowDestructive -WarningVariable warned 3> $null | Out-Null; $warned.Message -match 'reads what changes' -replace ' reads.*'", database.Url, folder["m"], model));
    }

    [Fact]
    public void WhatIf_writes_no_file()
    {
        using var database = TestDatabase.Make("Sqlite");
        using var folder = new TestFolder();
        session.Run(Generate + " -WhatIf", database.Url, folder["m"], folder.Write("s.sql", "CREATE TABLE t (i integer);"));
        Assert.False(Directory.Exists(folder["m"]));
    }
}
