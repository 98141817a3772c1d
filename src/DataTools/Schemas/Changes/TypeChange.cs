using DataTools.Data;
using DataTools.Databases;

namespace DataTools.Schemas.Changes;

/// <summary>Whether every value of a type has a place in another.</summary>
internal static class TypeChange
{
    private static readonly string[] Whole = ["int8", "int16", "int32", "int64"];
    private static readonly int[] Digits = [3, 5, 10, 19];

    /// <summary>Whether a column's values are the same after its type is changed.</summary>
    public static bool IsSafe(ColumnSchema from, ColumnSchema to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        var (a, b) = (NativeType.NameOf(from.Type), NativeType.NameOf(to.Type));
        return to.Values.Count > 0 ? from.Values.Count > 0 && !from.Values.Except(to.Values).Any()
            : b == "text" ? Fits(from, to)
            : Array.IndexOf(Whole, a) is var at and >= 0 ? IsWider(at, to.Type, b)
            : a == "decimal" && b == "decimal" ? HasRoom(from.Type, to.Type)
            : (a, b) is ("float", "double") or ("bool", "bool") || (a == b && !HasArguments(from) && !HasArguments(to));
    }

    private static bool HasArguments(ColumnSchema column) => column.NativeType.Contains('(', StringComparison.Ordinal);

    private static bool HasRoom(DataType from, DataType to) =>
        to is not DecimalType wide || (from is DecimalType narrow && wide.Scale >= narrow.Scale && wide.Precision - wide.Scale >= narrow.Precision - narrow.Scale);

    private static bool IsWider(int at, DataType to, string name) =>
        Array.IndexOf(Whole, name) >= at || (name == "double" && at < 3) || (name == "decimal" && (to is not DecimalType type || type.Precision - type.Scale >= Digits[at]));

    /// <summary>A text without a length takes everything, one with a length the texts that are no longer.</summary>
    private static bool Fits(ColumnSchema from, ColumnSchema to)
    {
        var limit = NativeType.Parse(to.NativeType).Length;
        return limit is null || (from.Type is TextType && NativeType.Parse(from.NativeType).Length <= limit);
    }
}
