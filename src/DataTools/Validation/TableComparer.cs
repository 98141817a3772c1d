using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Validation.Hashing;

namespace DataTools.Validation;

/// <summary>Compares two tables, queries or files, whatever holds them.</summary>
public sealed class TableComparer
{
    /// <summary>Fewer rows than these cost less to send than to hash on both servers.</summary>
    private const long ManyRows = 1_000_000;

    /// <summary>The ranges into which databases cut a table: their sums are sent, and a thousand rows of each that differs.</summary>
    private const int ServerRanges = 4096;

    private readonly CompareSource _source;
    private readonly CompareSource _destination;
    private readonly CompareOptions _options;
    private readonly CompareContext _context;
    private readonly SideBySide _both;
    private readonly CheckList _checks;
    private ComparePlan? _plan;
    private IReadOnlyList<DifferentRow> _found = [];

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
        var (left, right) = (readers.Schema(true, columns), readers.Schema(false, columns));
        _plan = columns.Plan(left, right, key, _checks);
        if (_plan.Columns.Count == 0)
        {
            throw DataErrors.InvalidOption($"{_source.Name} and {_destination.Name} have no column in common that could be compared.");
        }

        if (_options.Tolerance > 0 && !_plan.HasKey)
        {
            throw DataErrors.InvalidOption("-Tolerance needs rows that can be told apart: name the columns of their key with -Key.");
        }

        foreach (var side in new[] { _source, _destination }.Where(s => s.Table is { IsFiltered: true }))
        {
            _context.Warn($"{side.Name}: the database shows this user only some of the rows, by policies (row-level security); the others are not compared.");
        }

        switch (_options.Method)
        {
            case CompareMethod.Count or CompareMethod.Sample:
                readers.Dispose();
                CompareCounts(left, right);
                break;
            default:
                CompareRows(left, right, readers);
                break;
        }

