using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases;
using DataTools.Databases.Reading;
using DataTools.Databases.Writing;
using DataTools.Errors;
using DataTools.Schemas;

namespace DataTools.Transfer;

/// <summary>Finds out what a copy will do; changes nothing.</summary>
internal sealed class CopyPlanner(ICopySource source, IDatabaseSession target, CopyOptions options, DatabaseContext context, LedgerHead? head = null)
{
    /// <summary>A table of so many rows is worth a range of its own.</summary>
    private const long RowsPerRange = 500_000;

    private const int MostRanges = 1024;

    /// <summary>The rows from which the columns behind a transformation are known.</summary>
    private const int SampleRows = 10_000;

    private readonly List<SchemaLoss> _losses = [];
    private IReadOnlyList<TableName> _sources = [];

    private SqlDialect? Dialect => (target as SqlSession)?.Dialect;

    /// <summary>Makes the plan.</summary>
    public CopyPlan Make()
    {
        var schema = source.Read(options.IsWanted, context.Cancellation);
        if (schema.Tables.Count == 0)
        {
            throw DataErrors.NothingToCopy(source.Name, options.Tables);
        }

        options.CheckNames(source.Name, schema);
        CheckMaps(schema.Tables);
        _sources = [.. schema.Tables.Select(t => t.Name)];
        var order = TableOrder.Of(schema.Tables);
        var planned = order.Tables.Select(t => Plan(t, order)).OfType<(TablePlan Plan, bool IsMade)>().ToList();
        var tables = planned.Select(p => p.IsMade ? WithStatements(WithFitKeys(p.Plan, [.. planned.Select(t => t.Plan)])) : p.Plan).ToList();
        var twice = tables.GroupBy(t => t.Target.ToString(), StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
        {
            throw DataErrors.InvalidOption($"Several tables would become '{twice.Key}': {string.Join(", ", twice.Select(t => t.Table))}. -RenameTable tells them apart.");
        }

        return new CopyPlan(source.Name, target.Address.ToString(), tables)
        {
            Types = Types(schema, tables),
            Losses = [.. _losses, .. schema.Others.Where(IsOfTables).Select(o => new SchemaLoss(o.Table ?? o.Name, o.Name.Name, $"the {o.Kind.ToLowerInvariant()} is not copied: its code is the source's own language"))],
            Cycles = [.. order.Cycles.Select(c => $"{c.Table.Name} ({string.Join(", ", c.Key.Columns)}) points to {c.Key.References}")],
        };

        bool IsOfTables(DatabaseObject other) => options.IsWanted(other.Table ?? other.Name);
    }

    /// <summary>A name that no table has is a slip of the pen.</summary>
    private void CheckMaps(IReadOnlyList<TableSchema> tables)
    {
        foreach (var (pattern, map) in options.ColumnMaps.Where(_ => options.Transform is null))
        {
            var meant = tables.Where(t => CopyOptions.IsMatch(t.Name, pattern)).ToList();
            foreach (var column in map.Keys.Where(c => meant.Count > 0 && !meant.Exists(t => t.Find(c) is not null)))
            {
                throw DataErrors.ColumnNotFound(column, pattern, meant.SelectMany(t => t.Columns).Select(c => c.Name).Distinct());
            }
        }
    }

    /// <summary>What becomes of a table; null for one that the target can have in no form.</summary>
    private (TablePlan Plan, bool IsMade)? Plan(TableSchema table, TableOrder order)
    {
        var map = CopyOptions.For(options.ColumnMaps, table.Name) ?? new Dictionary<string, string?>();
        var where = CopyOptions.For(options.Where, table.Name);
        var name = TargetName(table.Name);
        var found = Find(name, table);
        if (found is null && options.Content == CopyContent.DataOnly)
        {
            throw DataErrors.TableNotFound(name.ToString(), target.Address.ToString(), " -DataOnly fills tables that are there.");
        }

        CheckSelf(table, found);
        var isMade = IsMade(found);
        var to = found is not null && !isMade ? Existing(found, table, map) : Translate(table, name, map, order);
        var columns = Columns(table, to, map);
        var isHollow = IsHollow(table, columns);
        if (isHollow && !HasPlace(table, to, isMade))
        {
            return null;
        }

        var rows = source.Count(table, where, context.Cancellation);
        var plan = new TablePlan(table, to)
        {
            Exists = found is not null,
            Mode = found is null ? WriteMode.Append : options.Mode,
            Rows = rows,
            Partitions = Ranges(rows, to),
            Where = where,
            Columns = columns,
            IsHollow = isHollow,
            IsGathered = IsGathered(found),
        };
        return (plan, isMade);
    }

    /// <summary>What a table had would be gone before it is read, or be waited for without end.</summary>
    private void CheckSelf(TableSchema table, TableSchema? found)
    {
        if (found is not null && options.Mode is (WriteMode.Truncate or WriteMode.Replace) && source.Name == target.Address.ToString() && found.Name.Name == table.Name.Name && TableOrder.IsSame(found.Name, table.Name))
        {
            throw DataErrors.InvalidOption($"'{found.Name}' would be copied onto itself, and -Mode {options.Mode} deletes its rows before. -RenameTable gives the copy another name.");
        }
    }

    /// <summary>A table that is there must have a place for every column that is not left out, or its values would be lost; documents take every field.</summary>
    private TableSchema Existing(TableSchema found, TableSchema table, IReadOnlyDictionary<string, string?> map)
    {
        var names = new Dictionary<string, string?>(map, StringComparer.OrdinalIgnoreCase);
        var missing = table.Columns.Select(c => (Column: c, Name: names.TryGetValue(c.Name, out var name) ? name : c.Name))
            .Where(c => c.Name is not null && found.Find(c.Name) is null).Select(c => c.Column with { Name = c.Name! }).ToList();
        if (Dialect is null)
        {
            return found with { Columns = [.. found.Columns, .. missing.Select(c => c with { Generated = null })] };
        }

        if (options is not { Mode: not WriteMode.Fail, Transform: null, Content: not CopyContent.SchemaOnly })
        {
            return found;
        }

        var computed = table.Columns.Where(c => c.Generated is null && (names.TryGetValue(c.Name, out var name) ? name : c.Name) is { } goal && found.Find(goal) is { Generated: not null });
        _losses.AddRange(computed.Select(c => new SchemaLoss(table.Name, c.Name, $"its values are not copied: '{found.Name}' computes the column by itself")));
        return missing.Count == 0 ? found
            : throw DataErrors.ColumnsMissing(found.Name.ToString(), missing.Select(c => c.Name), found.Columns.Select(c => c.Name), "-ColumnMap gives a column another name, or $null to leave it out.");
    }

    private bool IsGathered(TableSchema? found) => Dialect is null && (found is null || options.Mode is WriteMode.Truncate or WriteMode.Replace);

    /// <summary>Whether rows have no value but what the table computes from nothing, as in one without columns.</summary>
    private bool IsHollow(TableSchema table, List<ColumnPlan> columns) =>
        Dialect is not null && options.Transform is null && columns.Count == 0 && table.Columns.All(c => c.Generated is not null);

    private bool HasPlace(TableSchema table, TableSchema to, bool isMade)
    {
        var what = table.Columns.Count == 0 ? "it has no columns" : "all of its columns are computed";
        var isPossible = !isMade || (to.Columns.Count == 0 ? Dialect!.HasEmptyTables : Dialect!.HasComputedTables);
        _losses.Add(isPossible ? new SchemaLoss(table.Name, "rows", $"they are not copied: {what}")
            : new SchemaLoss(table.Name, "table", $"it is not copied: {what}, and {target.Database.Name} makes no such table"));
        return isPossible;
    }

    /// <summary>The table without keys that the target would refuse, and with those names of columns that the tables have to which the others point.</summary>
    private TablePlan WithFitKeys(TablePlan plan, IReadOnlyList<TablePlan> all)
    {
        var keys = new List<ForeignKeySchema>();
        foreach (var key in plan.To.ForeignKeys)
        {
            var copied = all.FirstOrDefault(t => TableOrder.IsSame(key.References, t.Target));
            var map = copied is null ? null : CopyOptions.For(options.ColumnMaps, copied.Table);
            var named = map is null ? key : key with { ReferencedColumns = [.. key.ReferencedColumns.Select(c => Renamed(map, c))] };
            if ((copied?.To ?? target.FindTable(key.References, context.Cancellation)) is { } referenced && KeyTargets.WhyNot(Dialect!, plan.To, named, referenced) is { } reason)
            {
                _losses.Add(new SchemaLoss(plan.Table, key.Name ?? $"key to {key.References}", $"the key is not carried: {reason}"));
            }
            else
            {
                keys.Add(named);
            }
        }

        return plan with { To = plan.To with { ForeignKeys = keys } };

        static string Renamed(IReadOnlyDictionary<string, string?> map, string column) =>
            map.FirstOrDefault(m => string.Equals(m.Key, column, StringComparison.OrdinalIgnoreCase)).Value ?? column;
    }

    /// <summary>Whether the table is made, also in place of one that is there. Where a rollback does not bring a dropped table back, its rows are replaced and the table stays.</summary>
    private bool IsMade(TableSchema? found) =>
        Dialect is { } dialect && (found is null || (options.Mode == WriteMode.Replace && options.Content != CopyContent.DataOnly && dialect.HasTransactionalDdl));

    /// <summary>The table that was in the target before the copy began, which another worker may have changed since.</summary>
    private TableSchema? Find(TableName name, TableSchema table) =>
        head?.Made.Contains(name.ToString()) != true ? target.FindTable(name, context.Cancellation)
        : head.Found.Contains(name.ToString()) ? table : null;

    private TablePlan WithStatements(TablePlan plan)
    {
        var (dialect, to) = (Dialect!, plan.To);
        // Built over all rows at once, which is faster; but bad rows are only found by keys that are there.
        var isLate = dialect is { KeysStandInTable: false, HasTransactionalDdl: true } && !options.AllowsRejects;
        var parts = dialect.KeysStandInTable ? TableParts.All : isLate ? TableParts.Checks : TableParts.Own;
        var own = !isLate ? [] : to.Indexes.Where(i => i.IsConstraint).Select(i => dialect.AddUnique(to, i));
        var key = isLate && to.PrimaryKey is not null ? [dialect.AddPrimaryKey(to, to.PrimaryKey)] : System.Array.Empty<string>();
        return plan with
        {
            Create = [dialect.CreateTable(to, parts)],
            Indexes = [.. key, .. own, .. to.Indexes.Where(i => !i.IsConstraint).Select(i => dialect.CreateIndex(to.Name, i)), .. dialect.Comments(to)],
            Keys = dialect.KeysStandInTable ? [] : [.. to.ForeignKeys.Select(k => dialect.AddForeignKey(to, k))],
        };
    }

    private TableName TargetName(TableName table)
    {
        var given = CopyOptions.For(options.Rename.Where(p => !IsOther(p.Key)), table);
        return given is null ? new TableName(options.TargetSchema, table.Name)
            : TableName.Parse(given) is { Schema: null } plain ? plain with { Schema = options.TargetSchema } : TableName.Parse(given);

        // Names that differ by case alone are told apart by it.
        bool IsOther(string name) => !CopyOptions.IsName(table, name, StringComparison.Ordinal) && _sources.Any(s => CopyOptions.IsName(s, name, StringComparison.Ordinal));
    }

    private TableSchema Translate(TableSchema table, TableName name, IReadOnlyDictionary<string, string?> map, TableOrder order)
    {
        if (table.IsFiltered)
        {
            _losses.Add(new SchemaLoss(table.Name, "rows", "the database shows this user only some of them, by policies (row-level security)"));
        }

        if (Dialect is null)
        {
            return Fields(table, name, map);
        }

        var left = Transformed(table);
        var columns = new Dictionary<string, string?>(map, StringComparer.OrdinalIgnoreCase);
        foreach (var column in table.Columns.Where(c => left is not null && left.IndexOf(c.Name) < 0))
        {
            columns[column.Name] = null;
        }

        var translation = SchemaTranslator.Translate(WithoutCircle(table, order), source.Kind, target.Database, new TranslationOptions
        {
            Name = name, Columns = columns, References = r => Referenced(r, order), TypeRules = options.TypeRules, Dialect = Dialect,
            IsBeside = source.Name == target.Address.ToString() && (name.Schema is null || name.Schema == table.Name.Schema),
        });
        _losses.AddRange(translation.Losses);
        return left is null ? translation.Table : WithColumns(translation.Table, left, map);
    }

    /// <summary>The fields of documents under their new names, which hold what was computed too; a key of which a part is left out is none.</summary>
    private static TableSchema Fields(TableSchema table, TableName name, IReadOnlyDictionary<string, string?> map)
    {
        var names = new Dictionary<string, string?>(map, StringComparer.OrdinalIgnoreCase);
        var key = table.PrimaryKey?.Columns.Select(Goal).ToList();
        return table with
        {
            Name = name,
            Columns = [.. table.Columns.Where(c => Goal(c.Name) is not null).Select(c => c with { Name = Goal(c.Name)!, Generated = null })],
            PrimaryKey = key is null || key.Contains(null) ? null : table.PrimaryKey! with { Columns = [.. key.OfType<string>()] },
        };

        string? Goal(string column) => names.TryGetValue(column, out var goal) ? goal : column;
    }

    /// <summary>Where keys stand in the tables from the beginning and each row must find its own, those that close a circle of tables or of rows have no place.</summary>
    private TableSchema WithoutCircle(TableSchema table, TableOrder order)
    {
        if (Dialect is not { KeysStandInTable: true } || target is not SqlSession { ChecksKeysAtOnce: true })
        {
            return table;
        }

        var tables = order.Cycles.Where(c => c.Table == table).Select(c => c.Key).ToList();
        Lose(tables, "it closes a circle of tables");
        // What such a database holds has no circles; and a transformation may change what points to what.
        var mayPoint = options is { Content: not CopyContent.SchemaOnly, Transform: null } && source.Kind.Name != target.Database.Name;
        var rows = mayPoint ? new RowCircles(source, options, context.Cancellation).Find(table) : [];
        Lose(rows, "rows point to themselves or to each other in a circle");
        return table with { ForeignKeys = [.. table.ForeignKeys.Except(tables).Except(rows)] };

        void Lose(IEnumerable<ForeignKeySchema> keys, string reason) => _losses.AddRange(keys.Select(k =>
            new SchemaLoss(table.Name, k.Name ?? $"key to {k.References}", $"the key is not carried: {reason}, and {target.Database.Name} looks for the other row at once")));
    }

    /// <summary>The columns that a transformation leaves; null without one.</summary>
    private Schema? Transformed(TableSchema table)
    {
        if (options.Transform is null)
        {
            return null;
        }

        using var reader = options.Transform(source.Open(new TableQuery { Table = table.Name, First = SampleRows, TypeRules = options.TypeRules, OnLoss = options.OnLoss }, [], context));
        return reader.Schema;
    }

    /// <summary>The table with the columns of rows: new ones, and those that have another type now.</summary>
    private TableSchema WithColumns(TableSchema table, Schema rows, IReadOnlyDictionary<string, string?> map)
    {
        var types = target.Database.Types.With(options.TypeRules);
        var columns = rows.FieldsList.Where(f => !map.TryGetValue(f.Name, out var to) || to is not null).Select(f =>
        {
            var (name, type) = (map.TryGetValue(f.Name, out var to) ? to! : f.Name, DataTypes.Of(f));
            return table.Find(name) is { } kept && kept.Type.Equals(type) ? kept : new ColumnSchema(name, types.ToNative(f), type, f.IsNullable);
        });
        return table with { Columns = [.. columns] };
    }

    private TableName? Referenced(TableName reference, TableOrder order)
    {
        var copied = TableOrder.Find(order.Tables, reference);
        if (copied is not null)
        {
            return TargetName(copied.Name);
        }

        // By its name alone where the new table is, too: DuckDB takes a schema for a database.
        var name = TargetName(reference);
        return target.FindTable(name, context.Cancellation) is { } found ? found.Name with { Schema = name.Schema } : null;
    }

    /// <summary>Where keys stand from the beginning and are looked at with each row, rows that point to others of their table are loaded together.</summary>
    private int Ranges(long? rows, TableSchema to) => Dialect is { KeysStandInTable: true } && target is SqlSession { ChecksKeysAtOnce: true } && to.ForeignKeys.Any(k => TableOrder.IsSame(k.References, to.Name)) ? 1
        : options.Partitions ?? (options.Ledger is null ? 1 : (int)Math.Clamp((rows ?? 1) / RowsPerRange, 1, MostRanges));

    private List<ColumnPlan> Columns(TableSchema from, TableSchema to, IReadOnlyDictionary<string, string?> map)
    {
        var names = new Dictionary<string, string?>(map, StringComparer.OrdinalIgnoreCase);
        var columns = new List<ColumnPlan>();
        foreach (var column in from.Columns)
        {
            var name = names.TryGetValue(column.Name, out var mapped) ? mapped : column.Name;
            if (name is null || to.Find(name) is not { Generated: null } goal)
            {
                continue;
            }

            var loss = _losses.FirstOrDefault(l => l.Table == from.Name && l.Object == column.Name)?.Reason;
            columns.Add(new ColumnPlan(column.Name, column.NativeType, goal.Name, goal.NativeType, loss));
        }

        return columns;
    }

    /// <summary>Enumerations with names that the target has not.</summary>
    private List<string> Types(DatabaseSchema schema, List<TablePlan> tables)
    {
        if (target is not SqlSession { Dialect.HasEnumTypes: true } sql)
        {
            return [];
        }

        var known = sql.ListEnums(context.Cancellation);
        var needed = tables.Where(t => t.IsMade).SelectMany(t => t.To.Columns).Select(c => c.EnumType).OfType<TableName>().Distinct();
        return [.. needed.Where(n => !known.Any(k => TableOrder.IsSame(k.Name, n))).Select(n => schema.Enums.FirstOrDefault(e => TableOrder.IsSame(e.Name, n))).OfType<EnumSchema>().Select(sql.Dialect.CreateEnum)];
    }
}
