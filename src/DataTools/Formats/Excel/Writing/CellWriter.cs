using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats.Excel.Writing;

/// <summary>Writes the cells of one column of a sheet. Has no state, so that several threads may use it.</summary>
internal abstract class CellWriter
{
    /// <summary>Enough for the text of every number, and the tags around it.</summary>
    private const int MaxNumber = 64;

    private readonly byte[] _head;
    private readonly byte[] _number;
    private readonly byte[] _text;
    private readonly byte[] _preservedText;
    private readonly byte[] _flag;
    private readonly byte[] _formula;

    /// <summary>A writer for the sheet's column <paramref name="place"/>, counted from 1, whose cells have a style.</summary>
    protected CellWriter(int place, uint style)
    {
        var styled = style == 0 ? "\"" : $"\" s=\"{style}\"";
        _head = Encoding.ASCII.GetBytes($"<c r=\"{CellRange.Letters(place)}");
        _number = Encoding.ASCII.GetBytes($"{styled}><v>");
        _text = Encoding.ASCII.GetBytes($"{styled} t=\"inlineStr\"><is><t>");
        _preservedText = Encoding.ASCII.GetBytes($"{styled} t=\"inlineStr\"><is><t xml:space=\"preserve\">");
        _flag = Encoding.ASCII.GetBytes($"{styled} t=\"b\"><v>");
        _formula = Encoding.ASCII.GetBytes($"{styled}><f>");
    }

    /// <summary>Writes the cell of a row whose number in the sheet is <paramref name="row"/>; a null leaves none. <paramref name="record"/> is the 1-based row of the data.</summary>
    public abstract void Write(IArrowArray array, int index, ReadOnlySpan<byte> row, long record, ArrayBufferWriter<byte> into);

    /// <summary>Writes a number that has been formatted.</summary>
    protected void PutNumber(ReadOnlySpan<byte> row, ReadOnlySpan<byte> number, ArrayBufferWriter<byte> into)
    {
        var room = into.GetSpan(_head.Length + _number.Length + MaxNumber + number.Length);
        var at = Put(room, 0, _head);
        at = Put(room, at, row);
        at = Put(room, at, _number);
        at = Put(room, at, number);
        into.Advance(Put(room, at, "</v></c>"u8));
    }

    /// <summary>Writes a number.</summary>
    protected void PutNumber(ReadOnlySpan<byte> row, double number, ArrayBufferWriter<byte> into)
    {
        Span<byte> text = stackalloc byte[MaxNumber];
        if (!FastFormat.TryDouble(number, text, out var written))
        {
            Utf8Formatter.TryFormat(number, text, out written);
        }

        PutNumber(row, text[..written], into);
    }

    /// <summary>Writes a boolean.</summary>
    protected void PutFlag(ReadOnlySpan<byte> row, bool flag, ArrayBufferWriter<byte> into)
    {
        into.Write(_head);
        into.Write(row);
        into.Write(_flag);
        into.Write(flag ? "1</v></c>"u8 : "0</v></c>"u8);
    }

    /// <summary>Writes text.</summary>
    protected void PutText(ReadOnlySpan<byte> row, ReadOnlySpan<byte> text, ArrayBufferWriter<byte> into)
    {
        into.Write(_head);
        into.Write(row);
        into.Write(CellText.NeedsPreserve(text) ? _preservedText : _text);
        CellText.Write(text, into);
        into.Write("</t></is></c>"u8);
    }

    /// <summary>Writes a formula, without its equals sign.</summary>
    protected void PutFormula(ReadOnlySpan<byte> row, ReadOnlySpan<byte> formula, ArrayBufferWriter<byte> into)
    {
        into.Write(_head);
        into.Write(row);
        into.Write(_formula);
        CellText.Write(formula, into);
        into.Write("</f></c>"u8);
    }

    private static int Put(Span<byte> room, int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(room[at..]);
        return at + text.Length;
    }
}

