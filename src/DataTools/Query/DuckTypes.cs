using System.Runtime.InteropServices;
using System.Text;
using DataTools.Data;
using DataTools.Errors;
using DuckDB.NET.Native;

namespace DataTools.Query;

/// <summary>DuckDB's types and ours, each way.</summary>
internal static unsafe class DuckTypes
{
    /// <summary>HUGEINT has 39 digits and a sum of bigints is one; 38 of them fit a decimal, and a larger value is an error.</summary>
    private static readonly DecimalType Huge = new(DecimalType.MaxPrecision, 0);

    private static readonly Dictionary<DataType, DuckDBType> Simple = new()
    {
        [DataTypes.Bool] = DuckDBType.Boolean, [DataTypes.Int8] = DuckDBType.TinyInt, [DataTypes.Int16] = DuckDBType.SmallInt,
        [DataTypes.Int32] = DuckDBType.Integer, [DataTypes.Int64] = DuckDBType.BigInt, [DataTypes.UInt64] = DuckDBType.UnsignedBigInt,
        [DataTypes.Float] = DuckDBType.Float, [DataTypes.Double] = DuckDBType.Double, [DataTypes.Text] = DuckDBType.Varchar,
        [DataTypes.DecimalText] = DuckDBType.Varchar, [DataTypes.Json] = DuckDBType.Varchar, [DataTypes.Binary] = DuckDBType.Blob,
        [DataTypes.Date] = DuckDBType.Date, [DataTypes.Time] = DuckDBType.Time, [DataTypes.Timestamp] = DuckDBType.Timestamp,
        [DataTypes.TimestampUtc] = DuckDBType.TimestampTz, [DataTypes.Duration] = DuckDBType.Interval, [DataTypes.Uuid] = DuckDBType.Uuid,
    };

    private static readonly Dictionary<DuckDBType, DataType> Results = new()
    {
        [DuckDBType.Boolean] = DataTypes.Bool, [DuckDBType.TinyInt] = DataTypes.Int8, [DuckDBType.SmallInt] = DataTypes.Int16,
        [DuckDBType.Integer] = DataTypes.Int32, [DuckDBType.BigInt] = DataTypes.Int64, [DuckDBType.UnsignedTinyInt] = DataTypes.Int16,
        [DuckDBType.UnsignedSmallInt] = DataTypes.Int32, [DuckDBType.UnsignedInteger] = DataTypes.Int64,
        [DuckDBType.UnsignedBigInt] = DataTypes.UInt64, [DuckDBType.HugeInt] = Huge, [DuckDBType.UnsignedHugeInt] = Huge,
        [DuckDBType.Float] = DataTypes.Float, [DuckDBType.Double] = DataTypes.Double, [DuckDBType.Blob] = DataTypes.Binary,
        [DuckDBType.Bit] = DataTypes.Text, [DuckDBType.Enum] = DataTypes.Text, [DuckDBType.SqlNull] = DataTypes.Text,
        [DuckDBType.Date] = DataTypes.Date, [DuckDBType.Time] = DataTypes.Time, [DuckDBType.Timestamp] = DataTypes.Timestamp,
        [DuckDBType.TimestampS] = DataTypes.Timestamp, [DuckDBType.TimestampMs] = DataTypes.Timestamp,
        [DuckDBType.TimestampNs] = DataTypes.Timestamp, [DuckDBType.TimestampTz] = DataTypes.TimestampUtc,
        [DuckDBType.Interval] = DataTypes.Duration, [DuckDBType.Uuid] = DataTypes.Uuid,
    };

    /// <summary>DuckDB's type for one of ours.</summary>
    public static DuckDBLogicalType ToDuck(DataType type)
    {
        switch (type)
        {
            case DecimalType number:
                return NativeMethods.LogicalType.DuckDBCreateDecimalType((byte)number.Precision, (byte)number.Scale);
            case ListDataType list:
                using (var item = ToDuck(list.Item))
                {
                    return NativeMethods.LogicalType.DuckDBCreateListType(item);
                }

            case StructDataType structure:
                return ToStruct(structure);
            default:
                var simple = NativeMethods.LogicalType.DuckDBCreateLogicalType(Simple[type]);
                if (type == DataTypes.Json)
                {
                    DuckNative.SetAlias(simple, "JSON");
                }

                return simple;
        }
    }

