using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;

namespace DataTools.Tests.Databases.Mongo;

/// <summary>What MongoDB has and others have not.</summary>
public sealed class MongoTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const string Kind = "MongoDb";

    [Theory]
    [InlineData("$url -replace ':[^:@/]+@', ':wrong@'", "LoginFailed")]
    [InlineData("$url -replace ':\\d+/', ':1/'", "ConnectionFailed")]
    [InlineData("$url -replace '/test_[^?]*', ''", "InvalidOption")]
    [InlineData("\"$url&replicaSet=none&connect_timeout=1\"", "ConnectionFailed")]
    [InlineData("\"$url&nonsense=1\"", "UnknownConnectionOption")]
    [InlineData("\"$url&authMechanism=NONE\"", "InvalidOption")]
    public void Connections_that_fail_say_why(string change, string id)
    {
        using var database = TestDatabase.Make(Kind);
        var error = session.Error($"$url = $args[0]; Connect-Database ({change})", database.Url);

        Assert.StartsWith($"{id},", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.DoesNotContain(TestServer.Password, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Documents_of_varying_shape_have_columns_that_hold_them_all()
    {
        using var database = Filled(
            """
            { _id: 1, n: 1, mixed: 1, address: { city: "Paris", zip: "75" }, tags: ["a", "b"], at: ISODate("2026-01-02T03:04:05.678Z") },
            { _id: 2, n: NumberLong(5000000000), mixed: "x", address: { city: "Rome" }, tags: [], price: NumberDecimal("12.50") },
            { _id: 3, n: 1.5, mixed: { a: [1, null] }, address: null, extra: /x/i, price: NumberDecimal("1.125") }
            """);

        Assert.Equal(
            ["_id int32", "n double", "mixed json", "address struct<city: text, zip: text>", "tags list<text>", "at timestamptz", "price decimal(28,3)", "extra json"],
            session.Values("Import-DataTable d -Connection $args[0] | Get-DataSchema | ForEach-Object { \"$($_.Name) $($_.Type)\" }", database.Url));
        Assert.Equal(
            ["1|5000000000|1.5", "1|\"x\"|{\"a\":[1,null]}", "Paris 75|Rome |", "a,b|", "12.500|1.125", "True|{\"$regularExpression\":{\"pattern\":\"x\",\"options\":\"i\"}}"],
            session.Values(
                """
                $r = Import-DataTable d -Connection $args[0]
                $r.n -join '|'; $r.mixed -join '|'; ($r | ForEach-Object { "$($_.address.city) $($_.address.zip)".TrimStart() }) -join '|'
                "$($r[0].tags -join ',')|$($r[1].tags -join ',')"; $r.price -ne $null -join '|'; "$($null -eq $r[0].extra)|$($r[2].extra)"
                """,
                database.Url));
    }

    [Fact]
    public void What_the_sample_did_not_show_is_an_error_until_all_is_looked_at()
    {
        using var database = Filled("{ _id: 1, a: 1 }, { _id: 2, a: \"text\" }, { _id: 3, a: 3, b: 4 }");
        const string Read = "Import-DataTable d -Connection $args[0] -SampleRows 1";

        var error = session.Error(Read, database.Url);
        Assert.StartsWith("FieldUnknown,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("document 2", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(["1||3"], session.Values($"({Read} -OnLoss Warn).a -join '|'", database.Url));
        Assert.Contains("2 values", Assert.Single(session.Warnings), StringComparison.Ordinal);
        Assert.Equal(["1|\"text\"|3 4"], session.Values($"$r = {Read} -FullScan; \"$($r.a -join '|') $($r[2].b)\"", database.Url));
        Assert.StartsWith("FieldUnknown,", session.Error("Import-DataTable -Connection $args[0] -Query '{ find: \"d\" }' -SampleRows 2", database.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal([3], session.Values("(Import-DataTable -Connection $args[0] -Query '{ find: \"d\" }' -SampleRows 2 -FullScan)[2]._id", database.Url));
    }

    [Fact]
    public void Every_type_goes_there_and_back()
    {
        const string Documents =
            """
            { _id: ObjectId("65a1b2c3d4e5f60718293a4b"), int: 5, long: NumberLong(5), double: 1.0, nan: NaN, decimal: NumberDecimal("1.10"), string: "a\u0000b", bool: true, date: ISODate("1969-12-31T23:59:59.999Z"),
              bytes: BinData(0, "AAEC"), uuid: UUID("0f8fad5b-d9cb-469f-a165-70867728950e"), md5: BinData(5, "AAEC"), regex: /a.b/i, timestamp: Timestamp(1, 2), min: MinKey, max: MaxKey, code: { "$code": "x()" },
              nested: { deep: { list: [1, 2], when: ISODate("2026-01-01T00:00:00Z") } }, lists: [[1], [2, 3]], id: ObjectId("65a1b2c3d4e5f60718293a4c"), nothing: null, "a.b": 1, "$x": 2 }
            """;
        using var database = Filled(Documents);
        session.Run("$ErrorActionPreference = 'Stop'; Invoke-DataQuery '{ create: \"copy\" }' -Connection $args[0] -NonQuery; Import-DataTable d -Connection $args[0] | Export-DataTable copy -Connection $args[0]", database.Url);

        using var opened = DataTools.Databases.Connector.Open(DataTools.Databases.AddressText.Parse(database.Url), TestContext.Current.CancellationToken);
        var mongo = (DataTools.Databases.MongoDb.MongoSession)opened;
        string One(string name) => BsonSerializer.Deserialize<BsonDocument>(mongo.Find(new(null, name), [], new(), CancellationToken.None).Single().Bytes)
            .ToJson(new() { OutputMode = global::MongoDB.Bson.IO.JsonOutputMode.CanonicalExtendedJson });
        Assert.Equal(One("d"), One("copy"));
    }

    [Fact]
    public void ObjectIds_are_text_that_goes_back_as_such()
    {
        using var database = Filled("{ _id: ObjectId(\"65a1b2c3d4e5f60718293a4b\"), v: 1 }");
        Assert.Equal(["65a1b2c3d4e5f60718293a4b"], session.Values("(Import-DataTable d -Connection $args[0])._id", database.Url));

        Assert.StartsWith("BadRow,", session.Error("[pscustomobject]@{ _id = 'abc'; v = 2 } | Export-DataTable d -Connection $args[0]", database.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
        session.Run("[pscustomobject]@{ _id = '65a1b2c3d4e5f60718293a4c'; v = 2 } | Export-DataTable d -Connection $args[0]", database.Url);
        Assert.Equal([2L], session.Values("(Import-DataTable d -Connection $args[0] -Where '{ _id: { $type: \"objectId\" }, v: 2 }').v", database.Url));
        Assert.Equal([2L], session.Values("(Import-DataTable d -Connection $args[0] -Where @{ _id = '@id' } -Parameters @{ id = @{ '$oid' = '65a1b2c3d4e5f60718293a4c' } }).v", database.Url));
    }

    [Fact]
    public void A_failed_append_takes_back_what_it_wrote()
    {
        using var database = Filled("{ _id: 5, v: \"old\" }");
        var error = session.Error("1..6000 + 5 | ForEach-Object { [pscustomobject]@{ _id = $_; v = 'new' } } | Export-DataTable d -Connection $args[0]", database.Url);

        Assert.StartsWith("BadRow,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(["old"], session.Values("(Import-DataTable d -Connection $args[0]).v", database.Url));

        // Without keys of their own: the source fails behind the first documents.
        session.Error("1..200000 | ForEach-Object { if ($_ -eq 150000) { throw 'broken' }; [pscustomobject]@{ v = \"$_\" } } | Export-DataTable d -Connection $args[0]", database.Url);
        Assert.Equal(["old"], session.Values("(Import-DataTable d -Connection $args[0]).v", database.Url));
    }

    [Fact]
    public void The_schema_tells_indexes_validators_and_shares()
    {
        using var database = Filled("{ _id: 1, a: 1, b: { c: [1, \"x\"] } }, { _id: 2, a: \"t\" }, { _id: 3, a: 2 }, { _id: 4 }");
        Run(
            database,
            """
            { createIndexes: "d", indexes: [
                { key: { a: 1, "b.c": -1 }, name: "compound", unique: true, partialFilterExpression: { a: { $exists: true } } },
                { key: { at: 1 }, name: "ttl", expireAfterSeconds: 60 }, { key: { t: "text" }, name: "words" } ] }
            { create: "checked", validator: { $jsonSchema: { bsonType: "object", required: ["n"], properties: { n: { bsonType: "int" } } } } }
            """);

        Assert.Equal(
            ["compound a,b.c True { \"a\" : { \"$exists\" : true } } ", "ttl at False  ", "words t False  text", "True", "_id"],
            session.Values(
                """
                $s = Get-DataSchema -Connection $args[0] -Table d
                $s.Indexes | ForEach-Object { "$($_.Name) $($_.Columns -join ',') $($_.IsUnique) $($_.Where) $($_.Method)" }
                "$(($s.Indexes | Where-Object Name -eq ttl).Definition -like '*expireAfterSeconds*60*')"; $s.PrimaryKey.Columns
                """,
                database.Url));
        Assert.Equal(
            ["a int 2 0.5", "a string 1 0.25", "b object 1 0.25", "b.c array 1 0.25", "b.c[] int 1 0.25", "b.c[] string 1 0.25"],
            session.Values("(Get-DataSchema -Connection $args[0] -Table d).Sampled | Where-Object Path -ne _id | Sort-Object Path, Type | ForEach-Object { \"$($_.Path) $($_.Type) $($_.Documents) $($_.Share)\" }", database.Url));
        Assert.Equal(["n int int32 False", "1"], session.Values("$s = Get-DataSchema -Connection $args[0] -Table checked; $c = $s.Columns[1]; \"$($c.Name) $($c.NativeType) $($c.Type) $($c.Nullable)\"; \"$($s.Checks.Count)\"", database.Url));
        var refused = session.Error("[pscustomobject]@{ n = 'x' } | Export-DataTable checked -Connection $args[0] -Type @{ n = 'string' }", database.Url);
        Assert.StartsWith("BadRow,", refused.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("validation", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_and_pipelines_are_JSON_or_hashtables()
    {
        using var database = Filled("{ _id: 1, region: \"EU\", qty: 2 }, { _id: 2, region: \"US\", qty: 3 }, { _id: 3, region: \"EU\", qty: 5 }");

        Assert.Equal(["EU 7", "US 3"], session.Values("Invoke-DataQuery -Connection $args[0] '{ aggregate: \"d\", pipeline: [ { $group: { _id: \"$region\", n: { $sum: \"$qty\" } } }, { $sort: { _id: 1 } } ] }' | ForEach-Object { \"$($_._id) $($_.n)\" }", database.Url));
        Assert.Equal([2, 3], session.Values("Invoke-DataQuery -Connection $args[0] @{ aggregate = 'd'; pipeline = @(@{ '$match' = @{ qty = @{ '$gt' = '@least' } } }, @{ '$project' = @{ _id = 1 } }, @{ '$sort' = @{ _id = 1 } }) } -Parameters @{ least = 2 } | ForEach-Object _id", database.Url));
        Assert.Equal([2L], session.Values("Invoke-DataQuery -Connection $args[0] '{ delete: \"d\", deletes: [ { q: { region: \"@r\" }, limit: 0 } ] }' -Parameters @{ r = 'EU' } -NonQuery", database.Url));
        Assert.Equal(["7.0.14"], session.Values("(Invoke-DataQuery -Connection $args[0] '{ buildInfo: 1 }').version", database.Url));
        Assert.StartsWith("InvalidOption,", session.Error("Invoke-DataQuery -Connection $args[0] '[ { $match: {} } ]'", database.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("StatementFailed,", session.Error("Invoke-DataQuery -Connection $args[0] '{ nonsense: 1 }'", database.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
        // A value is never an operator.
        Assert.StartsWith("ParameterUnfit,", session.Error("Import-DataTable d -Connection $args[0] -Where '{ region: \"@r\" }' -Parameters @{ r = @{ '$gt' = '' } }", database.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("_id", "")]
    [InlineData("s", "\"x$($_ % 300)\"")]
    [InlineData("d", "[datetime]::new(2000, 1, 1, 0, 0, 0, [DateTimeKind]::Utc).AddMinutes($_ * 977)")]
    [InlineData("u", "[guid]::new([System.Security.Cryptography.MD5]::HashData([BitConverter]::GetBytes($_)))")]
    [InlineData("f", "[double] $_ / 3")]
    [InlineData("n", "$_ * 7 - 3000")]
    public void Ranges_of_a_field_hold_every_document_once(string field, string value)
    {
        using var database = TestDatabase.Make(Kind);
        const int Parts = 7;
        var given = value.Length == 0 ? "" : $"{field} = {value}; ";
        session.Run($"1..2000 | ForEach-Object {{ [pscustomobject]@{{ {given}k = $_ }} }} | Export-DataTable d -Connection $args[0] -CreateTable", database.Url);
        // What has another type, or none, or no place among numbers lies in one range, too.
        Run(database, "{ insert: \"d\", documents: [ { k: 2001 }, { k: 2002, n: null, s: null, d: null, u: null, f: NaN }, { " + (field == "_id" ? "" : "_id: MinKey, ") + "k: 2003 } ] }");

        const string Read = "(Import-DataTable d -Connection $args[0] -Column k -Partitions 7 -PartitionColumn $args[1]).k | Sort-Object | ForEach-Object { [int] $_ }";
        Assert.Equal(Enumerable.Range(1, 2003).Select(i => (object)i), session.Values(Read, database.Url, field));

        using var opened = DataTools.Databases.Connector.Open(DataTools.Databases.AddressText.Parse(database.Url), TestContext.Current.CancellationToken);
        var keys = (DataTools.Databases.IKeyRanges)opened;
        var ranges = keys.CutRanges(opened.FindTable(new(null, "d"), CancellationToken.None)!, Parts, [field], CancellationToken.None);
        Assert.Equal(Parts, ranges.Count);
        var counts = ranges.Select(Count).ToList();
        Assert.Equal(2003, counts.Sum());
        Assert.True(counts.TrueForAll(c => c is > 100 and < 700), string.Join(' ', counts));

        int Count(DataTools.Databases.Reading.KeyRange range)
        {
            using var rejects = new DataTools.Errors.RejectLog(new DataTools.Errors.RejectPolicy());
            using var reader = opened.Read(new() { Table = new(null, "d"), Columns = ["k"], Range = range }, new DataTools.Databases.DatabaseContext(rejects, _ => { }, CancellationToken.None));
            var count = 0;
            while (reader.ReadBatch(CancellationToken.None) is { } batch)
            {
                count += batch.Length;
            }

            return count;
        }
    }

    [Fact]
    public void A_field_without_an_order_cannot_be_cut()
    {
        using var database = Filled("{ _id: 1, a: [1], b: { c: 1 }, m: 1 }, { _id: \"x\", m: \"x\" }");
        Assert.StartsWith("InvalidOption,", session.Error("Import-DataTable d -Connection $args[0] -Partitions 2", database.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
        foreach (var field in new[] { "a", "b", "m" })
        {
            Assert.Contains("cannot be cut by", session.Error("Import-DataTable d -Connection $args[0] -Partitions 2 -PartitionColumn $args[1]", database.Url, field).ToString(), StringComparison.Ordinal);
        }

        Assert.StartsWith("ColumnNotFound,", session.Error("Import-DataTable d -Connection $args[0] -Partitions 2 -PartitionColumn none", database.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Views_are_read_and_listed()
    {
        using var database = Filled("{ _id: 1, a: 1 }, { _id: 2, a: 2 }");
        Run(database, "{ create: \"v\", viewOn: \"d\", pipeline: [ { $match: { a: 2 } } ] }");

        Assert.Equal(["d Table 2", "v View "], session.Values("Get-DataTable -Connection $args[0] | ForEach-Object { \"$($_.Name) $($_.Type) $($_.Rows)\" }", database.Url));
        Assert.Equal([2], session.Values("(Import-DataTable v -Connection $args[0]).a", database.Url));
    }

    [Fact]
    public void Exported_documents_come_in_with_their_types()
    {
        using var database = TestDatabase.Make(Kind);
        using var folder = new TestFolder();
        var file = folder.Write("export.ndjson", "{\"_id\":{\"$oid\":\"65a1b2c3d4e5f60718293a4b\"},\"at\":{\"$date\":\"2026-01-02T03:04:05.678Z\"},\"d\":{\"$numberDecimal\":\"1.50\"}}\n");
        session.Run("Import-DataFile $args[1] | Export-DataTable d -Connection $args[0] -CreateTable", database.Url, file);

        Assert.Equal(["_id objectId", "at date", "d decimal"], session.Values("(Get-DataSchema -Connection $args[0] -Table d).Columns | ForEach-Object { \"$($_.Name) $($_.NativeType)\" }", database.Url));
    }

    private TestDatabase Filled(string documents)
    {
        var database = TestDatabase.Make(Kind);
        Run(database, $"{{ insert: \"d\", documents: [ {documents} ] }}");
        return database;
    }

    private void Run(TestDatabase database, string command) => TestDatabase.Run(session, database.Url, command);
}
