using System.Globalization;
using System.Text;
using DataTools.Data;
using DataTools.Databases.Writing;

namespace DataTools.Databases.PostgreSql;

/// <summary>
/// What types change without a word: PostgreSQL rounds to the digits of a second that they keep, leaves out the fields that an interval lacks, cuts off spaces beyond a
/// length, and all beyond the length of a name.
/// </summary>
internal static class PostgresLimits
{
    /// <summary>The bytes of a name (NAMEDATALEN less one).</summary>
    private const int NameBytes = 63;

    /// <summary>The digits of money behind the point, as <see cref="PostgresSession.TakeMoney"/> sees to.</summary>
    public const int MoneyDigits = 2;

    private static readonly Dictionary<string, long> Units = new() { ["second"] = 1, ["minute"] = 60_000_000, ["hour"] = 3_600_000_000 };

    /// <summary>The limit of a native type; null where it has none that the server does not watch itself.</summary>
    public static ColumnLimit? Of(string native, DataType type) => (NativeType.Parse(native), type) switch
    {
        ({ Length: { } digits and < 6 }, TimeType or TimestampType or DurationType) =>
            ColumnLimit.Unit((long)Math.Pow(10, 6 - digits), Told($"has more digits behind the second than the {digits} that the column keeps")),
        ({ Name: var name }, DurationType) when name.StartsWith("interval ", StringComparison.Ordinal) =>
            ColumnLimit.Unit(Units.GetValueOrDefault(name.Split(' ')[^1], long.MaxValue), $"holds more than the column keeps, which is an {native}"),
        ({ Name: "character varying", Length: { } length }, TextType) => new(Told($"ends in spaces beyond the {length} characters that the column keeps"), (array, row) => HasNoSpaceBeyond(array.Bytes(row), length)),
        ({ Name: "money" }, DecimalTextType) => new(Told($"has more than the {MoneyDigits} digits behind the point that the column keeps"), (array, row) => NumberText.FractionDigits(array.Bytes(row)) <= MoneyDigits),
        ({ Name: "name" }, TextType) => new(Told($"is longer than the {NameBytes} bytes that the column keeps"), (array, row) => array.Bytes(row).Length <= NameBytes),
        ({ Name: "\"char\"" }, TextType) => new("is longer than the byte that the column keeps", (array, row) => array.Bytes(row).Length <= 1),
        _ => null,
    };

    private static bool HasNoSpaceBeyond(ReadOnlySpan<byte> text, int length) => text.Length <= length || text[^1] != (byte)' ' || Encoding.UTF8.GetString(text).EnumerateRunes().Count() <= length;

    private static string Told(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
