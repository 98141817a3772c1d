using DataTools.Errors;
using DataTools.Migrations;
using DataTools.Migrations.Changes;
using DataTools.Schemas;
using static DataTools.Tests.Migrations.MigrationChangeTests;

namespace DataTools.Tests.Migrations;

/// <summary>Views that stand in the way of changes in phases: PostgreSQL lets no column go that one reads.</summary>
public sealed class MigrationViewTests
{
    [Fact]
    public void Views_come_back_with_another_type()
    {
        using var box = Users("PostgreSql");
        box.Run("CREATE VIEW v AS SELECT age FROM users WHERE age > 0");
        box.Run("CREATE VIEW w AS SELECT count(*) AS n FROM v");
        box.Run("GRANT SELECT ON v TO pg_monitor");
        Make(box, new SchemaChange(ChangeKind.ChangeType, new TableName(null, "users"), ["age"]) { Type = "bigint" });
        box.Invoke();
        box.Run("CREATE MATERIALIZED VIEW m AS SELECT age FROM v");
        var error = Assert.Throws<DataException>(() => Complete(box));
        Assert.Contains("public.m", error.Message, StringComparison.Ordinal);
        box.Run("DROP MATERIALIZED VIEW m");

        Complete(box);
        Assert.Equal("bigint", box.Ask("SELECT format_type(atttypid, -1) FROM pg_attribute WHERE attrelid = 'v'::regclass AND attnum = 1"));
        Assert.Equal("True", box.Ask("SELECT has_table_privilege('pg_monitor', 'v', 'SELECT')"));
        Assert.Equal(box.Ask("SELECT count(*) FROM users WHERE age > 0"), box.Ask("SELECT n FROM w"));
    }

    [Theory]
    [InlineData(ChangeKind.RenameColumn)]
    [InlineData(ChangeKind.DropColumn)]
    public void Views_of_a_column_that_goes_are_named_before_it_is_completed(ChangeKind change)
    {
        using var box = Users("PostgreSql");
        box.Run("CREATE VIEW v AS SELECT name FROM users");
        Make(box, new SchemaChange(change, new TableName(null, "users"), ["name"]) { NewName = "full_name" });
        box.Invoke();
        var error = Assert.Throws<DataException>(() => Complete(box));
        Assert.Equal(nameof(DataErrors.MigrationVerifyFailed), error.Id);
        Assert.Contains("public.v", error.Message, StringComparison.Ordinal);

        box.Run("DROP VIEW v");
        Assert.Equal(MigrationStatus.Applied, Assert.Single(Complete(box)).Status);
    }
}
