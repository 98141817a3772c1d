using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Schemas;
using DataTools.Validation.Hashing;

namespace DataTools.Validation;

/// <summary>Finds the columns that both sides have, by name, and how their values are compared.</summary>
internal sealed class ColumnAgreement
{
    private readonly CompareOptions _options;
    private readonly CompareSource _source;
    private readonly CompareSource _destination;
    private readonly Dictionary<string, string?> _map;
    private readonly List<string> _missing;
    private readonly List<string> _extra;
    private List<(string Source, string Destination)> _pairs;

    public ColumnAgreement(IReadOnlyList<string> source, IReadOnlyList<string> destination, CompareOptions options, CompareSource left, CompareSource right)
    {
        _options = options;
        _source = left;
        _destination = right;
        _map = options.ColumnsAtDestination(left.Table?.Name);
        string[] mine = [.. Compared(source).Where(n => !_map.TryGetValue(n, out var to) || to is not null)];
        // What is left out of one side is left out of the other, where no other column has got its name.
        var leftOut = source.Except(mine, StringComparer.Ordinal).Select(Goal).Except(mine.Select(Goal), StringComparer.OrdinalIgnoreCase).ToHashSet(StringComparer.OrdinalIgnoreCase);
        string[] theirs = [.. Compared(destination).Where(n => !leftOut.Contains(n))];
        var partners = Partners(mine, theirs);
        _pairs = [.. mine.Where(partners.ContainsKey).Select(s => (s, partners[s]))];
        _missing = [.. mine.Except(_pairs.Select(p => p.Source), StringComparer.Ordinal).Select(Goal)];
        _extra = [.. theirs.Except(_pairs.Select(p => p.Destination), StringComparer.Ordinal).Where(c => c != right.OwnKey)];
    }

    /// <summary>The names of the columns on one side.</summary>
    public string[] Names(bool source) => [.. _pairs.Select(p => source ? p.Source : p.Destination)];

    /// <summary>The columns that tell rows apart, which now come first: those that the user named, else the primary key of either table.</summary>
    public int FindKey(TableSchema? source, TableSchema? destination)
    {
        var key = _options.Key.Count > 0 ? Required() : KeyOf(source, p => p.Source) ?? KeyOf(destination, p => p.Destination) ?? [];
        _pairs = [.. key, .. _pairs.Except(key)];
        return key.Count;
    }

    /// <summary>Agrees on the forms by the types that the readers have, and notes what is not alike.</summary>
    public ComparePlan Plan(Schema source, Schema destination, int key, CheckList checks)
    {
        checks.AddColumns(_missing, _extra, Names(true).Length);
        var columns = new List<ComparedColumn>();
        var unfit = new List<string>();
        var notes = new List<string>();
        for (var i = 0; i < _pairs.Count; i++)
        {
            var (left, right) = (TypeOf(source, _pairs[i].Source), TypeOf(destination, _pairs[i].Destination));
            if (CompareForms.Agree(left, right) is { } form)
            {
                columns.Add(new ComparedColumn(_pairs[i].Source, _pairs[i].Destination, form) { IsPlain = left is DecimalType a && right is DecimalType b && a.Scale == b.Scale });
                notes.AddRange(Note(_pairs[i].Source, left, right, form));
                continue;
            }

            if (i < key)
            {
                throw DataErrors.InvalidOption($"The column '{_pairs[i].Source}' of the key is {left.Describe()} at the source and {right.Describe()} at the destination: such values never match. Name another key with -Key.");
            }

            unfit.Add($"{_pairs[i].Source}: {left.Name} and {right.Name}");
        }

        checks.AddTypes(unfit, notes, columns.Count);
        return new ComparePlan(columns, key, new HashRules(_options.NormalizeText, Unit()), _options.Tolerance);
    }

    /// <summary>The coarser unit of time of the two.</summary>
    private long Unit() => new[] { _source, _destination }.Max(s => s.TimestampUnit);

    private static DataType TypeOf(Schema schema, string column) => DataTypes.Of(schema.GetFieldByIndex(schema.IndexOf(column)));

    private static IEnumerable<string> Note(string column, DataType left, DataType right, CompareForm form)
    {
        if (form is CompareForm.Single or CompareForm.Double && CompareForms.Of(left) != CompareForms.Of(right))
        {
            yield return $"{column} ({left.Name} and {right.Name}) is compared as {(form == CompareForm.Single ? "float" : "double")}";
        }
        else if (form == CompareForm.Timestamp && left is TimestampType a && right is TimestampType b && a.IsUtc != b.IsUtc)
        {
            yield return $"{column} ({left.Name} and {right.Name}): what has no zone is taken as UTC";
        }
    }

    private string[] Compared(IReadOnlyList<string> names) => [.. names.Where(n => !_options.IgnoreColumns.Any(p => ColumnNames.IsMatch(n, p)))];

    /// <summary>The name that a column of the source has at the destination.</summary>
    private string Goal(string name) => _map.GetValueOrDefault(name) ?? name;

    /// <summary>The columns of the same names: letter by letter, else case aside. None is that of two.</summary>
    private Dictionary<string, string> Partners(string[] mine, string[] theirs)
    {
        var partners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var comparison in new[] { StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase })
        {
            foreach (var name in mine.Where(n => !partners.ContainsKey(n)).Distinct(StringComparer.Ordinal).ToList())
            {
                if (System.Array.Find(theirs, t => string.Equals(t, Goal(name), comparison) && !partners.ContainsValue(t)) is { } partner)
                {
                    partners.Add(name, partner);
                }
            }
        }

        return partners;
    }

    private List<(string Source, string Destination)> Required() => [.. _options.Key.Distinct(StringComparer.OrdinalIgnoreCase).Select(k =>
        _pairs.FindIndex(p => string.Equals(p.Source, k, StringComparison.OrdinalIgnoreCase)) is >= 0 and var at ? _pairs[at]
            : throw DataErrors.ColumnNotFound(k, "What both sides have in common", Names(true)))];

    private List<(string Source, string Destination)>? KeyOf(TableSchema? table, Func<(string Source, string Destination), string> name)
    {
        var key = table?.PrimaryKey?.Columns.Select(k => _pairs.FindIndex(p => name(p) == k)).ToList();
        return key is null || key.Contains(-1) ? null : [.. key.Select(k => _pairs[k])];
    }
}
