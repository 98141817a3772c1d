using System.Text.Unicode;
using DataTools.Data;

namespace DataTools.Databases.Sqlite;

/// <summary>Puts a value of SQLite, which is not null, into a column; false where it is none of the column's.</summary>
internal delegate bool SqliteCell(nint statement, int column, ColumnBuilder into);

/// <summary>How a column of a result may be read.</summary>
/// <param name="Type">As what.</param>
/// <param name="Read">How a value becomes that.</param>
internal sealed record SqliteReading(DataType Type, SqliteCell Read);

/// <summary>
/// The ways to read a column, the best first. SQLite has five kinds of values and no dates: by its documentation dates are ISO 8601 text, seconds since 1970
/// or Julian day numbers; milliseconds since 1970 are common besides.
/// </summary>
internal static class SqliteCells
{
    /// <summary>From here on a number is one of milliseconds: as seconds it would be after the year 5000.</summary>
    private const long FewestMilliseconds = 100_000_000_000;
    private const double JulianEpoch = 2_440_587.5;
    private const double LastJulianDay = 5_373_484.5;

    private static readonly SqliteReading Integer = new(DataTypes.Int64, ReadInteger);
    private static readonly SqliteReading Real = new(DataTypes.Double, ReadReal);
    private static readonly SqliteReading Text = new(DataTypes.Text, ReadText);
    private static readonly SqliteReading Bytes = new(DataTypes.Binary, ReadBytes);

    private static readonly SqliteReading[] Times =
    [
        new(DataTypes.Timestamp, ReadParsed), new(DataTypes.TimestampUtc, ReadParsed),
        new(DataTypes.TimestampUtc, ReadSeconds), new(DataTypes.TimestampUtc, ReadMilliseconds), new(DataTypes.TimestampUtc, ReadJulian),
    ];

    /// <summary>The ways for a declared type; null for an expression, whose values alone tell.</summary>
    public static IEnumerable<SqliteReading> Of(DataType? declared) => declared switch
    {
        null => [Integer, Real, Text, Bytes],
        IntegerType<long> => [Integer, Real, Text, Bytes],
        FloatType<float> => [new(declared, ReadSingle), Real, Text, Bytes],
        FloatType<double> => [Real, Text, Bytes],
        BoolType => [new(declared, ReadBool), Integer, Real, Text],
        BinaryDataType => [Bytes, Integer, Real, Text],
        TextType => [Text, Bytes],
        DateType => [new(declared, ReadParsed), .. Times, Text],
        TimestampType => [new(declared, ReadParsed), .. Times, Text],
        UuidType => [new(declared, ReadUuid), Text, Bytes],
        DecimalType or DecimalTextType => [new(declared, ReadNumber), new(DataTypes.DecimalText, ReadNumber), Real, Text, Bytes],
        _ => [new(declared, ReadParsed), Text, Bytes],
    };

    private static bool ReadInteger(nint statement, int column, ColumnBuilder into)
    {
        if (SqliteNative.ColumnType(statement, column) != SqliteNative.Integer)
        {
            return false;
        }

        ((FixedColumnBuilder<long>)into).Append(SqliteNative.ColumnLong(statement, column));
        return true;
    }

    private static bool ReadReal(nint statement, int column, ColumnBuilder into)
    {
        switch (SqliteNative.ColumnType(statement, column))
        {
            case SqliteNative.Real:
                ((FixedColumnBuilder<double>)into).Append(SqliteNative.ColumnDouble(statement, column));
                return true;
            case SqliteNative.Integer:
                return into.TryAppend(SqliteNative.ColumnLong(statement, column));
            default:
                return false;
        }
    }

    private static bool ReadSingle(nint statement, int column, ColumnBuilder into)
    {
        var value = SqliteNative.ColumnDouble(statement, column);
        return SqliteNative.ColumnType(statement, column) == SqliteNative.Real && (float)value == value && into.TryAppend((float)value);
    }

    private static bool ReadBool(nint statement, int column, ColumnBuilder into) => SqliteNative.ColumnType(statement, column) switch
    {
        SqliteNative.Integer => SqliteNative.ColumnLong(statement, column) is var bit && bit is 0 or 1 && into.TryAppend(bit == 1),
        SqliteNative.Text => into.TryAppendText(SqliteNative.TextOf(statement, column), TextRules.Default),
        _ => false,
    };

    private static bool ReadText(nint statement, int column, ColumnBuilder into)
    {
        if (SqliteNative.ColumnType(statement, column) == SqliteNative.Blob)
        {
            return false;
        }

        var text = SqliteNative.TextOf(statement, column);
        if (!Utf8.IsValid(text))
        {
            return false;
        }

        ((BytesColumnBuilder)into).Append(text);
        return true;
    }

    private static bool ReadBytes(nint statement, int column, ColumnBuilder into)
    {
        if (SqliteNative.ColumnType(statement, column) != SqliteNative.Blob)
        {
            return false;
        }

        ((BytesColumnBuilder)into).Append(SqliteNative.BytesOf(statement, column));
        return true;
    }

    private static bool ReadUuid(nint statement, int column, ColumnBuilder into) =>
        SqliteNative.ColumnType(statement, column) == SqliteNative.Blob
            ? SqliteNative.BytesOf(statement, column) is { Length: 16 } bytes && into.TryAppend(new Guid(bytes, bigEndian: true))
            : ReadParsed(statement, column, into);

    private static bool ReadNumber(nint statement, int column, ColumnBuilder into) => SqliteNative.ColumnType(statement, column) switch
    {
        SqliteNative.Integer => into.TryAppend(SqliteNative.ColumnLong(statement, column)),
        SqliteNative.Real => into.TryAppend(SqliteNative.ColumnDouble(statement, column)),
        _ => ReadParsed(statement, column, into),
    };

    private static bool ReadParsed(nint statement, int column, ColumnBuilder into) =>
        SqliteNative.ColumnType(statement, column) == SqliteNative.Text && into.TryAppendText(SqliteNative.TextOf(statement, column), TextRules.Default);

    private static bool ReadSeconds(nint statement, int column, ColumnBuilder into) =>
        SqliteNative.ColumnType(statement, column) == SqliteNative.Integer
        && SqliteNative.ColumnLong(statement, column) is > -FewestMilliseconds and < FewestMilliseconds and var seconds
        && into.TryAppend(DateTime.UnixEpoch.AddSeconds(seconds));

    private static bool ReadMilliseconds(nint statement, int column, ColumnBuilder into) =>
        SqliteNative.ColumnType(statement, column) == SqliteNative.Integer
        && SqliteNative.ColumnLong(statement, column) is >= FewestMilliseconds and < FewestMilliseconds * 1000 and var milliseconds
        && into.TryAppend(DateTime.UnixEpoch.AddMilliseconds(milliseconds));

    private static bool ReadJulian(nint statement, int column, ColumnBuilder into) =>
        SqliteNative.ColumnType(statement, column) == SqliteNative.Real
        && SqliteNative.ColumnDouble(statement, column) is >= 1_721_425.5 and < LastJulianDay and var day
        // A double holds a day number of today to a twentieth of a millisecond.
        && into.TryAppend(DateTime.UnixEpoch.AddMilliseconds(Math.Round((day - JulianEpoch) * 86_400_000)));
}
