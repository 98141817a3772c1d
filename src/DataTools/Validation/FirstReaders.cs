using System.Globalization;
using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Validation;

/// <summary>
/// The readers of the first reading of both sides. A side that does not know its columns is opened to learn them, and then not opened again; one whose types are known
/// is opened only when its rows are asked for.
/// </summary>
internal sealed class FirstReaders : IDisposable
{
    private readonly CompareSource[] _sides;
    private readonly IBatchReader?[] _readers = new IBatchReader?[2];
    private string[][] _names = [[], []];

    public FirstReaders(CompareSource source, CompareSource destination)
    {
        _sides = [source, destination];
        try
        {
            for (var i = 0; i < _sides.Length; i++)
            {
                _readers[i] = _sides[i].Columns is null ? _sides[i].Read(null, null) : null;
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The names of a side's columns.</summary>
    public IReadOnlyList<string> Names(bool source) => _readers[At(source)]?.Schema.Names() ?? _sides[At(source)].Columns!;

    /// <summary>
    /// The types of the columns that are compared: those that the table or view declares, where values have no others, else those that a reader finds. While that is open, few
    /// databases take another query.
    /// </summary>
    public Schema Schema(bool source, ColumnAgreement columns)
    {
        var (at, side) = (At(source), _sides[At(source)]);
        _names[at] = columns.Names(source);
        if (_readers[at] is null && side.Sql is { Dialect.HasFixedTypes: true })
        {
            return new Schema(_names[at].Select(n => side.Table!.Find(n)!).Select(c => c.Type.ToField(c.Name)), null);
        }

        _readers[at] ??= side.Read(_names[at], null);
        return _readers[at]!.Schema;
    }

    /// <summary>Hands a reader over to the one who reads it to its end.</summary>
    public IBatchReader Take(bool source)
    {
        var reader = _readers[At(source)] ?? _sides[At(source)].Read(_names[At(source)], null);
        _readers[At(source)] = null;
        return reader;
    }

    public void Dispose()
    {
        for (var i = 0; i < _readers.Length; i++)
        {
            _readers[i]?.Dispose();
            _readers[i] = null;
        }
    }

    private static int At(bool source) => source ? 0 : 1;
}

/// <summary>What a database tells of a table at once.</summary>
internal static class TableFacts
{
    /// <summary>The least and the greatest value of a column, where it is an integer of a table; null where nothing tells, or there is no row.</summary>
    public static (long Least, long Most)? Bounds(CompareSource source, string column, CancellationToken cancellation)
    {
        if (source.Sql is not { } sql || source.Table!.Find(column) is not { } found || !RangeBuckets.IsKey(found.Type))
        {
            return null;
        }

        var name = sql.Dialect.Quote(found.Name);
        return sql.Query($"SELECT min({name}), max({name}) FROM {From(source)}", r => r.IsDBNull(0) ? ((long, long)?)null : (Number(r, 0), Number(r, 1)), cancellation)[0];
    }

    /// <summary>The number of rows: counted by the database, or here.</summary>
    public static long Count(CompareSource source, CancellationToken cancellation)
    {
        if (source.Sql is { } sql)
        {
            return sql.Query($"SELECT count(*) FROM {From(source)}", r => Number(r, 0), cancellation)[0];
        }

        using var reader = source.Read(null, null);
        var rows = 0L;
        while (reader.ReadBatch(cancellation) is { } batch)
        {
            rows += batch.Length;
        }

        return rows;
    }

    /// <summary>Values of an integer column chosen at random: of each of some numbers between the bounds, the next value that there is.</summary>
    public static HashSet<long> RandomValues(CompareSource source, string column, (long Least, long Most) bounds, int count, CancellationToken cancellation)
    {
        const int AtOnce = 50;
        var sql = source.Sql!;
        var name = sql.Dialect.Quote(source.Table!.Find(column)!.Name);
        var found = new HashSet<long>();
        foreach (var some in Numbers(bounds, count).Chunk(AtOnce))
        {
            var next = some.Select(v => string.Create(CultureInfo.InvariantCulture, $"(SELECT min({name}) FROM {From(source, $"{name} >= {v}")})"));
            found.UnionWith(sql.Query($"SELECT {string.Join(", ", next)}", r => Enumerable.Range(0, r.FieldCount).Where(i => !r.IsDBNull(i)).Select(i => Number(r, i)).ToList(), cancellation)[0]);
        }

        return found;
    }

    /// <summary>So many numbers between the bounds, or all where there are no more.</summary>
    private static IEnumerable<long> Numbers((long Least, long Most) bounds, int count) => (Int128)bounds.Most - bounds.Least < count
        ? Enumerable.Range(0, (int)(bounds.Most - bounds.Least) + 1).Select(i => bounds.Least + i)
        : Enumerable.Range(0, count).Select(_ => Random.Shared.NextInt64(bounds.Least, Math.Max(bounds.Most, unchecked(bounds.Most + 1))));

    private static string From(CompareSource source, string? condition = null)
    {
        var table = source.Sql!.Dialect.Quote(source.Table!.Name);
        var all = new[] { source.Where is null ? null : $"({source.Where}\n)", condition }.OfType<string>().ToList();
        return all.Count == 0 ? table : $"{table} WHERE {string.Join(" AND ", all)}";
    }

    private static long Number(System.Data.Common.DbDataReader reader, int column) => Convert.ToInt64(reader.GetValue(column), CultureInfo.InvariantCulture);
}
