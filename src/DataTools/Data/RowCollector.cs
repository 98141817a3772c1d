using Apache.Arrow;
using DataTools.Errors;

namespace DataTools.Data;

/// <summary>A row of named values that comes from outside: an object of a script, a DataRow.</summary>
public interface IRow
{
    /// <summary>The names, in order.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The value of the name at <paramref name="index"/>: a scalar, a dictionary, a sequence or null.</summary>
    object? GetValue(int index);

    /// <summary>The field that the value had when it came from one of our batches and the type is to be kept, else null.</summary>
    Field? FieldOf(int index);
}

/// <summary>
/// Makes batches of rows that come one by one. The columns are the union over the first batch, their types those that the rows bring along or else what
/// holds the values of the first batch. After that the columns are fixed: a further name is an error, a value that does not fit is a reject.
/// </summary>
public sealed class RowCollector(RejectLog rejects, bool widen)
{
    private const string Source = "The pipeline";

    private readonly List<IRow> _pending = [];
    private BatchBuilder? _builder;
    private long _row;

    /// <summary>The columns, once the first batch is complete.</summary>
    public Schema? Schema { get; private set; }

    /// <summary>Takes a row; a batch when one is full, else null.</summary>
    public RecordBatch? Add(IRow row)
    {
        if (_builder is null)
        {
            _pending.Add(row);
            return !widen && _pending.Count >= BatchBuilder.DefaultRows ? Start() : null;
        }

        Append(row);
        return _builder.IsFull ? _builder.Finish() : null;
    }

    /// <summary>The rows that are left; null when there are none.</summary>
    public RecordBatch? Flush()
    {
        if (_builder is null)
        {
            return _pending.Count == 0 ? null : Start();
        }

        return _builder.Count == 0 ? null : _builder.Finish();
    }

    private RecordBatch Start()
    {
        Schema = FindSchema();
        _builder = new BatchBuilder(Schema);
        foreach (var row in _pending)
        {
            Append(row);
        }

        _pending.Clear();
        _pending.TrimExcess();
        return _builder.Finish();
    }

    private Schema FindSchema()
    {
        var order = new List<string>();
        var shapes = new Dictionary<string, (ValueShape Shape, Field? Field)>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in _pending)
        {
            for (var i = 0; i < row.Names.Count; i++)
            {
                if (!shapes.TryGetValue(row.Names[i], out var known))
                {
                    order.Add(row.Names[i]);
                    shapes.Add(row.Names[i], known = (new ValueShape(), row.FieldOf(i)));
                }

                if (known.Field is null)
                {
                    known.Shape.Observe(row.GetValue(i));
                }
            }
        }

        return order.Count == 0
            ? throw DataErrors.NoColumns()
            : new Schema(order.Select(n => shapes[n].Field ?? shapes[n].Shape.Result().ToField(n)), null);
    }

    private void Append(IRow row)
    {
        _row++;
        for (var i = 0; i < row.Names.Count; i++)
        {
            var at = Schema!.IndexOf(row.Names[i]);
            if (at < 0)
            {
                throw DataErrors.LateColumn(row.Names[i], _row);
            }

            var column = _builder!.Columns[at];
            var value = row.GetValue(i);
            if (!column.TryAppend(value))
            {
                _builder.AbandonRow();
                var shown = DataTypes.TextOf(value!) ?? "";
                rejects.Add(new Reject(Source, _row, 0, row.Names[i], shown, $"is not {column.Type.Describe()}", null));
                return;
            }
        }

        foreach (var column in _builder!.Columns)
        {
            if (column.Count == _builder.Count)
            {
                column.AppendNull();
            }
        }

        _builder.EndRow();
    }
}
