using System.Globalization;
using System.Text.Unicode;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Expressions;
using ParquetSharp;
using ParquetSharp.Arrow;
using DateType = DataTools.Data.DateType;

namespace DataTools.Formats.Parquet;

/// <summary>Finds the row groups in which a filter may find a row, by the statistics of their columns.</summary>
internal sealed class RowGroupFilter(FileReader file, IReadOnlyList<SchemaField> fields, Schema schema, ReadContext context)
{
    /// <summary>The row groups to read, in order.</summary>
    public int[] Groups()
    {
        var all = Enumerable.Range(0, file.NumRowGroups);
        return [.. context.Filter is null ? all : all.Where(g => MayMatch(g, context.Filter))];
    }

    private bool MayMatch(int group, IRangeFilter filter)
    {
        using var reader = file.ParquetReader.RowGroup(group);
        var metadata = reader.MetaData;
        return filter.MayMatch(name => Range(metadata, name));
    }

    private (object Min, object Max)? Range(RowGroupMetaData group, string name)
    {
        var index = schema.FieldsList.ToList().FindIndex(f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase));
        if (index < 0 || fields[index].Children.Count > 0)
        {
            return null;
        }

        using var chunk = group.GetColumnChunkMetaData(fields[index].ColumnIndex);
        using var statistics = chunk.Statistics;

        // A null compares as less than everything in PowerShell and is in no range, so a column with nulls has none. Neither has one that
        // the filter sees as another type, for text has an order of its own.
        return statistics is { HasMinMax: true, NullCount: 0 }
            && DataTypes.TryOf(schema.GetFieldByIndex(index)) is { } type
            && (context.Options.TypeOf(name)?.Equals(type) ?? true)
            ? Values(type, statistics)
            : null;
    }

    /// <summary>Floats have no range: NaN is in none. Text that the writer cut within a character has none either.</summary>
    private static (object Min, object Max)? Values(DataType type, Statistics statistics) => (type, statistics) switch
    {
        (IntegerType<long>, Statistics<long>) => Pair(statistics, v => v),
        (IntegerType<int> or IntegerType<short> or IntegerType<sbyte>, Statistics<int>) => Pair(statistics, v => (int)v),
        (DateType date, Statistics<int>) => Pair(statistics, v => date.ToObject((int)v)),
        (TimestampType time, Statistics<long>) => Pair(statistics, time.ToObject),
        (DecimalType number, Statistics<long> or Statistics<int>) => Pair(statistics, v => number.ToObject(v)),
        (TextType, Statistics<ByteArray> text) => Text(text.Min) is { } least && Text(text.Max) is { } most ? (least, most) : null,
        _ => null,
    };

    private static (object Min, object Max)? Pair(Statistics statistics, Func<long, object> value)
    {
        try
        {
            return (Value(statistics.MinUntyped), Value(statistics.MaxUntyped));
        }
        catch (ArgumentOutOfRangeException)
        {
            // A date outside the years 1 to 9999: reading the group will say so.
            return null;
        }

        object Value(object bound) => value(Convert.ToInt64(bound, CultureInfo.InvariantCulture));
    }

    private static unsafe string? Text(ByteArray value)
    {
        var bytes = new ReadOnlySpan<byte>((void*)value.Pointer, value.Length);
        return Utf8.IsValid(bytes) ? System.Text.Encoding.UTF8.GetString(bytes) : null;
    }
}
