using System.Globalization;
using DataTools.Query;
using DuckDB.NET.Native;
using Types = DuckDB.NET.Native.NativeMethods.LogicalType;

namespace DataTools.Databases.DuckDb;

/// <summary>Types as DuckDB writes them: <c>DECIMAL(10,2)[]</c>, <c>STRUCT(a INTEGER, "b c" VARCHAR)</c>, <c>MAP(VARCHAR, INTEGER[3])</c>, <c>ENUM('x', 'y')</c>.</summary>
internal static class DuckDbTypeText
{
    /// <summary>The words of the types; those behind the last that the bindings name have only numbers (duckdb.h).</summary>
    private static readonly Dictionary<DuckDBType, string> Words = new()
    {
        [DuckDBType.Boolean] = "BOOLEAN", [DuckDBType.TinyInt] = "TINYINT", [DuckDBType.SmallInt] = "SMALLINT", [DuckDBType.Integer] = "INTEGER", [DuckDBType.BigInt] = "BIGINT",
        [DuckDBType.UnsignedTinyInt] = "UTINYINT", [DuckDBType.UnsignedSmallInt] = "USMALLINT", [DuckDBType.UnsignedInteger] = "UINTEGER", [DuckDBType.UnsignedBigInt] = "UBIGINT",
        [DuckDBType.HugeInt] = "HUGEINT", [DuckDBType.UnsignedHugeInt] = "UHUGEINT", [DuckDBType.VarInt] = "BIGNUM", [DuckDBType.Float] = "FLOAT", [DuckDBType.Double] = "DOUBLE",
        [DuckDBType.Blob] = "BLOB", [DuckDBType.Bit] = "BIT", [DuckDBType.Uuid] = "UUID", [DuckDBType.Date] = "DATE", [DuckDBType.Time] = "TIME", [DuckDBType.TimeTz] = "TIME WITH TIME ZONE",
        [DuckDBType.Timestamp] = "TIMESTAMP", [DuckDBType.TimestampS] = "TIMESTAMP_S", [DuckDBType.TimestampMs] = "TIMESTAMP_MS", [DuckDBType.TimestampNs] = "TIMESTAMP_NS",
        [DuckDBType.TimestampTz] = "TIMESTAMP WITH TIME ZONE", [DuckDBType.Interval] = "INTERVAL", [DuckDBType.SqlNull] = "\"NULL\"", [DuckDBType.Union] = "UNION",
        [(DuckDBType)39] = "TIME_NS", [(DuckDBType)40] = "GEOMETRY", [(DuckDBType)41] = "VARIANT",
    };

    /// <summary>The text of a type that DuckDB gives.</summary>
    public static unsafe string Of(DuckDBLogicalType type)
    {
        var id = Types.DuckDBGetTypeId(type);
        return id switch
        {
            DuckDBType.Varchar => DuckNative.Take(DuckNative.GetAlias(type)) == "JSON" ? "JSON" : "VARCHAR",
            DuckDBType.Decimal => string.Create(CultureInfo.InvariantCulture, $"DECIMAL({Types.DuckDBDecimalWidth(type)},{Types.DuckDBDecimalScale(type)})"),
            DuckDBType.List => Child(Types.DuckDBListTypeChildType(type)) + "[]",
            DuckDBType.Array => string.Create(CultureInfo.InvariantCulture, $"{Child(Types.DuckDBArrayTypeChildType(type))}[{Types.DuckDBArrayVectorGetSize(type)}]"),
            DuckDBType.Map => $"MAP({Child(Types.DuckDBMapTypeKeyType(type))}, {Child(Types.DuckDBMapTypeValueType(type))})",
            DuckDBType.Struct => $"STRUCT({string.Join(", ", Enumerable.Range(0, (int)Types.DuckDBStructTypeChildCount(type)).Select(i => Member(type, i)))})",
            DuckDBType.Enum => $"ENUM({string.Join(", ", Enumerable.Range(0, (int)Types.DuckDBEnumDictionarySize(type)).Select(i => DuckSession.Quote(Types.DuckDBEnumDictionaryValue(type, i), '\'')))})",
            _ => Words.GetValueOrDefault(id, id.ToString().ToUpperInvariant()),
        };
    }

    /// <summary>A type that is made of others; null for any other.</summary>
    public static NestedType? Parse(string text)
    {
        text = text.Trim();
        if (text.EndsWith(']'))
        {
            var open = text.LastIndexOf('[');
            return open <= 0 ? null : new NestedType(open == text.Length - 2 ? "list" : "array", [KeyValuePair.Create("", text[..open])]);
        }

        var start = text.IndexOf('(', StringComparison.Ordinal);
        var name = start < 0 ? "" : text[..start].Trim().ToLowerInvariant();
        return text.EndsWith(')') && name is "struct" or "map" or "enum" or "union" ? new NestedType(name, [.. Parts(text[(start + 1)..^1]).Select(p => ToMember(name, p))]) : null;
    }

    /// <summary>The values of an enumeration; none for any other type.</summary>
    public static IReadOnlyList<string> ValuesOf(string text) =>
        Parse(text) is { Name: "enum" } type ? [.. type.Members.Select(m => m.Value[1..^1].Replace("''", "'", StringComparison.Ordinal))] : [];

    /// <summary>The parts of a list that commas separate, but not those within quotes, parentheses or brackets.</summary>
    public static IEnumerable<string> Parts(string list)
    {
        var start = 0;
        foreach (var (at, letter) in Outside(list))
        {
            if (letter == ',')
            {
                yield return list[start..at].Trim();
                start = at + 1;
            }
        }

        yield return list[start..].Trim();
    }

    /// <summary>Where the first of a character stands that is not within quotes, parentheses or brackets; -1 for nowhere.</summary>
    public static int Find(string text, char letter) => Outside(text).Where(p => p.Letter == letter).Select(p => (int?)p.At).FirstOrDefault() ?? -1;

    private static IEnumerable<(int At, char Letter)> Outside(string text)
    {
        var depth = 0;
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (quote != '\0')
            {
                quote = letter == quote ? '\0' : quote;
                continue;
            }

            depth -= letter is ')' or ']' ? 1 : 0;
            if (depth == 0)
            {
                yield return (i, letter);
            }

            depth += letter is '(' or '[' ? 1 : 0;
            quote = letter is '\'' or '"' ? letter : quote;
        }
    }

    private static KeyValuePair<string, string> ToMember(string kind, string part)
    {
        if (kind is "map" or "enum")
        {
            return KeyValuePair.Create("", part);
        }

        var space = Find(part, ' ');
        return KeyValuePair.Create(Unquoted(part[..space]), part[(space + 1)..].Trim());
    }

    /// <summary>A name without its quotes.</summary>
    public static string Unquoted(string name) => name.StartsWith('"') ? name[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : name;

    private static string Member(DuckDBLogicalType type, int index) =>
        $"{DuckSession.Quote(Types.DuckDBStructTypeChildName(type, index), '"')} {Child(Types.DuckDBStructTypeChildType(type, index))}";

    private static string Child(DuckDBLogicalType type)
    {
        using (type)
        {
            return Of(type);
        }
    }
}
