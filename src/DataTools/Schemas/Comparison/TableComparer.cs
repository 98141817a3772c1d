using System.Globalization;

namespace DataTools.Schemas.Comparison;

/// <summary>Compares a table of one schema with that of the same name of another.</summary>
internal sealed class TableComparer(TableSchema left, TableSchema right, SchemaText leftText, SchemaText rightText, ComparisonOptions options)
{
    private readonly List<SchemaDifference> _differences = [];

    public TableComparison Run()
    {
        var name = rightText.Name(right.Name);
        var (dropped, added, changed) = Columns();
        var keyDiffers = Differ(DifferenceKind.PrimaryKey, "primary key", SchemaText.Key(left.PrimaryKey), SchemaText.Key(right.PrimaryKey))
            || KeyNamesDiffer();
        Differ(DifferenceKind.Comment, null, left.Comment, right.Comment, options.Left.HasComments && options.Right.HasComments);
        Differ(DifferenceKind.Table, null, left.Options, right.Options, options.IsSameKind);
        var indexes = Match(
            [.. left.Indexes.Where(i => !i.IsForForeignKey)], [.. right.Indexes.Where(i => !i.IsForForeignKey)], i => leftText.Index(i, left), i => rightText.Index(i, right), i => NameOf(i, left.Name, options.Left), i => NameOf(i, right.Name, options.Right),
            i => i.IsConstraint ? DifferenceKind.UniqueKey : DifferenceKind.Index, i => i.Name);
        var foreignKeys = Match(
            left.ForeignKeys, right.ForeignKeys, leftText.ForeignKey, rightText.ForeignKey, k => Given(k.Name, left.Name, options.Left), k => Given(k.Name, right.Name, options.Right), _ => DifferenceKind.ForeignKey, k => k.Name);
        var checks = Match(
            left.Checks, right.Checks, c => leftText.Check(c, left), c => rightText.Check(c, right), c => Given(c.Name, left.Name, options.Left), c => Given(c.Name, right.Name, options.Right), _ => DifferenceKind.Check, c => c.Name);
        var keyNames = Names(left.ForeignKeys.Except(foreignKeys.Left), foreignKeys.Right, foreignKeys.Kept, k => k.Name);
        var checkNames = Names(left.Checks.Except(checks.Left), checks.Right, checks.Kept, c => c.Name);
        return new TableComparison(left, right)
        {
            Differences = [.. _differences.Select(d => d with { Table = name })],
            DroppedColumns = dropped,
            AddedColumns = added,
            ChangedColumns = changed,
            KeyDiffers = keyDiffers,
            DroppedIndexes = indexes.Left,
            AddedIndexes = indexes.Right,
            DroppedForeignKeys = foreignKeys.Left,
            AddedForeignKeys = [.. foreignKeys.Right.Select(k => k with { Name = keyNames.GetValueOrDefault(k, k.Name) })],
            DroppedChecks = checks.Left,
            AddedChecks = [.. checks.Right.Select(c => c with { Name = checkNames.GetValueOrDefault(c, c.Name) })],
            After = right with
            {
                Columns = [.. right.Columns.Select(WithSequence)],
                PrimaryKey = keyDiffers || right.PrimaryKey is null ? right.PrimaryKey : right.PrimaryKey with { Name = left.PrimaryKey!.Name },
                Indexes = [.. right.Indexes.Select(i => WithName(i, indexes.Kept.GetValueOrDefault(i), foreignKeys.Left))],
                ForeignKeys = [.. right.ForeignKeys.Select(k => k with { Name = keyNames.GetValueOrDefault(k, k.Name) })],
                Checks = [.. right.Checks.Select(c => c with { Name = checkNames.GetValueOrDefault(c, c.Name) })],
            },
        };
    }

