using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases.Reading;
using DataTools.Errors;
using DataTools.Formats;

namespace DataTools.Databases.PostgreSql;

/// <summary>The rows of a COPY TO STDOUT in its binary form, decoded without a box.</summary>
internal sealed class PostgresReader : IBatchReader
{
    private readonly PostgresSession _session;
    private readonly TableQuery _query;
    private readonly DatabaseContext _context;
    private readonly CopyOut _copy;
    private readonly BatchBuilder _builder;
    private readonly PostgresDecoder[] _decoders;
    private long _rows;
    private long _lost;

    public PostgresReader(PostgresSession session, string select, PostgresColumns columns, TableQuery query, DatabaseContext context)
    {
        _session = session;
        _query = query;
        _context = context;
        Schema = columns.Schema;
        _builder = new BatchBuilder(Schema);
        _decoders = columns.Decoders(_builder);
        _copy = new CopyOut(session, select, context.Cancellation);
    }

    public Schema Schema { get; }

    public RecordBatch? ReadBatch(CancellationToken cancellation)
    {
        using var stop = _session.StopOn(cancellation);
        while (!_copy.IsEnded && !(_builder.Count > 0 && _builder.IsFull))
        {
            cancellation.ThrowIfCancellationRequested();
            _session.Guard(_copy.Fill, cancellation);
            Decode();
        }

        if (_copy.IsEnded && _lost > 0 && _query.OnLoss == LossPolicy.Warn)
        {
            _context.Warn($"{_query.Source}: {_lost} values that no type holds became null.");
            _lost = 0;
        }

        return _builder.Count == 0 ? null : _builder.Finish();
    }

    public void Dispose() => _copy.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Decode()
    {
        var bytes = _copy.Bytes;
        var taken = 0;
        while (_builder.Count < BatchBuilder.DefaultRows && bytes.Length - taken >= 2)
        {
            if (BinaryPrimitives.ReadInt16BigEndian(bytes[taken..]) < 0)
            {
                _session.Guard(_copy.End);
                break;
            }

            var at = taken + 2;
            if (!DecodeRow(bytes, ref at))
            {
                _builder.AbandonRow();
                break;
            }

            taken = at;
            _rows++;
            _builder.EndRow();
        }

        _copy.Take(taken);
    }

    private bool DecodeRow(ReadOnlySpan<byte> bytes, ref int at)
    {
        for (var i = 0; i < _decoders.Length; i++)
        {
            if (bytes.Length - at < 4)
            {
                return false;
            }

            var length = BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
            at += 4;
            if (length < 0)
            {
                _builder.Columns[i].AppendNull();
                continue;
            }

            if (bytes.Length - at < length)
            {
                return false;
            }

            if (!_decoders[i].Read(bytes.Slice(at, length)))
            {
                Lose(i);
            }

            at += length;
        }

        return true;
    }

    private void Lose(int column)
    {
        if (_query.OnLoss == LossPolicy.Stop)
        {
            throw DataErrors.ValueUnreadable(_query.Source, _rows + 1, Schema.GetFieldByIndex(column).Name, _builder.Columns[column].Type.Describe(), _query.Remedy);
        }

        _lost++;
        _builder.Columns[column].AppendNull();
    }
}
