using DataTools.Schemas;
using DataTools.Schemas.Changes;
using DataTools.Schemas.Comparison;
using DataTools.Schemas.Expressions;

namespace DataTools.Databases.Sqlite;

/// <summary>
/// Changes to tables of SQLite. What ALTER TABLE cannot do is done by a new table that takes the place of the old one, in the order that
/// https://www.sqlite.org/lang_altertable.html (7. Making Other Kinds Of Table Schema Changes) gives: foreign keys are off before the transaction begins, for within it
/// the pragma does nothing and dropping the old table would delete the rows of its children; indexes, triggers and views that hang on it are made again; the keys are
/// checked before the end.
/// </summary>
internal sealed class SqliteRebuild(SqliteDialect dialect, SchemaComparison comparison)
{
    private const string Check = "\"datatools_check\"";

    private readonly List<SchemaStatement> _statements = [];

    public IReadOnlyList<SchemaStatement> Write()
    {
        foreach (var rename in comparison.Renames)
        {
            Add(rename.Column is null ? dialect.Rename(rename.Table, rename.To) : dialect.RenameColumn(rename.Table, rename.Column, rename.To));
        }

        var rebuilt = comparison.Tables.Where(t => t.Differences.Count > 0 && !IsSimple(t)).ToList();
        var hangers = Hangers(rebuilt);
        AddAll(hangers.Select(h => $"DROP {h.Kind.ToUpperInvariant()} IF EXISTS {dialect.Quote(h.Name)}"));
        _statements.AddRange(comparison.DroppedTables.Select(t => new SchemaStatement(dialect.Drop(t.Name), $"the table {t.Name}")));
        AddAll(TableOrder.Of(comparison.AddedTables).Tables.SelectMany(t => dialect.Create(t)));
        foreach (var table in comparison.Tables.Where(t => t.Differences.Count > 0 && !rebuilt.Contains(t)))
        {
            Alter(table);
        }

        foreach (var table in rebuilt)
        {
            Rebuild(table);
        }

        AddAll(hangers.Where(h => !IsGone(h.Table)).Select(h => h.Definition));
        return rebuilt.Count == 0 && comparison.DroppedTables.Count == 0 ? _statements : Guarded();
    }

    /// <summary>With foreign keys off, and an error where a key points to nothing in the end.</summary>
    private SchemaStatement[] Guarded() =>
    [
        new("PRAGMA foreign_keys = OFF") { Phase = StatementPhase.Before },
        .. _statements,
        new($"CREATE TEMPORARY TABLE {Check} (broken INTEGER CONSTRAINT \"foreign keys point to rows that are not there\" CHECK (broken = 0))"),
        new($"INSERT INTO {Check} SELECT count(*) FROM pragma_foreign_key_check"),
        new($"DROP TABLE {Check}"),
        new("PRAGMA foreign_keys = ON") { Phase = StatementPhase.After },
    ];

    private void Add(string sql, string? destroys = null) => _statements.Add(new SchemaStatement(sql, destroys));

    private void AddAll(IEnumerable<string> statements)
    {
        foreach (var statement in statements)
        {
            Add(statement);
        }
    }

    /// <summary>New columns that ADD COLUMN takes, and indexes.</summary>
    private static bool IsSimple(TableComparison table) =>
        table is { KeyDiffers: false, DroppedColumns.Count: 0, ChangedColumns.Count: 0, AddedForeignKeys.Count: 0, DroppedForeignKeys.Count: 0, AddedChecks.Count: 0, DroppedChecks.Count: 0 }
        && table.Left.Options == table.Right.Options
        && !table.AddedIndexes.Concat(table.DroppedIndexes).Any(i => i.IsConstraint)
        && table.AddedColumns.All(c => c is { IsIdentity: false, Generated: null } && (c.Default is null ? c.Nullable : SqlExpression.Parse(c.Default, SqlQuoting.Brackets) is SqlLiteral));

