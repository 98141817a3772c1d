using DataTools.Databases.MongoDb;
using DataTools.Errors;
using DataTools.Migrations;

namespace DataTools.Tests.Databases.Mongo.Migrating;

/// <summary>Migrations of MongoDB as runs: order, history, ways back, repairs.</summary>
public sealed class MongoMigrationTests
{
    [Fact]
    public void Pending_migrations_run_in_order_and_are_undone_backwards()
    {
        using var box = Two();
        Assert.Equal(["a Pending", "b Pending"], box.Status());
        Assert.False(box.Has(MigrationTarget.DefaultHistory));

        Assert.Equal(["a", "b"], box.Invoke().Select(i => i.Name));
        Assert.Equal(["a Applied", "b Applied"], box.Status());
        Assert.Empty(box.Invoke());
        var info = box.Engine.List(CancellationToken.None)[0];
        Assert.Equal((Environment.UserName, Environment.MachineName, 1L, 1), (info.AppliedBy, info.Host, info.Batch!.Value, info.StatementsTotal));
        Assert.InRange(info.AppliedAt!.Value, DateTime.UtcNow.AddMinutes(-5), DateTime.UtcNow.AddMinutes(1));

        Assert.Equal(["b"], box.Undo().Select(i => i.Name));
        Assert.Equal(["a Applied", "b Pending"], box.Status());
        Assert.False(box.Has("b"));
        Assert.Equal(["b"], box.Invoke("+1").Select(i => i.Name));
    }

    /// <summary>Nobody writes how to undo what the server itself can tell.</summary>
    [Fact]
    public void Indexes_validators_and_names_come_back_as_they_were()
    {
        using var box = new MongoBox();
        box.Run(
            """
            { "create": "users", "validator": { "name": { "$exists": true } }, "validationAction": "warn" }
            { "createIndexes": "users", "indexes": [ { "key": { "age": 1 }, "name": "age", "sparse": true }, { "key": { "kept": 1 }, "name": "kept" } ] }
            """);
        var before = Shape("users");
        box.Write(1, "change", """
            { "up": [
                { "collMod": "users", "validator": { "email": { "$exists": true } }, "validationAction": "error" },
                { "dropIndexes": "users", "index": "age" },
                { "createIndexes": "users", "indexes": [ { "key": { "email": 1 }, "name": "email", "unique": true }, { "key": { "kept": 1 }, "name": "kept" } ] },
                { "renameCollection": "users", "to": "people" },
                { "dropIndexes": "people", "index": [ "kept" ] },
                { "createIndexes": "people", "indexes": [ { "key": { "kept": -1 }, "name": "kept" } ] },
                { "collMod": "people", "validationLevel": "moderate" },
                { "create": "towns" },
                { "createIndexes": "towns", "indexes": [ { "key": { "zip": 1 }, "name": "zip" } ] }
            ] }
            """);

        box.Invoke();
        Assert.Equal(["email", "kept"], box.Indexes("people"));
        Assert.Throws<DataException>(() => box.Run("{ \"insert\": \"people\", \"documents\": [ { \"name\": \"x\" } ] }"));
        box.Undo();
        Assert.Equal(before, Shape("users"));
        Assert.False(box.Has("towns"));

        string Shape(string name)
        {
            var options = CollectionCatalog.Entry(box.Session, new(null, name), CancellationToken.None)!["options"];
            return string.Join("\n", CollectionCatalog.IndexDefinitions(box.Session, new(null, name), CancellationToken.None).Select(i => i.ToString()!).Order().Append($"{options["validator"]} {options["validationAction"]}"));
        }
    }

    [Fact]
    public void What_nobody_knows_how_to_undo_is_not_undone()
    {
        using var box = new MongoBox();
        box.Write(1, "a", "{ \"up\": [ { \"create\": \"a\" }, { \"insert\": \"a\", \"documents\": [ { \"_id\": 1 } ] } ] }");
        box.Write(2, "b", "{ \"irreversible\": \"rows, and more, are gone\", \"up\": [ { \"delete\": \"a\", \"deletes\": [ { \"q\": {}, \"limit\": 0 } ] } ] }");
        box.Invoke();

        Assert.Contains("rows, and more, are gone", Assert.Throws<DataException>(() => box.Undo()).Message, StringComparison.Ordinal);
        Assert.Equal(nameof(DataErrors.MigrationIrreversible), Assert.Throws<DataException>(() => box.Undo(2)).Id);
        Assert.Equal(["a Applied", "b Applied"], box.Status());
    }

