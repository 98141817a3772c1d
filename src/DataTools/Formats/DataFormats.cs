using DataTools.Errors;
using DataTools.Formats.Delimited;
using DataTools.Formats.FixedWidth;

namespace DataTools.Formats;

/// <summary>The formats, one line each.</summary>
public static class DataFormats
{
    private static readonly string[] CompressedExtensions = [".gz", ".zst"];

    /// <summary>Every format.</summary>
    public static IReadOnlyList<IDataFormat> All { get; } =
    [
        new Json.JsonFormat(),
        new Json.NdJsonFormat(),
        DelimitedFormat.Csv,
        DelimitedFormat.Tsv,
        DelimitedFormat.Psv,
        FixedWidthFormat.Instance,
        new Xml.XmlFormat(),
        new Parquet.ParquetFormat(),
        new Arrow.ArrowFormat(),
        new Arrow.ArrowStreamFormat(),
        Excel.ExcelFormat.Xlsx,
        Excel.ExcelFormat.Xlsb,
        Excel.ExcelFormat.Xls,
    ];

    /// <summary>The format that -Format names, or else the one of the file's extension (before .gz or .zst).</summary>
    public static IDataFormat Find(string? name, string path)
    {
        var extension = ExtensionOf(path);
        var format = name is null
            ? All.FirstOrDefault(f => f.Extensions.Contains(extension))
            : All.FirstOrDefault(f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase));
        return format ?? throw DataErrors.UnknownFormat(path, All.Select(f => f.Name));
    }

    /// <summary>Whether a format has the file's extension.</summary>
    public static bool IsKnown(string path) => All.Any(f => f.OpenReader is not null && f.Extensions.Contains(ExtensionOf(path)));

    /// <summary>The compression that the path's extension asks for: .gz, .zst or null.</summary>
    public static string? CompressionOf(string path) =>
        Array.Find(CompressedExtensions, e => path.EndsWith(e, StringComparison.OrdinalIgnoreCase));

    /// <summary>The path without the extension that asks for compression.</summary>
    public static string WithoutCompression(string path) => CompressionOf(path) is { } compression ? path[..^compression.Length] : path;

    private static string ExtensionOf(string path) => Path.GetExtension(WithoutCompression(path)).ToLowerInvariant();
}