    /// <summary>Our type for one of DuckDB's; one that none of ours holds is an error that names the column.</summary>
    public static DataType FromDuck(DuckDBLogicalType type, string column)
    {
        var id = NativeMethods.LogicalType.DuckDBGetTypeId(type);
        return id switch
        {
            DuckDBType.Varchar => DuckNative.Take(DuckNative.GetAlias(type)) == "JSON" ? DataTypes.Json : DataTypes.Text,
            DuckDBType.Decimal => new DecimalType(NativeMethods.LogicalType.DuckDBDecimalWidth(type), NativeMethods.LogicalType.DuckDBDecimalScale(type)),
            DuckDBType.List => new ListDataType(Child(NativeMethods.LogicalType.DuckDBListTypeChildType(type), column)),
            DuckDBType.Array => new ListDataType(Child(NativeMethods.LogicalType.DuckDBArrayTypeChildType(type), column)),
            DuckDBType.Map => new ListDataType(new StructDataType(
            [
                new("key", Child(NativeMethods.LogicalType.DuckDBMapTypeKeyType(type), column)),
                new("value", Child(NativeMethods.LogicalType.DuckDBMapTypeValueType(type), column)),
            ])),
            DuckDBType.Struct => FromStruct(type, column),
            _ => Results.TryGetValue(id, out var simple)
                ? simple
                : throw DataErrors.TypeNotSupported(column, id.ToString(), "a query's result; cast it to varchar, which DataTools"),
        };
    }

    /// <summary>Our type for one of DuckDB's; null where none of ours holds it.</summary>
    public static DataType? TryFromDuck(DuckDBLogicalType type)
    {
        try
        {
            return FromDuck(type, "");
        }
        catch (DataException e) when (e.Id == nameof(DataErrors.TypeNotSupported))
        {
            return null;
        }
    }

    private static DataType Child(DuckDBLogicalType child, string column)
    {
        using (child)
        {
            return FromDuck(child, column);
        }
    }

    private static StructDataType FromStruct(DuckDBLogicalType type, string column)
    {
        var indexes = Enumerable.Range(0, (int)NativeMethods.LogicalType.DuckDBStructTypeChildCount(type));
        // The members of row(1, 2) have no names.
        var names = ColumnNames.MakeUnique([.. indexes.Select(i => NativeMethods.LogicalType.DuckDBStructTypeChildName(type, i))], out _);
        return new StructDataType(
            [.. names.Select((name, i) => KeyValuePair.Create(name, Child(NativeMethods.LogicalType.DuckDBStructTypeChildType(type, i), $"{column}.{name}")))]);
    }

    private static DuckDBLogicalType ToStruct(StructDataType structure)
    {
        var count = structure.Members.Count;
        var types = structure.Members.Select(m => ToDuck(m.Value)).ToArray();
        var names = structure.Members.Select(m => GCHandle.Alloc(Encoding.UTF8.GetBytes(m.Key + '\0'), GCHandleType.Pinned)).ToArray();
        try
        {
            var typePointers = stackalloc nint[count];
            var namePointers = stackalloc byte*[count];
            for (var i = 0; i < count; i++)
            {
                typePointers[i] = types[i].DangerousGetHandle();
                namePointers[i] = (byte*)names[i].AddrOfPinnedObject();
            }

            var result = new DuckDBLogicalType();
            Marshal.InitHandle(result, DuckNative.CreateStructType(typePointers, namePointers, (ulong)count));
            return result;
        }
        finally
        {
            Array.ForEach(names, n => n.Free());
            Array.ForEach(types, t => t.Dispose());
        }
    }
}
