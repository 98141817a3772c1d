using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases.Writing;
using DataTools.Formats;
using DataTools.Schemas;

namespace DataTools.Databases.PostgreSql;

/// <summary>What a column would change without a word: PostgreSQL rounds to the digits of a second that it keeps, and cuts off spaces beyond its length.</summary>
internal abstract class PostgresLimit
{
    private readonly ColumnSchema _column;
    private readonly LossPolicy _onLoss;

    private PostgresLimit(ColumnSchema column, LossPolicy onLoss)
    {
        _column = column;
        _onLoss = onLoss;
    }

    /// <summary>The values that are changed because the options accept it.</summary>
    public long Lost { get; private set; }

    /// <summary>The limit of a column; null where it has none that the server does not watch itself.</summary>
    public static PostgresLimit? For(ColumnSchema column, DataType type, LossPolicy onLoss) => (NativeType.Parse(column.NativeType), type) switch
    {
        ({ Length: { } digits and < 6 }, TimeType or TimestampType or DurationType) => new DigitLimit(column, onLoss, digits),
        ({ Name: "character varying", Length: { } length }, TextType) => new SpaceLimit(column, onLoss, length),
        _ => null,
    };

    /// <summary>Looks at the next values of the column.</summary>
    public void Check(IArrowArray array)
    {
        for (var row = 0; row < array.Length; row++)
        {
            if (!array.IsNull(row) && !Fits(array, row))
            {
                Lose(array, row);
            }
        }
    }

    /// <summary>Why a value does not fit.</summary>
    protected abstract string Reason { get; }

    /// <summary>Whether a value stays as it is, or is refused by the server.</summary>
    protected abstract bool Fits(IArrowArray array, int row);

    private void Lose(IArrowArray array, int row)
    {
        if (_onLoss == LossPolicy.Stop)
        {
            throw new LoadFaultException(new LoadFault(row, _column.Name, Data.Kernels.Cast.TextAt(array, _column.Type, row), Reason));
        }

        Lost++;
    }

    private sealed class DigitLimit(ColumnSchema column, LossPolicy onLoss, int digits) : PostgresLimit(column, onLoss)
    {
        private readonly long _unit = (long)Math.Pow(10, 6 - digits);

        protected override string Reason => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"has more digits behind the second than the {digits} that the column keeps");

        protected override bool Fits(IArrowArray array, int row) => array.Values<long>()[row] % _unit == 0;
    }

    private sealed class SpaceLimit(ColumnSchema column, LossPolicy onLoss, int length) : PostgresLimit(column, onLoss)
    {
        protected override string Reason => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"ends in spaces beyond the {length} characters that the column keeps");

        protected override bool Fits(IArrowArray array, int row)
        {
            var text = array.Bytes(row);
            return text.Length <= length || text[^1] != (byte)' ' || System.Text.Encoding.UTF8.GetString(text).EnumerateRunes().Count() <= length;
        }
    }
}
