using System.Globalization;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Data.Kernels;
using DataTools.Errors;
using DataTools.Formats;
using DataTools.Schemas;

namespace DataTools.Databases.Reading;

/// <summary>
/// Cuts a table into ranges: whole numbers and dates evenly between the least and the greatest value, other keys by one pass over them in the database's own order, a
/// table without a key by the place of its rows.
/// </summary>
public static class KeyRanges
{
    /// <summary>How many keys are kept of a pass for each range that is wanted; among so many the bounds are near enough to even shares.</summary>
    internal const int KeptPerRange = 64;

    /// <summary>The ranges of a table, at most <paramref name="count"/>; empty where it can be read as a whole only. <paramref name="columns"/> name the key; empty for what the table offers.</summary>
    public static IReadOnlyList<KeyRange> Cut(SqlSession session, TableSchema table, int count, IReadOnlyList<string> columns, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count > 0)
        {
            return ByKey(session, table, Given(session, table, columns), count, cancellation);
        }

        var locator = session.FindLocator(table, cancellation);
        return locator is { IsStable: true } ? ByPlace(locator, count)
            : Key(session, table) is { } key ? ByKey(session, table, key, count, cancellation)
            : locator is not null ? ByPlace(locator, count)
            : [];
    }

    /// <summary>Ranges of whole numbers, even between the least and the greatest.</summary>
    public static IReadOnlyList<KeyRange> Even(KeyColumn column, long least, long most, int count) =>
        KeyRange.Between([column], [.. Steps(least, most, count).Select(b => new[] { b.ToString(CultureInfo.InvariantCulture) })]);

    /// <summary>Bounds at even distances in keys that stand in the database's order.</summary>
    internal static List<IReadOnlyList<string>> Spread(List<IReadOnlyList<string>> keys, int count) =>
    [
        .. Enumerable.Range(1, count - 1).Select(i => (int)((long)i * keys.Count / count)).Where(i => i > 0).Distinct().Select(i => keys[i])
            .DistinctBy(b => string.Join('\0', b)),
    ];

    private static List<KeyColumn> Given(SqlSession session, TableSchema table, IReadOnlyList<string> columns)
    {
        var found = columns.Select(c => table.Find(c) ?? throw DataErrors.ColumnNotFound(c, table.Name.ToString(), table.Columns.Select(t => t.Name))).ToList();
        return found.TrueForAll(c => CanCut(session, c)) && (found.Count == 1 || found.TrueForAll(c => !c.Nullable)) ? [.. found.Select(ToKey)]
            : throw DataErrors.InvalidOption($"'{table.Name}' cannot be cut by {string.Join(", ", columns)}: the values have no order that the database and its types agree on, or several columns may hold nulls.");
    }

    /// <summary>The primary key, or else a unique one, whose columns are never null.</summary>
    private static List<KeyColumn>? Key(SqlSession session, TableSchema table)
    {
        var keys = table.Indexes.Where(i => i is { IsUnique: true, Where: null }).Select(i => i.Columns);
        return (table.PrimaryKey is { } primary ? keys.Prepend(primary.Columns) : keys)
            .Select(k => k.Select(table.Find).ToList())
            .Where(k => k.TrueForAll(c => c is { Nullable: false } && CanCut(session, c)))
            .Select(k => k.ConvertAll(c => ToKey(c!)))
            .FirstOrDefault();
    }

    private static KeyColumn ToKey(ColumnSchema column) => new(column.Name, column.Type, column.Nullable);

    private static bool CanCut(SqlSession session, ColumnSchema column) =>
        session.Dialect.HasFixedTypes ? column.Type is not (NestedDataType or JsonType) && column.Values.Count == 0 : IsWhole(column.Type);

    private static bool IsWhole(DataType type) => type.ValueType == typeof(long) || type.ValueType == typeof(int);

    private static IReadOnlyList<KeyRange> ByPlace(RowLocator locator, int count) =>
        KeyRange.Between([locator.Column], [.. Steps(locator.Least, locator.Most, count).Select(b => new[] { locator.Bound(b) })]);

    private static IReadOnlyList<KeyRange> ByKey(SqlSession session, TableSchema table, List<KeyColumn> key, int count, CancellationToken cancellation)
    {
        if (key is [var only] && Numbers(only.Type) is { } numbers)
        {
            var column = session.Dialect.Quote(only.Name);
            using var ends = session.Read(Query($"SELECT min({column}) AS a, max({column}) AS b FROM {session.Dialect.Quote(table.Name)}"), Quiet(cancellation));
            return ends.ReadBatch(cancellation) is { Length: 1 } row && Number(row, 0) is { } least && Number(row, 1) is { } most
                ? KeyRange.Between(key, [.. Steps(least, most, count).Select(b => new[] { numbers.Text(b) })])
                : [new KeyRange(key, null, null)];

            long? Number(RecordBatch batch, int at) => numbers.Value(batch.Column(at), DataTypes.Of(batch.Schema.GetFieldByIndex(at)));
        }

        return KeyRange.Between(key, Pass(session, table, key, count, cancellation));
    }

    /// <summary>Bounds within a span, without its ends.</summary>
    private static IEnumerable<long> Steps(long least, long most, int count)
    {
        var width = (Int128)most - least + 1;
        return Enumerable.Range(1, Math.Max(count - 1, 0)).Select(i => (long)(least + (width * i / count))).Where(b => b > least).Distinct();
    }

    /// <summary>Reads all keys in order and keeps every so many.</summary>
    private static List<IReadOnlyList<string>> Pass(SqlSession session, TableSchema table, List<KeyColumn> key, int count, CancellationToken cancellation)
    {
        var names = session.Dialect.List(key.Select(k => k.Name));
        using var reader = session.Read(Query($"SELECT {names} FROM {session.Dialect.Quote(table.Name)} ORDER BY {names}"), Quiet(cancellation));
        var types = reader.Schema.FieldsList.Select(DataTypes.Of).ToArray();
        var kept = new List<IReadOnlyList<string>>();
        var (row, stride) = (0L, 1L);
        while (reader.ReadBatch(cancellation) is { } batch)
        {
            for (var i = 0; i < batch.Length; i++, row++)
            {
                if (row % stride != 0 || batch.Arrays.Any(a => a.IsNull(i)))
                {
                    continue;
                }

                kept.Add([.. batch.Arrays.Select((a, c) => Cast.TextAt(a, types[c], i))]);
                if (kept.Count == count * KeptPerRange * 2)
                {
                    kept = [.. kept.Where((_, n) => n % 2 == 0)];
                    stride *= 2;
                }
            }
        }

        return Spread(kept, count);
    }

    private static TableQuery Query(string text) => new() { Text = text, OnLoss = LossPolicy.Allow };

    private static DatabaseContext Quiet(CancellationToken cancellation) => new(new RejectLog(new RejectPolicy()), _ => { }, cancellation);

    /// <summary>How the values of a type are numbers, and numbers its values; null where they are not evenly spread numbers.</summary>
    private static Numbering? Numbers(DataType type) => type switch
    {
        _ when IsWhole(type) => new Numbering(
            (array, found) => long.TryParse(Cast.TextAt(array, found, 0), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
            number => number.ToString(CultureInfo.InvariantCulture)),
        FixedType<int> days when type is DateType => new Numbering((array, found) => found.Equals(type) ? array.Values<int>()[0] : null, number => Text(days, (int)number)),
        FixedType<long> time when type.Equals(DataTypes.Timestamp) || type.Equals(DataTypes.TimestampUtc) =>
            new Numbering((array, found) => found.Equals(type) ? array.Values<long>()[0] : null, number => Text(time, number)),
        _ => null,
    };

    private static string Text<T>(FixedType<T> type, T value)
        where T : unmanaged
    {
        Span<byte> text = stackalloc byte[64];
        type.TryFormat(value, text, out var written);
        return System.Text.Encoding.UTF8.GetString(text[..written]);
    }

    private sealed record Numbering(Func<IArrowArray, DataType, long?> Read, Func<long, string> Text)
    {
        public long? Value(IArrowArray array, DataType type) => array.IsNull(0) ? null : Read(array, type);
    }
}
