using Apache.Arrow;
using Apache.Arrow.Ipc;
using DataTools.Data;
using DataTools.Data.Normalizing;
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
    private readonly FileReader _file;
    private readonly (int Column, int Leaf)[] _columns;
    private IArrowArrayStream? _batches;

    private Int96Check(FileReader file, (int Column, int Leaf)[] columns)
    {
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

        var columns = read.Select((f, i) => (Column: i, Leaf: f.ColumnIndex))
            .Where(c => c.Leaf >= 0 && IsInt96(data.Schema.Column(c.Leaf))).ToArray();
        return columns.Length == 0 ? null : new Int96Check(open(TimeUnit.Nanosecond), columns);
    }

    /// <summary>Turns to a row group.</summary>
    public void Open(int group)
    {
        _batches?.Dispose();
        _batches = _file.GetRecordBatchReader([group], [.. _columns.Select(c => c.Leaf)]);
    }

    /// <summary>Checks the next batch, read as microseconds: the rows that lost digits.</summary>
    public List<MisfitException> Verify(RecordBatch micros)
    {
        var lost = new SortedDictionary<int, MisfitException>();
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
                    lost.TryAdd(row, new MisfitException(row, Text(values[row]), "has nanoseconds, which are no whole microseconds") { Column = _columns[i].Column });
                }
            }
        }

        return [.. lost.Values];
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
