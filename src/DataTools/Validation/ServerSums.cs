using System.Globalization;
using DataTools.Data;

namespace DataTools.Validation;

/// <summary>Sums of buckets that a database makes by itself, over the texts of its fields.</summary>
internal static class ServerSums
{
    /// <summary>The fields' texts in a side's SQL; null where it cannot make them all.</summary>
    public static string[]? Fields(ComparePlan plan, CompareSource source, bool side)
    {
        if (source.Hashes is not { } hashes)
        {
            return null;
        }

        var fields = plan.Columns.Select(c => source.Table!.Find(c.NameOn(side)) is { } column && CanonicalForm(c.Form, column.Type)
            ? hashes.Field(c.Form, column, source.Sql!.Dialect.Quote(column.Name)) : null).ToArray();
        return fields.Contains(null) ? null : [.. fields.OfType<string>()];
    }

    /// <summary>The sums of one side.</summary>
    public static BucketSums Read(CompareSource source, string[] fields, ComparePlan plan, bool side, BucketRule rule, string? condition, CancellationToken cancellation)
    {
        var (hashes, sql) = (source.Hashes!, source.Sql!);
        var where = source.Where is null ? condition : condition is null ? $"({source.Where}\n)" : $"({source.Where}\n) AND {condition}";
        var bucket = rule is RangeBuckets { Parts: var (least, shift, last) }
            ? hashes.RangeBucket(sql.Dialect.Quote(plan.Columns[0].NameOn(side)), least, shift, last)
            : hashes.TextBucket(KeyText(source, fields, plan));
        var sums = new BucketSums();
        foreach (var (at, count, sum) in sql.Query(
            hashes.Sums(sql.Dialect.Quote(source.Table!.Name), where, bucket, hashes.Join(fields)),
            r => (Convert.ToInt32(r.GetValue(0), CultureInfo.InvariantCulture), Convert.ToInt64(r.GetValue(1), CultureInfo.InvariantCulture), Int128.Parse(r.GetString(2), CultureInfo.InvariantCulture)),
            cancellation))
        {
            sums.Add(at, count, unchecked((UInt128)sum));
        }

        return sums;
    }

    /// <summary>The condition that leaves the rows of some buckets of keys.</summary>
    public static string Condition(CompareSource source, string[] fields, ComparePlan plan, IEnumerable<int> buckets) =>
        $"{source.Hashes!.TextBucket(KeyText(source, fields, plan))} IN ({string.Join(", ", buckets.Select(b => b.ToString(CultureInfo.InvariantCulture)))})";

    private static string KeyText(CompareSource source, string[] fields, ComparePlan plan) => source.Hashes!.Join(plan.HasKey ? fields[..plan.KeyCount] : fields);

    private static bool CanonicalForm(CompareForm form, DataType type) => Hashing.CanonicalText.IsPossible(form, type);
}
