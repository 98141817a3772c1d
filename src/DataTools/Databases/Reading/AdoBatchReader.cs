using System.Data.Common;
using System.Numerics;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Formats;

namespace DataTools.Databases.Reading;

/// <summary>Makes batches of a result of an ADO.NET driver. The result belongs to someone else.</summary>
public sealed class AdoBatchReader : IBatchReader
{
    private readonly SqlSession _session;
    private readonly DbDataReader _reader;
    private readonly TableQuery _query;
    private readonly DatabaseContext _context;
    private readonly BatchBuilder _builder;
    private readonly Func<bool>[] _readers;
    private long _rows;
    private long _lost;
    private bool _ended;

    /// <summary>A reader of the result on which <paramref name="reader"/> stands; <paramref name="schema"/> is given where the result is only a form of what is read.</summary>
    public AdoBatchReader(SqlSession session, DbDataReader reader, TableQuery query, DatabaseContext context, Schema? schema = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(context);
        _session = session;
        _reader = reader;
        _query = query;
        _context = context;
        Schema = schema ?? session.ToSchema(reader.GetColumnSchema(), query, context.Warn);
        _builder = new BatchBuilder(Schema);
        _readers = [.. _builder.Columns.Select((b, i) => session.ReaderOf(b, reader, i) ?? ReaderOf(b, i))];
    }

    /// <inheritdoc/>
    public Schema Schema { get; }

    /// <summary>Whether no rows are left.</summary>
    internal bool HasEnded => _ended;

    /// <inheritdoc/>
    public RecordBatch? ReadBatch(CancellationToken cancellation)
    {
        while (!_ended && !(_builder.Count > 0 && _builder.IsFull))
        {
            if ((_builder.Count & 0xFF) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            _ended = !_session.Guard(_reader.Read, cancellation);
            if (!_ended)
            {
                ReadRow();
            }
        }

        if (_ended && _lost > 0 && _query.OnLoss == LossPolicy.Warn)
        {
            _context.Warn($"{_query.Source}: {_lost} values that no type holds became null.");
            _lost = 0;
        }

        return _builder.Count == 0 ? null : _builder.Finish();
    }

    /// <summary>Passes over the rows that nobody read.</summary>
    public void Drain()
    {
        while (!_ended)
        {
            _ended = !_session.Guard(_reader.Read);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void ReadRow()
    {
        for (var i = 0; i < _readers.Length; i++)
        {
            if (_reader.IsDBNull(i))
            {
                _builder.Columns[i].AppendNull();
            }
            else if (!Take(i))
            {
                Lose(i);
            }
        }

        _rows++;
        _builder.EndRow();
    }

    private bool Take(int column)
    {
        try
        {
            return _readers[column]();
        }
        catch (Exception e) when (e is InvalidCastException or OverflowException or FormatException)
        {
            // What the driver itself cannot put into a .NET value.
            return false;
        }
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

    /// <summary>Takes a value without a box where the driver's type is the column's own.</summary>
    private Func<bool> ReaderOf(ColumnBuilder builder, int i)
    {
        var driver = _reader.GetFieldType(i);
        return builder switch
        {
            FixedColumnBuilder<long> b when driver == typeof(long) && b.Type is IntegerType<long> => Typed(b, r => r.GetInt64(i)),
            FixedColumnBuilder<int> b when driver == typeof(int) && b.Type is IntegerType<int> => Typed(b, r => r.GetInt32(i)),
            FixedColumnBuilder<short> b when driver == typeof(short) => Typed(b, r => r.GetInt16(i)),
            FixedColumnBuilder<double> b when driver == typeof(double) => Typed(b, r => r.GetDouble(i)),
            FixedColumnBuilder<float> b when driver == typeof(float) => Typed(b, r => r.GetFloat(i)),
            FixedColumnBuilder<Int128> b when driver == typeof(decimal) => Decimal(b, i),
            BytesColumnBuilder { Type: TextType } b when driver == typeof(string) => () =>
            {
                b.Append(_reader.GetString(i));
                return true;
            },
            _ => () => builder.TryAppend(_reader.GetValue(i)),
        };
    }

    private Func<bool> Typed<T>(FixedColumnBuilder<T> builder, Func<DbDataReader, T> get)
        where T : unmanaged, INumber<T> => () =>
        {
            builder.Append(get(_reader));
            return true;
        };

    private Func<bool> Decimal(FixedColumnBuilder<Int128> builder, int i)
    {
        var type = (DecimalType)builder.Type;
        return () =>
        {
            var value = _reader.GetDecimal(i);
            if (!type.TryRescale(DecimalType.Unscaled(value), value.Scale, out var unscaled))
            {
                return false;
            }

            builder.Append(unscaled);
            return true;
        };
    }
}
