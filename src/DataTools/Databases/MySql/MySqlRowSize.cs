using DataTools.Schemas;

namespace DataTools.Databases.MySql;

/// <summary>A row has at most 65,535 bytes without its long texts (https://mariadb.com/kb/en/innodb-limitations/), for which a text counts with all that it may become.</summary>
internal static class MySqlRowSize
{
    private const int MostBytes = 65_535;

    /// <summary>What stands in the row of a value that stands beside it.</summary>
    private const int PointerBytes = 12;

    /// <summary>A text that may have more bytes has a second one for its length.</summary>
    private const int ShortBytes = 255;

    private const int FlagsPerByte = 8;

    private static readonly Dictionary<string, int> Bytes = new(StringComparer.Ordinal)
    {
        ["tinyint"] = 1, ["year"] = 1, ["smallint"] = 2, ["enum"] = 2, ["mediumint"] = 3, ["date"] = 3, ["int"] = 4, ["float"] = 4, ["time"] = 6, ["timestamp"] = 7,
    };

    /// <summary>The table with its longest texts, as far as no key or index has them, beside the row where this would be too long.</summary>
    public static TableSchema Fit(TableSchema table, Action<string, string> lose)
    {
        var bytes = table.Columns.Sum(BytesOf) + (table.Columns.Count / FlagsPerByte) + 1;
        var keyed = table.Indexes.SelectMany(i => i.Columns).Concat(table.PrimaryKey?.Columns ?? []).Concat(table.ForeignKeys.SelectMany(k => k.Columns)).ToHashSet();
        var moved = new Dictionary<ColumnSchema, ColumnSchema>();
        foreach (var column in table.Columns.Where(c => LongType(c) is not null && !keyed.Contains(c.Name)).OrderByDescending(BytesOf).TakeWhile(_ => bytes > MostBytes))
        {
            bytes -= BytesOf(column) - PointerBytes;
            moved[column] = column with { NativeType = LongType(column)! };
            lose(column.Name, $"{column.NativeType} becomes {LongType(column)}, which takes longer values too: a row has at most {MostBytes} bytes without such");
        }

        return moved.Count == 0 ? table : table with { Columns = [.. table.Columns.Select(c => moved.GetValueOrDefault(c, c))] };
    }

    private static string? LongType(ColumnSchema column) => NativeType.Parse(column.NativeType).Name switch
    {
        "varchar" => "longtext",
        "varbinary" => "longblob",
        _ => null,
    };

    private static int BytesOf(ColumnSchema column)
    {
        var type = NativeType.Parse(column.NativeType);
        var name = type.Name.Split(' ')[0];
        return name switch
        {
            "varchar" or "varbinary" => Content() is var bytes && bytes > ShortBytes ? bytes + 2 : bytes + 1,
            "char" or "binary" => Content(),
            "decimal" => ((type.Precision ?? 0) / 2) + 2,
            _ when name.EndsWith("text", StringComparison.Ordinal) || name.EndsWith("blob", StringComparison.Ordinal) || name == "json" => PointerBytes,
            _ => Bytes.GetValueOrDefault(name, sizeof(long)),
        };

        int Content() => (type.Length ?? 1) * (!name.EndsWith("char", StringComparison.Ordinal) ? 1 : column.Collation?.StartsWith("utf8mb4", StringComparison.Ordinal) != false ? MySqlDialect.CharacterBytes : 1);
    }
}
