using System.Text;
using System.Text.Json;
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
    /// <summary>A batch with a value that no type in use holds is searched in pieces of so many rows.</summary>
    private const int PieceRows = 1024;

    private readonly string _source;
    private readonly ArrowConverter[] _converters;
    private readonly RejectLog? _rejects;
    private long _rows;

    /// <summary>
    /// A normalizer for batches of a schema; <paramref name="source"/> is what errors call their origin. A row with a value that would change goes to
    /// <paramref name="rejects"/>; without it, it is an error.
    /// </summary>
    /// <exception cref="DataException">A column's type is none that can be converted (TypeNotSupported).</exception>
    public ArrowNormalizer(Schema schema, string source, RejectLog? rejects = null)
    {
        _source = source;
        _rejects = rejects;
        var fields = schema.FieldsList;
        _converters = [.. fields.Select(f => ConverterOf(f, source))];
        Schema = new Schema([.. fields.Select((f, i) => Normalized(f, _converters[i].Target))], schema.HasMetadata ? schema.Metadata : null);
    }

    /// <summary>The schema of the batches that come out.</summary>
    public Schema Schema { get; }

    /// <summary>The batch with the types in use; the given one may be disposed afterwards.</summary>
    /// <exception cref="DataException">A value would change (ValueNotRepresentable).</exception>
    public RecordBatch Normalize(RecordBatch batch)
    {
        var rows = _rows;
        _rows += batch.Length;
        return TryConvert(batch, out var misfit) ?? throw NotRepresentable(rows, misfit!);
    }

    /// <summary>
    /// Adds the rows with the types in use to <paramref name="into"/>: one batch, or several where rows between them are rejects.
    /// <paramref name="lost"/> names rows in which values changed before they came here, in their order.
    /// </summary>
    /// <exception cref="DataException">A reject is one too many (BadRow).</exception>
    internal void Normalize(RecordBatch batch, IReadOnlyList<MisfitException> lost, Queue<RecordBatch> into)
    {
        if (lost.Count == 0 && TryConvert(batch, out _) is { } whole)
        {
            into.Enqueue(whole);
            _rows += batch.Length;
            return;
        }

        var at = 0;
        foreach (var misfit in lost)
        {
            AddPieces(batch, at, misfit.Row, into);
            Reject(batch, misfit.Row, misfit);
            at = misfit.Row + 1;
        }

        AddPieces(batch, at, batch.Length, into);
        _rows += batch.Length;
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

    private RecordBatch? TryConvert(RecordBatch batch, out MisfitException? misfit)
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
                e.Column = i;
                misfit = e;
                return null;
            }
        }

        misfit = null;
        return new RecordBatch(Schema, arrays, batch.Length);
    }

    private void AddPieces(RecordBatch batch, int start, int end, Queue<RecordBatch> into)
    {
        for (var at = start; at < end; at += PieceRows)
        {
            AddRows(batch, at, Math.Min(at + PieceRows, end), into);
        }
    }

    /// <summary>Adds rows up to each misfit. What is before one in its own column is good; another column may have an earlier one.</summary>
    private void AddRows(RecordBatch batch, int start, int end, Queue<RecordBatch> into)
    {
        while (start < end)
        {
            if (TryConvert(batch.Slice(start, end - start), out var misfit) is { } good)
            {
                into.Enqueue(good);
                return;
            }

            var row = start + misfit!.Row;
            if (misfit.IsDamage || row >= end)
            {
                throw NotRepresentable(_rows + start, misfit);
            }

            AddRows(batch, start, row, into);
            Reject(batch, row, misfit);
            start = row + 1;
        }
    }

    private void Reject(RecordBatch batch, int row, MisfitException misfit)
    {
        if (_rejects is null)
        {
            throw NotRepresentable(_rows + row - misfit.Row, misfit);
        }

        _rejects.Add(new Reject(_source, _rows + row + 1, 0, NameOf(misfit), misfit.Value, misfit.Reason, RowText(batch.Slice(row, 1), misfit)));
    }

    private DataException NotRepresentable(long before, MisfitException misfit) =>
        DataErrors.ValueNotRepresentable(_source, NameOf(misfit), before + misfit.Row + 1, misfit.Value, misfit.Reason);

    private string NameOf(MisfitException misfit) => Schema.GetFieldByIndex(misfit.Column).Name;

    /// <summary>One row as JSON; in place of what no type holds, its text.</summary>
    private string RowText(RecordBatch row, MisfitException misfit)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            for (var i = 0; i < _converters.Length; i++)
            {
                json.WritePropertyName(Schema.GetFieldByIndex(i).Name);
                WriteValue(json, row, i, misfit);
            }

            json.WriteEndObject();
        }

        return SchemaExtensions.Shown(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    private void WriteValue(Utf8JsonWriter json, RecordBatch row, int column, MisfitException misfit)
    {
        if (column == misfit.Column)
        {
            json.WriteStringValue(misfit.Value);
            return;
        }

        try
        {
            NestedText.Write(json, _converters[column].Target, ArrowArrayFactory.BuildArray(_converters[column].Convert(row.Column(column))), 0);
        }
        catch (MisfitException e)
        {
            json.WriteStringValue(e.Value);
        }
    }
}
