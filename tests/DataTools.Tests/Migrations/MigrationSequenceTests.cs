using DataTools.Errors;
using DataTools.Migrations;

namespace DataTools.Tests.Migrations;

/// <summary>Runs of many migrations.</summary>
public sealed class MigrationSequenceTests
{
    public static TheoryData<string> Kinds => [.. MigrationSandbox.Kinds];

    /// <summary>Many small migrations, of which some go together: what comes before the one that fails is done, and nothing of what comes behind it.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Of_many_migrations_those_before_a_failure_are_done(string kind)
    {
        using var box = new MigrationSandbox(kind);
        box.Run("CREATE TABLE log (n int)");
        for (var i = 1; i <= 40; i++)
        {
            box.Write(i, $"m{i}", i switch
            {
                27 => "-- up\nINSERT INTO log VALUES (27);\nINSERT INTO nowhere VALUES (27);",
                12 => "-- lock-timeout: 9s\n-- up\nINSERT INTO log VALUES (12);\n-- verify\nSELECT n FROM log WHERE n > 12;",
                _ => $"-- up\nINSERT INTO log VALUES ({i});",
            });
        }

        var done = new List<MigrationInfo>();
        var error = Assert.Throws<DataException>(() => Take(box.Engine.Invoke(null, CancellationToken.None), done));

        Assert.Equal(nameof(DataErrors.MigrationFailed), error.Id);
        Assert.Contains("statement 2 of 2", error.Message, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(1, 26).Select(i => $"m{i}"), done.Select(d => d.Name));
        Assert.Equal(box.Session.Dialect.HasTransactionalDdl ? "351" : "378", box.Ask("SELECT sum(n) FROM log"));
        Assert.Equal([.. Enumerable.Range(1, 26).Select(i => $"m{i} Applied"), "m27 Failed", .. Enumerable.Range(28, 13).Select(i => $"m{i} Pending")], box.Status());
        Assert.Equal(done.Select(Milliseconds), box.Engine.List(CancellationToken.None).Take(26).Select(Milliseconds));

        box.Write(27, "m27", "-- up\nINSERT INTO log VALUES (27);\nINSERT INTO log VALUES (0);");
        Assert.Equal(14, box.Invoke().Count);
        Assert.Equal("820", box.Ask("SELECT sum(n) FROM log"));
    }

    /// <summary>Who takes some gets those alone; the others wait.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Who_takes_the_first_has_run_the_first_alone(string kind)
    {
        using var box = new MigrationSandbox(kind);
        for (var i = 1; i <= 10; i++)
        {
            box.Write(i, $"m{i}", $"-- up\nCREATE TABLE t{i} (n int);");
        }

        Assert.Equal("m1", box.Engine.Invoke(null, CancellationToken.None).First().Name);
        Assert.Equal(["m1 Applied", .. Enumerable.Range(2, 9).Select(i => $"m{i} Pending")], box.Status());
    }

    /// <summary>A question is not asked before the migration that was agreed to is done.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Questions_are_asked_one_by_one(string kind)
    {
        using var box = new MigrationSandbox(kind);
        for (var i = 1; i <= 10; i++)
        {
            box.Write(i, $"m{i}", $"-- up\nCREATE TABLE t{i} (n int);");
        }

        using var other = box.Open();
        var asked = 0;
        box.Options = box.Options with
        {
            IsAsking = true,
            Confirm = _ => asked == 0 || other.FindTable(new DataTools.Schemas.TableName(null, $"t{asked}"), CancellationToken.None) is not null ? ++asked <= 6 : throw new InvalidOperationException("asked too early"),
        };

        Assert.Equal(6, box.Invoke().Count);
        Assert.Equal(6, box.Status().Count(s => s.EndsWith("Applied", StringComparison.Ordinal)));
    }

    private static void Take(IEnumerable<MigrationInfo> run, List<MigrationInfo> done)
    {
        foreach (var info in run)
        {
            done.Add(info);
        }
    }

    private static long Milliseconds(MigrationInfo info) => (long)info.Duration!.Value.TotalMilliseconds;
}
