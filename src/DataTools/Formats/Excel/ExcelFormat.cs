using Apache.Arrow;
using DataTools.Data;
using DataTools.Formats.Excel.Reading;

namespace DataTools.Formats.Excel;

/// <summary>Excel books. Whichever of these names a file has, its content says how it is read.</summary>
internal sealed class ExcelFormat : IDataFormat, IContentFormat
{
    private ExcelFormat(string name, string description, params string[] extensions) => (Name, Description, Extensions) = (name, description, extensions);

    /// <summary>Books of Excel 2007 and later, with and without macros.</summary>
    public static ExcelFormat Xlsx { get; } = new("Xlsx", "Excel books: sheets, ranges, tables, typed by cell", ".xlsx", ".xlsm") { OpenWriter = (stream, schema, context) => Writing.ExcelWriter.Open(stream, schema, context) };

    /// <summary>Binary books of Excel 2007 and later.</summary>
    public static ExcelFormat Xlsb { get; } = new("Xlsb", "Binary Excel books", ".xlsb");

    /// <summary>Books of Excel 2003 and before.</summary>
    public static ExcelFormat Xls { get; } = new("Xls", "Excel 97 to 2003 books", ".xls");

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; }

    /// <inheritdoc/>
    public Func<DataSource, ReadContext, IBatchReader>? OpenReader => ExcelReader.Open;

    /// <inheritdoc/>
    public bool RewritesToAppend => OpenWriter is not null;

    /// <inheritdoc/>
    public Func<Stream, Schema, WriteContext, IBatchWriter>? OpenWriter { get; private init; }

    /// <inheritdoc/>
    public IReadOnlyList<ContentInfo> ListContents(DataSource source, ReadContext context) => BookContents.List(source, context);
}
