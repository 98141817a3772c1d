using System.Globalization;
using DataTools.Databases;
using DataTools.Validation.Hashing;

namespace DataTools.Validation;

/// <summary>Sums of buckets that a database makes by itself, over the texts of its fields.</summary>
internal static class ServerSums
{
    /// <summary>The fields behind which a number tells which of them are null.</summary>
    public const int FieldsOfGroup = 40;

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
    public static BucketSums Read(CompareSource source, SqlSession sql, HashedField[] fields, ComparePlan plan, bool side, BucketRule rule, string? condition, CancellationToken cancellation)
    {
        var hashes = source.Hashes!;
        var where = source.Where is null ? condition : condition is null ? $"({source.Where}\n)" : $"({source.Where}\n) AND {condition}";
        var bucket = rule is RangeBuckets { Parts: var (least, shift) }
            ? hashes.RangeBucket(sql.Dialect.Quote(plan.Columns[0].NameOn(side)), least, shift)
            : hashes.TextBucket(KeyText(fields, plan));
        var sums = new BucketSums();
        foreach (var (at, count, sum) in sql.Query(
            hashes.Sums(sql.Dialect.Quote(source.Table!.Name), where, bucket, RowText(fields)),
            r => (rule.Bucket(r.IsDBNull(0) ? null : Convert.ToDecimal(r.GetValue(0), CultureInfo.InvariantCulture)), Convert.ToInt64(r.GetValue(1), CultureInfo.InvariantCulture), Int128.Parse(r.GetString(2), CultureInfo.InvariantCulture)),
            cancellation))
        {
            sums.Add(at, count, unchecked((UInt128)sum));
        }

        return sums;
    }

    /// <summary>The condition that leaves the rows of some buckets of keys.</summary>
    public static string Condition(CompareSource source, HashedField[] fields, ComparePlan plan, IEnumerable<int> buckets) =>
        $"{source.Hashes!.TextBucket(KeyText(fields, plan))} IN ({string.Join(", ", buckets.Select(b => b.ToString(CultureInfo.InvariantCulture)))})";

    private static string KeyText(HashedField[] fields, ComparePlan plan) => RowText(plan.HasKey ? fields[..plan.KeyCount] : fields);

    /// <summary>The text of a row, as <see cref="TextRowHasher"/> writes it; a function of PostgreSQL's takes no more than 100 arguments.</summary>
    private static string RowText(HashedField[] fields) => Joined(fields.Chunk(FieldsOfGroup).Select(Group));

    private static string Group(HashedField[] fields) => Joined(
        fields.SelectMany(f => f.HasLength ? [f.Nullable is null ? $"octet_length({f.Text})" : $"coalesce(octet_length({f.Text}), -1)", f.Text] : (string[])[f.Text]).Append(Nulls(fields)));

    private static string Joined(IEnumerable<string> parts) => $"concat_ws('|', {string.Join(", ", parts)})";

    /// <summary>Which fields that have no length are null, a bit for each by its place. Few are, so it is asked first whether there is any.</summary>
    private static string Nulls(HashedField[] fields)
    {
        var bits = fields.Select((f, i) => (Name: f.HasLength ? null : f.Nullable, Bit: 1L << i)).Where(f => f.Name is not null).ToList();
        return bits.Count == 0 ? "0"
            : $"CASE WHEN {string.Join(" OR ", bits.Select(b => $"{b.Name} IS NULL"))} THEN {string.Join(" + ", bits.Select(b => string.Create(CultureInfo.InvariantCulture, $"CASE WHEN {b.Name} IS NULL THEN {b.Bit} ELSE 0 END")))} ELSE 0 END";
    }
}

/// <summary>A field of a row in a database's SQL.</summary>
/// <param name="Text">Its text.</param>
/// <param name="HasLength">Whether its length goes before it, as it may hold anything.</param>
/// <param name="Nullable">The column's name, where it may be null.</param>
internal sealed record HashedField(string Text, bool HasLength, string? Nullable);
