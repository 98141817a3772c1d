using System.Globalization;
using System.Net;
using System.Text;
using DataTools.Data;
using DataTools.Errors;
using ExcelDataReader;
using ExcelDataReader.Exceptions;

namespace DataTools.Formats.Excel.Reading;

/// <summary>A book of Excel 2003 or before, read by ExcelDataReader, which knows neither errors nor formulas, tables or names.</summary>
internal sealed class XlsBook : ExcelBook
{
    private const int MaxRows = 65_536;
    private const int MaxColumns = 256;

    private readonly IExcelDataReader _reader;
    private readonly CultureInfo _culture;

    static XlsBook() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public XlsBook(Stream stream, string name, ReadOptions options)
        : base(name)
    {
        CheckFormulas(options);
        _culture = options.Text.FormatCulture;
        // The reader has turned dates into dates by their calendar.
        Typer = new CellTyper(is1904: false, options.Excel.AsDisplayed ? _culture : null);
        var password = options.Excel.Password is { } secret ? new NetworkCredential("", secret).Password : null;
        _reader = Guard(() => ExcelReaderFactory.CreateReader(stream, new ExcelReaderConfiguration { Password = password }), options.Excel.Password is not null);
        Sheets = Guard(ReadSheets);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<BookSheet> Sheets { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<BookTable>? Tables => null;

    /// <inheritdoc/>
    public override IReadOnlyList<BookName>? Names => null;

    /// <inheritdoc/>
    public override CellTyper Typer { get; }

    /// <inheritdoc/>
    public override SheetRows OpenRows(BookSheet sheet, ReadOptions options)
    {
        MoveTo(sheet);
        return new XlsRows(this, sheet, _culture);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<CellRange> Merged(BookSheet sheet)
    {
        MoveTo(sheet);
        return [.. (_reader.MergeCells ?? []).Select(m => new CellRange(m.FromRow, m.FromColumn, m.ToRow, m.ToColumn))];
    }

    /// <summary>
    /// Runs code of the library. What it throws over a damaged book is any of a dozen exceptions, none of which tells of an error in a program.
    /// </summary>
    public T Guard<T>(Func<T> action, bool hasPassword = false)
    {
        try
        {
            return action();
        }
        catch (InvalidPasswordException)
        {
            throw hasPassword ? DataErrors.WrongPassword(Source) : DataErrors.PasswordNeeded(Source);
        }
        catch (Exception e) when (e is not (DataException or OperationCanceledException))
        {
            throw DataErrors.MalformedFile(Source, "Excel", e.Message, e);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _reader.Dispose();

    private void MoveTo(BookSheet sheet) => Guard(() =>
    {
        _reader.Reset();
        for (var at = 0; at < sheet.Index; at++)
        {
            _reader.NextResult();
        }

        // The reader believes what a damaged sheet says, and goes through all of a billion rows.
        return _reader.FieldCount <= MaxColumns && _reader.RowCount <= MaxRows ? 0
            : throw new InvalidDataException($"{NameOf(sheet)} says that it has {_reader.RowCount} rows and {_reader.FieldCount} columns.");
    });

    private List<BookSheet> ReadSheets()
    {
        var sheets = new List<BookSheet>();
        do
        {
            sheets.Add(new BookSheet(sheets.Count, _reader.Name, _reader.VisibleState != "visible", ""));
        }
        while (_reader.NextResult());
        return sheets;
    }

    /// <summary>The rows of one sheet.</summary>
    private sealed class XlsRows(XlsBook book, BookSheet sheet, CultureInfo culture) : SheetRows(book.NameOf(sheet))
    {
        private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

        private readonly IExcelDataReader _reader = book._reader;
        private readonly int _fields = book._reader.FieldCount;
        private readonly Dictionary<string, CellFormat> _formats = [];

        /// <inheritdoc/>
        public override bool Read() => book.Guard(ReadRow);

        private bool ReadRow()
        {
            if (!_reader.Read())
            {
                return false;
            }

            Begin(Row + 1);
            for (var column = 0; column < _fields; column++)
            {
                if (_reader.GetValue(column) is { } value)
                {
                    Set(ref At(column), column, value);
                }
            }

            return true;
        }

        private void Set(ref SheetCell cell, int column, object value)
        {
            switch (value)
            {
                case string text:
                    book.Typer.SetText(ref cell, Strict.GetBytes(text), FormatOf(column));
                    break;
                case bool flag:
                    book.Typer.SetBool(ref cell, flag, FormatOf(column));
                    break;
                case DateTime or TimeSpan when book.Typer.IsDisplay:
                    book.Typer.SetDisplay(ref cell, value, FormatOf(column));
                    break;
                case DateTime moment:
                    SetMoment(ref cell, moment, FormatOf(column).Meaning);
                    break;
                case TimeSpan span:
                    (cell.Kind, cell.Value, cell.Number) = (CellKind.Duration, (long)Math.Round(span.TotalMicroseconds), span.TotalDays);
                    break;
                default:
                    book.Typer.SetNumber(ref cell, Convert.ToDouble(value, CultureInfo.InvariantCulture), book.Typer.IsDisplay ? FormatOf(column) : CellStyles.Plain);
                    break;
            }
        }

        /// <summary>The reader gives times of day the day 0 of the calendar.</summary>
        private static void SetMoment(ref SheetCell cell, DateTime moment, NumberMeaning meaning)
        {
            var micros = (moment.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
            var (days, ofDay) = TemporalText.FloorDivide(micros);
            cell.Number = double.NaN;
            (cell.Kind, cell.Value) = meaning == NumberMeaning.Time && moment.Year < 1900 ? (CellKind.Time, ofDay)
                : meaning == NumberMeaning.Date && ofDay == 0 ? (CellKind.Date, days)
                : (CellKind.Timestamp, micros);
        }

        private CellFormat FormatOf(int column)
        {
            var code = _reader.GetNumberFormatString(column) is { Length: > 0 } own ? own : FormatCode.OfBuiltIn(Math.Max(0, _reader.GetNumberFormatIndex(column)), culture);
            if (!_formats.TryGetValue(code, out var format))
            {
                _formats.Add(code, format = new CellFormat(code));
            }

            return format;
        }
    }
}
