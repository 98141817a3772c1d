using DataTools.Errors;
using DataTools.Migrations.Changes;
using DataTools.Schemas;

namespace DataTools.Databases.Sqlite;

/// <summary>Changes while applications run. SQLite cannot add constraints to a table that is there, and its triggers change rows only after they are written.</summary>
internal sealed partial class SqliteMigrations
{
    protected override SqlDialect Sql => SqliteDialect.Instance;

    public override string SetDefault(TableName table, string column, string value) => throw DataErrors.InvalidOption(
        "SQLite cannot give a column that is there a default; the table must be rebuilt. New-DataMigration -Autogenerate writes that from the schema that you want.");

    public override IReadOnlyList<string> DropIndexBeforeColumn(TableName table, string name) => name.StartsWith("sqlite_", StringComparison.Ordinal)
        ? throw DataErrors.InvalidOption("The column belongs to a UNIQUE constraint, which SQLite drops only with the table; New-DataMigration -Autogenerate writes how the table is rebuilt.")
        : DropIndex(table, name);

    public override void CheckSync(ColumnSync sync, TableSchema table, ColumnSchema old)
    {
        if (old is { Nullable: false, Default: null })
        {
            throw CannotSync(old, "it may hold no nulls and has no default, so a row of the new application, which does not name it, would be refused before a trigger of SQLite sees it.");
        }
    }

    public override IReadOnlyList<string> CreateSync(ColumnSync sync)
    {
        var table = Sql.Quote(sync.Table);
        var same = string.Join(" AND ", sync.Key.Count == 0 ? ["rowid = NEW.rowid"] : sync.Key.Select(k => $"{Sql.Quote(k)} = NEW.{Sql.Quote(k)}"));
        var isNew = string.Join(" OR ", sync.New.Select(c => $"NEW.{Sql.Quote(c.Key)} IS NOT NULL"));
        var inStep = AreSame(sync.New.Select(c => "NEW." + Sql.Quote(c.Key)), sync.New.Select(c => Value(c.Value, sync)));
        var newChanged = $"NOT ({Unchanged(sync.New)})";
        var oldChanged = $"NOT ({Unchanged(sync.Old)})";
        var columns = string.Join(", ", sync.Old.Concat(sync.New).Select(c => Sql.Quote(c.Key)));
        return
        [
            Trigger("insert", $"AFTER INSERT ON {table} FOR EACH ROW WHEN NOT ({inStep})", isNew),
            Trigger("update", $"AFTER UPDATE OF {columns} ON {table} FOR EACH ROW WHEN NOT ({inStep}) AND ({newChanged} OR {oldChanged})", newChanged),
        ];

        string Trigger(string what, string when, string newCounts) =>
            $"""
            CREATE TRIGGER {Sql.Quote($"{sync.Name}_{what}")} {when} BEGIN
                UPDATE {table} SET {string.Join(", ", sync.Old.Select(c => Set(c, newCounts, isOld: true)).Concat(sync.New.Select(c => Set(c, newCounts, isOld: false))))} WHERE {same};
            END
            """;

        string Set(KeyValuePair<string, string> column, string newCounts, bool isOld)
        {
            var own = "NEW." + Sql.Quote(column.Key);
            var made = Value(column.Value, sync);
            return $"{Sql.Quote(column.Key)} = CASE WHEN {newCounts} THEN {(isOld ? made : own)} ELSE {(isOld ? own : made)} END";
        }
    }

    public override IReadOnlyList<string> DropSync(ColumnSync sync) =>
        [$"DROP TRIGGER IF EXISTS {Sql.Quote($"{sync.Name}_insert")}", $"DROP TRIGGER IF EXISTS {Sql.Quote($"{sync.Name}_update")}"];

    /// <summary>To the letter, whatever the order that a column was given.</summary>
    protected override string Same(string left, string right) => $"{left} COLLATE BINARY IS {right}";

    private string Value(string expression, ColumnSync sync) => sync.Prefixed(expression, "NEW.", Sql);

    private string Unchanged(IEnumerable<KeyValuePair<string, string>> columns) =>
        AreSame(columns.Select(c => "NEW." + Sql.Quote(c.Key)), columns.Select(c => "OLD." + Sql.Quote(c.Key)));
}
