using System.Diagnostics;
using DataTools.Errors;
using DataTools.Migrations;
using DataTools.Tests.Host;

namespace DataTools.Tests.Migrations;

/// <summary>What goes wrong while migrations run on a server.</summary>
public sealed class MigrationFaultTests
{
    private const string Rebuild = "-- up\nPRAGMA foreign_keys = OFF;\nCREATE TABLE p2 (id int PRIMARY KEY, x int);\nINSERT INTO p2 (id) SELECT id + 0 FROM p;\nDROP TABLE p;\nALTER TABLE p2 RENAME TO p;\nPRAGMA foreign_keys = ON;";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Others' runners deadlock here: CREATE INDEX CONCURRENTLY waits for the session that waits for the lock.</summary>
    [Fact]
    public async Task An_index_is_built_concurrently_while_another_runner_waits()
    {
        using var box = new MigrationSandbox("PostgreSql");
        box.Write(1, "a", "-- up\nCREATE TABLE a (id int);\nINSERT INTO a VALUES (1);");
        box.Invoke();
        box.Write(2, "b", "-- up\nCREATE INDEX CONCURRENTLY a_id ON a (id);\n-- down\nDROP INDEX CONCURRENTLY a_id;");
        using var writer = box.Open();
        writer.Begin();
        writer.Run("INSERT INTO a VALUES (2)", CancellationToken.None);

        var first = Task.Run(() => box.Invoke().Count);
        using var watcher = box.Open();
        await Until(() => Active(watcher, "CREATE INDEX"));
        using var other = box.Open();
        var second = Task.Run(() => new MigrationEngine(MigrationTarget.Of(other), MigrationFolder.Read(box.Folder), box.Options).Invoke(null, CancellationToken.None).Count());
        await Task.Delay(500, TestContext.Current.CancellationToken);
        writer.Commit();

        Assert.Equal((1, 0), (await first, await second));
        Assert.Equal("True", box.Ask("SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_id'::regclass"));
        box.Undo();
    }

    [Fact]
    public void An_index_that_is_left_invalid_is_dropped_before_the_next_try()
    {
        using var box = new MigrationSandbox("PostgreSql");
        box.Run("CREATE TABLE a (id int)");
        box.Run("INSERT INTO a VALUES (1), (1)");
        box.Write(1, "a", "-- up\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"odd name\" ON public.a (id);");

        Assert.Equal(nameof(DataErrors.MigrationFailed), Assert.Throws<DataException>(() => box.Invoke()).Id);
        Assert.Equal("False", box.Ask("SELECT indisvalid FROM pg_index WHERE indrelid = 'a'::regclass"));
        box.Run("DELETE FROM a");
        box.Invoke();
        Assert.Equal("True", box.Ask("SELECT indisvalid FROM pg_index WHERE indexrelid = '\"odd name\"'::regclass"));
    }

    [Fact]
    public async Task A_lock_that_is_not_given_is_asked_for_again()
    {
        using var box = new MigrationSandbox("PostgreSql");
        box.Run("CREATE TABLE a (id int)");
        box.Write(1, "a", "-- lock-timeout: 100ms\n-- up\nCREATE TABLE b (id int);\nALTER TABLE a ADD COLUMN c int;");
        using var other = box.Open();
        other.Begin();
        other.Run("LOCK TABLE a", CancellationToken.None);

        var run = Task.Run(() => box.Invoke().Count);
        await Task.Delay(700, TestContext.Current.CancellationToken);
        other.Commit();
        Assert.Equal(1, await run);

        other.Begin();
        other.Run("LOCK TABLE a", CancellationToken.None);
        box.Write(2, "b", "-- lock-timeout: 50ms\n-- up\nALTER TABLE a ADD COLUMN d int;");
        box.Options = box.Options with { Retries = 1 };
        Assert.Equal(nameof(DataErrors.MigrationFailed), Assert.Throws<DataException>(() => box.Invoke()).Id);
    }

    /// <summary>The server ends the statement of a killed runner only later; the next runner must not begin before.</summary>
    [Fact]
    public async Task A_killed_runner_leaves_nothing_half_done_in_a_transaction()
    {
        using var box = new MigrationSandbox("PostgreSql");
        box.Write(1, "a", "-- up\nCREATE TABLE a (id int);\nSELECT pg_sleep(20);\nINSERT INTO a VALUES (1);");
        await Kill(box, "pg_sleep");

        Assert.Equal(["a Pending"], box.Status());
        box.Write(1, "a", "-- up\nCREATE TABLE a (id int);\nINSERT INTO a VALUES (1);");
        box.Invoke();
        Assert.Equal("1", box.Ask("SELECT id FROM a"));
        Assert.Equal("0", box.Ask("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(20)%' AND state = 'active' AND pid <> pg_backend_pid()"));
    }

