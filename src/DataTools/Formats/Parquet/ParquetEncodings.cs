using System.Numerics;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using DataTools.Data;
using ParquetSharp;

namespace DataTools.Formats.Parquet;

/// <summary>
/// Decides from the first batch how each flat column is encoded. Integers and what is stored as such are packed as differences, unless a
/// dictionary is smaller; other values get a dictionary where they repeat. A wrong guess costs size or time, never a value.
/// </summary>
internal sealed class ParquetEncodings(RecordBatch sample, WriteOptions options, int maxDictionaryBytes)
{
    private const int SampleRows = 8192;

    /// <summary>Where a value is seen on average so many times in a row group, a dictionary pays.</summary>
    private const int LeastRepeats = 4;

    private const int MaxIntegerDecimal = 18;

    /// <summary>The rows that a row group will have: a first batch that is not full is most often the only one.</summary>
    private readonly long _groupRows = sample.Length < BatchBuilder.DefaultRows / 2 ? sample.Length : options.RowGroupSize;

    /// <summary>Sets what differs from the library's default, which is a dictionary for every column.</summary>
    public void Apply(WriterPropertiesBuilder builder)
    {
        for (var i = 0; i < sample.ColumnCount; i++)
        {
            var name = sample.Schema.GetFieldByIndex(i).Name;
            var array = sample.Column(i);
            if (array.Data.DataType is NestedType or BooleanType or NullType)
            {
                continue;
            }

            var repeats = new Repeats();
            var bits = Observe(array, ref repeats);
            if (options.NoDictionary || !IsDictionary(repeats, bits))
            {
                builder.DisableDictionary(name);
                if (bits is not null)
                {
                    builder.Encoding(name, Encoding.DeltaBinaryPacked);
                }
            }
        }
    }

    private bool IsDictionary(Repeats repeats, int? packedBits)
    {
        var distinct = repeats.Estimate();
        var indexBits = BitOperations.Log2((uint)Math.Min(distinct, int.MaxValue)) + 1;
        return distinct <= _groupRows / (double)LeastRepeats
            && distinct * (repeats.AverageBytes + sizeof(int)) < maxDictionaryBytes
            && (packedBits is null || indexBits + 2 < packedBits);
    }

    /// <summary>Counts the values; gives the bits of a difference where the column is stored as integers, else null.</summary>
    private static int? Observe(IArrowArray array, ref Repeats repeats)
    {
        switch (array.Data.DataType)
        {
            case StringType or BinaryType:
                for (var row = 0; row < Math.Min(array.Length, SampleRows); row++)
                {
                    repeats.Add(array.Bytes(row));
                }

                return null;
            case Decimal128Type number:
                var packed = Fixed<Int128>(array, ref repeats, v => (long)v);
                return number.Precision <= MaxIntegerDecimal ? packed : null;
            case DoubleType:
                Fixed<long>(array, ref repeats, v => v);
                return null;
            case Apache.Arrow.Types.FloatType:
                Fixed<int>(array, ref repeats, v => v);
                return null;
            case FixedSizeBinaryType:
                Fixed<UuidBytes>(array, ref repeats, _ => 0);
                return null;
            default:
                return Integers(array, ref repeats);
        }
    }

    private static int Integers(IArrowArray array, ref Repeats repeats) => ((FixedWidthType)array.Data.DataType).BitWidth switch
    {
        8 => Fixed<sbyte>(array, ref repeats, v => v),
        16 => Fixed<short>(array, ref repeats, v => v),
        32 => Fixed<int>(array, ref repeats, v => v),
        _ => Fixed<long>(array, ref repeats, v => v),
    };

    private static int Fixed<T>(IArrowArray array, ref Repeats repeats, Func<T, long> integer)
        where T : unmanaged
    {
        var values = array.Values<T>();
        values = values[..Math.Min(values.Length, SampleRows)];
        var bytes = MemoryMarshal.AsBytes(values);
        var size = values.IsEmpty ? 0 : bytes.Length / values.Length;
        Int128 least = long.MaxValue;
        Int128 most = long.MinValue;
        for (var i = 0; i < values.Length; i++)
        {
            repeats.Add(bytes.Slice(i * size, size));
            if (i > 0)
            {
                var difference = (Int128)integer(values[i]) - integer(values[i - 1]);
                least = Int128.Min(least, difference);
                most = Int128.Max(most, difference);
            }
        }

        return most < least ? 0 : 128 - (int)Int128.LeadingZeroCount(most - least);
    }

    /// <summary>Counts how often values repeat in a sample, to guess how many distinct ones there are in all.</summary>
    private struct Repeats
    {
        private readonly Dictionary<int, int> _seen = [];
        private long _bytes;
        private int _rows;

        public Repeats()
        {
        }

        public readonly double AverageBytes => _rows == 0 ? 0 : (double)_bytes / _rows;

        public void Add(ReadOnlySpan<byte> value)
        {
            var hash = new HashCode();
            hash.AddBytes(value);
            CollectionsMarshal.GetValueRefOrAddDefault(_seen, hash.ToHashCode(), out _)++;
            _bytes += value.Length;
            _rows++;
        }

        /// <summary>The lower bound by A. Chao (1984): those seen, and from the ones seen once and twice those not seen.</summary>
        public readonly double Estimate()
        {
            double once = _seen.Values.Count(n => n == 1);
            double twice = _seen.Values.Count(n => n == 2);
            return _seen.Count + (once * (once - 1) / (2 * (twice + 1)));
        }
    }
}
