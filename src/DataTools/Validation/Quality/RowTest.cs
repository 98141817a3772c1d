using System.Text.RegularExpressions;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Data.Kernels;
using DataTools.Errors;
using DataTools.Validation.Hashing;

namespace DataTools.Validation.Quality;

/// <summary>Tests rows batch by batch, counts those that break a rule, and keeps some of them as examples.</summary>
public abstract class RowTest(int examples)
{
    private readonly List<object?> _examples = [];

    /// <summary>The rows that break the rule.</summary>
    public long Failed { get; private set; }

    /// <summary>Some of the values that break it.</summary>
    public IReadOnlyList<object?> Examples => _examples;

    /// <summary>Tests the rows of a batch.</summary>
    public abstract void Add(RecordBatch batch);

    /// <summary>Ends the test after the last batch.</summary>
    public virtual void Complete()
    {
    }

    /// <summary>Counts a row; <paramref name="example"/> gives its value where one more is wanted.</summary>
    protected void Fail(Func<object?> example)
    {
        Failed++;
        if (_examples.Count < examples)
        {
            _examples.Add(example());
        }
    }
}

/// <summary>Makes the tests of rules for batches of a schema.</summary>
internal static class RowTests
{
    /// <summary>The test of a rule; <paramref name="open"/> reads the column that a reference leads to.</summary>
    public static RowTest For(QualityRule rule, Schema schema, string source, int examples, Func<string, string, IBatchReader> open, CancellationToken cancellation)
    {
        var columns = rule.Columns.Select(c => schema.Require(c, source)).ToArray();
        var type = DataTypes.Of(schema.GetFieldByIndex(columns[0]));
        return rule.Kind switch
        {
            QualityKind.NotNull => new ValueTest(columns[0], type, examples, (array, row) => array.IsNull(row)),
            QualityKind.Unique => new UniqueTest(schema, columns, examples),
            QualityKind.Range when rule.HasNumbers && (type is TextType || DataTypes.IsNumber(type)) => NumberRange(rule, columns[0], type, examples),
            QualityKind.Range => Range(rule, columns[0], type, examples),
            QualityKind.Pattern => Pattern(rule, columns[0], type, examples),
            QualityKind.Set => Set(rule, columns[0], type, examples),
            _ => Reference(rule, columns[0], type, examples, open, cancellation),
        };
    }

    private static ValueTest Range(QualityRule rule, int column, DataType type, int examples)
    {
        var least = rule.Min is null ? null : Bound(type, rule.Min, rule, isLeast: true);
        var most = rule.Max is null ? null : Bound(type, rule.Max, rule, isLeast: false);
        return new ValueTest(column, type, examples, (array, row) => !array.IsNull(row)
            && ((least is not null && Order.Compare(type, array, row, least, 0) < 0) || (most is not null && Order.Compare(type, array, row, most, 0) > 0)));
    }

    /// <summary>A bound as a value of the type that is tested. Of days, those from a time of day on begin with the next one.</summary>
    public static IArrowArray Bound(DataType type, object value, QualityRule rule, bool isLeast) =>
        Values(type, [type is DateType && value is DateTime { TimeOfDay.Ticks: > 0 } time ? time.Date.AddDays(isLeast ? 1 : 0) : value], rule);

    /// <summary>
    /// Numbers are compared digit by digit, whatever their types, for a bound that is rounded lets values pass. Texts that are to be numbers are not compared by their
    /// letters, by which 20 is beyond 100; one that is none breaks the rule.
    /// </summary>
    private static ValueTest NumberRange(QualityRule rule, int column, DataType type, int examples)
    {
        var (least, most) = (rule.Bound(rule.Min), rule.Bound(rule.Max));
        return new ValueTest(column, type, examples, (array, row) => !array.IsNull(row)
            && !(ExactNumber.TryParse(Cast.TextAt(array, type, row), out var value) && !(least?.CompareTo(value) > 0) && !(most?.CompareTo(value) < 0)));
    }

