using DataTools.Migrations.Lint;
using static DataTools.Migrations.Lint.MigrationFinding;

namespace DataTools.Databases.Sqlite;

/// <summary>What loses rows or fails on SQLite.</summary>
internal sealed partial class SqliteMigrations
{
    private static readonly LintRule[] Rules =
    [
        new(
            Error(
                "rebuild-with-foreign-keys",
                "Dropping the old table deletes the rows that point to it, or sets their keys to null, as ON DELETE says.",
                "Write PRAGMA foreign_keys = OFF first; it is set before the transaction, and keys are checked before the commit."),
            (s, all) => s.Begins("DROP", "TABLE") && all.Any(o => o.Has("RENAME", "TO")) && !all.Any(o => o.Begins("PRAGMA", "FOREIGN_KEYS"))),
        new(
            Error("not-null-without-default", "SQLite refuses such a column.", "Give a DEFAULT."),
            (s, _) => s.Begins("ALTER", "TABLE") && s.Has("ADD") && s.Has("NOT", "NULL") && !s.Has("DEFAULT") && !s.Has("GENERATED")),
    ];

    public override IEnumerable<MigrationFinding> Lint(LintStatement statement, IReadOnlyList<LintStatement> section) => Rules.Where(r => r.Hits(statement, section)).Select(r => r.Finding);
}
