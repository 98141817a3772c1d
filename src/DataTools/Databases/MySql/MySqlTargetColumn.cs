using DataTools.Data;
using DataTools.Databases.Writing;
using DataTools.Formats;

namespace DataTools.Databases.MySql;

/// <summary>A column that is loaded.</summary>
/// <param name="Name">Its name.</param>
/// <param name="NativeType">Its type.</param>
/// <param name="Nullable">Whether it takes nulls.</param>
/// <param name="Charset">The character set of its text; null for other values.</param>
/// <param name="OnLoss">What becomes of a value that it cannot hold.</param>
internal sealed record MySqlTargetColumn(string Name, string NativeType, bool Nullable, string? Charset, LossPolicy OnLoss)
{
    /// <summary>The values that were changed because the options accept it.</summary>
    public long Lost { get; private set; }

    /// <summary>Whether LOAD DATA may hand the column's text over as bytes of UTF-8, without conversion.</summary>
    public bool TakesUtf8 => Charset is null or "utf8" or "utf8mb3" or "utf8mb4";

    /// <summary>Whether the column takes bytes, which must not be converted as text is.</summary>
    public bool IsBinary => Type.Name is "bit" or "binary" or "varbinary" or "geometry" or "point" or "linestring" or "polygon" or "multipoint" or "multilinestring" or "multipolygon" or "geometrycollection"
        || Type.Name.EndsWith("blob", StringComparison.Ordinal);

    private NativeType Type { get; } = Databases.NativeType.Parse(NativeType);

    /// <summary>A null where there must be none would become 0, the time or the next number.</summary>
    public void CheckNull(int row)
    {
        if (!Nullable)
        {
            throw Fault(row, null, "is null, and the column takes no null");
        }
    }

    /// <summary>A value that the column would change: an error, unless the options accept it.</summary>
    public void Lose(int row, string? value, string reason)
    {
        if (OnLoss == LossPolicy.Stop)
        {
            throw Fault(row, value, reason);
        }

        Lost++;
    }

    /// <summary>The encoder for values of a type.</summary>
    public MySqlEncoder Encoder(DataType type, bool asHex) => (Type.Name, type) switch
    {
        ("bit", BoolType or IntegerType<ulong>) => new BitEncoder(type is BoolType, asHex) { Column = this },
        (_, BoolType) => new FlagEncoder { Column = this },
        ("year", IntegerType<short>) => new YearEncoder { Column = this },
        (_, IntegerType<sbyte>) => new IntegerEncoder<sbyte> { Column = this },
        (_, IntegerType<short>) => new IntegerEncoder<short> { Column = this },
        (_, IntegerType<int>) => new IntegerEncoder<int> { Column = this },
        (_, IntegerType<long>) => new IntegerEncoder<long> { Column = this },
        (_, IntegerType<ulong>) => new IntegerEncoder<ulong> { Column = this },
        _ => Temporal(type) ?? Bytes(type, asHex),
    };

    private MySqlEncoder? Temporal(DataType type) => type switch
    {
        DateType => new DateEncoder { Column = this },
        TimeType => new MomentEncoder(true, Digits) { Column = this },
        TimestampType => new MomentEncoder(false, Digits) { Column = this },
        DurationType when Type.Name == "time" => new SpanEncoder(Digits) { Column = this },
        DurationType => new IntegerEncoder<long> { Column = this },
        FloatType<float> => new FloatEncoder<float>(FloatScale(6)) { Column = this },
        FloatType<double> => new FloatEncoder<double>(FloatScale(15)) { Column = this },
        DecimalType number => new DecimalEncoder(number) { Column = this },
        _ => null,
    };

    private MySqlEncoder Bytes(DataType type, bool asHex) => type switch
    {
        BinaryDataType => new BinaryEncoder(Type.Name == "binary" ? Type.Length ?? 1 : null, asHex) { Column = this },
        DecimalTextType when Type.Name == "decimal" => new NumberTextEncoder(Type.Scale ?? 0) { Column = this },
        TextType when Has("enum(") || Has("set(") => new EnumEncoder([.. MySqlColumns.Members(NativeType).Select(System.Text.Encoding.UTF8.GetBytes)], Has("set(")) { Column = this },
        TextType => new TextEncoder(Type.Name == "char") { Column = this },
        UuidType => new PlainEncoder(type) { Column = this },
        _ => new NestedEncoder(type) { Column = this },
    };

    /// <summary>The digits behind the second that the column keeps.</summary>
    private int Digits => Type.Length ?? 0;

    /// <summary>The digits behind the point that a column such as double(7,2) keeps; null for all of the most that a value has.</summary>
    private int? FloatScale(int most) => Type.Length is null && Type.Scale <= most ? Type.Scale : null;

    private bool Has(string start) => NativeType.StartsWith(start, StringComparison.OrdinalIgnoreCase);

    private LoadFaultException Fault(int row, string? value, string reason) => new(new LoadFault(row, Name, value, reason));
}
