using DataTools.Errors;
using DataTools.Migrations;
using DataTools.Migrations.Adopt;

namespace DataTools.Tests.Databases.Mongo.Migrating;

/// <summary>Ways back that nobody wrote, histories of other tools, and the schema as commands.</summary>
public sealed class MongoWayBackTests
{
    /// <summary>What was there, and all that comes back, is told before the change by the documents themselves.</summary>
    [Theory]
    [InlineData("\"set\": { \"active\": true, \"full\": { \"$concat\": [ \"$name\", \"!\" ] } }")]
    [InlineData("\"set\": { \"at.zip\": 5 }, \"filter\": { \"n\": 1 }")]
    [InlineData("\"split\": { \"name\": { \"into\": [ \"first\", \"last\" ], \"separator\": \" \" } }")]
    [InlineData("\"convert\": { \"n\": \"string\", \"at.code\": \"long\", \"flag\": \"int\", \"none\": \"int\" }")]
    [InlineData("\"convert\": { \"n\": \"double\" }, \"filter\": { \"_id\": 2 }")]
    [InlineData("\"rename\": { \"name\": \"called\", \"at.code\": \"at.number\" }, \"convert\": { \"n\": \"decimal\" }, \"set\": { \"new\": null }")]
    public void A_change_of_documents_that_keeps_all_values_is_undone(string change)
    {
        using var box = new MongoBox();
        box.Run(
            """
            { "insert": "users", "documents": [
                { "_id": 1, "name": "Ada Lovelace", "n": 1, "at": { "code": 7 }, "flag": true },
                { "_id": 2, "name": "Grace Hopper", "n": 2, "at": { "code": 8 }, "flag": null } ] }
            """);
        var before = box.Ask("users");
        box.Write(1, "a", $"{{ \"up\": [ {{ \"migrate\": \"users\", {change} }} ] }}");

        box.Invoke();
        Assert.NotEqual(before, box.Ask("users"));
        box.Undo();
        Assert.Equal(before, box.Ask("users"));
        box.Invoke();
        Assert.NotEqual(before, box.Ask("users"));
    }

    [Theory]
    [InlineData("\"unset\": [ \"old\" ]", "the values that 'old' had are not kept")]
    [InlineData("\"set\": { \"old\": 1 }", "the values that 'old' had are not kept")]
    [InlineData("\"set\": { \"deep.new\": 1 }", "not every document has a 'deep'")]
    [InlineData("\"split\": { \"name\": { \"into\": [ \"old\", \"rest\" ], \"separator\": \" \" } }", "the values that 'old' had are not kept")]
    [InlineData("\"convert\": { \"text\": \"int\" }", "how the string values of 'text' were written is not kept by int")]
    [InlineData("\"convert\": { \"mixed\": \"string\" }", "the values of 'mixed' are of several types")]
    [InlineData("\"rename\": { \"text\": \"words\" }, \"convert\": { \"words\": \"int\" }", "'words' is changed more than once")]
    [InlineData("\"rename\": { \"text\": \"old\" }, \"filter\": { \"_id\": 2 }", "the values that 'old' had are not kept")]
    public void What_is_lost_is_said_plainly_when_it_is_to_be_undone(string change, string reason)
    {
        using var box = new MongoBox();
        box.Run("{ \"insert\": \"users\", \"documents\": [ { \"_id\": 1, \"name\": \"a b\", \"mixed\": 1, \"text\": \"007\", \"old\": 3 }, { \"_id\": 2, \"mixed\": \"x\", \"text\": \"8\" } ] }");
        var file = box.Write(1, "a", $"{{ \"up\": [ {{ \"migrate\": \"users\", {change} }} ] }}");
        if (change.Contains("old\", \"rest", StringComparison.Ordinal))
        {
            box.Run("{ \"update\": \"users\", \"updates\": [ { \"q\": { \"_id\": 1 }, \"u\": { \"$set\": { \"rest\": 1 } } } ] }");
        }

        box.Invoke();
        var error = Assert.Throws<DataException>(() => box.Undo());
        Assert.Equal(nameof(DataErrors.MigrationIrreversible), error.Id);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("its file has no \"down\"", error.Message, StringComparison.Ordinal);
        Assert.Equal(["a Applied"], box.Status());

        // Who writes one afterwards has it taken over.
        File.WriteAllText(file, File.ReadAllText(file).TrimEnd().TrimEnd('}') + ", \"down\": [ { \"create\": \"undone\" } ] }");
        Assert.Single(box.Engine.Repair(MigrationRepair.Accept, null, _ => true, CancellationToken.None));
        box.Undo();
        Assert.True(box.Has("undone"));
    }

    [Fact]
    public void Statements_that_hang_on_each_other_are_not_undone_by_guesses()
    {
        using var box = new MongoBox();
        box.Run("{ \"insert\": \"users\", \"documents\": [ { \"_id\": 1, \"n\": 1 } ] }");
        box.Write(1, "a", "{ \"up\": [ { \"renameCollection\": \"users\", \"to\": \"people\" }, { \"migrate\": \"people\", \"set\": { \"n\": 2 } } ] }");
        box.Invoke();
        Assert.Contains("the values that 'n' had are not kept", Assert.Throws<DataException>(() => box.Undo()).Message, StringComparison.Ordinal);

        box.Write(2, "b", "{ \"up\": [ { \"migrate\": \"people\", \"rename\": { \"n\": \"m\" } }, { \"migrate\": \"people\", \"convert\": { \"m\": \"string\" } } ] }");
        box.Invoke();
        Assert.Contains("'m' is changed more than once", Assert.Throws<DataException>(() => box.Undo()).Message, StringComparison.Ordinal);

        box.Write(3, "c", "{ \"up\": [ { \"insert\": \"people\", \"documents\": [ { \"_id\": 9 } ] } ] }");
        box.Invoke();
        Assert.Contains("what undoes \"insert\" cannot be told", Assert.Throws<DataException>(() => box.Undo()).Message, StringComparison.Ordinal);
    }

