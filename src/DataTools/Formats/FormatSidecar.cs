using System.Text.Json;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Formats.Excel;

namespace DataTools.Formats;

/// <summary>
/// A file beside a data file that holds what the data file cannot: the look of the sheet that its columns come from, and their types.
/// </summary>
internal static class FormatSidecar
{
    private const string Suffix = ".format.json";

    /// <summary>Writes the file where the options ask for it and the columns know of a sheet. It replaces an older one at once.</summary>
    public static void Write(string path, IDataFormat format, Schema schema, WriteOptions options)
    {
        if (!options.KeepFormat || format is ExcelFormat)
        {
            return;
        }

        var columns = schema.FieldsList.Select(f => new SidecarColumn(f.Name, DataTypes.Of(f).Name, ColumnLook.Of(f.Metadata))).ToList();
        var sheet = SheetLook.Of(schema.Metadata);
        if (sheet is null && columns.TrueForAll(c => c.Look is null))
        {
            return;
        }

        WholeFile.Write(path + Suffix, LookText.Format(new Sidecar(sheet, columns)) + "\n");
    }

    /// <summary>Opens a file; with -KeepFormat its columns get the types and the look that the file beside it holds.</summary>
    public static IBatchReader Open(Func<DataSource, ReadContext, IBatchReader> open, DataPart part, ReadContext context)
    {
        if (!context.Options.KeepFormat || part.Source.Path is not { } path || !File.Exists(path + Suffix))
        {
            return open(part.Source, context);
        }

        var sidecar = Read(path + Suffix);
        var types = new Dictionary<string, DataType>(StringComparer.OrdinalIgnoreCase);
        foreach (var column in sidecar.Columns.Where(c => context.Options.TypeOf(c.Name) is null))
        {
            if (DataTypes.TryParse(column.Type, out var type))
            {
                types[column.Name] = type;
            }
        }

        // A file that was changed by hand may lack some of the columns.
        var reader = open(part.Source, context with { Options = context.Options with { Types = types.Concat(context.Options.Types).ToDictionary(t => t.Key, t => t.Value, StringComparer.OrdinalIgnoreCase) }, IsPart = true });
        return new MarkedReader(reader, Marked(reader.Schema, sidecar));
    }

    private static Sidecar Read(string path)
    {
        try
        {
            return LookText.Parse<Sidecar>(File.ReadAllText(path));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw DataErrors.CannotRead(path, e.Message, e);
        }
    }

    private static Schema Marked(Schema schema, Sidecar sidecar)
    {
        var looks = sidecar.Columns.ToDictionary(c => c.Name, c => c.Look, StringComparer.OrdinalIgnoreCase);
        var fields = schema.FieldsList.Select(f => looks.GetValueOrDefault(f.Name) is { } look ? Looks.Mark(f, look) : f);
        var marked = new Schema(fields, schema.HasMetadata ? schema.Metadata : null);
        return sidecar.Sheet is { } sheet ? Looks.Mark(marked, sheet) : marked;
    }

    private sealed record SidecarColumn(string Name, string Type, ColumnLook? Look);

    private sealed record Sidecar(SheetLook? Sheet, IReadOnlyList<SidecarColumn> Columns);

    /// <summary>Gives batches the marks of another schema with the same columns.</summary>
    private sealed class MarkedReader(IBatchReader inner, Schema schema) : IBatchReader
    {
        public Schema Schema => schema;

        public double? Progress => inner.Progress;

        public RecordBatch? ReadBatch(CancellationToken cancellation) =>
            inner.ReadBatch(cancellation) is { } batch ? new RecordBatch(schema, batch.Arrays, batch.Length) : null;

        public void Dispose() => inner.Dispose();
    }
}
