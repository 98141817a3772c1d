using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Data.Kernels;
using DataTools.Databases.Writing;
using DataTools.Formats;

namespace DataTools.Databases.Sqlite;

/// <summary>Binds the values of a column to a parameter, one row after the other, without a copy where SQLite can read them as they lie.</summary>
internal abstract unsafe class SqliteBinder(DataType type, int index) : IDisposable
{
    private MemoryHandle _values;
    private MemoryHandle _validity;
    private byte* _bits;

    protected nint Statement { get; private set; }

    protected int Index => index;

    protected DataType Type => type;

    protected IArrowArray Array { get; private set; } = null!;

    /// <summary>The buffer with the values, or with their bytes.</summary>
    protected byte* Values { get; private set; }

    /// <summary>The first value's position in the buffers.</summary>
    protected int Offset { get; private set; }

    /// <summary>Which of the array's buffers holds the values.</summary>
    protected virtual int ValuesBuffer => 1;

    /// <summary>A binder for a column.</summary>
    public static SqliteBinder For(Field field, int index, LossPolicy onLoss) => DataTypes.Of(field) switch
    {
        BoolType type => new Bools(type, index),
        IntegerType<long> type => new Longs(type, index),
        FloatType<double> type => new Doubles(type, index, field.Name, onLoss),
        BinaryDataType type => new Blobs(type, index),
        BytesType type => new Texts(type, index),
        var type => new Formatted(type, index),
    };

    /// <summary>Takes the array of the next rows.</summary>
    public virtual void Open(nint statement, IArrowArray array)
    {
        Statement = statement;
        Array = array;
        Offset = array.Data.Offset;
        if (array.Data.Buffers.Length > ValuesBuffer)
        {
            _values = array.Data.Buffers[ValuesBuffer].Memory.Pin();
            Values = (byte*)_values.Pointer;
        }

        _bits = null;
        if (array.NullCount > 0)
        {
            _validity = array.Data.Buffers[0].Memory.Pin();
            _bits = (byte*)_validity.Pointer;
        }
    }

    /// <summary>Lets go of the array.</summary>
    public virtual void Close()
    {
        _values.Dispose();
        _validity.Dispose();
    }

    /// <summary>Binds the value of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Bind(int row)
    {
        if (_bits is not null && (_bits[(Offset + row) >> 3] & (1 << ((Offset + row) & 7))) == 0)
        {
            _ = SqliteNative.BindNull(Statement, index);
        }
        else
        {
            BindValue(row);
        }
    }

    /// <summary>The text of a value, for errors; null for null.</summary>
    public string? Text(int row) => Array.IsNull(row) ? null : Cast.TextAt(Array, Type, row);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }

    protected abstract void BindValue(int row);

    private sealed class Bools(DataType type, int index) : SqliteBinder(type, index)
    {
        protected override void BindValue(int row) => _ = SqliteNative.BindLong(Statement, Index, (Values[(Offset + row) >> 3] >> ((Offset + row) & 7)) & 1);
    }

    private sealed class Longs(DataType type, int index) : SqliteBinder(type, index)
    {
        protected override void BindValue(int row) => _ = SqliteNative.BindLong(Statement, Index, ((long*)Values)[Offset + row]);
    }

    private sealed class Doubles(DataType type, int index, string column, LossPolicy onLoss) : SqliteBinder(type, index)
    {
        protected override void BindValue(int row)
        {
            var value = ((double*)Values)[Offset + row];
            if (double.IsNaN(value) && onLoss == LossPolicy.Stop)
            {
                throw new LoadFaultException(new LoadFault(row, column, "NaN", "is not a number, which SQLite has no value for. Use -OnLoss Warn or Allow to write null"));
            }

            _ = SqliteNative.BindDouble(Statement, Index, value);
        }
    }

    private class Texts(DataType type, int index) : SqliteBinder(type, index)
    {
        private MemoryHandle _offsets;
        private int* _starts;

        protected override int ValuesBuffer => 2;

        public override void Open(nint statement, IArrowArray array)
        {
            base.Open(statement, array);
            _offsets = array.Data.Buffers[1].Memory.Pin();
            _starts = (int*)_offsets.Pointer;
        }

        public override void Close()
        {
            base.Close();
            _offsets.Dispose();
        }

        protected override void BindValue(int row)
        {
            var start = _starts[Offset + row];
            var length = _starts[Offset + row + 1] - start;
            // Where no row has any bytes the buffer is none, and a null pointer would be a null.
            Take(Values is null ? (byte*)_starts : Values + start, length);
        }

        protected virtual void Take(byte* bytes, int length) => _ = SqliteNative.BindText(Statement, Index, bytes, length, 0);
    }

    private sealed class Blobs(DataType type, int index) : Texts(type, index)
    {
        protected override void Take(byte* bytes, int length) => _ = SqliteNative.BindBlob(Statement, Index, bytes, length, 0);
    }

    /// <summary>Dates, decimals and the like, as their text.</summary>
    private sealed class Formatted(DataType type, int index) : SqliteBinder(type, index)
    {
        private byte* _text = (byte*)NativeMemory.Alloc(64);
        private int _size = 64;

        protected override void BindValue(int row)
        {
            int written;
            while (!Type.TryFormat(Array, row, new Span<byte>(_text, _size), out written))
            {
                Grow(row);
            }

            _ = SqliteNative.BindText(Statement, Index, _text, written, 0);
        }

        protected override void Dispose(bool disposing)
        {
            NativeMemory.Free(_text);
            _text = null;
            base.Dispose(disposing);
        }

        private void Grow(int row)
        {
            var needed = Type.MaxTextLength(Array, row);
            if (needed <= _size)
            {
                throw new InvalidOperationException($"A {Type.Name} has no text.");
            }

            _size = needed;
            _text = (byte*)NativeMemory.Realloc(_text, (nuint)_size);
        }
    }
}
