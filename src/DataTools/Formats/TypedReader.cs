using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Formats;

/// <summary>Gives columns the types that the user named, where a format has types of its own. A value that would change is a reject.</summary>
internal sealed class TypedReader : IBatchReader
{
    private readonly IBatchReader _inner;
    private readonly BatchConverter _converter;

    private TypedReader(IBatchReader inner, BatchConverter converter)
    {
        _inner = inner;
        _converter = converter;
    }

    /// <inheritdoc/>
    public Schema Schema => _converter.Schema;

    /// <inheritdoc/>
    public double? Progress => _inner.Progress;

    /// <summary>The reader itself where its columns have the types that the options name.</summary>
    public static IBatchReader For(IBatchReader reader, string source, ReadContext context)
    {
        var own = reader.Schema;
        try
        {
            if (!context.IsPart && context.Options.Columns.Count == 0)
            {
                // Tells of a name that the file does not have.
                ColumnNames.Find(own.Names(), context.Options.Types.Keys, source);
            }

            var fields = own.FieldsList.Select(f => context.Options.TypeOf(f.Name) is { } type && !type.Equals(DataTypes.Of(f)) ? type.ToField(f.Name) : f).ToList();
            return fields.SequenceEqual(own.FieldsList)
                ? reader
                : new TypedReader(reader, new BatchConverter(own, new Schema(fields, own.Metadata), source, context.Rejects, context.Options.Text with { RoundFloats = true }));
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public RecordBatch? ReadBatch(CancellationToken cancellation) => _inner.ReadBatch(cancellation) is { } batch ? _converter.Convert(batch) : null;

    /// <inheritdoc/>
    public void Dispose() => _inner.Dispose();
}