    [Fact]
    public async Task A_runner_killed_between_statements_is_continued()
    {
        using var box = new MigrationSandbox("PostgreSql");
        box.Write(1, "a", "-- transaction: off\n-- up\nCREATE TABLE a (id int);\nINSERT INTO a VALUES (1);\nSELECT pg_sleep(20);\nINSERT INTO a VALUES (2);");
        await Kill(box, "pg_sleep");

        // Until the server has noticed it still runs.
        await Until(() => box.Status().Single() == "a Failed");
        box.Write(1, "a", "-- transaction: off\n-- up\nCREATE TABLE a (id int);\nINSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);");
        box.Invoke();
        Assert.Equal("1,2", box.Ask("SELECT id FROM a ORDER BY id"));
    }

    [Theory]
    [InlineData("PostgreSql")]
    [InlineData("MariaDb")]
    public async Task A_runner_killed_in_a_backfill_is_continued_behind_the_last_batch(string kind)
    {
        using var box = new MigrationSandbox(kind);
        var isPostgres = kind == "PostgreSql";
        box.Run("CREATE TABLE a (id int PRIMARY KEY, done int NOT NULL DEFAULT 0)");
        box.Run(isPostgres ? "INSERT INTO a SELECT n FROM generate_series(1, 1000) AS n" : "INSERT INTO a SELECT seq, 0 FROM seq_1_to_1000");
        var notNull = isPostgres ? "ALTER TABLE a ALTER COLUMN b SET NOT NULL" : "ALTER TABLE a MODIFY COLUMN b int NOT NULL";
        box.Write(1, "a", $"-- batch: a by id, 10\n-- expand\nALTER TABLE a ADD COLUMN b int;\n-- backfill\nUPDATE a SET b = id, done = done + 1 WHERE b IS NULL OR b = id;\n-- verify\nSELECT id FROM a WHERE b IS NULL;\n-- contract\n{notNull};\n-- down\nALTER TABLE a DROP COLUMN b;");
        await Kill(box, null, "-Delay 100", () => box.Ask("SELECT count(*) FROM a WHERE done > 0") != "0");

        var filled = int.Parse(box.Ask("SELECT count(*) FROM a WHERE done > 0"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(filled, 10, 990);
        await Until(() => box.Status().Single() == "a Failed");
        Assert.Equal(MigrationStatus.Expanded, Assert.Single(box.Invoke()).Status);
        // Not one row twice: the cursor is saved in the transaction of its batch.
        Assert.Equal("1|1000", box.Ask("SELECT done, count(*) FROM a GROUP BY done"));
        Assert.Single(box.Engine.Complete(null, CancellationToken.None));
    }

    /// <summary>Where no transaction guards a statement, nobody knows whether one that was interrupted took effect: the next run asks, and begins only when the server is at its end with it.</summary>
    [Theory]
    [InlineData("up")]
    [InlineData("expand")]
    [InlineData("contract")]
    public async Task A_runner_killed_in_a_statement_of_MariaDB_leaves_it_to_an_answer(string phase)
    {
        using var box = new MigrationSandbox("MariaDb");
        var sections = phase switch
        {
            "up" => "-- up\nCREATE TABLE a (id int);\nDO SLEEP(6);\nINSERT INTO a VALUES (1);",
            "expand" => "-- expand\nCREATE TABLE a (id int);\nDO SLEEP(6);\nINSERT INTO a VALUES (1);\n-- contract\nDO 1;",
            _ => "-- expand\nCREATE TABLE a (id int);\n-- contract\nDO SLEEP(6);\nINSERT INTO a VALUES (1);",
        };
        box.Write(1, "a", sections);
        var completes = phase == "contract";
        if (completes)
        {
            box.Invoke();
        }

        await Kill(box, "SLEEP(6)", completes ? "-Confirm:$false" : "", command: completes ? "Complete-DataMigration" : "Invoke-DataMigration");
        var error = Assert.Throws<DataException>(() => Go());
        Assert.Equal(nameof(DataErrors.MigrationUnclear), error.Id);
        Assert.Equal("0", box.Ask("SELECT count(*) FROM information_schema.processlist WHERE info LIKE 'DO SLEEP%'"));
        Assert.Single(box.Engine.Repair(MigrationRepair.StatementDone, MigrationSandbox.Id(1), _ => true, CancellationToken.None));
        Assert.Single(Go());
        Assert.Equal("1", box.Ask("SELECT group_concat(id) FROM a"));

        List<MigrationInfo> Go() => completes ? [.. box.Engine.Complete(null, CancellationToken.None)] : box.Invoke();
    }

    /// <summary>Rows that come in while it runs must not make it endless.</summary>
    [Fact]
    public void A_backfill_ends_at_the_keys_that_were_there_when_it_began()
    {
        using var box = new MigrationSandbox("PostgreSql");
        box.Run("CREATE TABLE a (id int PRIMARY KEY, b int)");
        box.Run("INSERT INTO a SELECT n FROM generate_series(1, 100) AS n");
        box.Write(1, "a", "-- batch: a by id, 10\n-- expand\nSELECT 1;\n-- backfill\nWITH more AS (INSERT INTO a SELECT max(id) + 1 FROM a) UPDATE a SET b = 1 WHERE id > ${from} AND id <= ${to};\n-- contract\nSELECT 1;\n-- down\nSELECT 1;");
        box.Invoke();

        Assert.Equal("110|100", box.Ask("SELECT count(*), count(b) FROM a"));
    }

    [Fact]
    public void A_verification_keeps_the_old_until_all_is_filled()
    {
        using var box = new MigrationSandbox("PostgreSql");
        box.Run("CREATE TABLE a (id int PRIMARY KEY)");
        box.Run("INSERT INTO a VALUES (1), (2)");
        box.Write(1, "a", "-- expand\nALTER TABLE a ADD COLUMN b int;\n-- backfill\nUPDATE a SET b = 1 WHERE id = 1;\n-- verify\nSELECT id FROM a WHERE b IS NULL;\n-- contract\nALTER TABLE a DROP COLUMN id;\n-- down\nALTER TABLE a DROP COLUMN b;");
        box.Invoke();

        Assert.Equal(nameof(DataErrors.MigrationVerifyFailed), Assert.Throws<DataException>(() => box.Engine.Complete(null, CancellationToken.None).ToList()).Id);
        Assert.Equal(["a Expanded"], box.Status());
    }

    [Fact]
    public void A_session_that_has_lost_the_lock_stops()
    {
        using var box = new MigrationSandbox("PostgreSql");
        box.Write(1, "a", "-- up\nCREATE TABLE a (id int);");
        box.Write(2, "b", "-- up\nSELECT pg_terminate_backend(l.pid, 20000) FROM pg_locks l WHERE locktype = 'advisory' AND l.pid <> pg_backend_pid() AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database());");
        box.Write(3, "c", "-- up\nCREATE TABLE c (id int);");

        Assert.Throws<DataException>(() => box.Invoke());
        Assert.Equal(["a Applied", "b Applied", "c Pending"], box.Status());
    }

    /// <summary>While keys are off a rebuild may leave rows that point nowhere; and the setting has an effect only before the transaction.</summary>
    [Fact]
    public void A_rebuild_of_SQLite_keeps_children_and_checks_keys()
    {
        using var box = new MigrationSandbox("Sqlite");
        box.Run("CREATE TABLE p (id int PRIMARY KEY)");
        box.Run("CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p (id) ON DELETE CASCADE)");
        box.Run("INSERT INTO p VALUES (1)");
        box.Run("INSERT INTO c VALUES (1, 1)");
        box.Write(1, "rebuild", Rebuild.Replace("id + 0", "id + 5", StringComparison.Ordinal));

        Assert.Throws<DataException>(() => box.Invoke());
        Assert.Equal(("1", "1", "1"), (box.Ask("SELECT id FROM p"), box.Ask("SELECT count(*) FROM c"), box.Ask("PRAGMA foreign_keys")));
        box.Write(1, "rebuild", Rebuild);
        box.Invoke();
        Assert.Equal(("1|null", "1", "1"), (box.Ask("SELECT * FROM p"), box.Ask("SELECT count(*) FROM c"), box.Ask("PRAGMA foreign_keys")));
    }

    [Fact]
    public void A_transaction_of_the_file_itself_needs_to_be_declared()
    {
        using var box = new MigrationSandbox("PostgreSql");
        box.Write(1, "a", "-- up\nBEGIN;\nCREATE TABLE a (id int);\nCOMMIT;");
        Assert.Equal(nameof(DataErrors.MigrationMalformed), Assert.Throws<DataException>(() => box.Invoke()).Id);

        box.Write(1, "a", "-- transaction: off\n-- up\nBEGIN;\nCREATE TABLE a (id int);\nINSERT INTO missing VALUES (1);\nCOMMIT;");
        Assert.Throws<DataException>(() => box.Invoke());
        Assert.False(box.HasTable("a"));
        box.Run("CREATE TABLE missing (id int)");
        box.Invoke();
        Assert.True(box.HasTable("a"));
    }

    /// <summary>Starts a runner in a process of its own and kills it when a condition holds.</summary>
    private static async Task Kill(MigrationSandbox box, string? query, string option = "", Func<bool>? when = null, string command = "Invoke-DataMigration")
    {
        using var process = RunnerProcess.Start(["-Command", $"{command} -Path '{box.Folder}' -Connection '{box.Url}' {option}"]);
        using var watcher = box.Open();
        await Until(() => process.HasExited ? throw new InvalidOperationException(process.StandardError.ReadToEnd()) : when?.Invoke() ?? Active(watcher, query!));
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }

    private static bool Active(DataTools.Databases.SqlSession session, string text) => session.Database.Name != "PostgreSql"
        ? session.Query("SELECT 1 FROM information_schema.processlist WHERE info LIKE concat('%', @1, '%') AND id <> connection_id()", r => 1, CancellationToken.None, text).Count > 0
        : session.Query(
        "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND datname = current_database() AND query LIKE '%' || $1 || '%' AND pid <> pg_backend_pid()", r => 1, CancellationToken.None, text).Count > 0;

    private static async Task Until(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Patience, "It took too long.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
