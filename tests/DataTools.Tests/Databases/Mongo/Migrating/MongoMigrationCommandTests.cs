using DataTools.Databases;
using DataTools.Databases.MongoDb.Migrating;
using DataTools.Errors;
using DataTools.Migrations;
using MongoDB.Bson;

namespace DataTools.Tests.Databases.Mongo.Migrating;

/// <summary>Migrations of MongoDB as users call the commands, and what their files say.</summary>
public sealed class MongoMigrationCommandTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const string Target = "$target = @{ Path = $args[0]; Connection = $args[1] }; ";

    [Fact]
    public void What_if_changes_nothing_and_a_run_gives_what_it_did()
    {
        using var box = new MongoBox();
        box.Run("{ \"insert\": \"users\", \"documents\": [ { \"_id\": 1, \"mail\": \"a\" } ] }");
        var files = Values("""
            (New-DataMigration 'rename mail' -Path $target.Path -Json -Up '{ "migrate": "users", "rename": { "mail": "email" } }').Name
            (New-DataMigration 'index email' -Path $target.Path -Json -Up '[{ "createIndexes": "users", "indexes": [ { "key": { "email": 1 }, "name": "email", "unique": true } ] }]' -Down '{ "dropIndexes": "users", "index": "email" }').Name
            """, box);
        Assert.Equal(2, files.Count(f => ((string)f!).EndsWith(".json", StringComparison.Ordinal)));
        Assert.Contains("\"depends\"", File.ReadAllText(Path.Combine(box.Folder, (string)files[1]!)), StringComparison.Ordinal);
        Assert.Empty(Values("Test-DataMigration @target | ForEach-Object Rule", box));

        Assert.Equal(["Pending", "Pending"], Values("Invoke-DataMigration @target -WhatIf; (Get-DataMigration @target).Status | ForEach-Object { \"$_\" }", box));
        var script = Assert.Single(Values("try { Invoke-DataMigration @target -AsSql } catch { \"$_\" }", box));
        Assert.Contains("in batches", (string)script!, StringComparison.Ordinal);
        Assert.Equal(["rename_mail Applied", "index_email Applied"], Values("Invoke-DataMigration @target -BatchSize 1 -Delay 1 | ForEach-Object { \"$($_.Name) $($_.Status)\" }", box));
        Assert.Equal(["a"], Values("(Import-DataTable users -Connection $target.Connection).email", box));
        Assert.Equal(["index_email", "rename_mail"], Values("(Undo-DataMigration @target -Steps 2 -Confirm:$false).Name", box));
        Assert.Equal("{\"_id\":1,\"mail\":\"a\"}", box.Ask("users"));
        Assert.Empty(box.Indexes("users"));
    }

    [Fact]
    public void Scripts_run_with_consent_and_are_undone()
    {
        using var box = new MongoBox();
        box.Write(1, "load", """
            function Up($Connection) {
                1..3 | ForEach-Object { [pscustomobject]@{ _id = $_; name = "n$_" } } | Export-DataTable users -Connection $Connection -CreateTable
                if (-not (Invoke-DataQuery '{ "find": "flag" }' -Connection $Connection)) { throw 'no flag' }
            }
            function Down($Connection) { Invoke-DataQuery '{ "drop": "users" }' -Connection $Connection -NonQuery }
            """, "ps1");
        Assert.StartsWith("MigrationScriptNotAllowed,", Error("Invoke-DataMigration @target", box), StringComparison.Ordinal);
        Assert.StartsWith("MigrationFailed,", Error("Invoke-DataMigration @target -AllowScript", box), StringComparison.Ordinal);
        Assert.Equal(["Failed"], Values("(Get-DataMigration @target).Status | ForEach-Object { \"$_\" }", box));

        box.Run("{ \"insert\": \"flag\", \"documents\": [ { \"_id\": 1 } ] } { \"drop\": \"users\" }");
        Assert.Equal(["load", 3L], Values("(Invoke-DataMigration @target -AllowScript).Name; (Import-DataTable users -Connection $target.Connection | Measure-Object).Count -as [long]", box));
        Assert.Equal(["load"], Values("(Undo-DataMigration @target -AllowScript -Confirm:$false).Name", box));
        Assert.False(box.Has("users"));
    }

    [Fact]
    public void What_only_tables_have_is_refused()
    {
        using var box = new MongoBox();
        foreach (var (script, word) in new[]
        {
            ("New-DataMigration -Kind AddIndex -Table a -Column b @target", "-Kind changes tables"), ("New-DataMigration x -Autogenerate @target -Model a.sql", "-Autogenerate compares tables"),
        })
        {
            Assert.Contains(word, session.Error(Target + script, box.Folder, box.Url).ToString(), StringComparison.Ordinal);
        }

        box.Run("{ \"create\": \"users\" }");
        box.Write(1, "a", "{ \"up\": [ { \"migrate\": \"users\", \"rename\": { \"a\": \"b\" } } ] }");
        Assert.Contains("-MaxReplicaLag", session.Error(Target + "Invoke-DataMigration @target -MaxReplicaLag 1", box.Folder, box.Url).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_way_back_is_told_only_where_there_is_none()
    {
        using var folder = new TestFolder();
        folder.Write("20260101T000001_a.json", "{ \"up\": [ { \"createIndexes\": \"a\", \"indexes\": [ { \"key\": { \"x\": 1 }, \"name\": \"x\" } ] } ] }");
        folder.Write("20260101T000002_b.json", "{ \"up\": [ { \"drop\": \"a\" } ] }");
        folder.Write("20260101T000003_c.json", "{ \"ignore\": [ \"missing-down\" ], \"up\": [ { \"drop\": \"a\" } ] }");

        Assert.Equal(["20260101T000002 missing-down"], session.Values("Test-DataMigration -Path $args[0] -Kind MongoDb | ForEach-Object { \"$($_.Migration) $($_.Rule)\" }", folder.Path));
    }

    [Theory]
    [InlineData("[]", 1, "an object with sections")]
    [InlineData("{\n \"up\": { \"create\": \"a\" } }", 2, "an array of commands")]
    [InlineData("{\n \"up\": [],\n \"up\": [] }", 3, "there twice")]
    [InlineData("{\n\n \"nonsense\": 1 }", 3, "neither a section")]
    [InlineData("{ \"batch\": 0 }", 1, "'batch'")]
    [InlineData("{ \"up\": [\n } }", 2, "invalid")]
    [InlineData("{ \"up\": [] } { }", 1, "")]
    public void A_file_that_is_malformed_is_an_error_with_its_line(string text, int line, string reason)
    {
        using var folder = new TestFolder();
        folder.Write("20260101T000000_a.json", text);

        var error = Assert.Throws<DataException>(() => MigrationFolder.Read(folder.Path));
        Assert.Equal(nameof(DataErrors.MigrationMalformed), error.Id);
        Assert.Contains($", line {line}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_of_a_file_are_read_and_other_databases_leave_it_alone()
    {
        using var folder = new TestFolder();
        folder.Write("20260101T000000_a.json", "{ // why\n \"depends\": [], \"batch\": 7, \"variables\": \"a, b=2\", \"irreversible\": \"x, y\", \"ignore\": \"drop-in-use\", \"up\": [ 1, ], }");

        var file = Assert.Single(MigrationFolder.Read(folder.Path));
        Assert.Equal((7, "x, y"), (file.Options.BatchSize!.Value, file.Options.Irreversible));
        Assert.Empty(file.Options.Depends!);
        Assert.Equal(["drop-in-use"], file.Options.IgnoredRules);
        Assert.Equal("2", file.Options.Variables["b"]);
        Assert.Equal((true, false), (file.IsFor(KnownDatabases.Find("MongoDb")), file.IsFor(KnownDatabases.Find("Sqlite"))));
        Assert.Contains("a command is an object", Assert.Throws<DataException>(() => JsonMigration.Split(file.Sections[0].Text, "x", 1)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5", "long", "5", "Int64")]
    [InlineData("5.0", "int", "5", "Int32")]
    [InlineData("1e20", "long", null, "")]
    [InlineData("NaN", "int", null, "")]
    [InlineData("3000000000", "int", null, "")]
    [InlineData("NumberDecimal('5.00')", "long", "5", "Int64")]
    [InlineData("NumberDecimal('5.01')", "long", null, "")]
    [InlineData("NumberDecimal('1.000000000000000000000000000000001')", "int", null, "")]
    [InlineData("'0.1'", "double", "0.1", "Double")]
    [InlineData("'0.1234567890123456789'", "double", null, "")]
    [InlineData("'1,5'", "double", null, "")]
    [InlineData("'1e999'", "double", null, "")]
    [InlineData("'12345678901234567890.123'", "decimal", "12345678901234567890.123", "Decimal128")]
    [InlineData("'Infinity'", "decimal", null, "")]
    [InlineData("0.1", "decimal", "0.1", "Decimal128")]
    [InlineData("'false'", "bool", "false", "Boolean")]
    [InlineData("'yes'", "bool", null, "")]
    [InlineData("2", "bool", null, "")]
    [InlineData("0", "bool", "false", "Boolean")]
    [InlineData("'2026-02-03'", "date", "2026-02-03T00:00:00Z", "DateTime")]
    [InlineData("'2026-02-03T04:05:06.789+01:00'", "date", "2026-02-03T03:05:06.789Z", "DateTime")]
    [InlineData("'2026-02-03T04:05:06.7891Z'", "date", null, "")]
    [InlineData("'03.02.2026'", "date", null, "")]
    [InlineData("'65a1b2c3d4e5f60718293a4b'", "objectId", "65a1b2c3d4e5f60718293a4b", "ObjectId")]
    [InlineData("'65a1'", "objectId", null, "")]
    [InlineData("ISODate('2026-02-03T04:05:06.789Z')", "string", "2026-02-03T04:05:06.789Z", "String")]
    [InlineData("true", "string", "true", "String")]
    [InlineData("1.5", "string", "1.5", "String")]
    [InlineData("{ a: 1 }", "string", null, "")]
    public void Values_get_other_types_only_without_loss(string value, string type, string? expected, string bsonType)
    {
        var converted = BsonConversion.Convert(BsonDocument.Parse($"{{ v: {value} }}")["v"], type);

        Assert.Equal(expected, converted is BsonDouble number ? number.Value.ToString(System.Globalization.CultureInfo.InvariantCulture) : converted?.ToString());
        Assert.Equal(bsonType, converted?.BsonType.ToString() ?? "");
    }

    private IReadOnlyList<object?> Values(string script, MongoBox box) => session.Values(Target + script, box.Folder, box.Url);

    private string Error(string script, MongoBox box) => session.Error(Target + script, box.Folder, box.Url).FullyQualifiedErrorId;
}
