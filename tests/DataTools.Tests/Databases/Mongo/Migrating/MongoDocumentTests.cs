using DataTools.Errors;
using DataTools.Migrations;
using MongoDB.Bson;

namespace DataTools.Tests.Databases.Mongo.Migrating;

/// <summary>Changes of the documents of a collection, in batches.</summary>
public sealed class MongoDocumentTests
{
    [Fact]
    public void Fields_are_renamed_converted_split_set_and_unset_in_one_pass()
    {
        using var box = Filled(
            """
            { "_id": 1, "mail": "a@x", "age": "41", "name": "Ada King Lovelace", "address": { "zip": "75", "town": "Paris" }, "old": 1 }, { "_id": 2, "age": 7.0 },
            { "_id": 3, "mail": null, "age": null, "name": null }
            """);
        box.Write(1, "a", """
            { "up": [ { "migrate": "users",
                "rename": { "mail": "email", "address.zip": "address.code" }, "convert": { "age": "int", "address.code": "long" },
                "split": { "name": { "into": [ "first", "last" ], "separator": " " } }, "set": { "active": true, "address.country": "FR" }, "unset": [ "old", "name" ] } ] }
            """);

        box.Invoke();
        Assert.Equal(
            """{"_id":1,"active":true,"address":{"code":75,"country":"FR","town":"Paris"},"age":41,"email":"a@x","first":"Ada","last":"KingLovelace"} """
            + """{"_id":2,"active":true,"address":{"country":"FR"},"age":7} {"_id":3,"active":true,"address":{"country":"FR"},"age":null,"email":null}""",
            box.Ask("users"));
        Assert.Equal((2, 1), (box.Count("users", "{ \"age\": { \"$type\": \"int\" } }"), box.Count("users", "{ \"address.code\": { \"$type\": \"long\" } }")));
        Assert.Equal(nameof(DataErrors.MigrationIrreversible), Assert.Throws<DataException>(() => box.Undo()).Id);
    }

    /// <summary>A filter by _id sees values of one type; batches must find all of them.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    public void Batches_reach_documents_of_every_type_of_id(int size)
    {
        using var box = Filled(
            """
            { "_id": 1, "a": 1 }, { "_id": 2.5, "a": 1 }, { "_id": { "$numberLong": "9000000000" }, "a": 1 }, { "_id": "x", "a": 1 }, { "_id": { "k": 1 }, "a": 1 },
            { "_id": { "$oid": "65a1b2c3d4e5f60718293a4b" }, "a": 1 }, { "_id": true, "a": 1 }, { "_id": { "$date": "2026-01-01T00:00:00Z" }, "a": 1 }, { "_id": { "$maxKey": 1 }, "a": 1 }
            """);
        box.Write(1, "a", $"{{ \"batch\": {size}, \"up\": [ {{ \"migrate\": \"users\", \"rename\": {{ \"a\": \"b\" }} }} ] }}");

        box.Invoke();
        Assert.Equal((0, 9), (box.Count("users", "{ \"a\": 1 }"), box.Count("users", "{ \"b\": 1 }")));
        box.Undo();
        Assert.Equal((9, 0), (box.Count("users", "{ \"a\": 1 }"), box.Count("users", "{ \"b\": 1 }")));
    }

    [Theory]
    [InlineData("\"convert\": { \"v\": \"int\" }", "\"abc\"", "no int")]
    [InlineData("\"convert\": { \"v\": \"int\" }", "1.5", "no int")]
    [InlineData("\"convert\": { \"v\": \"double\" }", "{ \"$numberLong\": \"9007199254740993\" }", "no double")]
    [InlineData("\"convert\": { \"v\": \"string\" }", "[ \"a\" ]", "no string")]
    [InlineData("\"convert\": { \"v.w\": \"int\" }", "[ { \"w\": \"1\" } ]", "is no document")]
    [InlineData("\"split\": { \"v\": { \"into\": [ \"a\", \"b\" ], \"separator\": \" \" } }", "\"Cher\"", "1 of 2 parts")]
    [InlineData("\"split\": { \"v\": { \"into\": [ \"a\", \"b\" ], \"separator\": \" \" } }", "5", "no text")]
    [InlineData("\"rename\": { \"v\": \"w\" }", "1, \"w\": 2", "different values")]
    public void A_value_that_does_not_fit_is_an_error_that_names_the_document_and_nothing_is_lost(string change, string value, string reason)
    {
        var fit = change.Contains("split", StringComparison.Ordinal) ? "7 8" : "7";
        using var box = Filled($"{{ \"_id\": 1, \"v\": \"{fit}\" }}, {{ \"_id\": \"odd one\", \"v\": {value} }}");
        var before = box.Ask("users", "{ \"_id\": \"odd one\" }");
        box.Write(1, "a", $"{{ \"batch\": 1, \"up\": [ {{ \"migrate\": \"users\", {change} }} ] }}");

        var error = Assert.Throws<DataException>(() => box.Invoke());
        Assert.Equal(nameof(DataErrors.MigrationFailed), error.Id);
        Assert.Contains("document \"odd one\"", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, box.Ask("users", "{ \"_id\": \"odd one\" }"));

        box.Run("{ \"update\": \"users\", \"updates\": [ { \"q\": { \"_id\": \"odd one\" }, \"u\": { \"$unset\": { \"v\": 1 } } } ] }");
        box.Invoke();
        Assert.Equal(["a Applied"], box.Status());
    }