    private void Alter(TableComparison table)
    {
        AddAll(table.DroppedIndexes.Select(i => dialect.DropIndex(table.Left.Name, i)));
        AddAll(table.AddedColumns.Select(c => dialect.AddColumn(table.Right, c)));
        AddAll(table.AddedIndexes.Select(i => dialect.CreateIndex(table.Right.Name, i)));
    }

    private void Rebuild(TableComparison table)
    {
        var old = table.Left.Name;
        var made = old with { Name = $"datatools_new_{old.Name}" };
        var kept = table.Right.Columns.Where(r => r.Generated is null && table.Left.Columns.Any(l => l.Name == r.Name)).Select(c => c.Name).ToList();
        Add(dialect.CreateTable(table.Right with { Name = made }, TableParts.All));
        if (kept.Count > 0)
        {
            Add($"INSERT INTO {dialect.Quote(made)} ({dialect.List(kept)}) SELECT {dialect.List(kept)} FROM {dialect.Quote(old)}", Lost(table));
        }

        if (table.Left.Columns.Any(IsCounted) && table.Right.Columns.Any(IsCounted))
        {
            // Numbers of rows that were deleted are not given again.
            Add($"DELETE FROM sqlite_sequence WHERE name = {dialect.Literal(made.Name)}");
            Add($"INSERT INTO sqlite_sequence (name, seq) SELECT {dialect.Literal(made.Name)}, seq FROM sqlite_sequence WHERE name = {dialect.Literal(old.Name)}");
        }

        Add(dialect.Drop(old));
        Add(dialect.Rename(made, table.Right.Name.Name));
        AddAll(table.Right.Indexes.Where(i => !i.IsConstraint).Select(i => dialect.CreateIndex(table.Right.Name, i)));
    }

    private static bool IsCounted(ColumnSchema column) => column.Identity?.Kind == IdentityKind.AutoIncrement;

    private static string? Lost(TableComparison table)
    {
        var lost = table.DroppedColumns.Where(c => c.Generated is null).Select(c => $"the values of {table.Left.Name}.{c.Name}")
            .Concat(table.ChangedColumns.Select(c => SchemaScriptWriter.Narrowed(c.Left, c.Right)).OfType<string>()).ToList();
        return lost.Count == 0 ? null : string.Join(", ", lost);
    }

    /// <summary>Triggers and views that name a table which is rebuilt or dropped: the table's place is empty for a moment, and SQLite would refuse the renaming.</summary>
    private List<(string Kind, TableName Name, TableName? Table, string Definition)> Hangers(List<TableComparison> rebuilt)
    {
        var names = rebuilt.Select(t => t.Left.Name.Name).Concat(comparison.DroppedTables.Select(t => t.Name.Name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. comparison.Left.Others.Where(o => o.Definition is not null).Select(o => (o.Kind, o.Name, o.Table, Definition: Renamed(o.Definition!)))
                .Where(o => names.Count > 0 && SqlTokens.Read(o.Definition, SqlQuoting.Brackets).Exists(t => t.IsName && names.Contains(t.Text)))
                .OrderBy(o => o.Kind == "Trigger"),
        ];
    }

    private bool IsGone(TableName? table) => table is not null && comparison.DroppedTables.Any(d => TableOrder.IsSame(d.Name, table));

    /// <summary>The catalogue was read before the renamings.</summary>
    private string Renamed(string definition)
    {
        foreach (var rename in comparison.Renames)
        {
            var tokens = SqlTokens.Read(definition, SqlQuoting.Brackets);
            var isAbout = rename.Column is null || tokens.Exists(t => t.IsName && t.Text.Equals(rename.Table.Name, StringComparison.OrdinalIgnoreCase));
            foreach (var token in tokens.Where(t => isAbout && t.IsName && t.Text.Equals(rename.Column ?? rename.Table.Name, StringComparison.OrdinalIgnoreCase)).Reverse())
            {
                definition = $"{definition[..token.Start]}{dialect.Quote(rename.To)}{definition[token.End..]}";
            }
        }

        return definition;
    }
}