        StructureChecks.Add(_checks, _source, _destination, _plan, _options, _context.Cancellation);
        return _checks.All;
    }

    /// <summary>Throws where no statements can repair the destination, before all rows are read.</summary>
    public void RequireRepairable() => RepairScript.DialectOf(_destination);

    /// <summary>The statements that make the destination's rows those of the source, as far as <see cref="Run"/> has listed what differs.</summary>
    public IEnumerable<string> RepairStatements() => new RepairScript(_destination, _plan!).Statements(_found);

    private void CompareCounts(Schema left, Schema right)
    {
        var counts = Counts();
        var sampled = _options.Method == CompareMethod.Sample ? Sampled(left, right, counts.Source) : 0;
        var settled = false;
        if (_options.Recheck is { } delay && (counts.Source != counts.Destination || _found.Count > 0))
        {
            _found = Rechecked(_found, delay);
            settled = Counts() is var later && later.Source == later.Destination;
        }

        _checks.AddRows(counts.Source, counts.Destination, settled);
        if (_options.Method == CompareMethod.Sample)
        {
            _checks.AddSample(sampled, _found);
        }
    }

    private (long Source, long Destination) Counts() => _both.Run((side, token) => TableFacts.Count(side ? _source : _destination, token));

    /// <summary>Compares some rows and gives their number.</summary>
    private long Sampled(Schema left, Schema right, long count)
    {
        var search = new RowSearch(_source, _destination, _plan!, _options, _both, _context.Cancellation);
        var ranges = RangeKey(left, right) && TableFacts.Bounds(_source, _plan!.Columns[0].Source, _context.Cancellation) is { } bounds ? bounds : ((long, long)?)null;
        if (ranges is { } known)
        {
            search.MatchValues(TableFacts.RandomValues(_source, _plan!.Columns[0].Source, known, _options.SampleRows, _context.Cancellation));
        }
        else
        {
            search.MatchShare(_options.SampleRows, count);
        }

        _found = search.Matcher.Found;
        return search.Compared;
    }

    private void CompareRows(Schema left, Schema right, FirstReaders readers)
    {
        var rule = Rule(left, right);
        var search = new RowSearch(_source, _destination, _plan!, _options, _both, _context.Cancellation);
        search.Run(rule, readers.Take);
        _found = search.Matcher.Found;
        var vanished = 0;
        if (_found.Count > 0 && _options.Recheck is { } delay)
        {
            _found = Rechecked(_found, delay);
            vanished = Vanished(search.Matcher.Found, _found);
        }

        var sums = search.Sums!.Value;
        // The rows that differ were read after the sums were made, and not every database holds its state for both.
        var isLevel = _found.Count(f => f.Kind == DifferenceKind.Missing) == _found.Count(f => f.Kind == DifferenceKind.Extra);
        _checks.AddRows(sums.Source.Rows, sums.Destination.Rows, isLevel && !search.Matcher.IsFull);
        _checks.AddValues(sums, _plan!, _found, search.Matcher.IsFull, vanished);
    }

    /// <summary>Ranges where both sides are databases with an integer for a key, which can be asked for the rows of a range; else hashes.</summary>
    private BucketRule Rule(Schema left, Schema right)
    {
        var hashes = HashesOnServer(left, right);
        _plan = _plan! with { HashesText = hashes };
        if (RangeKey(left, right))
        {
            var bounds = new[] { TableFacts.Bounds(_source, _plan.Columns[0].Source, _context.Cancellation), TableFacts.Bounds(_destination, _plan.Columns[0].Destination, _context.Cancellation) }
                .OfType<(long Least, long Most)>().ToList();
            var (least, most) = bounds.Count > 0 ? (bounds.Min(b => b.Least), bounds.Max(b => b.Most)) : (0, -1);
            // Databases compute distances in 64 bits.
            if (most >= least && !(hashes && (Int128)most - least > long.MaxValue))
            {
                return new RangeBuckets(least, most, hashes ? ServerRanges : BucketRule.Count);
            }
        }

        return hashes ? new TextBuckets() : new HashBuckets();
    }

    private bool RangeKey(Schema left, Schema right) =>
        _plan!.HasKey && _source.Sql is not null && _destination.Sql is not null
        && RangeBuckets.IsKey(TypeOf(left, _plan.Columns[0].Source)) && RangeBuckets.IsKey(TypeOf(right, _plan.Columns[0].Destination));

    /// <summary>Whether a server is to hash: at least one must be able to, and no value may have a text that not every database makes alike.</summary>
    private bool HashesOnServer(Schema left, Schema right)
    {
        if (_options.Method is not (CompareMethod.Auto or CompareMethod.Hash))
        {
            return false;
        }

        var servers = new[] { ServerSums.Fields(_plan!, _source, true) is not null, ServerSums.Fields(_plan!, _destination, false) is not null };
        var whyNot = WhyNoText(left, right) ?? (servers.Contains(true) ? null : "no side can hash all of the columns");
        if (_options.Method == CompareMethod.Hash && whyNot is not null)
        {
            _context.Warn($"{_source.Name}: all rows are read, as -Method Stream does: {whyNot}.");
        }

        return whyNot is null && (_options.Method == CompareMethod.Hash || IsFar(servers));
    }

    /// <summary>Hashing costs both servers more than sending the rows, unless these are many and go far.</summary>
    private bool IsFar(bool[] servers) =>
        !servers.Contains(false) && !(_source.IsLocal && _destination.IsLocal) && TableFacts.Count(_source, _context.Cancellation) >= ManyRows;

    /// <summary>Why the values have no texts that all databases make alike; null where they have.</summary>
    private string? WhyNoText(Schema left, Schema right)
    {
        var unfit = _plan!.Columns.FirstOrDefault(c => !CanonicalText.IsPossible(c.Form, TypeOf(left, c.Source)) || !CanonicalText.IsPossible(c.Form, TypeOf(right, c.Destination)));
        return unfit is not null ? $"the column '{unfit.Source}' has no text that all databases make alike"
            : _options.NormalizeText ? "no database is asked to compose text"
            : _plan.Rules.TimestampUnit != 1 ? "one side has only milliseconds"
            : null;
    }

    private static DataType TypeOf(Schema schema, string column) => DataTypes.Of(schema.GetFieldByIndex(schema.IndexOf(column)));

    /// <summary>The rows that still differ some time later: the others were on their way.</summary>
    private IReadOnlyList<DifferentRow> Rechecked(IReadOnlyList<DifferentRow> found, TimeSpan delay)
    {
        _source.Release();
        _destination.Release();
        if (_context.Cancellation.WaitHandle.WaitOne(delay))
        {
            throw new OperationCanceledException(_context.Cancellation);
        }

        _source.Refresh();
        _destination.Refresh();
        if (found.Count == 0)
        {
            return found;
        }

        var again = new RowSearch(_source, _destination, _plan!, _options with { MaxDifferences = int.MaxValue }, _both, _context.Cancellation);
        var keys = found.Select(f => f.KeyHash).ToHashSet();
        again.MatchKeys(side => KeyConditions.Of(side ? _source : _destination, _plan!, side, found), keys);
        return again.Matcher.Found;
    }

    /// <summary>How many rows differ no more; of a key that several rows have, others may differ by then.</summary>
    private static int Vanished(IReadOnlyList<DifferentRow> found, IReadOnlyList<DifferentRow> again)
    {
        var left = again.CountBy(f => f.KeyHash).ToDictionary();
        return found.CountBy(f => f.KeyHash).Sum(f => Math.Max(0, f.Value - left.GetValueOrDefault(f.Key)));
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
