using System.Globalization;
using System.Text;
using System.Xml;
using DataTools.Errors;

namespace DataTools.Formats.Excel.Reading;

/// <summary>
/// The rows of a sheet of an XLSX book, read as they come. Written for this: ExcelDataReader reads each sheet twice, knows neither errors nor
/// formulas, and believes any row and column number; the Open XML SDK makes an object of each element.
/// </summary>
internal sealed class XlsxRows : SheetRows
{
    private readonly BoundedStream _stream;
    private readonly long _length;
    private readonly XmlReader _reader;
    private readonly XlsxBook _book;
    private readonly CellTyper _typer;
    private readonly XlsxText _text;
    private readonly SheetFormulas? _formulas;
    private readonly int _depth;
    private byte[] _memory = new byte[4096];
    private int _used;

    public XlsxRows(XlsxBook book, string path, string source, ReadOptions options)
        : base(source)
    {
        _book = book;
        _typer = book.Typer;
        _text = new XlsxText(source, options.MaxRecordBytes);
        _formulas = options.Excel.Formulas ? new SheetFormulas() : null;
        _stream = book.Package.OpenStreamed(path, out _length);
        _reader = XlsxPackage.OpenXml(_stream);
        _reader.MoveToContent();
        while (XlsxPackage.NextChild(_reader, 0) && _reader.LocalName != "sheetData")
        {
        }

        _depth = _reader.Depth;
    }

    /// <inheritdoc/>
    public override double? Progress => Math.Min(1, (double)_stream.BytesRead / Math.Max(1, _length));

    /// <inheritdoc/>
    public override bool Read()
    {
        while (_depth == 1 && XlsxPackage.NextChild(_reader, _depth))
        {
            if (_reader.LocalName == "row")
            {
                Begin(_reader.GetAttribute("r") is { } number ? Number(number, "row") - 1 : Row + 1);
                ReadCells();
                if (Width > 0)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _reader.Dispose();
        base.Dispose(disposing);
    }

    private void ReadCells()
    {
        _used = 0;
        var depth = _reader.Depth;
        var next = 0;
        while (XlsxPackage.NextChild(_reader, depth))
        {
            if (_reader.LocalName == "c")
            {
                next = ReadCell(next) + 1;
            }
        }
    }

    /// <summary>Reads a cell, which stands at <paramref name="column"/> unless it says where; the column.</summary>
    private int ReadCell(int column)
    {
        var style = -1;
        var type = 'n';
        while (_reader.MoveToNextAttribute())
        {
            switch (_reader.LocalName)
            {
                case "r":
                    column = CellRange.ColumnOf(_reader.Value);
                    break;
                case "s":
                    style = Number(_reader.Value, "style");
                    break;
                case "t":
                    type = TypeOf(_reader.Value);
                    break;
            }
        }

        _reader.MoveToElement();
        ReadContent(column, style, type);
        return column;
    }

    private void ReadContent(int column, int style, char type)
    {
        var depth = _reader.Depth;
        string? formula = null;
        while (XlsxPackage.NextChild(_reader, depth))
        {
            switch (_reader.LocalName)
            {
                case "v":
                    ReadValue(column, style, type);
                    break;
                case "is":
                    _text.ReadString(_reader);
                    Set(ref At(column), style, 'i');
                    break;
                case "f" when _formulas is not null:
                    formula = _formulas.Read(_reader, _text, Row, column);
                    break;
            }
        }

        if (formula is not null)
        {
            At(column) = default;
            CellTyper.SetText(ref At(column), Encoding.UTF8.GetBytes(formula));
        }
    }

    private void ReadValue(int column, int style, char type)
    {
        _text.ReadElement(_reader);
        if (type == 'i')
        {
            _text.Unescape();
        }

        Set(ref At(column), style, type);
    }

    /// <summary>One letter for the type of a cell: n, s (shared), i (text in the cell), b, e, d.</summary>
    private static char TypeOf(string name) => name switch
    {
        "s" or "b" or "e" or "d" => name[0],
        "str" or "inlineStr" => 'i',
        _ => 'n',
    };

    private void Set(ref SheetCell cell, int style, char type)
    {
        switch (type)
        {
            case 'i':
                _typer.SetText(ref cell, Keep(), _book.Styles[style]);
                break;
            case 's':
                SetShared(ref cell, style);
                break;
            case 'e':
                _typer.SetError(ref cell, Keep());
                break;
            case 'b':
                _typer.SetBool(ref cell, _text.Chars is "1" or "true", _book.Styles[style]);
                break;
            case 'd':
                if (_typer.IsDisplay || !IsoTime.TrySet(ref cell, _text.Chars, _book.Styles[style].Meaning))
                {
                    CellTyper.SetText(ref cell, Keep());
                }

                break;
            default:
                SetNumber(ref cell, style);
                break;
        }
    }

    private void SetNumber(ref SheetCell cell, int style)
    {
        var text = _text.Chars;
        var format = _book.Styles[style];
        if (text.IsEmpty)
        {
            return;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) && (integer != 0 || text[0] != '-'))
        {
            _typer.SetInteger(ref cell, integer, format);
        }
        else if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            _typer.SetNumber(ref cell, number, format);
        }
        else
        {
            // Excel writes no such cell; what it is stays visible.
            _typer.SetText(ref cell, Keep(), _book.Styles[style]);
        }
    }

    private void SetShared(ref SheetCell cell, int style)
    {
        var index = _text.Chars.IsEmpty ? -1 : Number(_text.Chars, "shared string");
        if (index >= _book.Strings.Count)
        {
            throw DataErrors.MalformedFile(Source, "Excel", $"row {Row + 1} refers to shared string {index}, and there are {_book.Strings.Count}.");
        }

        if (index >= 0)
        {
            _typer.SetText(ref cell, _book.Strings[index], _book.Styles[style]);
        }
    }

    /// <summary>The text read last as UTF-8, in memory that is good until the next row.</summary>
    private ReadOnlyMemory<byte> Keep()
    {
        var most = Encoding.UTF8.GetMaxByteCount(_text.Chars.Length);
        if (most > _memory.Length - _used)
        {
            // Cells that have their text in the old memory keep it.
            _memory = new byte[Math.Max(most, _memory.Length * 2)];
            _used = 0;
        }

        var length = Encoding.UTF8.GetBytes(_text.Chars, _memory.AsSpan(_used));
        var text = _memory.AsMemory(_used, length);
        _used += length;
        return text;
    }

    private int Number(ReadOnlySpan<char> text, string what) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw DataErrors.MalformedFile(Source, "Excel", $"'{text}' is not the number of a {what} (after row {Row + 1}).");
}
