using DataTools.Errors;
using DataTools.Schemas;

namespace DataTools.Migrations.Changes;

/// <summary>Changes in which a trigger keeps columns of the old and of the new application in step.</summary>
public sealed partial class ChangeWriter
{
    /// <summary>Types without equality, which a trigger could not compare.</summary>
    private static readonly string[] Incomparable = ["json", "xml", "point", "polygon"];

    private void WriteSynced()
    {
        var column = Column(_change.Column);
        CheckFree(column, forDrop: false);
        switch (_change.Kind)
        {
            case ChangeKind.RenameColumn:
                var to = _change.Need(_change.NewName, "NewName");
                Synced(column, [(to, column.NativeType, _sql.Quote(column.Name))], _sql.Quote(to), rename: null);
                Section("down completed", [_rules.RenameColumn(_change.Table, to, column.Name)]);
                break;
            case ChangeKind.ChangeType:
                var type = _change.Need(_change.Type, "Type");
                var staged = Shortened(column.Name + "_new");
                // Who says how values become others knows what that loses.
                string[] lost = _change.Using is null ? [$"SELECT {KeyOrOne()} FROM {Table} WHERE {_rules.IsLost(column, type)}"] : [];
                if (lost.Length > 0)
                {
                    Section("check", lost);
                }

                Synced(
                    column,
                    [(staged, type, _change.Using ?? _rules.Cast(_sql.Quote(column.Name), type))],
                    (_change.Back ?? _rules.Cast(_sql.Quote(staged), column.NativeType)).Replace("{new}", _sql.Quote(staged), StringComparison.Ordinal),
                    rename: staged,
                    lost);
                break;
            default:
                if (_change.Into.Count == 0)
                {
                    throw DataErrors.InvalidOption("-Kind SplitColumn needs -Into, the new columns with the expressions that make them: @{ first = \"split_part(name, ' ', 1)\" }.");
                }

                Synced(column, [.. _change.Into.Select(i => (i.Key, _change.Type ?? column.NativeType, i.Value))], _change.Need(_change.Back, "Back"), rename: null);
                break;
        }
    }

    private void Synced(ColumnSchema old, IReadOnlyList<(string Name, string Type, string Up)> added, string down, string? rename, params IReadOnlyList<string> verify)
    {
        if (added.FirstOrDefault(a => _table.Find(a.Name) is not null).Name is { } taken)
        {
            throw DataErrors.InvalidOption($"The table {_change.Table} has a column '{taken}' already.");
        }

        var sync = new ColumnSync(
            Shortened($"zz_datatools_{_change.Table.Name}_{added[0].Name}"),
            _change.Table,
            _table.PrimaryKey?.Columns ?? [],
            [KeyValuePair.Create(old.Name, down)],
            [.. added.Select(a => KeyValuePair.Create(a.Name, a.Up))])
        {
            Types = added.ToDictionary(a => a.Name, a => a.Type).Append(KeyValuePair.Create(old.Name, old.NativeType)).ToDictionary(),
        };
        _rules.CheckSync(sync, _table, old);
        // Where each statement commits, a row of the new application must find the old column ready to be empty.
        var frees = !_sql.HasTransactionalDdl && !old.Nullable ? _rules.DropNotNull(_table, old) : null;
        string[] first = frees is null ? [] : [frees];
        Section("expand", [.. first, .. added.Select(a => _rules.AddColumn(_change.Table, $"{_sql.Quote(a.Name)} {a.Type}")), .. _rules.CreateSync(sync)]);

        var open = string.Join(" AND ", added.Select(a => $"{_sql.Quote(a.Name)} IS NULL")) + $" AND ({string.Join(" OR ", added.Select(a => $"({a.Up}) IS NOT NULL"))})";
        Fill($"UPDATE {Table} SET {string.Join(", ", added.Select(a => $"{_sql.Quote(a.Name)} = {a.Up}"))} WHERE {open}");
        Section("verify", [$"SELECT {KeyOrOne()} FROM {Table} WHERE {open}", .. verify, .. OthersOn(old), .. ViewsOn(old, rename is not null)]);
        Contract(old, added, sync, rename);
        IReadOnlyList<string> again = frees is null ? [] : NotNull(old);
        Section("down", [.. _rules.DropSync(sync), .. added.Select(a => _rules.DropColumn(_change.Table, a.Name)), .. again]);
    }

    /// <summary>First what may take long and locks little, each on its own; then what must be seen at once, in one transaction.</summary>
    private void Contract(ColumnSchema old, IReadOnlyList<(string Name, string Type, string Up)> added, ColumnSync sync, string? rename)
    {
        var slow = new List<string>();
        var quick = new List<string>();
        if (added is [var one])
        {
            Carry(old, one.Name, one.Type, slow, quick);
        }

        List<string> last = [.. _rules.DropSync(sync), .. IndexesOf(old.Name).SelectMany(i => _rules.DropIndexBeforeColumn(_change.Table, i.Name)), _rules.DropColumn(_change.Table, old.Name)];
        if (rename is not null)
        {
            last.Add(_rules.RenameColumn(_change.Table, rename, old.Name));
        }

        if (added.Count == 1 && old.Default is { } value)
        {
            last.Add(_rules.SetDefault(_change.Table, rename is null ? added[0].Name : old.Name, value));
        }

        last.AddRange(quick);
        if (rename is not null && HasViews(old))
        {
            last = [_sql.KeepViews([(_change.Table, [old.Name])]), .. last, _sql.BringBackViews];
        }

        Section("contract", slow.Count > 0 && _sql.HasTransactionalDdl ? [.. slow, "BEGIN", .. last, "COMMIT"] : [.. slow, .. last], inParts: slow.Count > 0);
    }