/// <summary>Text, and every value that has no form but its text: at most 32,767 characters.</summary>
internal sealed class TextCellWriter(DataType type, string column, int place, uint style, CellRules rules) : CellWriter(place, style)
{
    private const int MaxFormula = 8192;

    private static readonly SearchValues<byte> FormulaStarts = SearchValues.Create("=+-@\t\r"u8);

    private readonly bool _isText = type is TextType;
    private readonly bool _checksFormulas = type is TextType && rules.Formulas is FormulaPolicy.Keep or FormulaPolicy.Error;

    /// <inheritdoc/>
    public override void Write(IArrowArray array, int index, ReadOnlySpan<byte> row, long record, ArrayBufferWriter<byte> into)
    {
        if (array.IsNull(index))
        {
            return;
        }

        var text = _isText ? array.Bytes(index) : TextOf(type, array, index);
        if (_checksFormulas && IsFormula(text, record))
        {
            PutFormula(row, text[1..], into);
        }
        else
        {
            PutText(row, text.Length > CellText.MaxLength ? Cut(text, record) : text, into);
        }
    }

    /// <summary>The value's invariant text.</summary>
    public static ReadOnlySpan<byte> TextOf(DataType type, IArrowArray array, int index)
    {
        var text = new byte[type.MaxTextLength(array, index)];
        return type.TryFormat(array, index, text, out var written)
            ? text.AsSpan(0, written)
            : Encoding.UTF8.GetBytes(type.GetValue(array, index).ToString()!);
    }

    /// <summary>Whether text is to be a formula; one that may not be there ends the run.</summary>
    private bool IsFormula(ReadOnlySpan<byte> text, long record)
    {
        if (rules.Formulas == FormulaPolicy.Keep)
        {
            return text.Length is > 1 and <= MaxFormula && text[0] == (byte)'=';
        }

        return !text.IsEmpty && FormulaStarts.Contains(text[0]) ? throw DataErrors.FormulaFound(column, record, Encoding.UTF8.GetString(text)) : false;
    }

    private ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text, long record)
    {
        var whole = Encoding.UTF8.GetString(text);
        if (whole.Length <= CellText.MaxLength)
        {
            return text;
        }

        rules.CountCut(column, record, whole);
        return Encoding.UTF8.GetBytes(CellText.Cut(whole));
    }
}

/// <summary>Booleans.</summary>
internal sealed class FlagCellWriter(int place, uint style) : CellWriter(place, style)
{
    /// <inheritdoc/>
    public override void Write(IArrowArray array, int index, ReadOnlySpan<byte> row, long record, ArrayBufferWriter<byte> into)
    {
        if (!array.IsNull(index))
        {
            PutFlag(row, array.Bit(index), into);
        }
    }
}

/// <summary>The same formula in each row, moved along with it.</summary>
internal sealed class FormulaCellWriter(string formula, int sampleRow, int place, uint style) : CellWriter(place, style)
{
    /// <inheritdoc/>
    public override void Write(IArrowArray array, int index, ReadOnlySpan<byte> row, long record, ArrayBufferWriter<byte> into)
    {
        var number = int.Parse(row, NumberStyles.None, CultureInfo.InvariantCulture);
        PutFormula(row, Encoding.UTF8.GetBytes(FormulaText.Move(formula, number - sampleRow)), into);
    }
}

/// <summary>An empty cell that only has a style.</summary>
internal sealed class BlankCellWriter(int place, uint style) : CellWriter(place, style)
{
    private readonly byte[] _letters = Encoding.ASCII.GetBytes($"<c r=\"{CellRange.Letters(place)}");
    private readonly byte[] _end = Encoding.ASCII.GetBytes($"\" s=\"{style}\"/>");

    /// <inheritdoc/>
    public override void Write(IArrowArray array, int index, ReadOnlySpan<byte> row, long record, ArrayBufferWriter<byte> into)
    {
        into.Write(_letters);
        into.Write(row);
        into.Write(_end);
    }
}
