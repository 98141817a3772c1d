using System.Numerics;
using DataTools.Data;
using DataTools.Schemas;
using MySqlConnector;

namespace DataTools.Databases.MySql;

/// <summary>Takes values from the driver's rows without boxes.</summary>
internal static class MySqlValues
{
    /// <summary>What stands behind SELECT for a column: dates that are read as text come from the server as such, for the driver has no zero dates.</summary>
    public static string Expression(ColumnSchema column, DataType type, SqlDialect dialect)
    {
        var name = dialect.Quote(column.Name);
        return type is TextType && NativeType.Parse(column.NativeType).Name is "date" or "datetime" or "timestamp" or "time" ? $"CAST({name} AS CHAR)" : name;
    }

    /// <summary>What takes a value that is not null into a column; null where the general way does.</summary>
    public static Func<bool>? ReaderOf(ColumnBuilder builder, MySqlDataReader reader, int column)
    {
        var driver = reader.GetFieldType(column);
        return builder.Type switch
        {
            BoolType when driver != typeof(string) => () => Flag(builder, Convert.ToInt64(reader.GetValue(column), System.Globalization.CultureInfo.InvariantCulture)),
            IntegerType<sbyte> => Integer((FixedColumnBuilder<sbyte>)builder, reader, column, driver),
            IntegerType<short> => Integer((FixedColumnBuilder<short>)builder, reader, column, driver),
            IntegerType<int> => Integer((FixedColumnBuilder<int>)builder, reader, column, driver),
            IntegerType<long> => Integer((FixedColumnBuilder<long>)builder, reader, column, driver),
            IntegerType<ulong> when driver == typeof(ulong) => Take<ulong>(builder, b => b.Append(reader.GetUInt64(column))),
            DateType when driver == typeof(DateTime) => Take<int>(builder, b => b.Append(Days(reader.GetDateTime(column)))),
            TimestampType when driver == typeof(DateTime) => Take<long>(builder, b => b.Append(Micros(reader.GetDateTime(column)))),
            TimeType when driver == typeof(TimeSpan) => TimeOfDay((FixedColumnBuilder<long>)builder, reader, column),
            DurationType when driver == typeof(TimeSpan) => Take<long>(builder, b => b.Append(reader.GetTimeSpan(column).Ticks / TimeSpan.TicksPerMicrosecond)),
            DurationType when driver == typeof(long) => Take<long>(builder, b => b.Append(reader.GetInt64(column))),
            DecimalType { Precision: > 28 } or DecimalTextType when driver == typeof(decimal) => () => Decimal(builder, reader, column),
            _ => null,
        };
    }

    private static Func<bool> Take<T>(ColumnBuilder builder, Action<FixedColumnBuilder<T>> append)
        where T : unmanaged
    {
        var into = (FixedColumnBuilder<T>)builder;
        return () =>
        {
            append(into);
            return true;
        };
    }

    /// <summary>1 and 0 are booleans; what else a tinyint(1) may hold is not.</summary>
    private static bool Flag(ColumnBuilder builder, long value) => value is 0 or 1 && builder.TryAppend(value == 1);

    private static Func<bool>? Integer<T>(FixedColumnBuilder<T> builder, MySqlDataReader reader, int column, Type driver)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (driver == typeof(ulong) || !driver.IsPrimitive || driver == typeof(double) || driver == typeof(float))
        {
            return null;
        }

        return () =>
        {
            var value = reader.GetInt64(column);
            var narrow = T.CreateTruncating(value);
            if (long.CreateTruncating(narrow) != value)
            {
                return false;
            }

            builder.Append(narrow);
            return true;
        };
    }

    private static Func<bool> TimeOfDay(FixedColumnBuilder<long> builder, MySqlDataReader reader, int column) => () =>
    {
        var micros = reader.GetTimeSpan(column).Ticks / TimeSpan.TicksPerMicrosecond;
        if (micros is < 0 or >= TemporalText.MicrosecondsPerDay)
        {
            return false;
        }

        builder.Append(micros);
        return true;
    };

    private static bool Decimal(ColumnBuilder builder, MySqlDataReader reader, int column) =>
        builder.TryAppendText(System.Text.Encoding.ASCII.GetBytes(reader.GetMySqlDecimal(column).ToString()), TextRules.Default);

    private static int Days(DateTime date) => (int)(date.Date - DateTime.UnixEpoch).TotalDays;

    private static long Micros(DateTime time) => (time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
