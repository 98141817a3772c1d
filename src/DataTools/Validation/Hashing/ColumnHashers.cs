using DataTools.Data;

namespace DataTools.Validation.Hashing;

/// <summary>What the hashes of a column depend on besides its types.</summary>
/// <param name="NormalizeText">Whether text is compared in Unicode's composed form.</param>
/// <param name="TimestampUnit">The microseconds to which points in time are cut.</param>
internal sealed record HashRules(bool NormalizeText, long TimestampUnit);

/// <summary>Chooses how the values of a type are hashed in a form. What has no way of its own goes by its text.</summary>
internal static class ColumnHashers
{
    public static ColumnHasher For(CompareForm form, DataType type, HashRules rules) => form switch
    {
        CompareForm.Number => Number(type),
        CompareForm.Single => Single(type),
        CompareForm.Double => Double(type),
        CompareForm.Boolean => type is BoolType ? new BoolHasher() : new TextHasher(type, TextCells.Boolean),
        CompareForm.Bytes => Bytes(type),
        CompareForm.Uuid => type is UuidType ? new FixedHasher<UuidBytes, UuidCell>(default) : new TextHasher(type, TextCells.Parsed(DataTypes.Uuid, default(UuidCell))),
        CompareForm.Json => type is NestedDataType ? new NestedHasher(type) : new TextHasher(type, JsonForm.Read),
        CompareForm.Text => Text(type, rules),
        _ => Temporal(form, type, rules),
    };

    private static ColumnHasher Text(DataType type, HashRules rules) =>
        rules.NormalizeText ? new TextHasher(type, BytesCell.ReadNormalized)
            : type is TextType ? new BytesHasher()
            : new TextHasher(type, BytesCell.Read);

    private static ColumnHasher Bytes(DataType type) => type switch
    {
        BinaryDataType => new BytesHasher(),
        UuidType => new FixedHasher<UuidBytes, UuidBytesCell>(default),
        _ => new TextHasher(type, TextCells.Bytes),
    };

    private static ColumnHasher Number(DataType type) => type switch
    {
        IntegerType<long> => new FixedHasher<long, IntegerCell<long>>(default),
        IntegerType<int> => new FixedHasher<int, IntegerCell<int>>(default),
        IntegerType<short> => new FixedHasher<short, IntegerCell<short>>(default),
        IntegerType<sbyte> => new FixedHasher<sbyte, IntegerCell<sbyte>>(default),
        IntegerType<ulong> => new FixedHasher<ulong, IntegerCell<ulong>>(default),
        DecimalType number => new FixedHasher<Int128, DecimalCell>(new DecimalCell(number.Scale)),
        BoolType => new BoolHasher(),
        _ => new TextHasher(type, NumberForm.Read),
    };

    private static ColumnHasher Double(DataType type) => type switch
    {
        FloatType<double> => new FixedHasher<double, DoubleCell>(default),
        FloatType<float> => new FixedHasher<float, ToDoubleCell<float>>(default),
        IntegerType<long> => new FixedHasher<long, ToDoubleCell<long>>(default),
        IntegerType<int> => new FixedHasher<int, ToDoubleCell<int>>(default),
        _ => new TextHasher(type, TextCells.Double),
    };

    private static ColumnHasher Single(DataType type) => type switch
    {
        FloatType<double> => new FixedHasher<double, SingleCell<double>>(default),
        FloatType<float> => new FixedHasher<float, SingleCell<float>>(default),
        _ => new TextHasher(type, TextCells.Single),
    };

    private static ColumnHasher Temporal(CompareForm form, DataType type, HashRules rules) => (form, type) switch
    {
        (CompareForm.Date, DateType) => new FixedHasher<int, IntegerCell<int>>(default),
        (CompareForm.Date, _) => new TextHasher(type, TextCells.Parsed(DataTypes.Date, default(IntegerCell<int>))),
        (CompareForm.Timestamp, DateType) => new FixedHasher<int, MidnightCell>(default),
        (CompareForm.Timestamp, TimestampType) => new FixedHasher<long, MicrosecondCell>(new MicrosecondCell(rules.TimestampUnit)),
        (CompareForm.Timestamp, _) => new TextHasher(type, TextCells.Timestamp(rules.TimestampUnit)),
        (_, TimeType or DurationType) => new FixedHasher<long, MicrosecondCell>(new MicrosecondCell(1)),
        _ => new TextHasher(type, TextCells.Span),
    };
}
