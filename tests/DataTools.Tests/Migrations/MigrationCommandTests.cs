using DataTools.Tests.Databases;

namespace DataTools.Tests.Migrations;

/// <summary>The commands as users call them.</summary>
public sealed class MigrationCommandTests(PowerShellSession session) : IClassFixture<PowerShellSession>, IDisposable
{
    private const string Setup =
        """
        $target = @{ Path = "$($args[0])/migrations"; Connection = "sqlite:$($args[0])/test.db" }
        $null = New-DataMigration 'create users' -Path $target.Path -Up 'CREATE TABLE users (id integer PRIMARY KEY, name text)' -Down 'DROP TABLE users'
        $null = New-DataMigration 'add email' -Path $target.Path -Up 'ALTER TABLE users ADD COLUMN email text' -Down 'ALTER TABLE users DROP COLUMN email'

        """;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_if_changes_nothing_and_a_run_gives_what_it_did()
    {
        Assert.Equal(["Pending", "Pending"], Values("Invoke-DataMigration @target -WhatIf; (Get-DataMigration @target).Status | ForEach-Object { \"$_\" }"));
        Assert.Equal(["create_users Applied", "add_email Applied", "create_users"], Values(
            "Invoke-DataMigration @target | ForEach-Object { \"$($_.Name) $($_.Status)\" }; (Get-DataMigration create* @target).Name", setup: false));
        Assert.Equal(["id", "name", "email"], Values("(Get-DataSchema -Connection $target.Connection -Table users).Columns.Name", setup: false));
        Assert.Equal(["add_email", "Pending"], Values("(Undo-DataMigration @target -Confirm:$false).Name; Get-DataMigration @target -Status Pending | ForEach-Object { \"$($_.Status)\" }", setup: false));
    }

