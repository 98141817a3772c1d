using System.Globalization;
using DataTools.Data;

namespace DataTools.Validation;

/// <summary>The readers of the first reading of both sides. A side that does not know its columns is opened to learn them, and then not opened again.</summary>
internal sealed class FirstReaders : IDisposable
{
    private readonly CompareSource[] _sides;
    private readonly IBatchReader?[] _readers = new IBatchReader?[2];
    private readonly (long, long)?[] _bounds = new (long, long)?[2];

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

    /// <summary>Opens what is not open yet, for the columns that are compared.</summary>
    public void Open(ColumnAgreement columns)
    {
        foreach (var side in new[] { true, false })
        {
            // Before the rows are on their way, for a connection does one thing at a time.
            _bounds[At(side)] = _readers[At(side)] is null ? FindBounds(side, columns) : null;
            _readers[At(side)] ??= _sides[At(side)].Read(columns.Names(side), null);
        }
    }

    /// <summary>A side's reader.</summary>
    public IBatchReader Reader(bool source) => _readers[At(source)]!;

    /// <summary>The least and the greatest value of the key's first column, where it is an integer; null where nothing tells.</summary>
    public (long Least, long Most)? Bounds(bool source) => _bounds[At(source)];

    /// <summary>Hands a reader over to the one who reads it to its end.</summary>
    public IBatchReader Take(bool source)
    {
        var reader = Reader(source);
        _readers[At(source)] = null;
        return reader;
    }

    public void Dispose()
    {
        foreach (var reader in _readers)
        {
            reader?.Dispose();
        }
    }

    private static int At(bool source) => source ? 0 : 1;

    private (long, long)? FindBounds(bool side, ColumnAgreement columns)
    {
        var source = _sides[At(side)];
        if (source.Sql is not { } sql || columns.FirstKey(side) is not { } name || !RangeBuckets.IsKey(source.Table!.Find(name)!.Type))
        {
            return null;
        }

        var column = sql.Dialect.Quote(name);
        var where = (source as DatabaseSource)?.Where is { } given ? $" WHERE ({given}\n)" : "";
        return sql.Query(
            $"SELECT min({column}), max({column}) FROM {sql.Dialect.Quote(source.Table.Name)}{where}",
            r => r.IsDBNull(0) ? ((long, long)?)null : (Number(r, 0), Number(r, 1)),
            CancellationToken.None)[0];
    }

    private static long Number(System.Data.Common.DbDataReader reader, int column) => Convert.ToInt64(reader.GetValue(column), CultureInfo.InvariantCulture);
}