    /// <summary>Documents that an application has brought to the new version itself go back with the others.</summary>
    [Fact]
    public void A_version_goes_back_with_what_it_added()
    {
        using var box = new MongoBox();
        box.Run("{ \"insert\": \"users\", \"documents\": [ { \"_id\": 1, \"_v\": 1, \"n\": 1 }, { \"_id\": 2, \"_v\": 2, \"n\": \"2\", \"new\": 5 } ] }");
        box.Write(1, "a", "{ \"up\": [ { \"migrate\": \"users\", \"version\": 2, \"convert\": { \"n\": \"string\" }, \"set\": { \"new\": 0 } } ] }");
        box.Invoke();
        box.Undo();

        Assert.Equal("{\"_id\":1,\"_v\":1,\"n\":1} {\"_id\":2,\"_v\":1,\"n\":2}", box.Ask("users"));
    }

    [Fact]
    public void The_history_of_golang_migrate_is_taken_over()
    {
        using var box = new MongoBox();
        foreach (var number in new[] { 1, 2, 3 })
        {
            File.WriteAllText(Path.Combine(box.Folder, $"00000{number}_m{number}.up.json"), $"[ {{ \"create\": \"c{number}\" }} ]");
        }

        Assert.Equal(nameof(DataErrors.TableNotFound), Assert.Throws<DataException>(() => Baseline()).Id);
        box.Run("{ \"insert\": \"schema_migrations\", \"documents\": [ { \"_id\": 1, \"version\": 2, \"dirty\": true } ] }");
        Assert.Contains("dirty at 2", Assert.Throws<DataException>(() => Baseline()).Message, StringComparison.Ordinal);
        box.Run("{ \"update\": \"schema_migrations\", \"updates\": [ { \"q\": { \"_id\": 1 }, \"u\": { \"$set\": { \"version\": { \"$numberLong\": \"2\" }, \"dirty\": false } } } ] }");
        Assert.Equal(["m1", "m2"], Baseline());
        box.Invoke();
        Assert.Equal((false, true), (box.Has("c2"), box.Has("c3")));

        List<string> Baseline() => [.. box.Engine.Baseline(MigrationTool.GolangMigrate, CancellationToken.None).Select(i => i.Name)];
    }

    /// <summary>Run on another database, the file makes the same again.</summary>
    [Fact]
    public void The_schema_is_written_as_commands()
    {
        using var box = new MongoBox();
        using var other = new MongoBox();
        box.Write(1, "a", """
            { "up": [ { "create": "users", "validator": { "name": { "$exists": true } }, "validationAction": "warn" }, { "create": "b" },
              { "createIndexes": "users", "indexes": [ { "key": { "n": 1, "m": -1 }, "name": "nm", "unique": true }, { "key": { "a": 1 }, "name": "a" } ] } ] }
            """);
        box.Invoke();
        var path = Path.Combine(box.Folder, "schema.txt");
        SchemaFile.Write(path, MigrationTarget.Of(box.Session), CancellationToken.None);

        var text = File.ReadAllText(path);
        Assert.Equal(["create b", "create users", "createIndexes a", "createIndexes nm"], text.TrimEnd().Split('\n').Select(l => l.Contains("\"indexes\"", StringComparison.Ordinal) ? $"createIndexes {(l.Contains("\"nm\"", StringComparison.Ordinal) ? "nm" : "a")}" : $"create {(l.Contains("users", StringComparison.Ordinal) ? "users" : "b")}"));
        other.Run(text);
        SchemaFile.Write(path, MigrationTarget.Of(other.Session), CancellationToken.None);
        Assert.Equal(text, File.ReadAllText(path));
    }

    [Fact]
    public void A_round_trip_finds_what_down_does_not_bring_back()
    {
        using var box = new MongoBox();
        box.Write(1, "a", "{ \"up\": [ { \"create\": \"users\" }, { \"createIndexes\": \"users\", \"indexes\": [ { \"key\": { \"n\": 1 }, \"name\": \"n\" } ] } ] }");
        box.Write(2, "b", "{ \"up\": [ { \"create\": \"b\" }, { \"dropIndexes\": \"users\", \"index\": \"*\" } ], \"down\": [ { \"collMod\": \"users\", \"validator\": { \"n\": 1 } }, { \"drop\": \"b\" } ] }");
        var found = new MigrationRoundTrip(box.Session, MigrationFolder.Read(box.Folder), box.Options).Run(CancellationToken.None).ToList();

        Assert.All(found, f => Assert.Equal(MongoBox.Id(2), f.Migration));
        Assert.Equal(["Collection users is another", "Index n of users is missing"], found.Select(f => f.Reason).Where(r => r.StartsWith("Down", StringComparison.Ordinal)).Select(r => r[(r.IndexOf(": ", StringComparison.Ordinal) + 2)..].TrimEnd('.')).Order(StringComparer.Ordinal));
        Assert.Throws<DataException>(() => new MigrationRoundTrip(box.Session, MigrationFolder.Read(box.Folder), box.Options).Run(CancellationToken.None).ToList());
    }
}
