using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Formats.Excel;

/// <summary>Excel books.</summary>
internal sealed class ExcelFormat : IDataFormat
{
    /// <inheritdoc/>
    public string Name => "Excel";

    /// <inheritdoc/>
    public string Description => "Excel books: one or several sheets";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".xlsx", ".xlsm"];

    /// <inheritdoc/>
    public bool RewritesToAppend => true;

    /// <inheritdoc/>
    public Func<DataSource, ReadContext, IBatchReader>? OpenReader => null;

    /// <inheritdoc/>
    public Func<Stream, Schema, WriteContext, IBatchWriter>? OpenWriter { get; } =
        (stream, schema, context) => Writing.ExcelWriter.Open(stream, schema, context);
}
