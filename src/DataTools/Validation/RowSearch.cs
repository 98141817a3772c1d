using System.Globalization;
using System.Runtime.InteropServices;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Data.Kernels;
using DataTools.Validation.Hashing;

namespace DataTools.Validation;

/// <summary>
/// Compares the rows of two sides: both are read once, and their hashes are summed in buckets. Only the rows of buckets whose sums differ are looked at one by one:
/// where a database can be asked for them by ranges of the key, no others are read.
/// </summary>
internal sealed class RowSearch(CompareSource source, CompareSource destination, ComparePlan plan, CompareOptions options, SideBySide both, CancellationToken cancellation)
{
    /// <summary>Adds those of a batch's rows that are to be looked at; the batch is hashed.</summary>
    private delegate void RowChoice(RecordBatch batch, RowHasher hasher, List<int> rows);

    /// <summary>A range with more rows than these is cut once more before its rows are looked at.</summary>
    private const long LargeRange = 200_000;

    /// <summary>Ranges are asked for together up to so many rows.</summary>
    private const long JoinedRows = 20_000;

    /// <summary>More ranges than these cost more than one reading of all rows.</summary>
    private const int MostRanges = 4096;

    private readonly RowMatcher _matcher = new(plan, options.MaxDifferences, cancellation);

    /// <summary>The rows that differ.</summary>
    public RowMatcher Matcher => _matcher;

    /// <summary>The source's rows that were looked at one by one.</summary>
    public long Compared { get; private set; }

    /// <summary>The sums of the first reading.</summary>
    public (BucketSums Source, BucketSums Destination)? Sums { get; private set; }

    /// <summary>Reads both sides and finds the rows that differ. <paramref name="open"/> gives the readers of the first reading, where they are open already.</summary>
    public void Run(BucketRule rule, Func<bool, IBatchReader>? open = null) => Find(rule, _ => null, open);

    /// <summary>Looks at the rows that meet conditions, and of those only at the ones with some keys, one by one.</summary>
    public void MatchKeys(Func<bool, string?> condition, HashSet<UInt128> keys) => Match(
        condition,
        (batch, hasher, rows) =>
        {
            for (var row = 0; row < batch.Length; row++)
            {
                if (keys.Contains(new UInt128(hasher.Keys.High[row], hasher.Keys.Low[row])))
                {
                    rows.Add(row);
                }
            }
        });

    /// <summary>Looks at about so many of a number of rows, chosen by the hash of their key, which is the same on both sides.</summary>
    public void MatchShare(long wanted, long of)
    {
        var share = (ulong)Math.Max(1, of / Math.Max(1, wanted));
        var chosen = (ulong)Random.Shared.NextInt64((long)share);
        Match(
            _ => null,
            (batch, hasher, rows) =>
            {
                for (var row = 0; row < batch.Length; row++)
                {
                    if (hasher.Keys.Low[row] % share == chosen)
                    {
                        rows.Add(row);
                    }
                }
            });
    }

    /// <summary>Looks at the rows whose key's first column has some values.</summary>
    public void MatchValues(IEnumerable<long> values)
    {
        foreach (var some in values.Chunk(500))
        {
            var list = string.Join(", ", some.Select(v => v.ToString(CultureInfo.InvariantCulture)));
            Match(side => $"{Side(side).Sql!.Dialect.Quote(plan.Columns[0].NameOn(side))} IN ({list})", null);
        }
    }

    private void Find(BucketRule rule, Func<bool, string?> condition, Func<bool, IBatchReader>? open)
    {
        var sums = (Source: new BucketSums(), Destination: new BucketSums());
        foreach (var (side, part) in both.RunAll([.. Summing(true, rule, condition(true), open), .. Summing(false, rule, condition(false), open)]))
        {
            (side ? sums.Source : sums.Destination).Add(part);
        }

        Sums ??= sums;
        var differing = Enumerable.Range(0, BucketRule.Count).Where(b => !sums.Source.IsSame(sums.Destination, b)).ToList();
        if (differing.Count == 0)
        {
            return;
        }

        if (rule is RangeBuckets ranges && Ranges(ranges, differing, sums) is { Count: <= MostRanges } groups)
        {
            FindInRanges(groups);
            return;
        }

        var wanted = new bool[BucketRule.Count];
        differing.ForEach(b => wanted[b] = true);
        Match(side => rule is TextBuckets && Fields(side) is { } fields ? And(condition(side), ServerSums.Condition(Side(side), fields, plan, differing)) : condition(side), (batch, hasher, rows) => Choose(batch, hasher, rule, wanted, rows));
    }