    [Fact]
    public void A_failed_command_is_named_and_the_run_goes_on_behind_what_is_done()
    {
        using var box = new MongoBox();
        box.Write(1, "a", "{ \"up\": [\n  { \"create\": \"a\" },\n  { \"drop\": \"missing\" },\n  { \"create\": \"c\" }\n] }");

        var error = Assert.Throws<DataException>(() => box.Invoke());
        Assert.Equal(nameof(DataErrors.MigrationFailed), error.Id);
        Assert.Contains(", line 3, statement 2 of 3: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("ns not found", error.Message, StringComparison.Ordinal);
        var info = Assert.Single(box.Engine.List(CancellationToken.None));
        Assert.Equal((MigrationStatus.Failed, 1, 3), (info.Status, info.StatementsDone, info.StatementsTotal));

        // What was run must stay as it was; white space does not count.
        box.Write(1, "a", "{ \"up\": [ { \"create\": \"other\" }, { \"create\": \"b\" } ] }");
        Assert.Equal(nameof(DataErrors.MigrationsUnclear), Assert.Throws<DataException>(() => box.Invoke()).Id);
        box.Write(1, "a", "{ \"up\": [ {\"create\":\"a\"}, { \"create\": \"b\" } ] }");
        box.Invoke();
        Assert.True(box.Has("a") && box.Has("b") && !box.Has("c"));
    }

    [Fact]
    public void A_write_that_is_refused_is_an_error()
    {
        using var box = new MongoBox();
        box.Run("{ \"insert\": \"a\", \"documents\": [ { \"_id\": 1 } ] }");
        box.Write(1, "a", "{ \"up\": [ { \"insert\": \"a\", \"documents\": [ { \"_id\": 1 } ] } ] }");

        Assert.Contains("E11000", Assert.Throws<DataException>(() => box.Invoke()).Message, StringComparison.Ordinal);
    }

    /// <summary>The runner was killed within a command: one that can be run again is, of another only a human can know.</summary>
    [Fact]
    public void A_command_whose_end_is_unknown_is_run_again_or_must_be_resolved()
    {
        using var box = new MongoBox();
        box.Write(1, "a", "{ \"up\": [ { \"create\": \"a\" }, { \"createIndexes\": \"a\", \"indexes\": [ { \"key\": { \"x\": 1 }, \"name\": \"x\" } ] } ] }");
        box.Invoke();
        Interrupt(2);
        Assert.Equal(["a Failed"], box.Status());
        Assert.Single(box.Invoke());

        Interrupt(1);
        var error = Assert.Throws<DataException>(() => box.Invoke());
        Assert.Equal(nameof(DataErrors.MigrationUnclear), error.Id);
        Assert.Contains("\"create\":\"a\"", error.Message, StringComparison.Ordinal);
        Assert.Single(box.Engine.Repair(MigrationRepair.StatementDone, "a", _ => true, CancellationToken.None));
        Assert.Single(box.Invoke());
        Assert.Equal(["a Applied"], box.Status());

        void Interrupt(int statement) => box.Run($"{{ \"update\": \"datatools_migration\", \"updates\": [ {{ \"q\": {{}}, \"u\": {{ \"$set\": {{ \"state\": \"Running\", \"statement_begun\": {statement}, \"statements_done\": {statement - 1} }} }} }} ] }}");
    }

    /// <summary>The connection breaks, or the server ceases to be primary, while the command runs.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_command_of_which_the_server_does_not_tell_the_end_is_not_taken_for_undone(bool breaks)
    {
        using var server = new WireServer(null, null);
        using var box = new MongoBox(server);
        box.Write(1, "a", "{ \"up\": [ { \"insert\": \"a\", \"documents\": [ { \"x\": 1 } ] } ] }");
        var inserts = 0;
        server.OnCommand = (name, command) =>
        {
            if (name == "insert" && ++inserts == 1)
            {
                throw breaks ? new IOException() : new WireFault(11602, "InterruptedDueToReplStateChange", "operation was interrupted");
            }
        };

        Assert.Contains("nobody can know", Assert.Throws<DataException>(() => box.Invoke()).Message, StringComparison.Ordinal);
        Assert.Equal(1, inserts);
        Assert.Equal(nameof(DataErrors.MigrationUnclear), Assert.Throws<DataException>(() => box.Invoke()).Id);
        Assert.Single(box.Engine.Repair(MigrationRepair.Retry, "a", _ => true, CancellationToken.None));
        Assert.Single(box.Invoke());
        Assert.Equal(1, box.Count("a", "{}"));
    }

    [Fact]
    public void An_edited_file_is_refused_until_it_is_accepted_and_a_missing_one_can_be_undone()
    {
        using var box = Two();
        box.Invoke();
        box.Write(1, "a", "{ \"description\": \"edited\", \"up\": [ { \"create\": \"a\" } ] }");
        Assert.Equal(["a Changed", "b Applied"], box.Status());
        Assert.Equal(nameof(DataErrors.MigrationChanged), Assert.Throws<DataException>(() => box.Invoke()).Id);
        Assert.Single(box.Engine.Repair(MigrationRepair.Accept, null, _ => true, CancellationToken.None));

        File.Delete(Path.Combine(box.Folder, MongoBox.Id(2) + "_b.json"));
        Assert.Equal(["b Missing", "a Applied"], box.Status());
        Assert.Equal(nameof(DataErrors.MigrationMissing), Assert.Throws<DataException>(() => box.Invoke()).Id);
        Assert.Equal(["b", "a"], box.Undo(2).Select(i => i.Name));
        Assert.False(box.Has("a") || box.Has("b"));
    }

    [Fact]
    public void A_database_is_adopted_without_running_anything()
    {
        using var box = Two();
        Assert.Equal(["a"], box.Engine.Baseline("a", CancellationToken.None).Select(i => i.Name));
        Assert.Equal(["a Applied", "b Pending"], box.Status());
        Assert.Equal(["b"], box.Invoke().Select(i => i.Name));
        Assert.False(box.Has("a"));
    }

    [Fact]
    public void A_history_that_cannot_be_read_is_not_an_empty_one()
    {
        using var box = Two();
        box.Run("{ \"insert\": \"other\", \"documents\": [ { \"_id\": \"x\" } ] } { \"create\": \"datatools_migration\", \"viewOn\": \"other\", \"pipeline\": [] }");

        Assert.Contains("no history of migrations", Assert.Throws<DataException>(() => box.Invoke()).Message, StringComparison.Ordinal);
        Assert.False(box.Has("a"));
    }

    [Fact]
    public void Verification_must_give_no_documents()
    {
        using var box = new MongoBox();
        box.Write(1, "a", """
            { "check": [ { "find": "a", "filter": { "x": 2 } } ],
              "up": [ { "create": "a" }, { "insert": "a", "documents": [ { "x": 1 } ] } ],
              "verify": [
                { "find": "a", "filter": { "x": { "$ne": 1 } } },
                { "aggregate": "a", "pipeline": [ { "$match": { "x": 1 } } ], "cursor": {} }
              ] }
            """);

        var error = Assert.Throws<DataException>(() => box.Invoke());
        Assert.Equal(nameof(DataErrors.MigrationVerifyFailed), error.Id);
        Assert.Contains(", line 5:", error.Message, StringComparison.Ordinal);
        box.Run("{ \"delete\": \"a\", \"deletes\": [ { \"q\": {}, \"limit\": 0 } ] }");
        box.Invoke();
        Assert.Equal(["a Applied"], box.Status());

        box.Write(2, "b", "{ \"check\": [ { \"find\": \"a\", \"filter\": { \"x\": 2 } } ], \"up\": [ { \"create\": \"b\" } ] }");
        box.Run("{ \"insert\": \"a\", \"documents\": [ { \"x\": 2 } ] }");
        Assert.Equal(nameof(DataErrors.MigrationVerifyFailed), Assert.Throws<DataException>(() => box.Invoke()).Id);
        Assert.False(box.Has("b"));
        box.Write(2, "b", "{ \"check\": [ { \"drop\": \"a\" } ], \"up\": [ { \"create\": \"b\" } ] }");
        Assert.Contains("find or an aggregate", Assert.Throws<DataException>(() => box.Invoke()).Message, StringComparison.Ordinal);
    }

    /// <summary>The script does what the run would have done, the history included; Invoke-DataQuery runs it.</summary>
    [Fact]
    public void The_script_of_a_run_does_the_same()
    {
        using var box = Two();
        box.Run(box.Engine.Script(null, CancellationToken.None));
        Assert.Equal(["a Applied", "b Applied"], box.Status());
        Assert.True(box.Has("b"));
        box.Run(box.Engine.ScriptUndo("base", 1, CancellationToken.None));
        Assert.Equal(["a Pending", "b Pending"], box.Status());

        box.Write(3, "c", "{ \"up\": [ { \"create\": \"c\" }, { \"migrate\": \"c\", \"rename\": { \"x\": \"y\" } } ] }");
        Assert.Contains("in batches", Assert.Throws<DataException>(() => box.Engine.Script(null, CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Placeholders_are_filled_and_stay_so_for_the_way_back()
    {
        using var box = new MongoBox();
        box.Write(1, "a", "{ \"variables\": [ \"name\", \"size=10\" ], \"up\": [ { \"create\": \"${name}\" }, { \"insert\": \"${name}\", \"documents\": [ { \"_id\": \"${size}\" } ] } ], \"down\": [ { \"drop\": \"${name}\" } ] }");
        Assert.Equal(nameof(DataErrors.MigrationVariableMissing), Assert.Throws<DataException>(() => box.Invoke()).Id);

        box.Options = box.Options with { Variables = new Dictionary<string, string> { ["name"] = "filled" } };
        box.Invoke();
        Assert.Equal("{\"_id\":\"10\"}", box.Ask("filled"));
        box.Options = box.Options with { Variables = new Dictionary<string, string>() };
        box.Undo();
        Assert.False(box.Has("filled"));
    }

    [Fact]
    public void Commands_stand_in_sections_of_other_files_too_and_repeatable_ones_run_again()
    {
        using var box = new MongoBox();
        box.Write(1, "a", "-- database: mongodb\n-- up\n{ \"create\": \"a\" }\n{ \"create\": \"b\" }\n-- down\n{ \"drop\": \"a\" }\n{ \"drop\": \"b\" }\n", "sql");
        File.WriteAllText(Path.Combine(box.Folder, "R_view.json"), View(1));
        Assert.Equal(["a", "view"], box.Invoke().Select(i => i.Name));
        Assert.Empty(box.Invoke());
        File.WriteAllText(Path.Combine(box.Folder, "R_view.json"), View(2));
        Assert.Equal(["view"], box.Invoke().Select(i => i.Name));

        box.Undo();
        Assert.False(box.Has("a") || box.Has("b"));

        static string View(int n) => "{ \"up\": [ { \"insert\": \"log\", \"documents\": [ { \"_id\": " + n + " } ] } ] }";
    }

    /// <summary>The form of golang-migrate's own examples.</summary>
    [Fact]
    public void A_folder_of_golang_migrate_is_run_as_it_is()
    {
        using var box = new MongoBox();
        File.WriteAllText(Path.Combine(box.Folder, "001_create_indexes.up.json"), "[{ \"createIndexes\": \"users\", \"indexes\": [ { \"key\": { \"email\": 1 }, \"name\": \"unique_email\", \"unique\": true } ] }]");
        File.WriteAllText(Path.Combine(box.Folder, "001_create_indexes.down.json"), "[{ \"dropIndexes\": \"users\", \"index\": \"unique_email\" }]");
        File.WriteAllText(Path.Combine(box.Folder, "002_add_new_field.up.json"), "[{ \"update\": \"users\", \"updates\": [ { \"q\": {}, \"u\": { \"$set\": { \"status\": \"active\" } }, \"multi\": true } ] }]");
        File.WriteAllText(Path.Combine(box.Folder, "002_add_new_field.down.json"), "[{ \"update\": \"users\", \"updates\": [ { \"q\": {}, \"u\": { \"$unset\": { \"status\": \"\" } }, \"multi\": true } ] }]");
        box.Write(3, "own", "{ \"up\": [ { \"create\": \"own\" } ] }");
        box.Run("{ \"insert\": \"users\", \"documents\": [ { \"_id\": 1 } ] }");

        Assert.Equal(["create_indexes", "add_new_field", "own"], box.Invoke().Select(i => i.Name));
        Assert.Equal(("{\"_id\":1,\"status\":\"active\"}", "unique_email"), (box.Ask("users"), box.Indexes("users").Single()));
        Assert.Equal(3, box.Undo(3).Count);
        Assert.Equal(("{\"_id\":1}", 0), (box.Ask("users"), box.Indexes("users").Count));
    }

    private static MongoBox Two()
    {
        var box = new MongoBox();
        box.Write(1, "a", "{ \"up\": [ { \"create\": \"a\" } ], \"down\": [ { \"drop\": \"a\" } ] }");
        box.Write(2, "b", "{ \"up\": [ { \"create\": \"b\" } ], \"down\": [ { \"drop\": \"b\" } ] }");
        return box;
    }
}
