using System.Text;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats.Delimited;

/// <summary>Writes the values of one column as text, a block of rows at a time. Used by several threads.</summary>
internal abstract class CellFormatter(string column)
{
    /// <summary>Enough for the text of every value of fixed size.</summary>
    protected const int MaxText = 64;

    /// <summary>The name of the column.</summary>
    protected string Column => column;

    /// <summary>The formatter for a field.</summary>
    public static CellFormatter Create(Field field, WriteOptions options, CellQuoting quoting)
    {
        var type = DataTypes.Of(field);
        return type switch
        {
            TextType => new TextCells(field.Name, quoting),
            _ when LocalText.Applies(type, options) => new LocalCells(field.Name, type, new LocalText(options), quoting),
            FixedType<long> fixedSize => new FixedCells<long>(field.Name, fixedSize, quoting),
            FixedType<int> fixedSize => new FixedCells<int>(field.Name, fixedSize, quoting),
            FixedType<Int128> fixedSize => new FixedCells<Int128>(field.Name, fixedSize, quoting),
            FixedType<double> fixedSize => new FixedCells<double>(field.Name, fixedSize, quoting),
            BoolType when !quoting.ChecksValues => new BoolCells(field.Name, quoting),
            _ => new OtherCells(field.Name, type, quoting),
        };
    }

    /// <summary>Adds the texts of rows; <paramref name="row"/> is the 1-based number of the first, for errors.</summary>
    public abstract void Format(IArrowArray array, int start, int count, long row, CellBuffer into);

    /// <summary>The error for a value that has no text.</summary>
    protected DataException NoText(long row, object value) =>
        DataErrors.ValueLost(column, row, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!, "has no form as text");
}

/// <summary>Text: quoted where it has to be.</summary>
internal sealed class TextCells(string column, CellQuoting quoting) : CellFormatter(column)
{
    public override void Format(IArrowArray array, int start, int count, long row, CellBuffer into)
    {
        var offsets = array.Offsets().Slice(start, count + 1);
        var bytes = array.Data.Buffers[2].Span;
        var validity = array.Validity(out var bit);
        if (quoting.ArePlain(bytes[offsets[0]..offsets[count]]) && into.TryAddAll(bytes, offsets, validity, bit + start, CellQuoting.MarkStart))
        {
            return;
        }

        for (var i = 0; i < count; i++)
        {
            if (!validity.IsEmpty && !BitUtility.GetBit(validity, bit + start + i))
            {
                into.Add(quoting.Null);
            }
            else
            {
                quoting.AddText(bytes[offsets[i]..offsets[i + 1]], into, Column, row + i);
            }
        }
    }
}

/// <summary>Values of fixed size.</summary>
internal sealed class FixedCells<T>(string column, FixedType<T> type, CellQuoting quoting) : CellFormatter(column)
    where T : unmanaged
{
    public override void Format(IArrowArray array, int start, int count, long row, CellBuffer into)
    {
        var values = array.Values<T>().Slice(start, count);
        var validity = array.Validity(out var bit);
        Span<byte> scratch = stackalloc byte[MaxText];
        for (var i = 0; i < count; i++)
        {
            if (!validity.IsEmpty && !BitUtility.GetBit(validity, bit + start + i))
            {
                into.Add(quoting.Null);
                continue;
            }

            var room = quoting.ChecksValues ? scratch : into.Reserve(MaxText);
            if (!type.TryFormat(values[i], room, out var written))
            {
                throw NoText(row + i, values[i]);
            }

            if (quoting.ChecksValues)
            {
                quoting.AddValue(room[..written], into);
            }
            else
            {
                into.Close(written);
            }
        }
    }
}

/// <summary>Booleans.</summary>
internal sealed class BoolCells(string column, CellQuoting quoting) : CellFormatter(column)
{
    public override void Format(IArrowArray array, int start, int count, long row, CellBuffer into)
    {
        var bits = array.Data.Buffers[1].Span;
        var first = array.Data.Offset + start;
        var validity = array.Validity(out var bit);
        for (var i = 0; i < count; i++)
        {
            into.Add(
                !validity.IsEmpty && !BitUtility.GetBit(validity, bit + start + i) ? quoting.Null
                : BitUtility.GetBit(bits, first + i) ? "true"u8
                : "false"u8);
        }
    }
}

/// <summary>Values of every other type: in the form that the type gives them.</summary>
internal sealed class OtherCells(string column, DataType type, CellQuoting quoting) : CellFormatter(column)
{
    public override void Format(IArrowArray array, int start, int count, long row, CellBuffer into)
    {
        var scratch = new byte[MaxText];
        for (var i = start; i < start + count; i++)
        {
            if (array.IsNull(i))
            {
                into.Add(quoting.Null);
                continue;
            }

            var most = type.MaxTextLength(array, i);
            scratch = scratch.Length < most ? new byte[most] : scratch;
            if (!type.TryFormat(array, i, scratch, out var written))
            {
                throw NoText(row + i - start, type.GetValue(array, i));
            }

            quoting.CheckKept(scratch.AsSpan(0, written), Column, row + i - start);
            quoting.AddValue(scratch.AsSpan(0, written), into);
        }
    }
}

/// <summary>Numbers and dates as a culture or a format writes them.</summary>
internal sealed class LocalCells(string column, DataType type, LocalText text, CellQuoting quoting) : CellFormatter(column)
{
    public override void Format(IArrowArray array, int start, int count, long row, CellBuffer into)
    {
        for (var i = start; i < start + count; i++)
        {
            if (array.IsNull(i))
            {
                into.Add(quoting.Null);
            }
            else
            {
                quoting.AddValue(Encoding.UTF8.GetBytes(text.Format(type, array, i)), into);
            }
        }
    }
}
