using DataTools.Migrations;

namespace DataTools.Databases.MySql;

/// <summary>What migrations need of the dialect.</summary>
internal sealed partial class MySqlDialect
{
    private static readonly SplitRules Rules = new() { BackslashEscapes = true, Backticks = true, HashComments = true, DelimiterCommand = true, Blocks = BlockKinds.Routines };

    public override SplitRules Splitting => Rules;

    public override MigrationDialect Migrations => field ??= new MySqlMigrations(this);

    public override string ValueLiteral(object? value) => value switch
    {
        // Times are UTC, and the type knows no zone.
        DateTime time => base.ValueLiteral(DateTime.SpecifyKind(time, DateTimeKind.Unspecified)),
        string text => base.ValueLiteral(text.Replace(@"\", @"\\", StringComparison.Ordinal)),
        _ => base.ValueLiteral(value),
    };
}
