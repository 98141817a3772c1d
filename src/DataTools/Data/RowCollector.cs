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
/// Makes batches of rows that come one by one. The columns are the union over the rows of the first batch; a type that rows bring along is kept if
/// all values of the first batch fit it, else the values decide. After that the columns are fixed: a further name is an error, a value that does
/// not fit is a reject.
/// </summary>
public sealed class RowCollector
{
    private const string Source = "The pipeline";

    private readonly BatchBuilder _builder;
    private readonly RejectLog _rejects;

    /// <summary>A collector of rows for columns that are known.</summary>
    public RowCollector(Schema schema, RejectLog rejects)
    {
        Schema = schema;
        _builder = new BatchBuilder(schema);
        _rejects = rejects;
    }

    /// <summary>The columns.</summary>
    public Schema Schema { get; }

    /// <summary>The rows that the batch holds so far.</summary>
    public int Count => _builder.Count;

    /// <summary>Finds the columns of the rows of a first batch.</summary>
    public static Schema FindSchema(IEnumerable<IRow> rows)
    {
        var order = new List<Column>();
        var columns = new Dictionary<string, Column>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Names.Count; i++)
            {
                if (!columns.TryGetValue(row.Names[i], out var column))
                {
                    order.Add(column = new Column(row.Names[i], row.FieldOf(i)));
                    columns.Add(row.Names[i], column);
                }

                column.Observe(row.GetValue(i));
            }
        }

        return order.Count == 0 ? throw DataErrors.NoColumns() : new Schema(order.Select(c => c.Result()), null);
    }

    /// <summary>Takes a row, the <paramref name="number"/>th of the pipeline; a batch when one is full, else null.</summary>
    public RecordBatch? Add(IRow row, long number)
    {
        for (var i = 0; i < row.Names.Count; i++)
        {
            var at = Schema.IndexOf(row.Names[i]);
            var column = at < 0 ? throw DataErrors.LateColumn(row.Names[i], number) : _builder.Columns[at];
            var value = row.GetValue(i);
            if (column.Count != _builder.Count || !column.TryAppend(value))
            {
                _builder.AbandonRow();
                _rejects.Add(new Reject(Source, number, 0, row.Names[i], DataTypes.TextOf(value ?? ""), $"is not {column.Type.Describe()}", null));
                return null;
            }
        }

        foreach (var column in _builder.Columns)
        {
            if (column.Count == _builder.Count)
            {
                column.AppendNull();
            }
        }

        _builder.EndRow();
        return _builder.IsFull ? _builder.Finish() : null;
    }

    /// <summary>The rows that are left; null when there are none.</summary>
    public RecordBatch? Flush() => _builder.Count == 0 ? null : _builder.Finish();

    /// <summary>A column while its type is being found.</summary>
    private sealed class Column(string name, Field? field)
    {
        private readonly ValueShape _shape = new();
        private readonly ColumnBuilder? _trial = field is null ? null : DataTypes.Of(field).NewBuilder();
        private bool _keepsField = field is not null;

        public void Observe(object? value)
        {
            _shape.Observe(value);
            _keepsField = _keepsField && _trial!.TryAppend(value);
            _trial?.Truncate(0);
        }

        public Field Result() => _keepsField ? field! : _shape.Result().ToField(name);
    }
}
