using DataTools.Migrations.Lint;
using static DataTools.Migrations.Lint.MigrationFinding;

namespace DataTools.Databases.PostgreSql;

/// <summary>What locks a table for long, or rewrites it, on PostgreSQL 12 and later.</summary>
internal sealed partial class PostgresMigrations
{
    private static readonly LintRule[] Rules =
    [
        new(
            Warning("index-not-concurrent", "Building the index blocks every write on the table until it is done.", "CREATE INDEX CONCURRENTLY; the migration then runs statement by statement."),
            (s, _) => s.Words is ["CREATE", "INDEX", ..] or ["CREATE", "UNIQUE", "INDEX", ..] && !s.Has("CONCURRENTLY")),
        new(
            Warning("index-not-concurrent", "Dropping the index waits for, and blocks, every statement on the table.", "DROP INDEX CONCURRENTLY."),
            (s, _) => s.Begins("DROP", "INDEX") && !s.Has("CONCURRENTLY")),
        new(
            Warning("table-rewrite", "The whole table is written anew, and nobody can read it meanwhile.", "Leave it to VACUUM, or do it when no application runs."),
            (s, _) => s.Begins("VACUUM", "FULL") || s.Begins("CLUSTER")),
        new(
            Warning(
                "foreign-key-without-not-valid",
                "All rows are checked while both tables cannot be written.",
                "ADD CONSTRAINT ... NOT VALID, then VALIDATE CONSTRAINT in a transaction of its own: New-DataMigration -Kind AddForeignKey."),
            (s, _) => Adds(s) && s.Has("REFERENCES") && !IsLater(s)),
        new(
            Warning("check-without-not-valid", "All rows are checked while nobody can read or write the table.", "ADD CONSTRAINT ... CHECK (...) NOT VALID, then VALIDATE CONSTRAINT in a transaction of its own."),
            (s, _) => Adds(s) && s.Has("CHECK") && !IsLater(s)),
        new(
            Warning(
                "unique-without-check",
                "The index is built while nobody can write, and a duplicate ends it all.",
                "Look for duplicates first, CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT ... UNIQUE USING INDEX: New-DataMigration -Kind AddUnique."),
            (s, _) => Adds(s) && s.Has("UNIQUE") && !IsLater(s)),
        new(
            Warning("set-not-null", "All rows are read while nobody can use the table.", "Add CHECK (column IS NOT NULL) NOT VALID, VALIDATE it, then SET NOT NULL: New-DataMigration -Kind AddNotNull."),
            (s, all) => s.Begins("ALTER", "TABLE") && s.Has("SET", "NOT", "NULL") && !all.Any(o => o.Has("VALIDATE", "CONSTRAINT"))),
        new(
            Warning(
                "type-change",
                "Most changes of a type rewrite the table while nobody can use it, and a smaller type fails on values that do not fit.",
                "New-DataMigration -Kind ChangeType keeps both columns until the old application is gone."),
            (s, _) => s.Begins("ALTER", "TABLE") && s.Has("TYPE") && !s.Has("ADD")),
        new(
            Error("not-null-without-default", "Rows that are there have no value for the column.", "Give a DEFAULT, or New-DataMigration -Kind AddColumn -NotNull -Default ..."),
            (s, _) => AddsColumn(s) && s.Has("NOT", "NULL") && !s.Has("DEFAULT") && !s.Has("GENERATED")),
        new(
            Warning(
                "volatile-default",
                "A value of its own for every row rewrites the table while nobody can use it.",
                "Add the column without, SET DEFAULT for new rows, fill the others by batches: New-DataMigration -Kind AddColumn -Default ..."),
            (s, _) => AddsColumn(s) && s.Has("DEFAULT") && PostgresDialect.Instance.Migrations.IsVolatile(s.Statement.Text)),
    ];

    public override IEnumerable<MigrationFinding> Lint(LintStatement statement, IReadOnlyList<LintStatement> section) =>
        statement.IsOnNewTable ? [] : Rules.Where(r => r.Hits(statement, section)).Select(r => r.Finding);

    private static bool Adds(LintStatement statement) => statement.Begins("ALTER", "TABLE") && statement.Has("ADD");

    private static bool AddsColumn(LintStatement statement) => Adds(statement) && !statement.Has("ADD", "CONSTRAINT");

    /// <summary>Whether the rows are looked at later, or an index is there already.</summary>
    private static bool IsLater(LintStatement statement) => statement.Has("NOT", "VALID") || statement.Has("USING", "INDEX");
}
