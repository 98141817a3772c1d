using DataTools.Databases;
using DataTools.Schemas.Comparison;

namespace DataTools.Schemas.Changes;

/// <summary>
/// The statements that make the right side of a comparison of its left: what goes, goes first, that its names are free; keys to other tables are dropped before all
/// else and made after it.
/// </summary>
internal sealed class SchemaScriptWriter(SqlDialect dialect, SchemaComparison comparison)
{
    private readonly List<SchemaStatement> _statements = [];
    private readonly List<string> _atEnd = [];
    private readonly HashSet<IndexSchema> _keyIndexesGone = new(ReferenceEqualityComparer.Instance);

    public IReadOnlyList<SchemaStatement> Write()
    {
        foreach (var rename in comparison.Renames)
        {
            Add(rename.Column is null ? dialect.Rename(rename.Table, rename.To) : dialect.RenameColumn(rename.Table, rename.Column, rename.To));
        }

        var views = dialect.ViewsHoldColumns ? ViewsInTheWay.OfTypes(comparison) : [];
        AddAll(views.Count == 0 ? [] : [dialect.KeepViews(views)]);
        var moved = ForeignKeysInTheWay();
        DropForeignKeysAndTables(moved);
        DropKeys();
        DropColumns();
        AddAll(comparison.Right.Schemas.Except(comparison.Left.Schemas).Select(dialect.CreateSchema).OfType<string>());
        ChangeEnums();
        ChangeDomains();
        CreateTables();
        foreach (var table in comparison.Tables)
        {
            ChangeColumns(table);
        }

        AddKeys(moved);
        Comments();
        AddAll(views.Count == 0 ? [] : [dialect.BringBackViews]);
        AddAll(_atEnd.Concat(comparison.Domains.Where(d => d.Right is null).Reverse().Select(d => dialect.DropDomain(d.Left!))).Concat(comparison.Enums.Where(e => e.Right is null).Select(e => dialect.DropEnum(e.Left!))));

        return _statements;
    }

    /// <summary>Whether a column's new expression, or its becoming or no longer being generated, wants another column in its place.</summary>
    internal static bool IsReplaced(ColumnSchema left, ColumnSchema right, TableComparison table) =>
        (left.Generated ?? right.Generated) is not null
        && (left.Generated != right.Generated || left.IsVirtual != right.IsVirtual || left.NativeType != right.NativeType || NamesChanged(left.Generated!, table));

    /// <summary>What of a type's values may be lost.</summary>
    internal static string? Narrowed(ColumnSchema left, ColumnSchema right) =>
        left.NativeType == right.NativeType || TypeChange.IsSafe(left, right) ? null : $"values of {left.Name} that {right.NativeType} cannot hold as {left.NativeType} does";

    /// <summary>Where only columns of a key number rows, the key must be there before they do, and they must cease before it goes.</summary>
    private IEnumerable<ColumnSchema> Numbered(TableSchema table) => table.Columns.Where(c => dialect.IdentityNeedsKey && c.IsIdentity);

    private bool IsLate(TableComparison table, ColumnSchema column) =>
        dialect.IdentityNeedsKey && column.IsIdentity && (table.KeyDiffers || table.Left.Columns.FirstOrDefault(c => c.Name == column.Name)?.IsIdentity != true);

    private static ColumnSchema Unnumbered(ColumnSchema column) => column with { IsIdentity = false, Identity = null };

    /// <summary>A generated column stands in the way of changes to the columns that it is computed from.</summary>
    private static bool NamesChanged(string expression, TableComparison table)
    {
        var names = Expressions.SqlTokens.Read(expression).Where(t => t.IsName).Select(t => t.Text).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return table.ChangedColumns.Any(c => c.Left.NativeType != c.Right.NativeType && names.Contains(c.Right.Name));
    }

    private void Add(string sql, string? destroys = null) => _statements.Add(new SchemaStatement(sql, destroys));

    private void AddAll(IEnumerable<string> statements)
    {
        foreach (var statement in statements)
        {
            Add(statement);
        }
    }

    /// <summary>Keys that stay but hang on a key that goes, or on columns whose type changes.</summary>
    private List<(TableComparison Table, ForeignKeySchema Key)> ForeignKeysInTheWay() =>
    [
        .. comparison.Tables.SelectMany(t => t.Left.ForeignKeys.Except(t.DroppedForeignKeys).Where(k => comparison.Tables.Any(o => TableOrder.IsSame(o.Right.Name, k.References) && IsTouched(t, o, k))).Select(k => (t, k))),
    ];

    private bool IsTouched(TableComparison from, TableComparison to, ForeignKeySchema key) =>
        to.KeyDiffers || to.DroppedIndexes.Any(i => i.IsUnique) || (dialect.IdentityNeedsKey && from.DroppedIndexes.Any(i => i.Columns[0] == key.Columns[0]))
        || from.ChangedColumns.Any(c => c.Left.NativeType != c.Right.NativeType && key.Columns.Contains(c.Left.Name))
        || to.ChangedColumns.Any(c => c.Left.NativeType != c.Right.NativeType && key.ReferencedColumns.Contains(c.Left.Name));