    /// <summary>Indexes, keys and NOT NULL of a column go with it to the one that takes its place.</summary>
    private void Carry(ColumnSchema old, string added, string type, List<string> slow, List<string> quick)
    {
        foreach (var index in IndexesOf(old.Name))
        {
            Rebuilt(index, old.Name, added, slow, quick);
        }

        foreach (var key in _table.ForeignKeys.Where(k => k.Columns.Contains(old.Name)))
        {
            Rebuilt(key, old.Name, added, slow);
        }

        if (!old.Nullable && _rules.SetNotNull(_table, old with { Name = added, NativeType = type, Default = null, Collation = null }) is { } notNull)
        {
            slow.AddRange(notNull);
        }
    }

    /// <summary>What a later migration has made on the old column, nobody carries to the new one.</summary>
    private string[] OthersOn(ColumnSchema old)
    {
        var known = IndexesOf(old.Name).Select(i => i.Name).Concat(_table.ForeignKeys.Where(k => k.Columns.Contains(old.Name)).Select(k => k.Name).OfType<string>()).ToHashSet();
        return _rules.OthersOn(_change.Table, old.Name, known) is { } query ? [query] : [];
    }

    /// <summary>Whether the database has views of a column that let it go no sooner than they are dropped.</summary>
    private bool HasViews(ColumnSchema column) => _rules.ViewsOn(_change.Table, column.Name, onlyFixed: false) is { } query && _session.Query(query, r => r.GetString(0), _cancellation).Count > 0;

    /// <summary>Views that read a column are named before anything of it goes; where they are kept, those that cannot be.</summary>
    private string[] ViewsOn(ColumnSchema column, bool keeps) => _rules.ViewsOn(_change.Table, column.Name, keeps && HasViews(column)) is { } query ? [query] : [];

    private IEnumerable<IndexSchema> IndexesOf(string column) => _table.Indexes.Where(i => i.Columns.Contains(column));

    /// <summary>An index of the old column is made for the new one, and takes its name when the old is gone.</summary>
    private void Rebuilt(IndexSchema index, string old, string added, List<string> slow, List<string> quick)
    {
        if (index.Where is not null || index.Columns.Any(c => c.StartsWith('(')))
        {
            throw DataErrors.InvalidOption($"The index {index.Name} has an expression or a condition, which cannot be carried to another column by itself. Write the migration by hand, or drop the index first.");
        }

        var name = Shortened($"{index.Name}_{added}");
        var columns = index.Columns.Select(c => c == old ? added : c).ToList();
        slow.AddRange(index.IsConstraint ? _rules.AddUnique(_change.Table, name, columns) : _rules.CreateIndex(_change.Table, name, _sql.List(columns), index.IsUnique));
        quick.AddRange(_rules.RenameIndex(_change.Table, name, index.Name, index.IsConstraint));
    }

    private void Rebuilt(ForeignKeySchema key, string old, string added, List<string> slow)
    {
        var columns = key.Columns.Select(c => c == old ? added : c);
        var text = $"FOREIGN KEY ({_sql.List(columns)}) REFERENCES {_sql.Quote(key.References)} ({_sql.List(key.ReferencedColumns)}) ON DELETE {key.OnDelete} ON UPDATE {key.OnUpdate}";
        slow.AddRange(_rules.AddForeignKey(_change.Table, Shortened($"{_change.Table.Name}_{added}_fkey"), text) ?? throw Rebuild("a foreign key"));
    }

    /// <summary>What hangs on a column and would go with it is named before anything is done.</summary>
    private void CheckFree(ColumnSchema column, bool forDrop)
    {
        var hangs = new List<string>();
        if (_table.PrimaryKey?.Columns.Contains(column.Name) == true)
        {
            hangs.Add("the primary key");
        }

        if (column.IsIdentity || (column.Generated is not null && !forDrop))
        {
            hangs.Add("values that the database gives");
        }

        if (!forDrop && Incomparable.Contains(column.NativeType))
        {
            hangs.Add($"a type ({column.NativeType}) that cannot be compared");
        }

        hangs.AddRange(_table.Checks.Where(c => SqlLexer.CodeOf(c.Expression, _sql.Splitting).Any(t => t.Of(c.Expression).Trim("\"`[]").Equals(column.Name, StringComparison.OrdinalIgnoreCase))).Select(c => $"the check {c.Name} {c.Expression}"));
        if (hangs.Count > 0)
        {
            throw DataErrors.InvalidOption($"On the column {column.Name} of {_change.Table} hangs {string.Join(", ", hangs)}: write that migration by hand.");
        }
    }
}
