using Apache.Arrow;

namespace DataTools.Data;

/// <summary>Finds the type that holds the values of two without loss, and the schema that holds two tables.</summary>
public static class TypeUnion
{
    private static readonly string[] Integers = ["int8", "int16", "int32", "int64", "uint64"];

    /// <summary>
    /// The type that holds both: the wider of two integers, decimal before double, timestamp before date, members and items united; else text,
    /// and json where one side is nested.
    /// </summary>
    public static DataType Unite(DataType left, DataType right)
    {
        if (left.Equals(right))
        {
            return left;
        }

        return DataTypes.IsNumber(left) && DataTypes.IsNumber(right) ? Numbers(left, right)
            : (left, right) switch
            {
                (TimestampType { IsUtc: false } time, DateType) => time,
                (DateType, TimestampType { IsUtc: false } time) => time,
                (ListDataType a, ListDataType b) => new ListDataType(Unite(a.Item, b.Item)),
                (StructDataType a, StructDataType b) => Members(a, b),
                (NestedDataType or JsonType, _) or (_, NestedDataType or JsonType) => DataTypes.Json,
                _ => DataTypes.Text,
            };
    }

    /// <summary>The columns of several tables by name (case aside), in the order in which they first appear.</summary>
    public static Schema Unite(IReadOnlyList<Schema> schemas)
    {
        var order = new List<string>();
        var fields = new Dictionary<string, Field>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in schemas.SelectMany(s => s.FieldsList))
        {
            if (!fields.TryGetValue(field.Name, out var known))
            {
                order.Add(field.Name);
                fields.Add(field.Name, field);
            }
            else if (DataTypes.Of(known) is var type && Unite(type, DataTypes.Of(field)) is var united && !united.Equals(type))
            {
                fields[field.Name] = united.ToField(known.Name);
            }
        }

        return new Schema(order.Select(n => fields[n]), null);
    }

    private static DataType Numbers(DataType left, DataType right)
    {
        var (a, b) = (System.Array.IndexOf(Integers, left.Name), System.Array.IndexOf(Integers, right.Name));
        if (a >= 0 && b >= 0)
        {
            return Math.Max(a, b) < 4 ? (a > b ? left : right) : new DecimalType(20, 0);
        }

        if (left == DataTypes.DecimalText || right == DataTypes.DecimalText)
        {
            return DataTypes.DecimalText;
        }

        // A float beside a decimal or an integer stays a float: what does not fit it exactly is found when the value is taken.
        return left.Arrow is Apache.Arrow.Types.FloatingPointType || right.Arrow is Apache.Arrow.Types.FloatingPointType
            ? DataTypes.Double
            : Decimals(Digits(left), Digits(right));
    }

    private static DataType Decimals((int Whole, int Scale) left, (int Whole, int Scale) right)
    {
        var scale = Math.Max(left.Scale, right.Scale);
        var precision = Math.Max(left.Whole, right.Whole) + scale;
        return precision <= DecimalType.MaxPrecision ? new DecimalType(precision, scale) : DataTypes.DecimalText;
    }

    private static (int Whole, int Scale) Digits(DataType type) =>
        type is DecimalType number ? (number.Precision - number.Scale, number.Scale) : (type == DataTypes.UInt64 ? 20 : 19, 0);

    private static StructDataType Members(StructDataType left, StructDataType right)
    {
        var members = left.Members.ToList();
        foreach (var (name, type) in right.Members)
        {
            var at = members.FindIndex(m => m.Key == name);
            if (at < 0)
            {
                members.Add(KeyValuePair.Create(name, type));
            }
            else
            {
                members[at] = KeyValuePair.Create(name, Unite(members[at].Value, type));
            }
        }

        return new StructDataType(members);
    }
}
