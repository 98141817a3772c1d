using Apache.Arrow;
using Apache.Arrow.Ipc;
using DataTools.Data;
using DataTools.Errors;
using ParquetSharp;
using ParquetSharp.Arrow;
using TimeUnit = Apache.Arrow.Types.TimeUnit;

namespace DataTools.Formats.Parquet;

/// <summary>
/// The old INT96 timestamps hold a day and its nanoseconds. The library reads them as microseconds (every year, but finer digits are cut)
/// or as nanoseconds (all digits, but years outside 1677 to 2262 wrap). Read both ways, modulo 2^64, a value that lost digits shows.
/// </summary>
internal sealed class Int96Check : IDisposable
{
    private readonly DataSource _source;
    private readonly FileReader _file;
    private readonly (int Column, int Leaf, string Name)[] _columns;
    private IArrowArrayStream? _batches;
    private long _rows;

    private Int96Check(DataSource source, FileReader file, (int Column, int Leaf, string Name)[] columns)
    {
        _source = source;
        _file = file;
        _columns = columns;
    }

    /// <summary>A check for the columns read (in the file's order), or null where none is an INT96.</summary>
    public static Int96Check? For(DataSource source, FileReader file, IReadOnlyList<SchemaField> read, Func<TimeUnit, FileReader> open)
    {
        using var data = file.ParquetReader.FileMetaData;
        if (read.Where(f => f.Children.Count > 0).SelectMany(ParquetBatchReader.Leaves).Select(data.Schema.Column).FirstOrDefault(IsInt96) is { } nested)
        {
            throw DataErrors.TypeNotSupported(nested.Path.ToDotString(), "int96 within a nested column", source.Name);
        }

        var columns = read.Select((f, i) => (Column: i, Leaf: f.ColumnIndex, f.Field.Name))
            .Where(c => c.Leaf >= 0 && IsInt96(data.Schema.Column(c.Leaf))).ToArray();
        return columns.Length == 0 ? null : new Int96Check(source, open(TimeUnit.Nanosecond), columns);
    }

    /// <summary>Turns to a row group.</summary>
    public void Open(int group)
    {
        _batches?.Dispose();
        _batches = _file.GetRecordBatchReader([group], [.. _columns.Select(c => c.Leaf)]);
    }

    /// <summary>Checks the next batch, read as microseconds.</summary>
    public void Verify(RecordBatch micros)
    {
        using var nanos = _batches!.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult();
        for (var i = 0; i < _columns.Length; i++)
        {
            var cut = micros.Column(_columns[i].Column);
            var exact = nanos.Column(i).Values<long>();
            var values = cut.Values<long>();
            for (var row = 0; row < exact.Length; row++)
            {
                if (unchecked(values[row] * 1000) != exact[row] && cut.IsValid(row))
                {
                    throw DataErrors.ValueNotRepresentable(
                        _source.Name, _columns[i].Name, _rows + row + 1, Text(values[row]), "has nanoseconds, which are no whole microseconds");
                }
            }
        }

        _rows += micros.Length;
    }

    public void Dispose()
    {
        _batches?.Dispose();
        _file.Dispose();
    }

    private static bool IsInt96(ColumnDescriptor column) => column.PhysicalType == PhysicalType.Int96;

    private static string Text(long micros)
    {
        Span<byte> text = stackalloc byte[32];
        return DataTypes.Timestamp.TryFormat(micros, text, out var length) ? System.Text.Encoding.ASCII.GetString(text[..length]) : "";
    }
}
