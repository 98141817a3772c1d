using System.Text;
using DataTools.Errors;

namespace DataTools.Formats.Excel.Reading;

/// <summary>The rows of a sheet of a binary book. [MS-XLSB] 2.4.</summary>
internal sealed class XlsbRows(XlsbBook book, string source, BoundedStream stream, long length) : SheetRows(source)
{
    private const int RowHeader = 0;
    private const int Rk = 2;
    private const int Error = 3;
    private const int Bool = 4;
    private const int Real = 5;
    private const int Text = 6;
    private const int Shared = 7;
    private const int FormulaText = 8;
    private const int FormulaNumber = 9;
    private const int FormulaBool = 10;
    private const int FormulaError = 11;
    private const int RichText = 62;
    private const int EndSheetData = 146;

    /// <summary>What a cell has before its value: column and style.</summary>
    private const int CellBytes = 8;

    private readonly XlsbRecords _records = new(stream);
    private int _next = -1;
    private bool _isAtEnd;

    /// <inheritdoc/>
    public override double? Progress => Math.Min(1, (double)stream.BytesRead / Math.Max(1, length));

    /// <inheritdoc/>
    public override bool Read()
    {
        while (!_isAtEnd)
        {
            var hasRow = _next >= 0;
            if (hasRow)
            {
                Begin(_next);
                _next = -1;
            }

            ReadCells(hasRow);
            if (hasRow && Width > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _records.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Reads up to the header of the next row, or the end of the rows.</summary>
    private void ReadCells(bool hasRow)
    {
        while (_records.Read() && _records.Type != EndSheetData)
        {
            if (_records.Type == RowHeader)
            {
                _next = _records.Int32(0) & int.MaxValue;
                return;
            }

            if (hasRow && _records.Type is >= Rk and <= FormulaError or RichText)
            {
                Set(ref At(_records.Int32(0)), book.Styles[_records.Int32(4) & 0xFFFFFF]);
            }
        }

        _isAtEnd = true;
    }

    private void Set(ref SheetCell cell, CellFormat format)
    {
        switch (_records.Type)
        {
            case Rk:
                book.Typer.SetNumber(ref cell, RkNumber(_records.Int32(CellBytes)), format);
                break;
            case Real or FormulaNumber:
                SetReal(ref cell, _records.Double(CellBytes), format);
                break;
            case Bool or FormulaBool:
                book.Typer.SetBool(ref cell, _records.Byte(CellBytes) != 0, format);
                break;
            case Error or FormulaError:
                book.Typer.SetError(ref cell, Encoding.ASCII.GetBytes(ErrorName(_records.Byte(CellBytes))));
                break;
            case Shared:
                book.Typer.SetText(ref cell, SharedText(_records.Int32(CellBytes)), format);
                break;
            case Text or FormulaText or RichText:
                book.Typer.SetText(ref cell, Encode(_records.Text(CellBytes + (_records.Type == RichText ? 1 : 0), out _)), format);
                break;
        }
    }

    private void SetReal(ref SheetCell cell, double number, CellFormat format)
    {
        if (!double.IsFinite(number))
        {
            throw DataErrors.MalformedFile(Source, "Excel", $"row {Row + 1} has a number that is none.");
        }

        book.Typer.SetNumber(ref cell, number, format);
    }

    private ReadOnlyMemory<byte> SharedText(int index) => (uint)index < (uint)book.Strings.Count ? book.Strings[index]
        : throw DataErrors.MalformedFile(Source, "Excel", $"row {Row + 1} refers to shared string {index}, and there are {book.Strings.Count}.");

    /// <summary>A number in 30 bits: an integer or the first bits of a double, and perhaps in hundredths. [MS-XLSB] 2.5.122.</summary>
    private static double RkNumber(int bits)
    {
        var number = (bits & 2) != 0 ? bits >> 2 : BitConverter.Int64BitsToDouble((long)(bits & ~3) << 32);
        return (bits & 1) != 0 ? number / 100 : number;
    }

    private static byte[] Encode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    /// <summary>[MS-XLSB] 2.5.97.2.</summary>
    private static string ErrorName(byte code) => code switch
    {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        0x2B => "#GETTING_DATA",
        _ => "#ERROR!",
    };
}
