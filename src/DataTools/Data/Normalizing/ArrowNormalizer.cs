using Apache.Arrow;
using DataTools.Errors;

namespace DataTools.Data.Normalizing;

/// <summary>
/// Brings batches of another producer (Arrow and Parquet files, query results) to the types in use, without loss: narrower and wider
/// integers, other units of time, dictionaries, views, large offsets, maps. The batches it gives own their memory, so the producer's may
/// be freed.
/// </summary>
public sealed class ArrowNormalizer
{
    private readonly string _source;
    private readonly ArrowConverter[] _converters;
    private long _rows;

    /// <summary>A normalizer for batches of a schema; <paramref name="source"/> is what errors call their origin.</summary>
    /// <exception cref="DataException">A column's type is none that can be converted (TypeNotSupported).</exception>
    public ArrowNormalizer(Schema schema, string source)
    {
        _source = source;
        var fields = schema.FieldsList;
        _converters = [.. fields.Select(f => ConverterOf(f, source))];
        Schema = new Schema([.. fields.Select((f, i) => Normalized(f, _converters[i].Target))], schema.HasMetadata ? schema.Metadata : null);
    }

    /// <summary>The schema of the batches that <see cref="Normalize"/> gives.</summary>
    public Schema Schema { get; }

    /// <summary>The batch with the types in use; the given one may be disposed afterwards.</summary>
    /// <exception cref="DataException">A value would change (ValueNotRepresentable).</exception>
    public RecordBatch Normalize(RecordBatch batch)
    {
        var arrays = new IArrowArray[_converters.Length];
        for (var i = 0; i < arrays.Length; i++)
        {
            try
            {
                arrays[i] = ArrowArrayFactory.BuildArray(_converters[i].Convert(batch.Column(i)));
            }
            catch (MisfitException e)
            {
                throw DataErrors.ValueNotRepresentable(_source, Schema.GetFieldByIndex(i).Name, _rows + e.Row + 1, e.Value, e.Reason);
            }
        }

        _rows += batch.Length;
        return new RecordBatch(Schema, arrays, batch.Length);
    }

    private static ArrowConverter ConverterOf(Field field, string source) =>
        ArrowConverters.TryFor(field) ?? throw DataErrors.TypeNotSupported(field.Name, field.DataType.Name, source);

    private static Field Normalized(Field field, DataType type)
    {
        var metadata = field.HasMetadata ? new Dictionary<string, string>(field.Metadata) : [];
        if (ArrowConverters.ZoneOf(field.DataType) is { } zone)
        {
            metadata[FieldMarks.TimeZone] = zone;
        }

        return type.ToField(field.Name, field.IsNullable, metadata.Count == 0 ? null : metadata);
    }
}