    /// <summary>Tables go before the keys of others to which they point.</summary>
    private void DropForeignKeysAndTables(List<(TableComparison Table, ForeignKeySchema Key)> moved)
    {
        (TableComparison Table, ForeignKeySchema Key)[] keys = [.. comparison.Tables.SelectMany(t => t.DroppedForeignKeys.Select(k => (t, k))), .. moved];
        AddAll(keys.Select(k => dialect.DropForeignKey(k.Table.Left, k.Key)));
        // Their indexes stay behind, unless they serve another key.
        foreach (var table in keys.GroupBy(k => k.Table, k => k.Key))
        {
            var gone = table.Key.Left.Indexes.Where(i => i.IsForForeignKey && table.Key.Left.ForeignKeys.Where(k => k.Columns.SequenceEqual(i.Columns)).All(table.Contains)).ToList();
            AddAll(gone.Select(i => dialect.DropIndex(table.Key.Left.Name, i)));
            _keyIndexesGone.UnionWith(gone);
        }

        var order = TableOrder.Of(comparison.DroppedTables);
        AddAll(order.Cycles.Select(c => dialect.DropForeignKey(c.Table, c.Key)));
        foreach (var table in order.Tables.Reverse())
        {
            Add(dialect.Drop(table.Name), $"the table {table.Name}");
        }
    }

    private static IndexSchema? IndexFor(TableSchema table, IReadOnlyList<string> columns) => table.Indexes.FirstOrDefault(i => i.IsForForeignKey && i.Columns.SequenceEqual(columns));

    private void DropKeys()
    {
        foreach (var table in comparison.Tables)
        {
            AddAll(table.DroppedChecks.Select(c => dialect.DropCheck(table.Left, c)));
            AddAll(table.DroppedIndexes.Select(i => i.IsConstraint ? dialect.DropUnique(table.Left, i) : dialect.DropIndex(table.Left.Name, i)));
            if (table.KeyDiffers && table.Left.PrimaryKey is not null)
            {
                AddAll(Numbered(table.Left).SelectMany(c => dialect.AlterColumn(table.Left, c, Unnumbered(c))));
                Add(dialect.DropPrimaryKey(table.Left));
            }
        }
    }

    private void DropColumns()
    {
        foreach (var table in comparison.Tables)
        {
            foreach (var column in Replaced(table).Select(r => r.Left).Concat(table.DroppedColumns).OrderBy(c => c.Generated is null))
            {
                Add(dialect.DropColumn(table.Left.Name, column.Name), column.Generated is null ? $"the values of {table.Left.Name}.{column.Name}" : null);
            }
        }
    }

    private static IEnumerable<(ColumnSchema Left, ColumnSchema Right)> Replaced(TableComparison table) =>
        table.Left.Columns.Select(l => (Left: l, Right: table.Right.Columns.FirstOrDefault(r => r.Name == l.Name))).Where(c => c.Right is not null && IsReplaced(c.Left, c.Right, table)).Select(c => (c.Left, c.Right!));

    private void ChangeEnums()
    {
        AddAll(comparison.Enums.Where(e => e.Left is null).Select(e => dialect.CreateEnum(e.Right!)));
        foreach (var (left, right) in comparison.Enums.Where(e => e.Left is not null && e.Right is not null))
        {
            var columns = comparison.Tables.SelectMany(t => t.Left.Columns.Where(c => c.EnumType == left!.Name)
                .Select(c => (t.Right, Column: t.Right.Columns.FirstOrDefault(r => r.Name == c.Name && r.NativeType == c.NativeType))).Where(c => c.Column is not null).Select(c => (c.Right, c.Column!))).ToList();
            var isUsed = columns.Exists(c => comparison.Tables.Any(t => t.Right == c.Right && t.Differences.Any()));
            var removed = left!.Values.Except(right!.Values).ToList();
            var destroys = removed.Count == 0 ? null : $"the values {string.Join(", ", removed)} of {right.Name}";
            var (now, atEnd) = dialect.ChangeEnum(left, right, columns, isUsed);
            // What the old type is written into stands in the way of a new one, though it says the same on both sides.
            var inTheWay = atEnd.Count == 0 ? [] : comparison.Tables.Where(t => columns.Exists(c => c.Right == t.Right)).Select(t => ConditionsOn(t, right, [.. columns.Where(c => c.Right == t.Right).Select(c => c.Item2.Name)])).ToList();
            AddAll(inTheWay.SelectMany(w => w.Drops));
            _statements.AddRange(now.Select(s => new SchemaStatement(s, destroys)));
            AddAll(inTheWay.SelectMany(w => w.Adds));
            _atEnd.AddRange(atEnd);
        }
    }

