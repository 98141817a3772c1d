using System.Globalization;
using DataTools.Databases;
using DataTools.Validation.Hashing;

namespace DataTools.Validation;

/// <summary>Sums of buckets that a database makes by itself, over the texts of its fields.</summary>
internal static class ServerSums
{
    /// <summary>The fields behind which a number tells which of them are null.</summary>
    public const int FieldsOfGroup = 40;

    /// <summary>The ranges of one query where each is summed up by itself: its text stays far below what servers take.</summary>
    private const int RangesAtOnce = 256;

    /// <summary>The fields' texts in a side's SQL; null where it cannot make them all.</summary>
    public static HashedField[]? Fields(ComparePlan plan, CompareSource source, bool side)
    {
        if (source.Hashes is not { } hashes)
        {
            return null;
        }

        var fields = plan.Columns.Select((c, i) =>
            source.Table!.Find(c.NameOn(side)) is { } column && CanonicalText.IsPossible(c.Form, column.Type)
            && source.Sql!.Dialect.Quote(column.Name) is var name && hashes.Field(c.Form, c.IsPlain, column, name) is { } text
                ? new HashedField(text, plan.HasLength(i), column.Nullable ? name : null)
                : null).ToArray();
        return fields.Contains(null) ? null : [.. fields.OfType<HashedField>()];
    }

    /// <summary>The sums of one side's rows that meet a condition, made by one of its sessions.</summary>
    public static BucketSums Read(CompareSource source, SqlSession sql, HashedField[] fields, ComparePlan plan, BucketRule rule, string? condition, CancellationToken cancellation) =>
        Read(sql, rule, [Query(source, fields, condition, source.Hashes!.TextBucket(KeyText(fields, plan)))], cancellation);

    /// <summary>The sums of one side's rows in a run of ranges of the key, made by one of its sessions.</summary>
    public static BucketSums Read(CompareSource source, SqlSession sql, HashedField[] fields, string key, RangeBuckets ranges, (int First, int Last) run, CancellationToken cancellation)
    {
        var (hashes, column) = (source.Hashes!, sql.Dialect.Quote(key));
        if (!hashes.LieInOrder(source.Table!, key))
        {
            return Read(sql, ranges, [InRange(run)], cancellation);
        }

        var each = ranges.Each(run.First, run.Last).Chunk(RangesAtOnce);
        return Read(sql, ranges, each.Select(some => string.Join(" UNION ALL ", some.Select(InRange))), cancellation);

        string InRange((int First, int Last) part) => Query(
            source,
            fields,
            ranges.Condition(column, part.First, part.Last),
            part.First == part.Last ? part.First.ToString(CultureInfo.InvariantCulture) : hashes.RangeBucket(column, ranges.Parts.Least, ranges.Parts.Shift));
    }

    /// <summary>The condition that leaves the rows of some buckets of keys.</summary>
    public static string Condition(CompareSource source, HashedField[] fields, ComparePlan plan, IEnumerable<int> buckets) =>
        $"{source.Hashes!.TextBucket(KeyText(fields, plan))} IN ({string.Join(", ", buckets.Select(b => b.ToString(CultureInfo.InvariantCulture)))})";

    private static string Query(CompareSource source, HashedField[] fields, string? condition, string bucket)
    {
        var where = source.Where is null ? condition : condition is null ? $"({source.Where}\n)" : $"({source.Where}\n) AND {condition}";
        return source.Hashes!.Sums(source.Sql!.Dialect.Quote(source.Table!.Name), where, bucket, RowText(fields));
    }

    private static BucketSums Read(SqlSession sql, BucketRule rule, IEnumerable<string> queries, CancellationToken cancellation)
    {
        var sums = new BucketSums();
        foreach (var (at, count, sum) in queries.SelectMany(q => sql.Query(
            q,
            r => (rule.Bucket(r.IsDBNull(0) ? null : Convert.ToDecimal(r.GetValue(0), CultureInfo.InvariantCulture)), Convert.ToInt64(r.GetValue(1), CultureInfo.InvariantCulture), Int128.Parse(r.GetString(2), CultureInfo.InvariantCulture)),
            cancellation)))
        {
            sums.Add(at, count, unchecked((UInt128)sum));
        }

        return sums;
    }

    private static string KeyText(HashedField[] fields, ComparePlan plan) => RowText(plan.HasKey ? fields[..plan.KeyCount] : fields);

    /// <summary>The text of a row, as <see cref="TextRowHasher"/> writes it; a function of PostgreSQL's takes no more than 100 arguments.</summary>
    private static string RowText(HashedField[] fields) => fields.Length <= FieldsOfGroup ? Group(fields) : Joined(fields.Chunk(FieldsOfGroup).Select(Group));

    private static string Group(HashedField[] fields) => Joined(fields.SelectMany(f => f.HasLength ? [$"octet_length({f.Text})", f.Text] : (string[])[f.Text]).Append(Nulls(fields)));

    private static string Joined(IEnumerable<string> parts) => $"concat_ws('|', {string.Join(", ", parts)})";

    /// <summary>Which fields are null, a bit for each by its place. Few are, so it is asked first whether there is any.</summary>
    private static string Nulls(HashedField[] fields)
    {
        var bits = fields.Select((f, i) => (Name: f.Nullable, Bit: 1L << i)).Where(f => f.Name is not null).ToList();
        return bits.Count == 0 ? "0"
            : $"CASE WHEN {string.Join(" OR ", bits.Select(b => $"{b.Name} IS NULL"))} THEN {string.Join(" + ", bits.Select(b => string.Create(CultureInfo.InvariantCulture, $"CASE WHEN {b.Name} IS NULL THEN {b.Bit} ELSE 0 END")))} ELSE 0 END";
    }
}

/// <summary>A field of a row in a database's SQL.</summary>
/// <param name="Text">Its text.</param>
/// <param name="HasLength">Whether its length goes before it, as it may hold anything.</param>
/// <param name="Nullable">The column's name, where it may be null.</param>
internal sealed record HashedField(string Text, bool HasLength, string? Nullable);