    [Fact]
    public void A_folder_without_migrations_is_told_of()
    {
        Directory.CreateDirectory(_folder["migrations"]);
        _folder.Write("migrations/create_users.sql", "CREATE TABLE users (id int);");
        Assert.Contains("no migrations in", (string)session.Values("Invoke-DataMigration -Path \"$($args[0])/migrations\" -Connection sqlite::memory: 3>&1 | ForEach-Object { $_.Message }", _folder.Path).Single()!, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_only_asks_what_would_be_recorded_finds_nothing_changed()
    {
        Assert.Empty(Values("Set-DataMigration -Baseline @target -WhatIf; Repair-DataMigration @target -WhatIf"));
        Assert.Equal(["migrations"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
        Assert.Equal(["Applied", "Applied"], Values("(Set-DataMigration -Baseline @target -Confirm:$false).Status | ForEach-Object { \"$_\" }", setup: false));
    }

    [Theory]
    [InlineData("(Get-DataMigration @target).Status | ForEach-Object { \"$_\" }", "Pending", "Pending")]
    [InlineData("Invoke-DataMigration @target -WhatIf")]
    [InlineData("(Invoke-DataMigration @target -AsSql).Contains('CREATE TABLE users')", true)]
    [InlineData("@(Test-DataMigration @target).Count", 0)]
    [InlineData("Test-DataMigration @target -RoundTrip -WhatIf")]
    [InlineData("Undo-DataMigration @target -WhatIf -ErrorAction SilentlyContinue")]
    [InlineData("Complete-DataMigration @target -WhatIf")]
    [InlineData("Set-Content \"$($args[0])/migrations/model.sql\" 'CREATE TABLE t (a int)'; (New-DataMigration first -Path \"$($args[0])/migrations\" -Autogenerate -Connection $target.Connection -Model \"$($args[0])/migrations/model.sql\").Name -like '*first.sql'", true)]
    [InlineData("@(Get-DataTable -Connection $target.Connection).Count", 0)]
    [InlineData("try { Import-DataTable t -Connection $target.Connection } catch { $_.FullyQualifiedErrorId -like 'ConnectionFailed*' }", true)]
    [InlineData("try { Import-DataTable t -Connection \"duckdb:$($args[0])/test.db\" } catch { $_.FullyQualifiedErrorId -like 'ConnectionFailed*' }", true)]
    [InlineData("@(Compare-DataSchema $target.Connection sqlite::memory:).Count", 0)]
    [InlineData("@(Get-DataTable -Connection \"duckdb:$($args[0])/test.db\").Count", 0)]
    [InlineData("try { Compare-DataTable $target.Connection sqlite::memory: t } catch { $_.FullyQualifiedErrorId -like 'ConnectionFailed*' }", true)]
    [InlineData("try { Test-DataQuality -Connection $target.Connection -Table t -Rule @{ a = 'unique' } } catch { $_.FullyQualifiedErrorId -like 'ConnectionFailed*' }", true)]
    [InlineData("try { Get-DataSchema -Connection $target.Connection -Table t } catch { $_.FullyQualifiedErrorId -like 'ConnectionFailed*' }", true)]
    [InlineData("$m = Connect-Database sqlite::memory:; Invoke-DataQuery 'CREATE TABLE t (a int)' -Connection $m -NonQuery | Out-Null; Copy-DataTable $m $target.Connection t -WhatIf; (Copy-DataTable $m $target.Connection t -PlanOnly).Tables.Count; Disconnect-Database $m", 1)]
    public void Who_only_looks_makes_no_file(string command, params object[] expected)
    {
        Assert.Equal(expected, Values(command));
        Assert.Equal(["migrations"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void What_the_database_does_not_offer_is_told_before_anything_is_run()
    {
        Assert.StartsWith("InvalidOption,", session.Error(Setup + "Invoke-DataMigration @target -MaxReplicaLag 1", _folder.Path).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(["Pending", "Pending"], Values("(Get-DataMigration @target).Status | ForEach-Object { \"$_\" }", setup: false));
    }

    [Fact]
    public void Undo_asks()
    {
        var error = session.Error(Setup + "$null = Invoke-DataMigration @target; Undo-DataMigration @target", _folder.Path);

        Assert.Contains("confirm", error.Exception.Message + error.FullyQualifiedErrorId, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["Applied", "Applied"], Values("(Get-DataMigration @target).Status | ForEach-Object { \"$_\" }", setup: false));
    }

    [Fact]
    public void The_script_holds_the_statements_and_the_history()
    {
        var script = (string)Values("Invoke-DataMigration @target -AsSql").Single()!;

        Assert.Contains("ALTER TABLE users ADD COLUMN email text;", script, StringComparison.Ordinal);
        Assert.Contains("INSERT INTO \"datatools_migration\"", script, StringComparison.Ordinal);
    }

    /// <summary>On MySQL and MariaDB the schema of a table is the database that the script is to be run on.</summary>
    [Fact]
    public void The_script_runs_on_another_database()
    {
        using var first = TestDatabase.Make("MariaDb");
        using var second = TestDatabase.Make("MariaDb");
        const string Run =
            """
            $ErrorActionPreference = 'Stop'; $folder = $args[0]
            $null = New-DataMigration one -Path $folder -Up 'CREATE TABLE one (a int)' -Down 'DROP TABLE one'
            foreach ($db in $args[1, 2]) { $null = Invoke-DataMigration -Path $folder -Connection $db -HistoryTable 'our history' -Confirm:$false }
            $null = New-DataMigration two -Path $folder -Up 'CREATE TABLE two (a int)' -Down 'DROP TABLE two'
            $null = Invoke-DataQuery (Invoke-DataMigration -Path $folder -Connection $args[1] -HistoryTable 'our history' -AsSql) -Connection $args[2] -NonQuery
            foreach ($db in $args[1, 2]) { (Get-DataMigration -Path $folder -Connection $db -HistoryTable 'our history').Status -join ' ' }
            $null = Invoke-DataMigration -Path $folder -Connection $args[1] -HistoryTable 'our history' -Confirm:$false
            $null = Invoke-DataQuery (Undo-DataMigration -Path $folder -Connection $args[1] -HistoryTable 'our history' -AsSql -Confirm:$false) -Connection $args[2] -NonQuery
            foreach ($db in $args[1, 2]) { (Get-DataMigration -Path $folder -Connection $db -HistoryTable 'our history').Status -join ' ' }
            """;
        Assert.Equal(["Applied Pending", "Applied Applied", "Applied Applied", "Applied Pending"], session.Values(Run, _folder["any"], first.Url, second.Url).Select(v => $"{v}"));
    }

    [Fact]
    public void A_history_under_another_name_is_tested_against() => Assert.Equal(
        ["file-changed"],
        Values("$null = Invoke-DataMigration @target -HistoryTable 'our history'; [IO.File]::AppendAllText((Get-ChildItem $target.Path)[0].FullName, '-- more'); Test-DataMigration @target -HistoryTable 'our history' | ForEach-Object Rule"));

    /// <summary>A client that believes to send another encoding does no harm to what the history keeps.</summary>
    [Theory]
    [InlineData("PostgreSql", "SET client_encoding = 'UTF8';")]
    [InlineData("MariaDb", "SET NAMES utf8mb4;")]
    public void The_script_says_its_encoding(string kind, string statement)
    {
        using var database = TestDatabase.Make(kind);
        Assert.Contains($"\n{statement}\n", (string)Values("(Invoke-DataMigration -Path $target.Path -Connection $args[1] -AsSql)", database.Url).Single()!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_in_place_of_the_folder_is_told_of() => Assert.Contains(
        "is a file; -Path names the folder", session.Error(Setup + "Invoke-DataMigration -Path (Get-ChildItem $target.Path)[0].FullName -Connection sqlite::memory:", _folder.Path).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Placeholders_take_values()
    {
        _ = Values("Set-Content (New-DataMigration x -Path $target.Path) \"-- variables: table`n-- up`nCREATE TABLE `${table} (a int);`n-- down`nDROP TABLE `${table};\"");
        Assert.StartsWith("MigrationVariableMissing,", session.Error("Invoke-DataMigration @target", _folder.Path).FullyQualifiedErrorId, StringComparison.Ordinal);

        Assert.Equal(["filled"], Values("$null = Invoke-DataMigration @target -Variable @{ table = 'filled' }; (Get-DataTable filled -Connection $target.Connection).Name", setup: false));
        // The way back knows the value of then.
        Assert.Empty(Values("$null = Undo-DataMigration @target -Confirm:$false; Get-DataTable filled -Connection $target.Connection", setup: false));
    }

    [Fact]
    public void Scripts_run_in_the_migrations_transaction_with_consent()
    {
        const string Script =
            """
            Set-Content (New-DataMigration load -Path $target.Path -Script) @'
            function Up($Connection) {
                1..3 | ForEach-Object { [pscustomobject]@{ id = $_; name = "n$_" } } | Export-DataTable users -Connection $Connection
                if ((Invoke-DataQuery 'SELECT count(*) AS n FROM flag' -Connection $Connection).n -eq 0) { throw 'no flag' }
            }
            function Down($Connection) { Invoke-DataQuery 'DELETE FROM users' -Connection $Connection -NonQuery }
            '@
            Invoke-DataQuery 'CREATE TABLE flag (id int)' -Connection $target.Connection
            """;
        Assert.Empty(Values(Script));
        Assert.StartsWith("MigrationScriptNotAllowed,", session.Error("Invoke-DataMigration @target").FullyQualifiedErrorId, StringComparison.Ordinal);

        var error = session.Error("Invoke-DataMigration @target -AllowScript");
        Assert.StartsWith("MigrationFailed,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("no flag", error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal([0L], Values("(Invoke-DataQuery 'SELECT count(*) AS n FROM users' -Connection $target.Connection).n", setup: false));

        Assert.Equal(["load", 3L], Values(
            "Invoke-DataQuery 'INSERT INTO flag VALUES (1)' -Connection $target.Connection; (Invoke-DataMigration @target -AllowScript).Name; (Invoke-DataQuery 'SELECT count(*) AS n FROM users' -Connection $target.Connection).n", setup: false));
        Assert.Equal([0L], Values("$null = Undo-DataMigration @target -AllowScript -Confirm:$false; (Invoke-DataQuery 'SELECT count(*) AS n FROM users' -Connection $target.Connection).n", setup: false));
    }

    [Fact]
    public void A_transaction_of_the_connection_is_refused() => Assert.StartsWith(
        "InvalidOption,",
        session.Error(Setup + "$c = Connect-Database $target.Connection; Invoke-DataQuery -Connection $c -Transaction { Invoke-DataMigration -Path $target.Path -Connection $c }", _folder.Path).FullyQualifiedErrorId,
        StringComparison.Ordinal);

    [Fact]
    public void A_folder_that_is_not_there_is_an_error() => Assert.StartsWith(
        "FileNotFound,", session.Error("Get-DataMigration -Path none -Connection sqlite::memory:").FullyQualifiedErrorId, StringComparison.Ordinal);

    private IReadOnlyList<object?> Values(string script, bool setup = true) => session.Values((setup ? Setup : "") + script, _folder.Path);

    private IReadOnlyList<object?> Values(string script, string url) => session.Values(Setup + script, _folder.Path, url);
}
