using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Validation;

/// <summary>Compares two tables, queries or files, whatever holds them.</summary>
public sealed class TableComparer
{
    private readonly CompareSource _source;
    private readonly CompareSource _destination;
    private readonly CompareOptions _options;
    private readonly CompareContext _context;
    private readonly SideBySide _both;
    private readonly CheckList _checks;

    /// <summary>A comparison of two sides, which belong to someone else; <paramref name="table"/> is what its results call it.</summary>
    public TableComparer(string table, CompareSource source, CompareSource destination, CompareOptions options, CompareContext context)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        (_source, _destination) = AlikeTyped(source, destination);
        _options = options;
        _context = context;
        _both = new SideBySide(context);
        _checks = new CheckList(table, source.Name, destination.Name);
    }

    /// <summary>Runs the checks.</summary>
    public IReadOnlyList<ComparisonCheck> Run()
    {
        using var readers = new FirstReaders(_source, _destination);
        var columns = new ColumnAgreement(readers.Names(true), readers.Names(false), _options, _source, _destination);
        var key = columns.FindKey(_source.Table, _destination.Table);
        readers.Open(columns);
        var plan = columns.Plan(readers.Reader(true).Schema, readers.Reader(false).Schema, key, _checks);
        if (_options.Tolerance > 0 && !plan.HasKey)
        {
            throw DataErrors.InvalidOption("-Tolerance needs rows that can be told apart: name the columns of their key with -Key.");
        }

        CompareRows(plan, readers);
        StructureChecks.Add(_checks, _source, _destination, plan);
        return _checks.All;
    }

    private void CompareRows(ComparePlan plan, FirstReaders readers)
    {
        if (plan.Columns.Count == 0)
        {
            throw DataErrors.InvalidOption($"{_source.Name} and {_destination.Name} have no column in common that could be compared.");
        }

        var rule = Rule(plan, readers);
        var search = new RowSearch(_source, _destination, plan, _options, _both, _context.Cancellation);
        search.Run(rule, readers.Take);
        var found = search.Matcher.Found;
        var vanished = 0;
        if (found.Count > 0 && _options.Recheck is { } delay)
        {
            found = Rechecked(plan, rule, found, delay);
            vanished = search.Matcher.Found.Count - found.Count;
        }

        var sums = search.Sums!.Value;
        _checks.AddRows(sums.Source.Rows, sums.Destination.Rows, vanished > 0 && found.All(f => f.Kind == DifferenceKind.Different));
        _checks.AddValues(sums, plan, found, search.Matcher.IsFull, vanished);
    }

    /// <summary>Ranges where both sides are databases with an integer for a key, which can be asked for the rows of a range; else hashes.</summary>
    private BucketRule Rule(ComparePlan plan, FirstReaders readers)
    {
        if (!plan.HasKey || _source.Sql is null || _destination.Sql is null || !IsRangeKey(true) || !IsRangeKey(false))
        {
            return new HashBuckets();
        }

        var bounds = new[] { readers.Bounds(true), readers.Bounds(false) }.OfType<(long Least, long Most)>().ToList();
        return bounds.Count == 0 ? new HashBuckets() : new RangeBuckets(bounds.Min(b => b.Least), bounds.Max(b => b.Most));

        bool IsRangeKey(bool side)
        {
            var schema = readers.Reader(side).Schema;
            return RangeBuckets.IsKey(DataTypes.Of(schema.GetFieldByIndex(schema.IndexOf(plan.Columns[0].NameOn(side)))));
        }
    }

    /// <summary>The rows that still differ some time later: the others were on their way.</summary>
    private List<DifferentRow> Rechecked(ComparePlan plan, BucketRule rule, IReadOnlyList<DifferentRow> found, TimeSpan delay)
    {
        if (_context.Cancellation.WaitHandle.WaitOne(delay))
        {
            throw new OperationCanceledException(_context.Cancellation);
        }

        _source.Refresh();
        _destination.Refresh();
        var again = new RowSearch(_source, _destination, plan, _options with { MaxDifferences = int.MaxValue }, _both, _context.Cancellation);
        var keys = found.Select(f => f.KeyHash).ToHashSet();
        again.MatchKeys(side => KeyConditions.Of(side ? _source : _destination, plan, side, found), keys);
        return [.. again.Matcher.Found];
    }

    /// <summary>Files that hold nothing but text are read as text where the other side has types: what is written there is then taken as those.</summary>
    private static (CompareSource Source, CompareSource Destination) AlikeTyped(CompareSource source, CompareSource destination) => (source, destination) switch
    {
        (FileSource { IsUntyped: true }, FileSource { IsUntyped: true }) => (source, destination),
        (FileSource { IsUntyped: true } file, _) => (file.AsText(), destination),
        (_, FileSource { IsUntyped: true } file) => (source, file.AsText()),
        _ => (source, destination),
    };
}