    /// <summary>The statements that drop, and make again, the checks and indexes that stay and whose conditions or expressions name a type or a column of it.</summary>
    private (List<string> Drops, List<string> Adds) ConditionsOn(TableComparison table, EnumSchema type, List<string> columns)
    {
        bool IsOn(string? expression) => expression is not null && Expressions.SqlTokens.Read(expression).Any(t => t.IsName && (t.Text == type.Name.Name || columns.Contains(t.Text)));
        var checks = table.Left.Checks.Except(table.DroppedChecks).Where(c => IsOn(c.Expression)).ToList();
        var indexes = table.Left.Indexes.Except(table.DroppedIndexes).Where(i => !i.IsConstraint && (IsOn(i.Where) || i.Parts.Any(p => p.IsExpression && IsOn(p.Text)))).ToList();
        return (
            [.. checks.Select(c => dialect.DropCheck(table.Left, c)), .. indexes.Select(i => dialect.DropIndex(table.Left.Name, i))],
            [.. checks.Select(c => dialect.AddCheck(table.Left, c)), .. indexes.Select(i => dialect.CreateIndex(table.Left.Name, i))]);
    }

    private void ChangeDomains()
    {
        AddAll(comparison.Domains.Where(d => d.Left is null).Select(d => dialect.CreateDomain(d.Right!)));
        AddAll(comparison.Domains.Where(d => d.Left is not null && d.Right is not null).SelectMany(d => dialect.ChangeDomain(d.Left!, d.Right!)));
    }

    private void CreateTables()
    {
        foreach (var table in TableOrder.Of(comparison.AddedTables).Tables)
        {
            AddAll(dialect.Create(table, TableParts.Own));
        }
    }

    private void ChangeColumns(TableComparison table)
    {
        AddAll(dialect.ChangeOptions(table.Left, table.Right));
        AddAll(table.AddedColumns.Where(c => c.Generated is null).Select(c => dialect.AddColumn(table.Right, IsLate(table, c) ? Unnumbered(c) : c)));
        foreach (var (left, right) in table.ChangedColumns.Where(c => !IsReplaced(c.Left, c.Right, table)))
        {
            var destroys = Narrowed(left, right);
            _statements.AddRange(dialect.AlterColumn(table.Right, left, IsLate(table, right) ? Unnumbered(right) : right).Select(s => new SchemaStatement(s, destroys)));
        }

        // Generated columns are computed from the others, which have their new types now.
        var replaced = Replaced(table).Select(r => r.Right);
        AddAll(table.AddedColumns.Where(c => c.Generated is not null).Concat(replaced).OrderBy(c => c.Generated is not null).Select(c => dialect.AddColumn(table.Right, c)));
    }

    private void AddKeys(List<(TableComparison Table, ForeignKeySchema Key)> moved)
    {
        foreach (var table in comparison.Tables)
        {
            if (table.KeyDiffers && table.Right.PrimaryKey is { } key)
            {
                Add(dialect.AddPrimaryKey(table.Right, key));
            }

            var columns = Replaced(table).Select(r => r.Right.Name).ToHashSet();
            // An index went with the column that was replaced.
            var lost = table.Right.Indexes.Where(i => !table.AddedIndexes.Contains(i) && i.Columns.Any(columns.Contains));
            AddAll(table.AddedIndexes.Concat(lost).OrderBy(i => !i.IsConstraint).Select(i => i.IsConstraint ? dialect.AddUnique(table.Right, i) : dialect.CreateIndex(table.Right.Name, i)));
            AddAll(table.AddedChecks.Select(c => dialect.AddCheck(table.Right, c)));
            AddAll(Numbered(table.Right).Where(c => IsLate(table, c)).SelectMany(c => dialect.AlterColumn(table.Right, Unnumbered(c), c)));
        }

        AddAll(comparison.AddedTables.SelectMany(t => t.ForeignKeys.Select(k => dialect.AddForeignKey(t, k))));
        // An index that the database would make for a key gets the name by which the way back drops it.
        AddAll(comparison.Tables.SelectMany(t => t.AddedForeignKeys.Concat(moved.Where(m => m.Table == t).Select(m => m.Key)).Where(k => IndexFor(t.Left, k.Columns) is not { } old || _keyIndexesGone.Contains(old))
            .Select(k => IndexFor(t.After, k.Columns)).OfType<IndexSchema>().DistinctBy(i => i.Name).Select(i => dialect.CreateIndex(t.Right.Name, i))));
        AddAll(comparison.Tables.SelectMany(t => t.AddedForeignKeys.Select(k => dialect.AddForeignKey(t.Right, k))));
        AddAll(moved.Select(m => dialect.AddForeignKey(m.Table.Right, m.Key)));
    }

    private void Comments()
    {
        foreach (var table in comparison.Tables.Where(_ => dialect.HasComments))
        {
            if (table.Left.Comment != table.Right.Comment)
            {
                Add(dialect.CommentOn(table.Right, null, table.Right.Comment));
            }

            var replaced = Replaced(table).Select(r => r.Right).ToList();
            AddAll(table.ChangedColumns.Where(c => c.Left.Comment != c.Right.Comment && !replaced.Contains(c.Right)).Select(c => dialect.CommentOn(table.Right, c.Right, c.Right.Comment)));
            AddAll(table.AddedColumns.Concat(replaced).Where(c => c.Comment is not null).Select(c => dialect.CommentOn(table.Right, c, c.Comment)));
        }
    }
}