    [Fact]
    public void A_document_that_a_validator_refuses_is_named()
    {
        using var box = Filled("{ \"_id\": 1, \"a\": 1 }");
        box.Write(1, "a", "{ \"up\": [ { \"collMod\": \"users\", \"validator\": { \"a\": 1 } }, { \"migrate\": \"users\", \"rename\": { \"a\": \"b\" } } ] }");

        var error = Assert.Throws<DataException>(() => box.Invoke());
        Assert.Contains("document 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("failed validation", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The second batch fails half-way: what it had written is seen again, and nothing happens twice.</summary>
    [Fact]
    public void A_run_that_fails_in_the_middle_of_a_batch_goes_on_there()
    {
        using var server = new WireServer(null, null);
        using var box = new MongoBox(server);
        box.Run($"{{ \"insert\": \"users\", \"documents\": [ {string.Join(", ", Enumerable.Range(1, 50).Select(i => $"{{ \"_id\": {i}, \"n\": \"{i}\" }}"))} ] }}");
        box.Write(1, "a", "{ \"batch\": 10, \"up\": [ { \"migrate\": \"users\", \"convert\": { \"n\": \"int\" } }, { \"create\": \"done\" } ] }");
        var writes = 0;
        server.OnCommand = (name, command) =>
        {
            if (name == "update" && command[0] == "users" && ++writes == 3)
            {
                // Some of the batch is written before the server gives up.
                command["updates"] = new BsonArray(command["updates"].AsBsonArray.Take(4)) { BsonDocument.Parse("{ q: { nonsense: { $near: 1 } }, u: { } }") };
            }
        };

