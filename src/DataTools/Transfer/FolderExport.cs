using System.Diagnostics;
using DataTools.Databases;
using DataTools.Databases.Reading;
using DataTools.Databases.Writing;
using DataTools.Errors;
using DataTools.Formats;

namespace DataTools.Transfer;

/// <summary>Writes tables of a database to a folder: Parquet files and a manifest, from which <see cref="CopyJob.FromFolder"/> makes them again elsewhere.</summary>
public sealed class FolderExport(IDatabaseSession session, string folder, CopyOptions options, DatabaseContext context)
{
    /// <summary>Writes the folder; the manifest comes last, so that without it the folder is not complete.</summary>
    public IReadOnlyList<CopyResult> Run(Action<TablePlan, long> moved)
    {
        if (File.Exists(Path.Combine(folder, FolderManifest.FileName)) && options.Mode != WriteMode.Replace)
        {
            throw DataErrors.TargetExists(Path.Combine(folder, FolderManifest.FileName));
        }

        using var source = new DatabaseSource(session, isTarget: false);
        var schema = source.Read(options.IsWanted, context.Cancellation);
        if (schema.Tables.Count == 0)
        {
            throw DataErrors.NothingToCopy(source.Name, options.Tables);
        }

        options.CheckNames(source.Name, schema);
        try
        {
            Directory.CreateDirectory(folder);
            File.Delete(Path.Combine(folder, FolderManifest.FileName));
            var pump = new RowPump(options, Throttle.Of(options.MaxRowsPerSecond), context, moved);
            var (tables, results) = (new List<FolderTable>(), new List<CopyResult>());
            foreach (var table in schema.Tables)
            {
                var watch = Stopwatch.StartNew();
                var plan = new TablePlan(table, table) { Where = CopyOptions.For(options.Where, table.Name) };
                var files = options.Content == CopyContent.SchemaOnly ? [] : Write(source, plan, pump, tables.Count + 1);
                tables.Add(new FolderTable(table, files));
                results.Add(new CopyResult(plan, files.Sum(f => f.Rows), 0, watch.Elapsed));
            }

            FolderManifest.Of(source, schema, tables).Write(folder);
            return results;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataErrors.CannotWrite(folder, e);
        }
    }

    private List<FolderFile> Write(DatabaseSource source, TablePlan table, RowPump pump, int number)
    {
        if (table.From.Columns.Count == 0)
        {
            context.Warn($"{table.Table}: no rows are written: it has no columns.");
            return [];
        }

        var ranges = source.Cut(table.From, options.Partitions ?? 1, context.Cancellation);
        var query = new TableQuery { Table = table.Table, Where = table.Where, TypeRules = options.TypeRules, OnLoss = options.OnLoss };
        var parquet = DataFormats.Find("Parquet", "");
        var files = new List<FolderFile>();
        foreach (var part in ranges.Count == 0 ? [[]] : ranges.Select(r => new[] { r }))
        {
            var name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{number:000}-{Safe(table.Table.Name)}-{files.Count + 1:0000}.parquet");
            var path = Path.Combine(folder, name);
            using var reader = source.Open(query, part, context);
            var (_, rows) = pump.Move(table, reader, s => FileTarget.Create(path, parquet, s, new WriteContext(new WriteOptions(), path, context.Warn), new TargetMode()));
            files.Add(new FolderFile(name, rows, FolderManifest.HashOf(path)));
        }

        return files;
    }

    /// <summary>A table's name as a part of a file's; the number before it keeps names apart that become the same.</summary>
    private static string Safe(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_').Take(60));
}
