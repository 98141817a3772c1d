using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases.Reading;
using DataTools.Databases.Writing;

namespace DataTools.Transfer;

/// <summary>How the rows of a planned table are read and written.</summary>
internal static class TableRows
{
    /// <summary>What is read.</summary>
    public static TableQuery Query(TablePlan table, CopyOptions options) => new()
    {
        Table = table.Table,
        // A transformation may need columns that are not copied.
        Columns = options.Transform is not null || table.Columns.Count == table.From.Columns.Count ? [] : [.. table.Columns.Select(c => c.Source)],
        Where = table.Where,
        TypeRules = options.TypeRules,
        OnLoss = options.OnLoss,
    };

    /// <summary>How it is written to a table that is there by now; <paramref name="isCleared"/> where its old rows are gone already.</summary>
    public static TableWriteOptions Options(TablePlan table, CopyOptions options, Schema rows, bool isCleared) => new()
    {
        Mode = table.Exists && !table.IsMade ? Mode(table.Mode, isCleared) : WriteMode.Append,
        CreateTable = !table.Exists && !table.IsMade,
        PrimaryKey = table.To.PrimaryKey?.Columns ?? [],
        Key = options.Key,
        // Columns that are left out were not even read.
        ColumnMap = (CopyOptions.For(options.ColumnMaps, table.Table) ?? new Dictionary<string, string?>()).Where(p => rows.IndexOf(p.Key) >= 0).ToDictionary(),
        OnLoss = options.OnLoss,
        TypeRules = options.TypeRules,
        AdvancesIdentity = false,
        AllowsRejects = options.AllowsRejects,
    };

    /// <summary>The mode that is left to do when the old rows may be gone already.</summary>
    public static WriteMode Mode(WriteMode mode, bool isCleared) => isCleared && mode is (WriteMode.Truncate or WriteMode.Replace) ? WriteMode.Append : mode;
}