    /// <summary>
    /// The names on the right that are others in the end: what is there already keeps its name, and where that is one which the database made up on the right for something that
    /// is added, this gets the next free one.
    /// </summary>
    private Dictionary<T, string?> Names<T>(IEnumerable<T> stay, List<T> added, Dictionary<T, T> kept, Func<T, string?> name)
        where T : class
    {
        var names = new Dictionary<T, string?>(ReferenceEqualityComparer.Instance);
        foreach (var (item, old) in kept)
        {
            names[item] = name(old);
        }

        var taken = stay.Select(name).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var item in added.Where(a => name(a) is { } own && taken.Contains(own) && options.IsSameKind && options.Right.IsGeneratedName(own, right.Name)))
        {
            var stem = name(item)!.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
            names[item] = Enumerable.Range(1, int.MaxValue).Select(n => string.Create(CultureInfo.InvariantCulture, $"{stem}{n}")).First(n => !taken.Contains(n) && !added.Exists(a => string.Equals(name(a), n, StringComparison.OrdinalIgnoreCase)));
            taken.Add(names[item]!);
        }

        return names;
    }

    /// <summary>What is there already keeps its name, also what the database made for a key that stays.</summary>
    private IndexSchema WithName(IndexSchema index, IndexSchema? kept, List<ForeignKeySchema> droppedKeys) =>
        index with { Name = (kept ?? left.Indexes.FirstOrDefault(i => IsFor(index, i, droppedKeys)) ?? index).Name };

    private bool IsFor(IndexSchema index, IndexSchema old, List<ForeignKeySchema> droppedKeys) =>
        index.IsForForeignKey && old.IsForForeignKey && old.Columns.SequenceEqual(index.Columns) && left.ForeignKeys.Except(droppedKeys).Any(k => k.Columns.SequenceEqual(index.Columns));

    private ColumnSchema WithSequence(ColumnSchema column) =>
        column.Identity is { } identity && left.Columns.FirstOrDefault(c => c.Name == column.Name)?.Identity is { } old && old.Kind == identity.Kind ? column with { Identity = identity with { Sequence = old.Sequence } } : column;

    /// <summary>A name counts where somebody gave it, and both sides are of one kind.</summary>
    private string? Given(string? name, TableName table, Databases.SqlDialect dialect) =>
        !options.IsSameKind || name is null || dialect.IsGeneratedName(name, table) ? null : name;

    private string? NameOf(IndexSchema index, TableName table, Databases.SqlDialect dialect) =>
        index.IsConstraint ? index.IsNameGenerated ? null : Given(index.Name, table, dialect) : options.IsSameKind ? index.Name : null;

    private bool KeyNamesDiffer()
    {
        var (a, b) = (Given(left.PrimaryKey?.Name, left.Name, options.Left), Given(right.PrimaryKey?.Name, right.Name, options.Right));
        return ((a is not null && b is not null) || IsTaken(left.PrimaryKey?.Name, right.PrimaryKey?.Name))
            && Differ(DifferenceKind.PrimaryKey, "primary key", left.PrimaryKey?.Name, right.PrimaryKey?.Name);
    }

    /// <summary>Whether something else on the right has the name that a key of the left would keep.</summary>
    private bool IsTaken(string? name, string? other) => options.IsSameKind && options.Left.KeysShareIndexNames && name is not null && name != other && options.IndexNames.Contains(name);

    private (List<ColumnSchema> Dropped, List<ColumnSchema> Added, List<(ColumnSchema, ColumnSchema)> Changed) Columns()
    {
        var rest = right.Columns.ToList();
        var dropped = new List<ColumnSchema>();
        var changed = new List<(ColumnSchema, ColumnSchema)>();
        foreach (var column in left.Columns)
        {
            var found = rest.Find(r => r.Name == column.Name) ?? (options.IsSameKind ? null : rest.Find(r => string.Equals(r.Name, column.Name, StringComparison.OrdinalIgnoreCase)));
            if (found is null)
            {
                dropped.Add(column);
                Differ(DifferenceKind.Column, column.Name, leftText.Type(column), null);
            }
            else
            {
                rest.Remove(found);
                var before = _differences.Count;
                Compare(column, found);
                if (_differences.Count > before)
                {
                    changed.Add((column, found));
                }
            }
        }

        foreach (var column in rest)
        {
            Differ(DifferenceKind.Column, column.Name, null, rightText.Type(column));
        }

        return (dropped, rest, changed);
    }

    private void Compare(ColumnSchema a, ColumnSchema b)
    {
        Differ(DifferenceKind.Type, b.Name, leftText.Type(a), rightText.Type(b), !IsSameType(a, b));
        Differ(DifferenceKind.Nullability, b.Name, a.Nullable ? "null" : "not null", b.Nullable ? "null" : "not null");
        Differ(DifferenceKind.Default, b.Name, leftText.Default(a), rightText.Default(b));
        Differ(DifferenceKind.Generated, b.Name, Generated(a, left, leftText), Generated(b, right, rightText));
        Differ(DifferenceKind.Identity, b.Name, leftText.Identity(a), rightText.Identity(b), options.IsSameKind || !(IsRowId(a) || IsRowId(b)));
        Differ(DifferenceKind.Collation, b.Name, a.Collation, b.Collation, options.IsSameKind);
        Differ(DifferenceKind.Comment, b.Name, a.Comment, b.Comment, options.Left.HasComments && options.Right.HasComments);
    }

    /// <summary>SQLite's primary keys of integers number rows whether one wants it or not.</summary>
    private static bool IsRowId(ColumnSchema column) => column.Identity?.Kind == IdentityKind.RowId;

    private bool IsSameType(ColumnSchema a, ColumnSchema b) =>
        options.IsSameKind ? string.Equals(leftText.Type(a), rightText.Type(b), StringComparison.OrdinalIgnoreCase)
        : leftText.Type(a) == rightText.Type(b)
            || leftText.TypeAs(a, options.RightKind, rightText) == rightText.Type(b)
            || rightText.TypeAs(b, options.LeftKind, leftText) == leftText.Type(a);

    private string? Generated(ColumnSchema column, TableSchema table, SchemaText text) =>
        column.Generated is null ? null : text.Expression(column.Generated, table) + (options.IsSameKind ? column.IsVirtual ? " virtual" : " stored" : "");

    private bool Differ(DifferenceKind kind, string? what, string? a, string? b, bool counts = true)
    {
        var differs = counts && a != b;
        if (differs)
        {
            _differences.Add(new SchemaDifference(kind, right.Name, what, a, b));
        }

        return differs;
    }

    /// <summary>Pairs what says the same under names that do not contradict; the rest are differences.</summary>
    private (List<T> Left, List<T> Right, Dictionary<T, T> Kept) Match<T>(
        IReadOnlyList<T> ours, IReadOnlyList<T> theirs, Func<T, string> ourText, Func<T, string> theirText, Func<T, string?> ourName, Func<T, string?> theirName, Func<T, DifferenceKind> kind, Func<T, string?> shown)
        where T : class
    {
        var rest = theirs.ToList();
        var dropped = new List<T>();
        var kept = new Dictionary<T, T>(ReferenceEqualityComparer.Instance);
        // Those with names first, lest one without takes the counterpart of one with the name.
        foreach (var item in ours.OrderBy(o => ourName(o) is null))
        {
            var same = rest.Where(r => kind(r) == kind(item) && theirText(r) == ourText(item)).ToList();
            var found = same.Find(r => theirName(r) == ourName(item)) ?? same.Find(r => (theirName(r) is null || ourName(item) is null) && !(item is IndexSchema && IsTaken(shown(item), shown(r))));
            if (found is null)
            {
                dropped.Add(item);
            }
            else
            {
                rest.Remove(found);
                kept[found] = item;
            }
        }

        Tell(dropped, rest, ourText, theirText, kind, shown);
        return (dropped, rest, kept);
    }

    private void Tell<T>(List<T> dropped, List<T> added, Func<T, string> ourText, Func<T, string> theirText, Func<T, DifferenceKind> kind, Func<T, string?> shown)
        where T : class
    {
        var told = new HashSet<T>(ReferenceEqualityComparer.Instance);
        foreach (var item in dropped)
        {
            // What has the same name on both sides is one difference.
            var changed = shown(item) is null ? null : added.Find(a => shown(a) == shown(item) && kind(a) == kind(item));
            told.Add(changed ?? item);
            Differ(kind(item), shown(item) ?? ourText(item), ourText(item), changed is null ? null : theirText(changed));
        }

        foreach (var item in added.Where(a => !told.Contains(a)))
        {
            Differ(kind(item), shown(item) ?? theirText(item), null, theirText(item));
        }
    }
}