    private static ValueTest Pattern(QualityRule rule, int column, DataType type, int examples)
    {
        Regex pattern;
        try
        {
            // A pattern that would run for ages on some text is an error, not a hang.
            pattern = new Regex(rule.Pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
        }
        catch (ArgumentException e)
        {
            throw DataErrors.InvalidOption($"The pattern '{rule.Pattern}' of the column '{rule.ColumnText}' is no regular expression: {e.Message}");
        }

        return new ValueTest(column, type, examples, (array, row) => !array.IsNull(row) && !pattern.IsMatch(Cast.TextAt(array, type, row)));
    }

    private static ValueTest Set(QualityRule rule, int column, DataType type, int examples)
    {
        var form = CompareForms.Of(type);
        var allowed = new HashSet<UInt128>();
        AddHashes(allowed, Values(type, rule.Values, rule), Hasher(form, type));
        return new ValueTest(column, type, examples, NotIn(allowed, Hasher(form, type)));
    }

    private static ValueTest Reference(QualityRule rule, int column, DataType type, int examples, Func<string, string, IBatchReader> open, CancellationToken cancellation)
    {
        var name = rule.ReferenceColumn ?? rule.Columns[0];
        using var reader = open(rule.Reference, name);
        var at = reader.Schema.Require(name, rule.Reference);
        var theirs = DataTypes.Of(reader.Schema.GetFieldByIndex(at));
        var form = CompareForms.Agree(type, theirs)
            ?? throw DataErrors.InvalidOption($"The column '{rule.ColumnText}' is {type.Describe()} and '{name}' of {rule.Reference} {theirs.Describe()}: no value of one is one of the other.");
        var known = new HashSet<UInt128>();
        var hasher = Hasher(form, theirs);
        while (reader.ReadBatch(cancellation) is { } batch)
        {
            AddHashes(known, batch.Column(at), hasher);
        }

        return new ValueTest(column, type, examples, NotIn(known, Hasher(form, type)));
    }

    /// <summary>The values of a rule as a column of the type that is tested; a value that the type does not hold is an error of the rule.</summary>
    public static IArrowArray Values(DataType type, IReadOnlyList<object> values, QualityRule rule)
    {
        var builder = type.NewBuilder();
        foreach (var value in values)
        {
            // Bounds may be wider than the type, such as 2.5 for integers; their texts are tried, too.
            if (!builder.TryAppend(value) && !builder.TryAppendText(System.Text.Encoding.UTF8.GetBytes(DataTypes.TextOf(value) ?? ""), TextRules.Default))
            {
                throw DataErrors.InvalidOption($"The rule for the column '{rule.ColumnText}' names '{DataTypes.TextOf(value)}', which is not {type.Describe()}.");
            }
        }

        return builder.Finish();
    }

    private static ColumnHasher Hasher(CompareForm form, DataType type) => ColumnHashers.For(form, type, new HashRules(false, 1));

    private static void AddHashes(HashSet<UInt128> into, IArrowArray values, ColumnHasher hasher)
    {
        var (low, high) = Hashes(values, hasher);
        for (var row = 0; row < values.Length; row++)
        {
            into.Add(new UInt128(high[row], low[row]));
        }
    }

    private static (ulong[] Low, ulong[] High) Hashes(IArrowArray values, ColumnHasher hasher)
    {
        var (low, high) = (new ulong[values.Length], new ulong[values.Length]);
        hasher.Mix(values, low, high);
        return (low, high);
    }

    /// <summary>Tests against hashes; those of a batch's column are made once.</summary>
    private static Func<IArrowArray, int, bool> NotIn(HashSet<UInt128> allowed, ColumnHasher hasher)
    {
        IArrowArray? hashed = null;
        var (low, high) = (System.Array.Empty<ulong>(), System.Array.Empty<ulong>());
        return (array, row) =>
        {
            if (!ReferenceEquals(array, hashed))
            {
                (low, high) = Hashes(array, hasher);
                hashed = array;
            }

            return !array.IsNull(row) && !allowed.Contains(new UInt128(high[row], low[row]));
        };
    }
}

/// <summary>Tests the values of a column one by one.</summary>
internal sealed class ValueTest(int column, DataType type, int examples, Func<IArrowArray, int, bool> isBad) : RowTest(examples)
{
    public override void Add(RecordBatch batch)
    {
        var array = batch.Column(column);
        for (var row = 0; row < batch.Length; row++)
        {
            if (isBad(array, row))
            {
                var at = row;
                Fail(() => type.GetValueOrNull(array, at));
            }
        }
    }
}

/// <summary>
/// Finds values that occur more than once, by their hashes of 128 bits. Beyond some millions of different ones, hashes go to files and are told apart at the end; of these the
/// number is found, and no example.
/// </summary>
internal sealed class UniqueTest : RowTest
{
    private const int MemoryRows = 4_000_000;
    private const int Parts = 64;

