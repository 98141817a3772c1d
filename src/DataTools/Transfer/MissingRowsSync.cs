using DataTools.Data;
using DataTools.Databases;
using DataTools.Databases.Reading;
using DataTools.Databases.Writing;
using DataTools.Errors;
using DataTools.Schemas;

namespace DataTools.Transfer;

/// <summary>
/// Finds the rows of a target that its source has no more, by the keys of all rows of the source, and deletes or marks them. Runs within the target's transaction.
/// </summary>
internal sealed class MissingRowsSync(ICopySource source, SqlSession target, CopyOptions options, DatabaseContext context)
{
    /// <summary>The column that says since when a row is missing.</summary>
    public const string Mark = "datatools_deleted_at";

    /// <summary>Does it for one table and gives the number of rows that were deleted or newly marked.</summary>
    public long Run(TablePlan table)
    {
        var key = Key(table);
        var staging = new TableName(null, $"datatools_{Guid.NewGuid():N}");
        target.CreateStaging(table.To, staging, [.. key.Select(k => k.Column)], context.Cancellation);
        Load(table, key, staging);
        var match = string.Join(" AND ", key.Select(k => Match(table, k.Column, staging)));
        var exists = $"EXISTS (SELECT 1 FROM {target.Dialect.Quote(staging)} WHERE {match})";
        var removed = options.Missing == MissingRows.Hard ? DeleteRows(table, exists) : MarkRows(table, exists);
        target.Run(target.Dialect.Drop(staging, temporary: true), context.Cancellation);
        return removed;
    }

    /// <summary>The key's columns, under the names that rows have behind a transformation.</summary>
    private List<(string Source, ColumnSchema Column)> Key(TablePlan table)
    {
        var names = options.Key.Count > 0 ? options.Key : table.To.PrimaryKey?.Columns ?? throw DataErrors.KeyRequired(table.Target.ToString(), "Upsert with -DeleteMissing");
        return [.. names.Select(n => options.Transform is null ? Copied(n) : (Source(n), table.To.Find(n) ?? throw DataErrors.ColumnNotFound(n, table.Target.ToString(), table.To.Columns.Select(c => c.Name))))];

        (string Source, ColumnSchema Column) Copied(string name) => table.Columns.FirstOrDefault(c => string.Equals(c.Target, name, StringComparison.OrdinalIgnoreCase)) is { } column
            ? (column.Source, table.To.Find(column.Target)!)
            : throw DataErrors.ColumnNotFound(name, table.Table.ToString(), table.Columns.Select(c => c.Target));

        string Source(string name) => CopyOptions.For(options.ColumnMaps, table.Table)?.FirstOrDefault(p => string.Equals(p.Value, name, StringComparison.OrdinalIgnoreCase)).Key ?? name;
    }

    /// <summary>A null is the same as a null, for the source has its row. Only where there are nulls, as not every database has a fast way to compare so.</summary>
    private string Match(TablePlan table, ColumnSchema column, TableName staging)
    {
        var (name, rows) = (target.Dialect.Quote(column.Name), target.Dialect.Quote(table.Target));
        var hasNulls = column.Nullable && target.Query($"SELECT 1 FROM {rows} WHERE {name} IS NULL LIMIT 1", r => 1, context.Cancellation).Count > 0;
        // The table's own column comes first: it decides how texts are told apart.
        var (own, other) = ($"{rows}.{name}", $"{target.Dialect.Quote(staging)}.{name}");
        return hasNulls ? target.Dialect.IsSame(own, other) : $"{own} = {other}";
    }

    private void Load(TablePlan table, List<(string Source, ColumnSchema Column)> key, TableName staging)
    {
        // Rows that are refused are undone one by one.
        var owns = !target.InTransaction;
        if (owns)
        {
            target.Begin();
        }

        try
        {
            LoadKeys(table, key, staging);
            if (owns)
            {
                target.Commit();
            }
        }
        catch when (owns && target.InTransaction)
        {
            target.Rollback();
            throw;
        }
    }

