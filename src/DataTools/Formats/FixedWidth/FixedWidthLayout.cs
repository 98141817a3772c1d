using System.Globalization;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Formats.Delimited;

namespace DataTools.Formats.FixedWidth;

/// <summary>One column of a layout.</summary>
/// <param name="Name">Its name, or null for none.</param>
/// <param name="Start">The 1-based place of its first character.</param>
/// <param name="Width">Its characters.</param>
/// <param name="Type">Its type, or null to infer it.</param>
internal sealed record FixedWidthColumn(string? Name, int Start, int Width, DataType? Type);

/// <summary>
/// Where the columns of fixed-width text are. A layout file is delimited text with a header; its columns are <c>name</c>, <c>width</c> and,
/// optional, <c>start</c> (1-based; else each column follows the one before) and <c>type</c>.
/// </summary>
internal sealed class FixedWidthLayout
{
    private static readonly string[] FieldNames = ["name", "start", "width", "type"];

    private readonly List<FixedWidthColumn> _columns;

    private FixedWidthLayout(IEnumerable<FixedWidthColumn> columns)
    {
        _columns = [.. columns];
        List<int> widths = [];
        List<int> positions = [];
        var at = 1;
        foreach (var column in _columns)
        {
            if (column.Width < 1 || column.Start < at)
            {
                throw DataErrors.InvalidOption(
                    $"The fixed-width column '{column.Name}' with start {column.Start} and width {column.Width} overlaps the one before it, or has no width. Columns are given from left to right.");
            }

            if (column.Start > at)
            {
                widths.Add(column.Start - at);
            }

            positions.Add(widths.Count);
            widths.Add(column.Width);
            at = column.Start + column.Width;
        }

        FieldWidths = widths;
        FieldPositions = positions;
    }

    /// <summary>The columns from left to right.</summary>
    public IReadOnlyList<FixedWidthColumn> Columns => _columns;

    /// <summary>The widths of all fields, those between the columns included.</summary>
    public IReadOnlyList<int> FieldWidths { get; }

    /// <summary>Which of the fields the columns are.</summary>
    public IReadOnlyList<int> FieldPositions { get; }

    /// <summary>The names; empty where there are none.</summary>
    public IReadOnlyList<string> Names => _columns.Exists(c => c.Name is null) ? [] : [.. _columns.Select(c => c.Name!)];

    /// <summary>The layout that the options give: a layout file, or widths, start positions or both.</summary>
    public static FixedWidthLayout ForReading(ReadOptions options, string source)
    {
        if (options.Layout is { } path)
        {
            return FromFile(path);
        }

        if (options.Widths.Count == 0 && options.Starts.Count < 2)
        {
            throw DataErrors.InvalidOption($"'{source}' is read as fixed-width text, which needs -Width, -Start (two or more) or a -Layout file.");
        }

        return options.Starts.Count == 0 ? FromWidths(options.Widths) : FromStarts(options.Starts, options.Widths);
    }

    /// <summary>Columns that follow each other.</summary>
    public static FixedWidthLayout FromWidths(IReadOnlyList<int> widths)
    {
        var start = 1;
        List<FixedWidthColumn> columns = [];
        foreach (var width in widths)
        {
            columns.Add(new(null, start, width, null));
            start += width;
        }

        return new(columns);
    }

    /// <summary>The columns of a layout file.</summary>
    public static FixedWidthLayout FromFile(string path)
    {
        List<FixedWidthColumn> columns = [];
        foreach (var (name, start, width, type) in ReadLines(path))
        {
            var next = columns.Count == 0 ? 1 : columns[^1].Start + columns[^1].Width;
            columns.Add(new(name ?? $"column{columns.Count + 1}", start is null ? next : Whole(start, path), Whole(width ?? "", path), TypeOf(type)));
        }

        return columns.Select(c => c.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() == columns.Count ? new(columns)
            : throw DataErrors.MalformedFile(path, "layout", "a name stands in it twice.");
    }

    private static List<(string? Name, string? Start, string? Width, string? Type)> ReadLines(string path)
    {
        var texts = new Dictionary<string, DataType> { ["*"] = DataTypes.Text };
        using var rejects = new RejectLog(new());
        using var reader = DelimitedFormat.Csv.Open(DataSource.FromFile(path), new ReadContext(new ReadOptions { Types = texts }, rejects, _ => { }));
        var fields = reader.Schema.FieldsList.Select(f => f.Name).ToList();
        var places = Array.ConvertAll(FieldNames, n => fields.FindIndex(f => string.Equals(f, n, StringComparison.OrdinalIgnoreCase)));
        if (places[0] < 0 || places[2] < 0)
        {
            throw DataErrors.MalformedFile(path, "layout", "it needs the columns name and width, and may have start and type.");
        }

        List<(string?, string?, string?, string?)> lines = [];
        while (reader.ReadBatch(CancellationToken.None) is { } batch)
        {
            for (var row = 0; row < batch.Length; row++)
            {
                var cells = Array.ConvertAll(places, p => p < 0 ? null : (string?)DataTypes.Text.GetValueOrNull(batch.Column(p), row));
                lines.Add((cells[0], cells[1], cells[2], cells[3]));
            }
        }

        return lines;
    }

    /// <summary>Without widths each column reaches to the next one, and the last to the end of the line.</summary>
    private static FixedWidthLayout FromStarts(IReadOnlyList<int> starts, IReadOnlyList<int> widths)
    {
        if (widths.Count > 0 && widths.Count != starts.Count)
        {
            throw DataErrors.InvalidOption($"-Start names {starts.Count} columns, but -Width {widths.Count}.");
        }

        return new(starts.Select((start, i) => new FixedWidthColumn(
            null, start, widths.Count > 0 ? widths[i] : i + 1 < starts.Count ? starts[i + 1] - start : Dialect.RestOfLine - start, null)));
    }

    private static int Whole(string text, string path) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw DataErrors.MalformedFile(path, "layout", $"'{text}' is not a start or a width.");

    private static DataType? TypeOf(string? name) =>
        name is null ? null : DataTypes.TryParse(name, out var type) ? type : throw DataErrors.UnknownType(name);
}
