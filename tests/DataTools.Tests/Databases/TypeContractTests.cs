using System.Text.Json.Nodes;
using DataTools.Data;
using DataTools.Databases;

namespace DataTools.Tests.Databases;

/// <summary>Every type on every database: nulls, edges and awkward values, written to a table made for them and read back equal.</summary>
public sealed class TypeContractTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    /// <summary>Values by their text form.</summary>
    private static readonly Dictionary<string, string[]> Values = new()
    {
        ["bool"] = ["true", "false"],
        ["int8"] = ["-128", "0", "127"],
        ["int16"] = ["-32768", "0", "32767"],
        ["int32"] = ["-2147483648", "0", "2147483647"],
        ["int64"] = ["-9223372036854775808", "-1", "0", "9223372036854775807"],
        ["uint64"] = ["0", "9223372036854775808", "18446744073709551615"],
        ["float"] = ["0", "-1.5", "3.4028235E+38", "1E-45"],
        ["double"] = ["0", "-1.5", "0.1", "1.7976931348623157E+308", "5E-324", "Infinity", "-Infinity"],
        ["decimal(10,2)"] = ["0.00", "-0.01", "99999999.99", "-99999999.99", "12.50"],
        ["decimal(38,0)"] = ["99999999999999999999999999999999999999", "-1", "0", "10000"],
        ["decimal(38,38)"] = ["0.00000000000000000000000000000000000001", "-0.99999999999999999999999999999999999999"],
        ["decimal(20,7)"] = ["1234567890123.1234567", "0.0000001", "100000000.0000000"],
        ["decimal"] = ["0", "-0.5", "1.10", "123456789012345678901234567890123456789012345678901234567890.123", "0.0000000000000000000000000000000000000000000001"],
        ["text"] = ["", " ", "a", "Zoë 中文 🎉", "O'Reilly \"quoted\" \\back\\slash", "line\nbreak\r\ttab", "NULL", "\\N", "{a,b}", "trailing  "],
        ["json"] = ["{\"a\":1,\"b\":[true,null,\"x\"]}", "[]", "1.5", "\"text\"", "null"],
        ["binary"] = ["", "AA==", "AAECAwT//g==", "XFw="],
        ["date"] = ["0001-01-01", "1969-12-31", "1970-01-01", "2000-02-29", "9999-12-31"],
        ["time"] = ["00:00:00", "23:59:59.999999", "12:30:00.5"],
        ["timestamp"] = ["0001-01-01T00:00:00", "1969-12-31T23:59:59.999999", "2000-01-01T00:00:00", "2026-10-25T02:30:00.123456", "9999-12-31T23:59:59.999999"],
        ["timestamptz"] = ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z", "2026-10-25T02:30:00.123456Z", "9999-12-31T23:59:59.999999Z"],
        ["duration"] = ["00:00:00", "1.02:03:04.0000050", "-00:00:01", "1000.00:00:00"],
        ["uuid"] = ["00000000-0000-0000-0000-000000000000", "0f8fad5b-d9cb-469f-a165-70867728950e", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
        ["list<int64>"] = ["[]", "[1,null,-9223372036854775808]"],
        ["list<text>"] = ["[]", "[\"a\",null,\"\",\"{\\\"x\\\"}, \\\\ y\",\"NULL\"]"],
    };

    /// <summary>Of these the values that a database has no place for, which are a loss there.</summary>
    private static readonly Dictionary<(string Kind, string Type), string[]> Losses = new()
    {
        [("MySql", "double")] = ["Infinity", "-Infinity"],
        [("MariaDb", "double")] = ["Infinity", "-Infinity"],
    };

    public static TheoryData<string, string> LossCases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var (kind, type) in Losses.Keys)
            {
                cases.Add(kind, type);
            }

            return cases;
        }
    }

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var kind in TestDatabase.Kinds)
            {
                foreach (var type in Values.Keys)
                {
                    cases.Add(kind, type);
                }
            }

            return cases;
        }
    }

    [Fact]
    public void Every_database_of_the_list_is_tested() => Assert.Equal(KnownDatabases.All.Select(d => d.Name).Order(), TestDatabase.Kinds.Select(TestDatabase.DatabaseOf).Distinct().Order());

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_come_back_as_they_were(string kind, string type)
    {
        using var database = TestDatabase.Make(kind);
        var kept = Values[type].Except(Losses.GetValueOrDefault((kind, type), [])).Where(v => IsKept(kind, type, v)).Append(null).ToArray();

        Assert.Equal(kept.Select(v => Comparable(type, v)), There(database, type, kept).Select(v => Comparable(type, v)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_that_have_no_place_are_refused(string kind, string type)
    {
        using var database = TestDatabase.Make(kind);
        foreach (var value in Values[type].Where(v => !IsKept(kind, type, v)))
        {
            var error = Assert.ThrowsAny<System.Management.Automation.RuntimeException>(() => There(database, type, [value]));
            Assert.Contains("column 'v'", error.Message, StringComparison.Ordinal);
        }
    }

    private string?[] There(TestDatabase database, string type, string?[] values) =>
    [
        .. session.Values(
            """
            $ErrorActionPreference = 'Stop'
            $url, $type, $values = $args
            $n = 0
            $values | ForEach-Object { $n++; [pscustomobject]@{ id = $n; v = $_ } } |
                Convert-Data -Type @{ id = 'int64'; v = $type } | Export-DataTable t -Connection $url -CreateTable
            $rows = Import-DataTable t -Connection $url | Convert-Data -Type @{ v = 'text' }
            $rows | ForEach-Object { [pscustomobject]@{ id = [long] $_.id; v = $_.v } } | Sort-Object id | ForEach-Object { if ($null -eq $_.v) { '<null>' } else { $_.v } }
            """,
            [database.Url, type, .. values]).Select(v => (string?)v == "<null>" ? null : (string?)v),
    ];

    /// <summary>What the type map calls a loss: then a value that loses something must be refused.</summary>
    private static bool IsKept(string kind, string type, string value)
    {
        Assert.True(DataTypes.TryParse(type, out var ours));
        var facts = NativeType.Of(ours.ToField("v"));
        var loss = KnownDatabases.Find(TestDatabase.DatabaseOf(kind)).Types.Writes.First(r => r.IsMatch(facts)).Loss ?? "";
        return (loss.Contains("at most 34 digits", StringComparison.Ordinal), loss.Contains("milliseconds", StringComparison.Ordinal)) switch
        {
            (true, _) => value.Replace(".", "", StringComparison.Ordinal).TrimStart('-', '0').Length <= 34,
            (_, true) => !value.TrimEnd('Z').Contains('.', StringComparison.Ordinal),
            _ => true,
        };
    }

    [Theory]
    [MemberData(nameof(LossCases))]
    public void What_a_database_has_no_place_for_is_an_error_or_becomes_null(string kind, string type)
    {
        using var database = TestDatabase.Make(kind);
        const string Script = "$url, $type, $value = $args; [pscustomobject]@{ v = $value } | Convert-Data -Type @{ v = $type } | Export-DataTable t -Connection $url -CreateTable";
        foreach (var value in Losses[(kind, type)])
        {
            Assert.StartsWith("BadRow,", session.Error(Script, database.Url, type, value).FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Empty(session.Values("Get-DataTable -Connection $args[0]", database.Url));
            session.Run(Script + " -OnLoss Warn", database.Url, type, value);
            Assert.Contains("1 values were changed", Assert.Single(session.Warnings), StringComparison.Ordinal);
            Assert.Equal([true], session.Values("$null -eq (Import-DataTable t -Connection $args[0]).v", database.Url));
            TestDatabase.Run(session, database.Url, "DROP TABLE t");
        }
    }

    /// <summary>JSON is compared as JSON, for databases write it their way.</summary>
    private static string? Comparable(string type, string? text) =>
        text is not null && (type == "json" || type.StartsWith("list", StringComparison.Ordinal)) ? JsonNode.Parse(text)?.ToJsonString() ?? "null" : text;
}
