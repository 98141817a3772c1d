using DataTools.Tests.Databases;
using DataTools.Tests.Documentation;

namespace DataTools.Tests.Validation;

/// <summary>Test-DataQuality as users call it.</summary>
public sealed class QualityTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const string Data = "SELECT * FROM (VALUES (1, 'a@x', 5, 'EU'), (2, 'bad', 50, 'US'), (2, NULL, 500, 'eu'), (NULL, 'c@y', -1, NULL)) t(id, email, qty, region)";
    private const string Rules = "@{ id = 'notnull', 'unique'; email = @{ pattern = '@' }; qty = @{ min = 0; max = 100 }; region = @{ set = 'EU', 'US' }; 'small or EU' = { $_.qty -lt 100 -or $_.region -ceq 'EU' } }";
    private const string Shown = "Sort-Object Column, Rule | ForEach-Object { \"$($_.Column)|$($_.Rule)|$($_.Passed)|$($_.Rows)|$($_.Failed)|$($_.Examples -join ' ')\" }";

    private static readonly string[] Expected =
    [
        "|small or EU|False|4|1|{\"id\":2,\"email\":null,\"qty\":500,\"region\":\"eu\"}", "email|matches @|False|4|1|bad", "id|not null|False|4|1|", "id|unique|False|4|1|2",
        "qty|from 0 to 100|False|4|2|500 -1", "region|one of EU, US|False|4|1|eu",
    ];

    [Fact]
    public void Rules_are_tested_on_a_pipeline_and_on_files()
    {
        using var folder = new TestFolder();
        session.Run("Invoke-DataQuery $args[0] | Export-Parquet $args[1]", Data, folder["d.parquet"]);

        Assert.Equal(Expected, session.Values($"Invoke-DataQuery $args[0] | Test-DataQuality -Rule {Rules} -ErrorAction Ignore | {Shown}", Data));
        Assert.Equal(Expected, session.Values($"Test-DataQuality $args[0] -Rule {Rules} -ErrorAction Ignore | {Shown}", folder["d.parquet"]));
    }

    /// <summary>By its letters 20 is beyond 100.</summary>
    [Fact]
    public void Texts_with_bounds_that_are_numbers_are_read_as_numbers()
    {
        using var folder = new TestFolder();
        using var database = TestDatabase.Make("Sqlite");
        const string Texts = "SELECT * FROM (VALUES ('20'), ('1e1'), ('-5'), ('1,5'), ('100.5'), (NULL), ('NaN'), ('099.99')) t(amount)";
        const string Test = "-Rule @{ amount = @{ min = 0; max = 100.0 } } -ErrorAction Ignore | ForEach-Object { \"$($_.Failed)|$($_.Examples -join ' ')\" }";
        session.Run("Invoke-DataQuery $args[0] | Export-DataTable t -Connection $args[1] -CreateTable", Texts, database.Url);

        Assert.Equal(["4|-5 1,5 100.5 NaN"], session.Values($"Invoke-DataQuery $args[0] | Test-DataQuality {Test}", Texts));
        Assert.Equal(["4|-5 1,5 100.5 NaN"], session.Values($"Test-DataQuality -Connection $args[0] -Table t {Test}", database.Url));
        File.WriteAllText(folder["r.json"], "{ \"amount\": { \"min\": 0, \"max\": 100.0 } }");
        Assert.Equal([4L], session.Values("Invoke-DataQuery $args[0] | Test-DataQuality -RulePath $args[1] -ErrorAction Ignore | ForEach-Object Failed", Texts, folder["r.json"]));
    }

    public static TheoryData<string> Databases => ["Sqlite", "PostgreSql", "MariaDb", "DuckDb"];

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("PostgreSql")]
    [InlineData("DuckDb")]
    public void Rules_are_tested_on_tables_by_the_database(string kind)
    {
        using var database = TestDatabase.Make(kind);
        session.Run("Invoke-DataQuery $args[0] | Export-DataTable t -Connection $args[1] -CreateTable", Data, database.Url);

        Assert.Equal(Expected, session.Values($"Test-DataQuality -Connection $args[0] -Table t -Rule {Rules} -ErrorAction Ignore -Verbose 4>$null | {Shown}", database.Url));
        Assert.Equal(["True|1"], session.Values("Test-DataQuality -Connection $args[0] -Table t -Where 'id = 1' -Rule @{ id = 'unique'; qty = @{ max = 5 } } | Where-Object Column -eq id | ForEach-Object { \"$($_.Passed)|$($_.Rows)\" }", database.Url));
    }

    /// <summary>A bound that becomes a float on its way is another bound.</summary>
    [Theory]
    [MemberData(nameof(Databases))]
    public void Numbers_are_held_against_bounds_to_the_last_digit(string kind)
    {
        using var database = TestDatabase.Make(kind);
        const string Numbers = "SELECT 9007199254740993::BIGINT AS b, 7::INTEGER AS i, 123456789012345678901234567.12::DECIMAL(38,2) AS d, 0.1::DOUBLE AS f, 0.1::FLOAT AS s, '123456789012345678901234567890123456789012345.5' AS t";
        const string Test = """
            $tests = @{ b = @{ max = 9007199254740992 } }, @{ b = @{ max = 9007199254740992.5d } }, @{ b = @{ min = 9007199254740993.5d } }, @{ i = @{ min = 7.5 } }, @{ i = @{ max = 6.9 } },
                @{ d = @{ max = 123456789012345678901234567.11d } }, @{ d = @{ min = 123456789012345678901234568n } }, @{ f = @{ min = 0.1000000000000000055d } },
                @{ t = @{ max = 123456789012345678901234567890123456789012345n } }, @{ t = @{ min = 123456789012345678901234567890123456789012346n } },
                @{ b = @{ min = 9007199254740992.5d; max = 9007199254740993 } }, @{ i = @{ min = 6.5; max = 7.0 } }, @{ i = @{ min = -1e300; max = 123456789012345678901234567890123456789012345n } },
                @{ d = @{ min = 123456789012345678901234567.12d; max = 123456789012345678901234567.121d } }, @{ d = @{ max = 1e30 } }, @{ f = @{ min = 0.1; max = 0.1d } }, @{ s = @{ min = 0.1; max = 0.1 } },
                @{ t = @{ min = 123456789012345678901234567890123456789012345n; max = 123456789012345678901234567890123456789012346n } }, @{ d = @{ set = 123456789012345678901234567.120d } }
            ($tests | ForEach-Object { $rule = $_; if (& $run $rule) { '1' } else { '0' } }) -join ''
            """;
        session.Run("Invoke-DataQuery $args[0] | Export-DataTable t -Connection $args[1] -CreateTable", Numbers, database.Url);

        Assert.Equal(["0000000000111111111"], session.Values($"$sql = $args[0]; $run = {{ Invoke-DataQuery $sql | Test-DataQuality -Rule $args[0] -Quiet }}\n{Test}", Numbers));
        Assert.Equal(["0000000000111111111"], session.Values($"$url = $args[0]; $run = {{ Test-DataQuality -Connection $url -Table t -Rule $args[0] -Quiet }}\n{Test}", database.Url));
    }

    /// <summary>A database would compare a text with a number, a day that is a text, a float or letters of another case in its own way.</summary>
    [Theory]
    [MemberData(nameof(Databases))]
    public void Sets_and_bounds_are_taken_as_the_types_of_their_columns(string kind)
    {
        using var database = TestDatabase.Make(kind);
        const string Rows = """
            SELECT * FROM (VALUES (1, 'abc', 0.1::FLOAT, DATE '2026-01-31', TIMESTAMP '2026-01-31 00:00:00', true), (2, 'ABC', 0.5::FLOAT, DATE '2026-02-01', TIMESTAMP '2026-01-31 12:00:00', false),
                (3, 'abc ', 2::FLOAT, DATE '2026-02-28', TIMESTAMP '2026-02-28 00:00:00', true), (4, '1', NULL, NULL, NULL, NULL)) q(id, t, f, day, ts, b)
            """;
        const string Test = """
            $rules = @{ t = @{ set = 0, 1 } }, @{ t = @{ set = 'abc', '1', $null } }, @{ f = @{ set = 0.1, 0.5 } }, @{ b = @{ set = 'true' } }, @{ b = @{ set = $false } }, @{ id = @{ set = '1', 2.0 } },
                @{ day = @{ set = [datetime]'2026-01-31' } }, @{ ts = @{ set = '2026-01-31', [datetime]'2026-02-28' } }, @{ day = @{ min = [datetime]'2026-01-31'; max = [datetime]'2026-02-01' } },
                @{ ts = @{ min = '2026-01-31'; max = [datetime]'2026-01-31 12:00' } }, @{ day = @{ min = [datetime]'2026-01-31 08:00'; max = [datetime]'2026-02-01 08:00' } }, @{ 't, f' = @{ notnull = $true } }, @{ 't, f' = 'notnull' }
            ($rules | ForEach-Object { $rule = $_; (& $run $rule | ForEach-Object Failed) -join '+' }) -join ' '
            """;
        session.Run("Invoke-DataQuery $args[0] | Export-DataTable t -Connection $args[1] -CreateTable", Rows, database.Url);

        const string Failed = "3 2 1 1 2 2 2 1 1 1 2 0+1 0+1";
        Assert.Equal([Failed], session.Values($"$sql = $args[0]; $run = {{ Invoke-DataQuery $sql | Test-DataQuality -Rule $args[0] -ErrorAction Ignore }}\n{Test}", Rows));
        Assert.Equal([Failed], session.Values($"$url = $args[0]; $run = {{ Test-DataQuality -Connection $url -Table t -Rule $args[0] -ErrorAction Ignore }}\n{Test}", database.Url));
        foreach (var rule in new[] { "@{ id = @{ set = 'x', 1 } }", "@{ id = @{ set = 2.5 } }", "@{ id = @{ min = 'x' } }" })
        {
            Assert.StartsWith("InvalidOption,", session.Error($"Test-DataQuality -Connection $args[0] -Table t -Rule {rule}", database.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
        }
    }

    /// <summary>What the error advises works.</summary>
    [Fact]
    public void A_value_that_cannot_be_read_can_be_cast()
    {
        using var database = TestDatabase.Make("DuckDb");
        TestDatabase.Run(session, database.Url, "CREATE TABLE t AS SELECT 'infinity'::timestamp AS v");

        var error = session.Error("Test-DataQuality -Connection $args[0] -Table t -Rule @{ there = { $null -ne $_.v } }", database.Url);
        Assert.StartsWith("ValueUnreadable,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.EndsWith("Read it as text by a cast in Import-DataTable -Query, and give the rows to Test-DataQuality through a pipe.", error.ToString(), StringComparison.Ordinal);
        Assert.Equal([true], session.Values("Import-DataTable -Query 'SELECT v::varchar AS v FROM t' -Connection $args[0] | Test-DataQuality -Rule @{ there = { $null -ne $_.v } } | ForEach-Object Passed", database.Url));
    }

    [Fact]
    public void Bounds_in_files_keep_their_digits()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["r.json"], "{ \"t\": { \"max\": 123456789012345678901234567890123456789012344 } }");
        Assert.Equal([false, true], session.Values("'9', '123456789012345678901234567890123456789012345' | ForEach-Object { [pscustomobject]@{ t = $_ } } | Test-DataQuality -RulePath $args[0] -Quiet; [pscustomobject]@{ t = '9' } | Test-DataQuality -RulePath $args[0] -Quiet", folder["r.json"]));
    }

    [Fact]
    public void References_lead_to_files_and_tables()
    {
        using var database = TestDatabase.Make("Sqlite");
        using var folder = new SampleFolder(session);
        session.Run("Import-DataFile orders.csv | Export-DataTable orders -Connection $args[0] -CreateTable; Import-DataFile customers.csv | Export-DataTable customers -Connection $args[0] -CreateTable; Invoke-DataQuery \"DELETE FROM customers WHERE customer = 'C001'\" -Connection $args[0] -NonQuery | Out-Null", database.Url);

        Assert.Equal(["True|0"], session.Values("Test-DataQuality orders.csv -Rule @{ customer = @{ reference = 'customers.csv' } } | ForEach-Object { \"$($_.Passed)|$($_.Failed)\" }"));
        var expected = session.Values("@(Import-DataFile orders.csv | Where-Object customer -eq C001).Count")[0];
        Assert.Equal([$"False|{expected}|C001"], session.Values("Test-DataQuality -Connection $args[0] -Table orders -Rule @{ customer = @{ reference = 'customers'; column = 'customer' } } -ErrorAction Ignore | ForEach-Object { \"$($_.Passed)|$($_.Failed)|$($_.Examples[0])\" }", database.Url));
    }

    [Fact]
    public void Rules_stand_in_files_too()
    {
        using var folder = new SampleFolder(session);
        File.WriteAllText(folder["rules.json"], """{"id": ["notnull", "unique"], "qty": {"min": 1}, "region": {"set": ["EU", "US", "APAC"]}, "paid": {"expression": "$_.qty -gt 0"}, "both": {"columns": ["id", "customer"], "unique": true}}""");

        Assert.Equal(6, session.Values("Test-DataQuality orders.csv -RulePath rules.json -ErrorAction Ignore").Count);
    }

    [Fact]
    public void An_error_says_how_many_rules_are_broken()
    {
        var error = session.Error("[pscustomobject]@{ a = 1 } | Test-DataQuality -Rule @{ a = @{ min = 2 } }");

        Assert.Equal("QualityInsufficient,DataTools.Module.TestDataQualityCommand", error.FullyQualifiedErrorId);
        Assert.Equal([false, true], session.Values("[pscustomobject]@{ a = 1 } | Test-DataQuality -Rule @{ a = @{ min = 2 } } -Quiet; [pscustomobject]@{ a = 1 } | Test-DataQuality -Rule @{ a = @{ min = 1 } } -Quiet"));
    }

    [Theory]
    [InlineData("@{ a = 'no such word' }")]
    [InlineData("@{ a = @{ most = 3 } }")]
    [InlineData("@{ a = @{ pattern = '(' } }")]
    [InlineData("@{ a = @{ min = 'x' } }")]
    [InlineData("@{ a = @{ min = $null } }")]
    [InlineData("@{ a = @{ set = $null, $null } }")]
    [InlineData("@{ 'a, b' = @{ reference = 'customers.csv' } }")]
    [InlineData("@{}")]
    public void Rules_that_are_none_are_errors(string rule) =>
        Assert.StartsWith("InvalidOption,", session.Error($"[pscustomobject]@{{ a = 1 }} | Test-DataQuality -Rule {rule}").FullyQualifiedErrorId, StringComparison.Ordinal);
}
