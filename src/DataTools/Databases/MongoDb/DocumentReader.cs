using System.Text;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases.MongoDb.Bson;
using DataTools.Databases.Reading;
using DataTools.Errors;
using DataTools.Formats;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DataTools.Databases.MongoDb;

/// <summary>Makes batches of documents: each field that the sample knows is a column. A field or value that has no place there is a loss.</summary>
internal sealed class DocumentReader : IBatchReader
{
    private readonly TableQuery _query;
    private readonly DatabaseContext _context;
    private readonly DocumentStream _documents;
    private readonly BatchBuilder _builder;
    private readonly BsonCell[] _cells;
    private readonly bool[] _tellsNull;
    private readonly FieldIndex _index;
    private readonly bool _skipsOthers;
    private long _rows;
    private long _lost;
    private bool _ended;

    /// <summary>A reader of the documents, which it owns; <paramref name="shape"/> is what is known of them.</summary>
    public DocumentReader(FieldShape shape, DocumentStream documents, TableQuery query, DatabaseContext context)
    {
        _query = query;
        _context = context;
        _documents = documents;
        var types = MongoTypes.Map.With(query.TypeRules);
        var all = shape.Members.ToList();
        var chosen = query.Columns.Count == 0 ? all : [.. ColumnNames.Find([.. all.Select(m => m.Key)], query.Columns, query.Source).Select(i => all[i])];
        Schema = ColumnNames.MakeUnique(new Schema(chosen.Select(m => ToField(m.Key, m.Value, types)), null), query.Source, context.Warn);
        _skipsOthers = query.Columns.Count > 0;
        _builder = new BatchBuilder(Schema);
        _tellsNull = [.. chosen.Select(m => m.Value.Declared is JsonType)];
        _cells = [.. _builder.Columns.Select((c, i) => BsonCell.For(c, _tellsNull[i]))];
        _index = new FieldIndex([.. chosen.Select(m => m.Key)]);
    }

    /// <inheritdoc/>
    public Schema Schema { get; }

    /// <summary>Reads a collection, or what a query gives.</summary>
    public static DocumentReader Open(MongoSession session, TableQuery query, DatabaseContext context) =>
        query.Text is null ? CollectionReading.Open(session, query, context) : MongoStatements.Read(session, query, context);

    /// <summary>Reads documents whose shape is known by a sample of them.</summary>
    public static DocumentReader Open(Func<DocumentStream> start, TableQuery query, DatabaseContext context)
    {
        var documents = start();
        try
        {
            var shape = documents.Sample(query.Sample, context.Cancellation);
            if (query.Sample.FullScan)
            {
                documents.Dispose();
                documents = start();
            }

            return new DocumentReader(shape, documents, query, context);
        }
        catch
        {
            documents.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public RecordBatch? ReadBatch(CancellationToken cancellation)
    {
        while (!_ended && !(_builder.Count > 0 && _builder.IsFull))
        {
            _ended = !_documents.Next(cancellation);
            if (!_ended)
            {
                Take(_documents.Current);
            }
        }

        if (_ended && _lost > 0 && _query.OnLoss == LossPolicy.Warn)
        {
            _context.Warn($"{_query.Source}: {_lost} values that no column holds were left out.");
            _lost = 0;
        }

        return _builder.Count == 0 ? null : _builder.Finish();
    }

    /// <inheritdoc/>
    public void Dispose() => _documents.Dispose();

    private static Field ToField(string name, FieldShape shape, TypeMap types)
    {
        var type = shape.Resolve(types);
        var native = shape.NativeType;
        return type.ToField(name, name != CollectionCatalog.Id, shape.Declared is null && types.FindRead(native, out _) is not null && type is not NestedDataType ? CollectionCatalog.Marks(native) : null);
    }

    private void Take(RawDocument document)
    {
        var row = _builder.Count;
        var cursor = new BsonCursor(document.Bytes);
        _index.Restart();
        while (cursor.Next())
        {
            var at = _index.Find(cursor.Name);
            if (at < 0)
            {
                LoseField(cursor.Name);
            }
            else if (_builder.Columns[at].Count > row)
            {
                Lose(at, row, isSecond: true);
            }
            else
            {
                TakeValue(at, row, cursor.Type, cursor.Value);
            }
        }

        foreach (var column in _builder.Columns)
        {
            if (column.Count == row)
            {
                column.AppendNull();
            }
        }

        _rows++;
        _builder.EndRow();
    }

    private void TakeValue(int at, int row, BsonType type, ReadOnlySpan<byte> value)
    {
        if (type is BsonType.Null or BsonType.Undefined && !_tellsNull[at])
        {
            _builder.Columns[at].AppendNull();
        }
        else if (!_cells[at].TryAppend(type, value))
        {
            Lose(at, row, isSecond: false);
        }
    }

    private void Lose(int column, int row, bool isSecond)
    {
        if (_query.OnLoss == LossPolicy.Stop)
        {
            var name = Schema.GetFieldByIndex(column).Name;
            throw isSecond ? DataErrors.FieldUnknown(_query.Source, _rows + 1, name, "stands in the document twice")
                : DataErrors.FieldUnknown(_query.Source, _rows + 1, name, $"holds a value that is not {_builder.Columns[column].Type.Describe()}, as those of the sample are");
        }

        _lost++;
        if (!isSecond)
        {
            _builder.Columns[column].Truncate(row);
            _builder.Columns[column].AppendNull();
        }
    }

    private void LoseField(ReadOnlySpan<byte> name)
    {
        if (_skipsOthers)
        {
            return;
        }

        if (_query.OnLoss == LossPolicy.Stop)
        {
            throw DataErrors.FieldUnknown(_query.Source, _rows + 1, Encoding.UTF8.GetString(name), "was in none of the sampled documents");
        }

        _lost++;
    }
}
