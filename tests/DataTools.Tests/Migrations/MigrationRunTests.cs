using DataTools.Errors;
using DataTools.Migrations;

namespace DataTools.Tests.Migrations;

/// <summary>Running and undoing, on every database.</summary>
public sealed class MigrationRunTests
{
    public static TheoryData<string> Kinds => [.. MigrationSandbox.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Pending_migrations_run_in_order_and_are_undone_backwards(string kind)
    {
        using var box = Two(kind);
        Assert.Equal(["a Pending", "b Pending"], box.Status());

        Assert.Equal(["a", "b"], box.Invoke().Select(i => i.Name));
        Assert.Equal(["a Applied", "b Applied"], box.Status());
        Assert.Empty(box.Invoke());
        var info = box.Engine.List(CancellationToken.None)[0];
        Assert.Equal((Environment.UserName, Environment.MachineName, 1L), (info.AppliedBy, info.Host, info.Batch!.Value));
        Assert.InRange(info.AppliedAt!.Value, DateTime.UtcNow.AddMinutes(-5), DateTime.UtcNow.AddMinutes(1));

        Assert.Equal(["b"], box.Undo().Select(i => i.Name));
        Assert.Equal(["a Applied", "b Pending"], box.Status());
        Assert.False(box.HasTable("b"));
        Assert.Equal(["b"], box.Invoke("+1").Select(i => i.Name));
        Assert.Equal(["b", "a"], box.Undo(to: "base").Select(i => i.Name));
        Assert.False(box.HasTable("a"));
        Assert.Equal(["a"], box.Invoke("a").Select(i => i.Name));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_failed_statement_is_named_and_the_run_goes_on_when_the_cause_is_away(string kind)
    {
        using var box = Two(kind);
        box.Write(3, "c", "-- up\nCREATE TABLE c (id int);\nINSERT INTO c VALUES (1);\nINSERT INTO missing VALUES (1);\nINSERT INTO c VALUES (2);");

        var error = Assert.Throws<DataException>(() => box.Invoke());
        Assert.Equal(nameof(DataErrors.MigrationFailed), error.Id);
        Assert.Contains(", line 4, statement 3 of 4: ", error.Message, StringComparison.Ordinal);
        Assert.Equal(["a Applied", "b Applied", "c Failed"], box.Status());
        Assert.Contains("missing", box.Engine.List(CancellationToken.None)[2].Error, StringComparison.Ordinal);
        Assert.Equal(box.Session.Dialect.HasTransactionalDdl, !box.HasTable("c"));

        box.Run("CREATE TABLE missing (id int)");
        box.Invoke();
        Assert.Equal("1,2", box.Ask("SELECT id FROM c ORDER BY id"));
        Assert.Equal("1", box.Ask("SELECT id FROM missing"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Without_a_transaction_a_run_goes_on_behind_what_is_done(string kind)
    {
        using var box = new MigrationSandbox(kind);
        box.Write(1, "a", "-- transaction: off\n-- up\nCREATE TABLE a (id int);\nINSERT INTO a VALUES (1);\nINSERT INTO missing VALUES (1);\nINSERT INTO a VALUES (2);");

        Assert.Throws<DataException>(() => box.Invoke());
        var info = Assert.Single(box.Engine.List(CancellationToken.None));
        Assert.Equal((MigrationStatus.Failed, 2, 4), (info.Status, info.StatementsDone, info.StatementsTotal));

        box.Write(1, "a", "-- transaction: off\n-- up\nCREATE TABLE a (id int);\nINSERT INTO a VALUES (7);\nINSERT INTO a VALUES (3);");
        Assert.Equal(nameof(DataErrors.MigrationsUnclear), Assert.Throws<DataException>(() => box.Invoke()).Id);
        box.Write(1, "a", "-- transaction: off\n-- up\nCREATE TABLE a (id int);\nINSERT INTO a VALUES (1);\nINSERT INTO a VALUES (3);");
        box.Invoke();
        Assert.Equal("1,3", box.Ask("SELECT id FROM a ORDER BY id"));
    }

    /// <summary>The runner was killed between the begin and the end of a statement: only a human can know.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_statement_whose_end_is_unknown_must_be_resolved(string kind)
    {
        using var box = new MigrationSandbox(kind);
        box.Write(1, "a", "-- transaction: off\n-- up\nCREATE TABLE a (id int);\nINSERT INTO missing VALUES (1);");
        Assert.Throws<DataException>(() => box.Invoke());
        box.Run("UPDATE datatools_migration SET state = 'Running', statement_begun = 2");

        Assert.Equal(["a Failed"], box.Status());
        var error = Assert.Throws<DataException>(() => box.Invoke());
        Assert.Equal(nameof(DataErrors.MigrationUnclear), error.Id);
        Assert.Contains("INSERT INTO missing", error.Message, StringComparison.Ordinal);

        box.Run("CREATE TABLE missing (id int)");
        Repair(box, MigrationRepair.Retry, "a");
        box.Invoke();
        Assert.Equal("1", box.Ask("SELECT id FROM missing"));

        box.Run("UPDATE datatools_migration SET state = 'Running', statement_begun = 2, statements_done = 1");
        Repair(box, MigrationRepair.StatementDone, "a");
        box.Invoke();
        Assert.Equal(("1", "a Applied"), (box.Ask("SELECT id FROM missing"), box.Status().Single()));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_edited_file_is_refused_until_it_is_accepted(string kind)
    {
        using var box = Two(kind);
        box.Invoke();
        box.Write(1, "a", "-- up\nCREATE TABLE a (id int); -- edited\n-- down\nDROP TABLE a;");
        box.Write(3, "c", "-- up\nCREATE TABLE c (id int);");

        Assert.Equal(["a Changed", "b Applied", "c Pending"], box.Status());
        Assert.Equal(nameof(DataErrors.MigrationChanged), Assert.Throws<DataException>(() => box.Invoke()).Id);
        Repair(box, MigrationRepair.Accept, null);
        Assert.Equal(["c"], box.Invoke().Select(i => i.Name));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_missing_file_is_named_and_what_it_did_can_still_be_undone(string kind)
    {
        using var box = Two(kind);
        box.Invoke();
        File.Delete(Path.Combine(box.Folder, MigrationSandbox.Id(2) + "_b.sql"));
        box.Write(3, "c", "-- up\nCREATE TABLE c (id int);");

        Assert.Equal(["b Missing", "a Applied", "c Pending"], box.Status());
        var error = Assert.Throws<DataException>(() => box.Invoke());
        Assert.Equal(nameof(DataErrors.MigrationMissing), error.Id);
        Assert.Contains(MigrationSandbox.Id(2), error.Message, StringComparison.Ordinal);

        Assert.Equal(["b"], box.Undo().Select(i => i.Name));
        Assert.False(box.HasTable("b"));
        Assert.Equal(["c"], box.Invoke().Select(i => i.Name));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_migration_before_applied_ones_needs_consent(string kind)
    {
        using var box = Two(kind);
        File.Move(Path.Combine(box.Folder, MigrationSandbox.Id(1) + "_a.sql"), Path.Combine(box.Folder, "a.txt"));
        box.Invoke();
        File.Move(Path.Combine(box.Folder, "a.txt"), Path.Combine(box.Folder, MigrationSandbox.Id(1) + "_a.sql"));

        Assert.Equal(["a OutOfOrder", "b Applied"], box.Status());
        Assert.Equal(nameof(DataErrors.MigrationOutOfOrder), Assert.Throws<DataException>(() => box.Invoke()).Id);
        box.Options = box.Options with { AllowOutOfOrder = true };
        Assert.Equal(["a"], box.Invoke().Select(i => i.Name));
        // Undone in the order in which they were applied, whatever the ids say.
        Assert.Equal(["a"], box.Undo().Select(i => i.Name));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Branches_run_when_they_are_merged(string kind)
    {
        using var box = Two(kind);
        box.Write(3, "c", $"-- depends: {MigrationSandbox.Id(1)}\n-- up\nCREATE TABLE c (id int);\n-- down\nDROP TABLE c;");
        Assert.Equal(nameof(DataErrors.MigrationHeads), Assert.Throws<DataException>(() => box.Invoke()).Id);
        Assert.Equal(["a", "c"], box.Invoke("c").Select(i => i.Name));

        // Another branch than the applied one, not a migration that comes too late.
        Assert.Equal(["a Applied", "b Pending", "c Applied"], box.Status());
        NewMigration.Merge(box.Folder, "join").Write();
        Assert.Equal(["b", "join"], box.Invoke().Select(i => i.Name));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Verification_must_give_no_rows(string kind)
    {
        using var box = new MigrationSandbox(kind);
        box.Write(1, "a", "-- up\nCREATE TABLE a (id int);\nINSERT INTO a VALUES (1);\n-- verify\nSELECT id FROM a WHERE id > 1;\nSELECT id FROM a;");

        var error = Assert.Throws<DataException>(() => box.Invoke());
        Assert.Equal(nameof(DataErrors.MigrationVerifyFailed), error.Id);
        Assert.Contains(", line 6:", error.Message, StringComparison.Ordinal);
        Assert.Equal(box.Session.Dialect.HasTransactionalDdl, !box.HasTable("a"));
        var info = box.Engine.List(CancellationToken.None).Single();
        Assert.Equal(MigrationStatus.Failed, info.Status);
        Assert.Contains("The first: id 1", info.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Repeatable_migrations_run_again_when_their_text_changes(string kind)
    {
        using var box = Two(kind);
        var path = Path.Combine(box.Folder, "R_view.sql");
        File.WriteAllText(path, "-- up\nDROP VIEW IF EXISTS v;\nCREATE VIEW v AS SELECT 1 AS n;");
        Assert.Equal(["a", "b", "view"], box.Invoke().Select(i => i.Name));
        Assert.Empty(box.Invoke());

        File.WriteAllText(path, "-- up\nDROP VIEW IF EXISTS v;\nCREATE VIEW v AS SELECT 2 AS n;");
        Assert.Equal(["a Applied", "b Applied", "view Pending"], box.Status());
        Assert.Equal(["view"], box.Invoke().Select(i => i.Name));
        Assert.Equal("2", box.Ask("SELECT n FROM v"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_database_is_adopted_without_running_anything(string kind)
    {
        using var box = Two(kind);
        Assert.Equal(["a"], box.Engine.Baseline("a", CancellationToken.None).Select(i => i.Name));

        Assert.False(box.HasTable("a"));
        Assert.Equal(["a Applied", "b Pending"], box.Status());
        Assert.Equal(["b"], box.Invoke().Select(i => i.Name));
        // What was not run must not be undone.
        Assert.Equal(nameof(DataErrors.MigrationIrreversible), Assert.Throws<DataException>(() => box.Undo(2)).Id);
        Assert.True(box.HasTable("b"));
    }

    /// <summary>What was not undone is applied, and the runs to come are not held up; a mended way back is taken over from the file.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_undoing_that_changed_nothing_leaves_what_was_applied(string kind)
    {
        using var box = new MigrationSandbox(kind);
        box.Write(1, "a", "-- up\nCREATE TABLE a (id int);\n-- down\nDROP TABLE nope;");
        box.Invoke();
        var error = Assert.Throws<DataException>(() => box.Undo());
        Assert.Equal(nameof(DataErrors.MigrationFailed), error.Id);
        Assert.Contains($"Repair-DataMigration {MigrationSandbox.Id(1)}", error.Message, StringComparison.Ordinal);

        Assert.Equal(["a Applied"], box.Status());
        Assert.Contains("nope", Assert.Single(box.Engine.List(CancellationToken.None)).Error, StringComparison.Ordinal);
        box.Write(2, "b", "-- up\nCREATE TABLE b (id int);\n-- down\nDROP TABLE b;");
        Assert.Single(box.Invoke());
        box.Write(1, "a", "-- up\nCREATE TABLE a (id int);\n-- down\nDROP TABLE a;");
        Assert.Single(box.Engine.Repair(MigrationRepair.Accept, null, _ => true, CancellationToken.None));
        Assert.Equal(["b", "a"], box.Undo(2).Select(i => i.Name));
        Assert.False(box.HasTable("a"));
    }

    /// <summary>What a run that failed has left in the history is not the way back of the file that ran at last.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_way_back_that_the_file_has_no_more_is_not_kept(string kind)
    {
        using var box = new MigrationSandbox(kind);
        box.Write(1, "a", "-- up\nDROP TABLE nope;\n-- down\nCREATE TABLE wrong (id int);");
        Assert.Throws<DataException>(() => box.Invoke());
        box.Write(1, "a", "-- up\nCREATE TABLE a (id int);");
        box.Invoke();

        Assert.Equal(nameof(DataErrors.MigrationIrreversible), Assert.Throws<DataException>(() => box.Undo()).Id);
        Assert.False(box.HasTable("wrong"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_completion_that_changed_nothing_leaves_what_was_expanded(string kind)
    {
        using var box = new MigrationSandbox(kind);
        box.Run("CREATE TABLE t (id int)");
        box.Write(1, "a", "-- expand\nALTER TABLE t ADD COLUMN n int;\n-- contract\nDROP TABLE nope;\n-- down\nALTER TABLE t DROP COLUMN n;");
        box.Invoke();
        Assert.Equal(nameof(DataErrors.MigrationFailed), Assert.Throws<DataException>(() => box.Engine.Complete(null, CancellationToken.None).ToList()).Id);

        Assert.Equal(["a Expanded"], box.Status());
        Assert.Equal(["a"], box.Undo().Select(i => i.Name));
    }

    /// <summary>Where each statement commits, a half of a migration stands on those before it.</summary>
    [Fact]
    public void Nothing_is_undone_under_a_migration_that_is_half_done()
    {
        using var box = new MigrationSandbox("MariaDb");
        box.Write(1, "a", "-- up\nCREATE TABLE a (id int);\n-- down\nDROP TABLE a;");
        box.Write(2, "b", "-- up\nALTER TABLE a ADD COLUMN b int;\nDROP TABLE nope;\n-- down\nALTER TABLE a DROP COLUMN b;");
        Assert.Throws<DataException>(() => box.Invoke());
        var error = Assert.Throws<DataException>(() => box.Undo());
        Assert.Equal(nameof(DataErrors.MigrationsUnclear), error.Id);
        Assert.Contains("half done (1 of 2 statements)", error.Message, StringComparison.Ordinal);
        Assert.True(box.HasTable("a"));

        Assert.Single(box.Engine.Repair(MigrationRepair.Remove, MigrationSandbox.Id(2), _ => true, CancellationToken.None));
        Assert.Equal(["a"], box.Undo().Select(i => i.Name));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_script_does_not_keep_the_error_of_the_run_before_it(string kind)
    {
        using var box = new MigrationSandbox(kind);
        box.Write(1, "a", "-- up\nDROP TABLE nope;");
        Assert.Throws<DataException>(() => box.Invoke());
        box.Write(1, "a", "-- up\nCREATE TABLE a (id int);");
        foreach (var statement in StatementSplitter.Split(box.Engine.Script(null, CancellationToken.None), box.Session.Dialect.Splitting))
        {
            box.Run(statement.Text);
        }

        Assert.Equal(["a Applied"], box.Status());
        Assert.Null(Assert.Single(box.Engine.List(CancellationToken.None)).Error);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_has_no_way_back_is_not_undone(string kind)
    {
        using var box = Two(kind);
        box.Write(3, "c", "-- irreversible: rows are gone\n-- up\nDELETE FROM a;");
        box.Invoke();

        var error = Assert.Throws<DataException>(() => box.Undo(2));
        Assert.Contains("rows are gone", error.Message, StringComparison.Ordinal);
        Assert.Equal(["a Applied", "b Applied", "c Applied"], box.Status());
    }

    /// <summary>The script does what the run would have done, the history included.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_script_of_a_run_does_the_same(string kind)
    {
        using var box = Two(kind);
        var script = box.Engine.Script(null, CancellationToken.None);
        Assert.Equal(["a Pending", "b Pending"], box.Status());

        foreach (var statement in StatementSplitter.Split(script, box.Session.Dialect.Splitting))
        {
            box.Run(statement.Text);
        }

        Assert.Equal(["a Applied", "b Applied"], box.Status());
        Assert.Equal(["b"], box.Undo().Select(i => i.Name));
        foreach (var statement in StatementSplitter.Split(box.Engine.ScriptUndo("base", 1, CancellationToken.None), box.Session.Dialect.Splitting))
        {
            box.Run(statement.Text);
        }

        Assert.Equal(["a Pending", "b Pending"], box.Status());
    }

    /// <summary>DbUp 271: an error while the history was looked for was taken for an empty one, and everything ran again.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_history_that_cannot_be_read_is_not_an_empty_one(string kind)
    {
        using var box = Two(kind);
        box.Invoke();
        box.Run("ALTER TABLE datatools_migration RENAME TO other");
        box.Run("CREATE VIEW datatools_migration AS SELECT id FROM other");

        Assert.Throws<DataException>(() => box.Invoke());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Two_runners_take_turns_and_the_waiting_one_is_told_whom_it_waits_for(string kind)
    {
        using var box = Two(kind);
        using (box.Engine.TakeLock(CancellationToken.None))
        {
            using var other = box.Open();
            var engine = new MigrationEngine(MigrationTarget.Of(other), MigrationFolder.Read(box.Folder), box.Options with { LockWait = TimeSpan.FromMilliseconds(300) });
            var error = Assert.Throws<DataException>(() => engine.Invoke(null, CancellationToken.None).ToList());

            Assert.Equal(nameof(DataErrors.MigrationLocked), error.Id);
            Assert.Contains(kind is "MySql" or "MariaDb" ? "connection " : $"process {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(2, box.Invoke().Count);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Runners_at_the_same_time_run_each_migration_once(string kind)
    {
        using var box = Two(kind);
        for (var i = 3; i <= 10; i++)
        {
            box.Write(i, $"m{i}", $"-- up\nINSERT INTO a VALUES ({i});");
        }

        var done = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            using var session = box.Open();
            return new MigrationEngine(MigrationTarget.Of(session), MigrationFolder.Read(box.Folder), box.Options).Invoke(null, CancellationToken.None).Count();
        })));

        Assert.Equal(10, done.Sum());
        Assert.Equal("8", box.Ask("SELECT count(*) FROM a"));
    }

    internal static void Repair(MigrationSandbox box, MigrationRepair repair, string? id) => Assert.Single(box.Engine.Repair(repair, id, _ => true, CancellationToken.None));

    private static MigrationSandbox Two(string kind)
    {
        var box = new MigrationSandbox(kind);
        box.Write(1, "a", "-- up\nCREATE TABLE a (id int);\n-- down\nDROP TABLE a;");
        box.Write(2, "b", "-- up\nCREATE TABLE b (id int);\n-- down\nDROP TABLE b;");
        return box;
    }
}