        Assert.Equal(nameof(DataErrors.MigrationFailed), Assert.Throws<DataException>(() => box.Invoke()).Id);
        Assert.Equal(["a Failed"], box.Status());
        Assert.Equal(24, box.Count("users", "{ \"n\": { \"$type\": \"int\" } }"));
        server.OnCommand = (name, command) => writes += name == "update" && command[0] == "users" ? 1 : 0;
        writes = 0;
        box.Invoke();
        Assert.Equal(50, box.Count("users", "{ \"n\": { \"$type\": \"int\" } }"));
        Assert.Equal(4, writes);
        Assert.True(box.Has("done"));
    }

    /// <summary>An application that writes between the reading and the writing of a batch loses nothing.</summary>
    [Fact]
    public void What_is_written_meanwhile_is_read_again()
    {
        using var server = new WireServer(null, null);
        using var box = new MongoBox(server);
        using var application = box.Open();
        box.Run("{ \"insert\": \"users\", \"documents\": [ { \"_id\": 1, \"mail\": \"old\" }, { \"_id\": 2, \"mail\": \"x\" } ] }");
        box.Write(1, "a", "{ \"up\": [ { \"migrate\": \"users\", \"rename\": { \"mail\": \"email\" } } ] }");
        var isDone = false;
        server.OnCommand = (name, command) =>
        {
            if (name == "update" && command[0] == "users" && !isDone)
            {
                isDone = true;
                application.Run(null, BsonDocument.Parse("{ update: 'users', updates: [ { q: { _id: 1 }, u: { $set: { mail: 'new' } } } ] }"), CancellationToken.None);
            }
        };

        box.Invoke();
        Assert.Equal("{\"_id\":1,\"email\":\"new\"} {\"_id\":2,\"email\":\"x\"}", box.Ask("users"));
    }

    [Fact]
    public void A_replica_set_takes_batches_as_writes_that_are_tried_again()
    {
        using var server = new WireServer(null, null) { ReplicaSet = "rs0" };
        using var box = new MongoBox(server, "?replicaSet=rs0");
        box.Run("{ \"insert\": \"users\", \"documents\": [ { \"_id\": 1, \"mail\": \"a\" } ] }");
        box.Write(1, "a", "{ \"up\": [ { \"migrate\": \"users\", \"rename\": { \"mail\": \"email\" } } ] }");
        var failures = 0;
        server.OnCommand = (name, command) =>
        {
            if (name == "update" && command[0] == "users" && failures++ < 2)
            {
                throw new WireFault(10107, "NotWritablePrimary", "not primary");
            }
        };

        box.Invoke();
        Assert.Equal("{\"_id\":1,\"email\":\"a\"}", box.Ask("users"));
        Assert.Equal(3, failures);
    }

    [Fact]
    public void Values_are_reckoned_by_the_server_of_what_the_document_has_then()
    {
        using var box = Filled("{ \"_id\": 1, \"n\": \"ada\", \"l\": \"king\", \"doc\": { \"x\": 1 } }");
        box.Write(1, "a", """
            { "up": [ { "migrate": "users", "version": 2, "rename": { "n": "first" }, "set": { "full": { "$concat": [ "$first", " ", "$l" ] }, "doc": { "y": 2 }, "price": { "$literal": "$5" } }, "unset": "l" } ] }
            """);
        box.Invoke();
        Assert.Equal("""{"_id":1,"_v":2,"doc":{"y":2},"first":"ada","full":"adaking","price":"$5"}""", box.Ask("users"));
    }

    /// <summary>Documents of one collection may have several shapes for a while: the field _v tells which.</summary>
    [Fact]
    public void Only_documents_below_the_version_are_changed_and_counted()
    {
        using var box = Filled("{ \"_id\": 1, \"mail\": \"a\" }, { \"_id\": 2, \"_v\": 2, \"mail\": \"b\" }, { \"_id\": 3, \"_v\": 3, \"email\": \"c\" }, { \"_id\": 4, \"_v\": 3, \"mail\": \"of another meaning\" }");
        box.Write(1, "a", """
            { "expand": [ { "collMod": "users", "validator": {} } ],
              "backfill": [ { "migrate": "users", "version": 3, "rename": { "mail": "email" } } ],
              "verify": [ { "find": "users", "filter": { "_v": { "$not": { "$gte": 3 } } } } ],
              "contract": [ { "createIndexes": "users", "indexes": [ { "key": { "email": 1 }, "name": "email" } ] } ],
              "down": [ { "migrate": "users", "downTo": 2, "rename": { "email": "mail" } } ],
              "downCompleted": [ { "dropIndexes": "users", "index": "email" }, { "migrate": "users", "downTo": 2, "rename": { "email": "mail" } } ] }
            """);

        Assert.Equal(MigrationStatus.Expanded, Assert.Single(box.Invoke()).Status);
        Assert.Equal(
            "{\"_id\":1,\"_v\":3,\"email\":\"a\"} {\"_id\":2,\"_v\":3,\"email\":\"b\"} {\"_id\":3,\"_v\":3,\"email\":\"c\"} {\"_id\":4,\"_v\":3,\"mail\":\"ofanothermeaning\"}", box.Ask("users"));
        Assert.Equal(0L, box.Engine.List(CancellationToken.None)[0].Left);

        // An application of old still writes its shape; the completion fetches it.
        box.Run("{ \"insert\": \"users\", \"documents\": [ { \"_id\": 5, \"mail\": \"late\" } ] }");
        Assert.Equal(1L, box.Engine.List(CancellationToken.None)[0].Left);
        Assert.Single(box.Engine.Complete(null, CancellationToken.None));
        Assert.Equal("{\"_id\":5,\"_v\":3,\"email\":\"late\"}", box.Ask("users", "{ \"_id\": 5 }"));
        Assert.Null(box.Engine.List(CancellationToken.None)[0].Left);
        Assert.Equal(["email"], box.Indexes("users"));

        box.Run("{ \"update\": \"users\", \"updates\": [ { \"q\": { \"_id\": 4 }, \"u\": { \"$unset\": { \"mail\": 1 } } } ] }");
        box.Undo();
        Assert.Equal(5, box.Count("users", "{ \"_v\": 2 }"));
        Assert.Equal("{\"_id\":5,\"_v\":2,\"mail\":\"late\"}", box.Ask("users", "{ \"_id\": 5 }"));
    }

    /// <summary>Nothing tells documents that were set from those that were not, and an application may have changed them since.</summary>
    [Fact]
    public void A_completion_does_not_set_again_what_was_set()
    {
        using var box = Filled("{ \"_id\": 1 }");
        box.Write(1, "a", "{ \"expand\": [ { \"create\": \"log\" } ], \"backfill\": [ { \"migrate\": \"users\", \"set\": { \"active\": true } } ], \"contract\": [ { \"drop\": \"log\" } ] }");
        box.Invoke();
        Assert.Null(box.Engine.List(CancellationToken.None)[0].Left);
        box.Run("{ \"update\": \"users\", \"updates\": [ { \"q\": { \"_id\": 1, \"active\": true }, \"u\": { \"$set\": { \"active\": false } } } ] }");

        Assert.Single(box.Engine.Complete(null, CancellationToken.None));
        Assert.Equal("{\"_id\":1,\"active\":false}", box.Ask("users"));
    }

    [Fact]
    public void An_expanded_migration_is_undone_and_a_backfill_that_fails_goes_on()
    {
        using var box = Filled("{ \"_id\": 1, \"n\": \"1\" }, { \"_id\": 2, \"n\": \"x\" }, { \"_id\": 3, \"n\": \"3\" }");
        box.Write(1, "a", """
            { "batch": 1, "expand": [ { "create": "log" } ], "backfill": [ { "migrate": "users", "convert": { "n": "int" } }, { "insert": "log", "documents": [ { "_id": 1 } ] } ],
              "contract": [ { "create": "end" } ], "down": [ { "migrate": "users", "convert": { "n": "string" } }, { "drop": "log" } ] }
            """);
        Assert.Contains("document 2", Assert.Throws<DataException>(() => box.Invoke()).Message, StringComparison.Ordinal);
        Assert.Equal(["a Failed"], box.Status());
        box.Run("{ \"update\": \"users\", \"updates\": [ { \"q\": { \"_id\": 2 }, \"u\": { \"$set\": { \"n\": \"2\" } } } ] }");
        Assert.Equal(MigrationStatus.Expanded, Assert.Single(box.Invoke()).Status);
        Assert.Equal("{\"_id\":1}", box.Ask("log"));
        box.Undo();
        Assert.Equal(3, box.Count("users", "{ \"n\": { \"$type\": \"string\" } }"));
    }

    [Theory]
    [InlineData("\"nonsense\": 1", "does not know 'nonsense'")]
    [InlineData("\"filter\": {}", "says what changes")]
    [InlineData("\"rename\": { \"_id\": \"id\" }", "neither _id")]
    [InlineData("\"convert\": { \"a\": \"text\" }", "converts to bool, date")]
    [InlineData("\"split\": { \"a\": [ \"b\" ] }", "\"separator\"")]
    [InlineData("\"set\": { \"n\": { \"$add\": [ \"$n\", 1 ] } }", "a second time")]
    [InlineData("\"set\": { \"full\": \"$first\" }, \"unset\": \"first\"", "a second time")]
    [InlineData("\"version\": 2, \"downTo\": 1", "not both")]
    [InlineData("\"version\": \"2\"", "whole number")]
    public void A_change_that_is_malformed_is_found_before_anything_runs(string change, string reason)
    {
        using var box = Filled("{ \"_id\": 1 }");
        box.Write(1, "a", $"{{ \"up\": [\n  {{ \"create\": \"first\" }},\n  {{ \"migrate\": \"users\", {change} }}\n] }}");

        var error = Assert.Throws<DataException>(() => box.Invoke());
        Assert.Equal(nameof(DataErrors.MigrationMalformed), error.Id);
        Assert.Contains(", line 3:", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.False(box.Has("first"));
    }

    [Fact]
    public void A_collection_that_is_not_there_is_an_error()
    {
        using var box = new MongoBox();
        box.Write(1, "a", "{ \"up\": [ { \"migrate\": \"users\", \"rename\": { \"a\": \"b\" } } ] }");
        Assert.Contains("users", Assert.Throws<DataException>(() => box.Invoke()).Message, StringComparison.Ordinal);
        box.Run("{ \"create\": \"users\" }");
        box.Invoke();
        Assert.Equal(["a Applied"], box.Status());
    }

    private static MongoBox Filled(string documents)
    {
        var box = new MongoBox();
        box.Run($"{{ \"insert\": \"users\", \"documents\": [ {documents} ] }}");
        return box;
    }
}