    /// <summary>The works that make the sums of a side: by its database, over several connections where ranges of the key can be told to it, or here.</summary>
    private IEnumerable<Func<CancellationToken, (bool Side, BucketSums Sums)>> Summing(bool side, BucketRule rule, string? condition, Func<bool, IBatchReader>? open)
    {
        var from = Side(side);
        if (Fields(side) is not { } fields)
        {
            return [token => (side, Sum(side, rule, open?.Invoke(side) ?? from.Read(plan.Names(side), condition), token))];
        }

        if (rule is not RangeBuckets ranges)
        {
            return [token => (side, ServerSums.Read(from, from.Sql!, fields, plan, rule, condition, token))];
        }

        var sessions = from.Sessions(options.Partitions ?? from.Hashes!.Connections);
        return sessions.Zip(ranges.Cut(sessions.Count), (session, run) => new Func<CancellationToken, (bool, BucketSums)>(
            token => (side, ServerSums.Read(from, session, fields, plan.Columns[0].NameOn(side), ranges, run, token))));
    }

    private void FindInRanges(List<(Func<bool, string?> Condition, long Rows)> groups)
    {
        foreach (var (condition, rows) in groups)
        {
            if (_matcher.IsFull)
            {
                return;
            }

            if (rows > LargeRange)
            {
                Find(plan.HashesText ? new TextBuckets() : new HashBuckets(), condition, null);
            }
            else
            {
                Match(condition, null);
            }
        }
    }

    private static string And(string? left, string right) => left is null ? right : $"{left} AND {right}";

    private static void Choose(RecordBatch batch, RowHasher hasher, BucketRule rule, bool[] wanted, List<int> rows)
    {
        var buckets = new int[batch.Length];
        rule.Fill(batch, hasher, buckets);
        for (var row = 0; row < buckets.Length; row++)
        {
            if (wanted[buckets[row]])
            {
                rows.Add(row);
            }
        }
    }

    /// <summary>The texts of the fields, where that side's database is to hash them.</summary>
    private HashedField[]? Fields(bool side) => plan.HashesText ? ServerSums.Fields(plan, Side(side), side) : null;

    private CompareSource Side(bool side) => side ? source : destination;

    private BucketSums Sum(bool side, BucketRule rule, IBatchReader inner, CancellationToken token)
    {
        using var reader = new ReadAhead(inner);
        var hasher = RowHasher.For(plan, reader.Schema, side);
        var sums = new BucketSums();
        var buckets = System.Array.Empty<int>();
        while (reader.ReadBatch(token) is { } batch)
        {
            System.Array.Resize(ref buckets, Math.Max(buckets.Length, batch.Length));
            hasher.Hash(batch);
            var filled = buckets.AsSpan(0, batch.Length);
            rule.Fill(batch, hasher, filled);
            sums.Add(filled, hasher.Rows.Low, hasher.Rows.High);
            both.CountRows(batch.Length);
        }

        return sums;
    }

    /// <summary>Reads the rows that meet a condition and a filter from both sides, and compares them one by one.</summary>
    private void Match(Func<bool, string?> condition, RowChoice? choose)
    {
        var stores = both.Run((side, token) => Gather(side, condition(side), choose, token));
        using (stores.Source)
        using (stores.Destination)
        {
            Compared += stores.Source.Count;
            _matcher.Match(stores.Source, stores.Destination);
        }
    }

    private RowStore Gather(bool side, string? condition, RowChoice? choose, CancellationToken token)
    {
        using var reader = Side(side).Read(plan.Names(side), condition);
        var hasher = RowHasher.For(plan, reader.Schema, side);
        var store = new RowStore(reader.Schema, hasher, options.MemoryBytes);
        try
        {
            while (reader.ReadBatch(token) is { } batch)
            {
                store.Add(choose is null ? batch : Chosen(batch, hasher, choose));
            }

            return store;
        }
        catch
        {
            // Its files go now, and not when memory is cleaned up.
            store.Dispose();
            throw;
        }
    }

    private static RecordBatch Chosen(RecordBatch batch, RowHasher hasher, RowChoice choose)
    {
        var rows = new List<int>();
        hasher.Hash(batch);
        choose(batch, hasher, rows);
        return rows.Count == batch.Length ? batch : Take.Copies(batch, CollectionsMarshal.AsSpan(rows));
    }

    /// <summary>Neighbouring buckets as conditions on the key's first column; null where the sides cannot be asked so.</summary>
    private List<(Func<bool, string?> Condition, long Rows)>? Ranges(RangeBuckets rule, List<int> differing, (BucketSums Source, BucketSums Destination) sums)
    {
        if (source.Sql is null || destination.Sql is null)
        {
            return null;
        }

        var groups = new List<(Func<bool, string?>, long)>();
        for (var i = 0; i < differing.Count;)
        {
            var first = differing[i];
            var last = first;
            var rows = Rows(first);
            for (i++; i < differing.Count && rows + Rows(last + 1, differing[i]) <= JoinedRows && differing[i] - last < 16; i++)
            {
                rows += Rows(last + 1, differing[i]);
                last = differing[i];
            }

            var end = last;
            groups.Add((side => rule.Condition(Side(side).Sql!.Dialect.Quote(plan.Columns[0].NameOn(side)), first, end), rows));
        }

        return groups;

        long Rows(int from, int? to = null) => Enumerable.Range(from, (to ?? from) - from + 1).Sum(b => Math.Max(sums.Source.CountOf(b), sums.Destination.CountOf(b)));
    }
}
