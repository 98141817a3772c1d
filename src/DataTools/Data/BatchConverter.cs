using Apache.Arrow;
using DataTools.Data.Kernels;
using DataTools.Errors;

namespace DataTools.Data;

/// <summary>
/// Gives batches the columns of another schema, found by name: converted where the type differs, null where the source has none. A row with a value
/// that would change is a reject.
/// </summary>
public sealed class BatchConverter
{
    private readonly Schema _from;
    private readonly int[] _sources;
    private readonly string _source;
    private readonly RejectLog _rejects;
    private readonly TextRules _rules;
    private readonly bool _isIdentity;
    private long _rows;

    /// <summary>A converter from one schema to another; <paramref name="source"/> is what messages call the data.</summary>
    public BatchConverter(Schema from, Schema to, string source, RejectLog rejects, TextRules rules)
    {
        _from = from;
        Schema = to;
        _source = source;
        _rejects = rejects;
        _rules = rules;
        _sources = [.. to.FieldsList.Select(f => from.IndexOf(f.Name))];
        _isIdentity = from.FieldsList.Count == _sources.Length && Enumerable.Range(0, _sources.Length).All(i => _sources[i] == i && SameType(i, i));
    }

    /// <summary>The schema of the result.</summary>
    public Schema Schema { get; }

    /// <summary>Converts a batch, without the rows that are rejected.</summary>
    public RecordBatch Convert(RecordBatch batch)
    {
        var first = _rows;
        _rows += batch.Length;
        if (_isIdentity)
        {
            return ReferenceEquals(batch.Schema, Schema) ? batch : new RecordBatch(Schema, batch.Arrays, batch.Length);
        }

        var misfits = new SortedDictionary<int, int>();
        var columns = Enumerable.Range(0, _sources.Length).Select(i => Column(batch, i, misfits)).ToList();
        var whole = new RecordBatch(Schema, columns, batch.Length);
        return misfits.Count == 0 ? whole : Without(whole, batch, misfits, first);
    }

    private bool SameType(int source, int target) =>
        DataTypes.Of(_from.GetFieldByIndex(source)).Equals(DataTypes.Of(Schema.GetFieldByIndex(target)));

    private IArrowArray Column(RecordBatch batch, int target, SortedDictionary<int, int> misfits)
    {
        var type = DataTypes.Of(Schema.GetFieldByIndex(target));
        if (_sources[target] < 0)
        {
            return type.Nulls(batch.Length);
        }

        var found = new List<int>();
        var array = Cast.To(batch.Column(_sources[target]), DataTypes.Of(_from.GetFieldByIndex(_sources[target])), type, _rules, found);
        foreach (var row in found)
        {
            misfits.TryAdd(row, target);
        }

        return array;
    }

    private RecordBatch Without(RecordBatch whole, RecordBatch batch, SortedDictionary<int, int> misfits, long first)
    {
        var keep = new bool[whole.Length];
        System.Array.Fill(keep, true);
        foreach (var (row, target) in misfits)
        {
            keep[row] = false;
            var field = Schema.GetFieldByIndex(target);
            var from = DataTypes.Of(_from.GetFieldByIndex(_sources[target]));
            var value = Cast.TextAt(batch.Column(_sources[target]), from, row);
            _rejects.Add(new Reject(_source, first + row + 1, 0, field.Name, value, $"is not {DataTypes.Of(field).Describe()}", batch.RowText(row)));
        }

        return Take.Filter(whole, keep);
    }
}