    private void LoadKeys(TablePlan table, List<(string Source, ColumnSchema Column)> key, TableName staging)
    {
        // A key that the target cannot hold is none of its rows' keys; the copy has counted the row, or passed it by.
        using var uncounted = new RejectLog(new RejectPolicy { MaxErrors = long.MaxValue });
        var keys = options.AllowsRejects ? context with { Rejects = uncounted } : context;
        // Rows outside of a condition are not the copy's business, but here all that the source has counts as there.
        var query = new TableQuery { Table = table.Table, Columns = options.Transform is null ? [.. key.Select(k => k.Source)] : [], TypeRules = options.TypeRules, OnLoss = options.OnLoss };
        using var reader = options.Transformed(new ReadAhead(source.Open(query, [], keys)));
        int[] positions = [.. key.Select((k, i) => options.Transform is null ? i : reader.Schema.Require(k.Source, "The input"))];
        var schema = new Apache.Arrow.Schema([.. key.Select(k => k.Column.Type.ToField(k.Column.Name))], null);
        var names = new Apache.Arrow.Schema([.. positions.Select((p, i) => ColumnNames.Renamed(reader.Schema.GetFieldByIndex(p), key[i].Column.Name))], null);
        var converter = new BatchConverter(names, schema, table.Table.ToString(), keys.Rejects, TextRules.Default);
        IBulkLoader? loader = null;
        var rows = new RowBisector(target, table.Target.Name, keys.Rejects, (batch, cancellation) =>
        {
            loader!.Load(batch, cancellation);
            loader.Flush(cancellation);
        });
        using var opened = loader = target.OpenLoader(new LoadTarget(staging, [.. key.Select(k => k.Column)], schema, options.OnLoss, context.Warn)
        {
            Rules = new TableSchema(staging, TableKind.Table, [.. key.Select(k => k.Column)]), Reject = options.AllowsRejects ? rows.Refuse : null,
        });
        rows.Finder = loader as IFaultFinder;
        while (reader.ReadBatch(context.Cancellation) is { } batch)
        {
            rows.Write(converter.Convert(batch.Project(names, positions)), options.AllowsRejects, context.Cancellation);
            rows.Restart();
        }
    }

    private long DeleteRows(TablePlan table, string exists)
    {
        var name = target.Dialect.Quote(table.Target);
        if (target is { ChecksKeysAtOnce: false, Dialect.HasDeferredKeys: false })
        {
            // Keys are looked at row by row, and of two rows that go, one may point to the other.
            foreach (var column in table.To.ForeignKeys.Where(k => TableOrder.IsSame(k.References, table.Target)).SelectMany(k => k.Columns).Where(c => table.To.Find(c) is { Nullable: true }).Select(target.Dialect.Quote))
            {
                target.Run($"UPDATE {name} SET {column} = NULL WHERE {column} IS NOT NULL AND NOT {exists}", context.Cancellation);
            }
        }

        return target.Run($"DELETE FROM {name} WHERE NOT {exists}", context.Cancellation);
    }

    private long MarkRows(TablePlan table, string exists)
    {
        var name = target.Dialect.Quote(table.Target);
        if (table.To.Find(Mark) is null)
        {
            target.Run(target.Dialect.AddColumn(table.Target, new NewColumn(Mark, target.Database.Types.ToNative(DataTypes.TimestampUtc, Mark))), context.Cancellation);
        }

        var mark = target.Dialect.Quote(Mark);
        target.Run($"UPDATE {name} SET {mark} = NULL WHERE {mark} IS NOT NULL AND {exists}", context.Cancellation);
        return target.Run($"UPDATE {name} SET {mark} = {target.Dialect.UtcNow} WHERE {mark} IS NULL AND NOT {exists}", context.Cancellation);
    }
}
