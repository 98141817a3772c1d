using System.Text;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases.MongoDb.Bson;
using DataTools.Databases.Writing;

namespace DataTools.Databases.MongoDb;

/// <summary>A field that rows are written to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Native">Its type in MongoDB's words.</param>
/// <param name="Type">The type of the column that it is written from.</param>
internal sealed record TargetField(string Name, string Native, DataType Type);

/// <summary>Makes documents of rows.</summary>
internal sealed class DocumentEncoder
{
    /// <summary>The most bytes of a document.</summary>
    private const int MostBytes = 16 << 20;

    private readonly IReadOnlyList<TargetField> _fields;
    private readonly byte[][] _names;
    private readonly BsonEncoder[] _encoders;
    private readonly BsonBuffer _buffer = new();

    /// <summary>An encoder for the fields, in their order.</summary>
    public DocumentEncoder(IReadOnlyList<TargetField> fields, EncodeLoss loss)
    {
        _fields = fields;
        _names = [.. fields.Select(f => Encoding.UTF8.GetBytes(f.Name))];
        _encoders = [.. fields.Select(f => BsonEncoder.For(f.Type, f.Native, loss))];
    }

    /// <summary>The document of a row; <paramref name="id"/> is the _id that comes first, where the row brings none.</summary>
    public RawDocument Document(RecordBatch batch, int row, ReadOnlySpan<byte> id)
    {
        _buffer.Truncate(0);
        var start = _buffer.Begin();
        if (!id.IsEmpty)
        {
            _buffer.Header(MongoDB.Bson.BsonType.ObjectId, "_id"u8);
            _buffer.Raw(id);
        }

        for (var i = 0; i < _encoders.Length; i++)
        {
            Write(batch, row, i);
        }

        return End(start, row);
    }

    /// <summary>The row as it waits in a staging collection: its number, its key and its document.</summary>
    public RawDocument Staged(RecordBatch batch, int row, long number, IReadOnlyList<int> key)
    {
        _buffer.Truncate(0);
        var start = _buffer.Begin();
        _buffer.Header(MongoDB.Bson.BsonType.Int64, "_id"u8);
        _buffer.Int64(number);
        Part("k"u8, key);
        Part("d"u8, [.. Enumerable.Range(0, _encoders.Length)]);
        return End(start, row);

        void Part(ReadOnlySpan<byte> name, IReadOnlyList<int> columns)
        {
            _buffer.Header(MongoDB.Bson.BsonType.Document, name);
            var inner = _buffer.Begin();
            foreach (var column in columns)
            {
                Write(batch, row, column);
            }

            _buffer.End(inner);
        }
    }

    private RawDocument End(int start, int row)
    {
        _buffer.End(start);
        return _buffer.Length <= MostBytes ? new RawDocument(_buffer.Written.ToArray())
            : throw new LoadFaultException(new LoadFault(row, null, null, "is larger than the 16 MB that a document may have"));
    }

    private void Write(RecordBatch batch, int row, int column)
    {
        var array = batch.Column(column);
        if (!array.IsNull(row))
        {
            try
            {
                _encoders[column].Write(_buffer, _names[column], array, row);
            }
            catch (FormatException e)
            {
                throw new LoadFaultException(new LoadFault(row, _fields[column].Name, Data.Kernels.Cast.TextAt(array, _fields[column].Type, row), e.Message));
            }
        }
        else if (_fields[column].Type is not JsonType)
        {
            _buffer.Null(_names[column]);
        }

        // A field of JSON has a null of its own, so that no value is no field.
    }
}
