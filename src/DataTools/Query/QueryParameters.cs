using System.Collections;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using DataTools.Data;
using DataTools.Errors;
using DuckDB.NET.Native;

namespace DataTools.Query;

/// <summary>Binds .NET values to the parameters of a statement.</summary>
internal static unsafe class QueryParameters
{
    /// <summary>Binds every parameter of the statement; one without a value is an error that names it.</summary>
    public static void Bind(DuckDBPreparedStatement statement, IReadOnlyDictionary<string, object?> values)
    {
        var count = NativeMethods.PreparedStatements.DuckDBParams(statement);
        for (var i = 1; i <= count; i++)
        {
            var name = DuckNative.Take(DuckNative.ParameterName(statement, (ulong)i))!;
            var key = values.Keys.FirstOrDefault(k => string.Equals(k, name, StringComparison.OrdinalIgnoreCase))
                ?? throw DataErrors.ParameterMissing(name, values.Keys);
            using var value = ToDuck(values[key], name);
            if (NativeMethods.PreparedStatements.DuckDBBindValue(statement, i, value) != DuckDBState.Success)
            {
                throw DataErrors.QueryFailed(NativeMethods.PreparedStatements.DuckDBPrepareError(statement));
            }
        }
    }

    /// <summary>A text, NUL characters included.</summary>
    public static DuckDBValue Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* first = bytes)
        {
            var value = new DuckDBValue();
            Marshal.InitHandle(value, DuckNative.CreateText(first, (ulong)bytes.Length));
            return value;
        }
    }

    private static DuckDBValue ToDuck(object? value, string name) => value switch
    {
        null or DBNull => NativeMethods.Value.DuckDBCreateNullValue(),
        string text => Text(text),
        BigInteger number => Number(number, name),
        byte[] bytes => NativeMethods.Value.DuckDBCreateBlob(bytes, bytes.Length),
        not IDictionary and IEnumerable list => List(list, name),
        _ => Scalar(value, name),
    };

    private static DuckDBValue Scalar(object value, string name) => DataTypes.OfValue(value) switch
    {
        BoolType => NativeMethods.Value.DuckDBCreateBool((bool)value),
        TextType => Text(DataTypes.TextOf(value)!),
        DecimalType type => NativeMethods.Value.DuckDBCreateDecimal(
            new DuckDBDecimal((byte)type.Precision, (byte)type.Scale, Unsafe.BitCast<Int128, DuckDBHugeInt>(Raw(type, value, name)))),
        UuidType type => NativeMethods.Value.DuckDBCreateUuid(ToHuge(Raw(type, value, name))),
        DateType type => NativeMethods.Value.DuckDBCreateDate(new DuckDBDate { Days = Raw(type, value, name) }),
        TimeType type => NativeMethods.Value.DuckDBCreateTime(new DuckDBTime { Micros = Raw(type, value, name) }),
        TimestampType { IsUtc: true } type => NativeMethods.Value.DuckDBCreateTimestampTz(new DuckDBTimestampStruct { Micros = Raw(type, value, name) }),
        TimestampType type => NativeMethods.Value.DuckDBCreateTimestamp(new DuckDBTimestampStruct { Micros = Raw(type, value, name) }),
        DurationType type => NativeMethods.Value.DuckDBCreateInterval(new DuckDBInterval(0, 0, unchecked((ulong)Raw(type, value, name)))),
        IntegerType<ulong> => NativeMethods.Value.DuckDBCreateUInt64((ulong)value),
        FixedType<long> type => NativeMethods.Value.DuckDBCreateInt64(Raw(type, value, name)),
        FixedType<float> => NativeMethods.Value.DuckDBCreateFloat((float)value),
        FixedType<double> => NativeMethods.Value.DuckDBCreateDouble((double)value),
        _ => throw DataErrors.ParameterUnfit(name, value),
    };

    private static T Raw<T>(FixedType<T> type, object value, string name)
        where T : unmanaged => type.TryConvert(value, out var raw) ? raw : throw DataErrors.ParameterUnfit(name, value);

    private static DuckDBHugeInt ToHuge(UuidBytes uuid) => Unsafe.BitCast<UInt128, DuckDBHugeInt>(
        System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(Unsafe.BitCast<UuidBytes, UInt128>(uuid)));

    private static DuckDBValue Number(BigInteger number, string name) =>
        BigInteger.Abs(number) <= (BigInteger)Int128.MaxValue ? NativeMethods.Value.DuckDBCreateHugeInt(new DuckDBHugeInt(number)) : throw DataErrors.ParameterUnfit(name, number);

    /// <summary>A list takes the type of its first value that is not null; the others must have it too.</summary>
    private static DuckDBValue List(IEnumerable list, string name)
    {
        object?[] values = [.. list.Cast<object?>()];
        if (values.Where(v => v is not null).Select(v => DataTypes.OfValue(v!)).Distinct().Skip(1).Any())
        {
            throw DataErrors.ParameterUnfit(name, list);
        }

        var items = System.Array.ConvertAll(values, v => ToDuck(v, name));
        try
        {
            var first = System.Array.Find(items, i => !i.IsNull()) ?? NativeMethods.Value.DuckDBCreateNullValue();
            var type = NativeMethods.Value.DuckDBGetValueType(first);
            var value = NativeMethods.Value.DuckDBCreateListValue(type, items, items.Length);
            // The type belongs to the value that it was asked of.
            type.SetHandleAsInvalid();
            return value;
        }
        finally
        {
            System.Array.ForEach(items, i => i.Dispose());
        }
    }
}
