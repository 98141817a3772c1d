using System.Globalization;

namespace DataTools;

/// <summary>The columns that a record reads from: one batch of rows. Implemented by the module.</summary>
public interface IRecordColumns
{
    /// <summary>The names of the columns, in order.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The value of a column in a row, as PowerShell sees it; null for null.</summary>
    object? GetValue(int column, int row);

    /// <summary>Whether the values of a column are objects that a script can change in place.</summary>
    bool IsMutable(int column);
}

/// <summary>
/// One row of data as scripts see it. The columns are real properties of a type made for the schema (<see cref="RecordTypes"/>), so that they work in
/// every runspace; a value is read from its batch when it is asked for, and any value can be set. The base has no properties of its own:
/// they would look like columns.
/// </summary>
public abstract class DataRecord
{
    private static readonly object Unchanged = new();

    private readonly IRecordColumns _columns;
    private readonly int _row;
    private object?[]? _changed;

    /// <summary>The record of a row (0-based) of a batch.</summary>
    protected DataRecord(IRecordColumns columns, int row)
    {
        _columns = columns;
        _row = row;
    }

    /// <summary>The row as PowerShell writes custom objects: <c>@{id=1; name=x}</c>.</summary>
    public override string ToString() =>
        $"@{{{string.Join("; ", _columns.Names.Select((name, i) => string.Create(CultureInfo.InvariantCulture, $"{name}={Get(i)}")))}}}";

    /// <summary>The batch that a record reads from.</summary>
    internal static IRecordColumns ColumnsOf(DataRecord record) => record._columns;

    /// <summary>The record's row in its batch.</summary>
    internal static int RowOf(DataRecord record) => record._row;

    /// <summary>Whether a script has set any value, or may have changed one in place.</summary>
    internal static bool IsChanged(DataRecord record) => record._changed is not null;

    /// <summary>The value of a column as the script left it.</summary>
    internal static object? ValueOf(DataRecord record, int column) => record.Get(column);

    /// <summary>Reads a column.</summary>
    protected object? Get(int column)
    {
        if (_changed is not null && !ReferenceEquals(_changed[column], Unchanged))
        {
            return _changed[column];
        }

        var value = _columns.GetValue(column, _row);
        if (value is not null && _columns.IsMutable(column))
        {
            // What a script changes inside the value must still be there at the next look.
            Set(column, value);
        }

        return value;
    }

    /// <summary>Changes a column.</summary>
    protected void Set(int column, object? value)
    {
        if (_changed is null)
        {
            _changed = new object?[_columns.Names.Count];
            Array.Fill(_changed, Unchanged);
        }

        _changed[column] = value;
    }
}
