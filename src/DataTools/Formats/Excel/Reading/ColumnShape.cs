using DataTools.Data;

namespace DataTools.Formats.Excel.Reading;

/// <summary>Finds the type that holds all cells of a column; where they are of several kinds, that is text.</summary>
internal sealed class ColumnShape
{
    private const int Integer = 1 << (int)CellKind.Integer;
    private const int Number = 1 << (int)CellKind.Number;
    private const int Text = 1 << (int)CellKind.Text;

    private static readonly (int Kinds, DataType Type)[] Types =
    [
        (Integer, DataTypes.Int64),
        (Integer | Number, DataTypes.Double),
        (1 << (int)CellKind.Bool, DataTypes.Bool),
        (1 << (int)CellKind.Date, DataTypes.Date),
        ((1 << (int)CellKind.Date) | (1 << (int)CellKind.Timestamp), DataTypes.Timestamp),
        (1 << (int)CellKind.Instant, DataTypes.TimestampUtc),
        (1 << (int)CellKind.Time, DataTypes.Time),
        ((1 << (int)CellKind.Time) | (1 << (int)CellKind.Duration), DataTypes.Duration),
    ];

    private static readonly (int Kinds, string Name)[] Names =
    [
        (Integer | Number, "numbers"), (Text, "text"), (1 << (int)CellKind.Bool, "booleans"),
        ((1 << (int)CellKind.Date) | (1 << (int)CellKind.Timestamp), "dates"), (1 << (int)CellKind.Instant, "instants"), ((1 << (int)CellKind.Time) | (1 << (int)CellKind.Duration), "times"),
    ];

    private int _kinds;
    private bool _isLong;

    /// <summary>Looks at a cell; one without a value, or with an error, tells nothing.</summary>
    public void Observe(in SheetCell cell)
    {
        switch (cell.Kind)
        {
            case CellKind.None or CellKind.Error:
            // A formula that gives an empty text is how sheets say that there is no value.
            case CellKind.Text when cell.Text.IsEmpty:
                break;
            default:
                _kinds |= 1 << (int)cell.Kind;
                _isLong |= cell.Kind == CellKind.Integer && !CellTyper.IsExact(cell.Value);
                break;
        }
    }

    /// <summary>The type; text where there was no value.</summary>
    public DataType Result()
    {
        // A double has no room for the last digits of a long integer.
        var isExact = !_isLong || (_kinds & Number) == 0;
        return _kinds != 0 && isExact && System.Array.Find(Types, t => (_kinds & ~t.Kinds) == 0).Type is { } type ? type : DataTypes.Text;
    }

    /// <summary>What the column holds, where that is not all of one kind; else null.</summary>
    public string? Mixture() =>
        _kinds is 0 or Text || Result() != DataTypes.Text ? null
        : string.Join(" beside ", Names.Where(n => (_kinds & n.Kinds) != 0).Select(n => n.Name)) is var names && names == "numbers" ? "integers of more digits than a double has beside fractions"
        : names;
}
