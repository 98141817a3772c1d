using System.Text;
using DataTools.Data;

namespace DataTools.Formats.Excel.Reading;

/// <summary>The invariant text of a cell, as text columns and messages hold it.</summary>
internal readonly struct CellText(SheetCell cell)
{
    /// <summary>Enough for any number or time.</summary>
    public const int MaxLength = 64;

    /// <summary>Whether the text is this one.</summary>
    public bool IsEqual(byte[] text)
    {
        Span<byte> room = stackalloc byte[MaxLength];
        return Get(room).SequenceEqual(text);
    }

    /// <summary>The text, which may lie in <paramref name="room"/>.</summary>
    public ReadOnlySpan<byte> Get(Span<byte> room)
    {
        var value = cell.Value;
        var written = 0;
        switch (cell.Kind)
        {
            case CellKind.Text or CellKind.Error:
                return cell.Text.Span;
            case CellKind.Integer:
                DataTypes.Int64.TryFormat(value, room, out written);
                break;
            case CellKind.Number:
                DataTypes.Double.TryFormat(cell.Number, room, out written);
                break;
            case CellKind.Bool:
                return value != 0 ? "true"u8 : "false"u8;
            default:
                written = FormatTime(room);
                break;
        }

        return room[..written];
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> room = stackalloc byte[MaxLength];
        return Encoding.UTF8.GetString(Get(room));
    }

    private int FormatTime(Span<byte> room)
    {
        var written = 0;
        _ = cell.Kind switch
        {
            CellKind.Date => DataTypes.Date.TryFormat((int)cell.Value, room, out written),
            CellKind.Timestamp => DataTypes.Timestamp.TryFormat(cell.Value, room, out written),
            CellKind.Instant => DataTypes.TimestampUtc.TryFormat(cell.Value, room, out written),
            CellKind.Time => DataTypes.Time.TryFormat(cell.Value, room, out written),
            CellKind.Duration => DataTypes.Duration.TryFormat(cell.Value, room, out written),
            _ => false,
        };
        return written;
    }
}