    private readonly int[] _columns;
    private readonly RowHasher _hasher;
    private readonly HashSet<UInt128> _seen = [];
    private readonly BatchSpill?[] _spills = new BatchSpill?[Parts];
    private readonly Schema _spilled = new([DataTypes.Int64.ToField("low", false), DataTypes.Int64.ToField("high", false)], null);

    public UniqueTest(Schema schema, int[] columns, int examples)
        : base(examples)
    {
        _columns = columns;
        var compared = columns.Select(schema.GetFieldByIndex).Select(f => new ComparedColumn(f.Name, f.Name, CompareForms.Of(DataTypes.Of(f)))).ToList();
        _hasher = RowHasher.For(new ComparePlan(compared, 0, new HashRules(false, 1), 0), schema, source: true);
    }

    public override void Add(RecordBatch batch)
    {
        _hasher.Hash(batch);
        var rows = _hasher.Rows;
        var later = new Dictionary<int, BatchBuilder>();
        for (var row = 0; row < batch.Length; row++)
        {
            if (System.Array.Exists(_columns, c => batch.Column(c).IsNull(row)))
            {
                continue;
            }

            var hash = new UInt128(rows.High[row], rows.Low[row]);
            if (_seen.Contains(hash) || (_seen.Count < MemoryRows && !_seen.Add(hash)))
            {
                var at = row;
                Fail(() => ValueAt(batch, at));
            }
            else if (_seen.Count >= MemoryRows && !_seen.Contains(hash))
            {
                Keep(later, hash);
            }
        }

        foreach (var (part, builder) in later)
        {
            (_spills[part] ??= new BatchSpill(_spilled)).Write(builder.Finish());
        }
    }

    public override void Complete()
    {
        foreach (var spill in _spills.OfType<BatchSpill>())
        {
            _seen.Clear();
            foreach (var batch in spill.Read())
            {
                var low = batch.Column(0).Values<long>();
                var high = batch.Column(1).Values<long>();
                for (var row = 0; row < batch.Length; row++)
                {
                    if (!_seen.Add(new UInt128((ulong)high[row], (ulong)low[row])))
                    {
                        Fail(() => null);
                    }
                }
            }

            spill.Dispose();
        }
    }

    private void Keep(Dictionary<int, BatchBuilder> later, UInt128 hash)
    {
        var part = (int)((ulong)(hash >> 64) % Parts);
        if (!later.TryGetValue(part, out var builder))
        {
            later.Add(part, builder = new BatchBuilder(_spilled));
        }

        ((FixedColumnBuilder<long>)builder.Columns[0]).Append((long)(ulong)hash);
        ((FixedColumnBuilder<long>)builder.Columns[1]).Append((long)(ulong)(hash >> 64));
        builder.EndRow();
    }

    private object? ValueAt(RecordBatch batch, int row)
    {
        var values = System.Array.ConvertAll(_columns, c => DataTypes.Of(batch.Schema.GetFieldByIndex(c)).GetValueOrNull(batch.Column(c), row));
        return values.Length == 1 ? values[0] : string.Join(", ", values.Select(ShownValue.Of));
    }
}
