using System.Management.Automation;
using static DataTools.Tests.Formats.Excel.TestBook;

namespace DataTools.Tests.Formats.Excel;

/// <summary>What cells become, read as a user reads them.</summary>
public sealed class ExcelCellTests(PowerShellSession session) : IClassFixture<PowerShellSession>, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Cells_keep_their_types()
    {
        var book = new TestBook { SharedStrings = "<si><t>plain</t></si><si><r><t>ri</t></r><r><t xml:space=\"preserve\">ch </t></r><rPh><t>no</t></rPh></si>" };
        var (day, moment, time, span) = (book.Style("yyyy\\-mm\\-dd"), book.Style("d/m/yy h:mm"), book.Style("h:mm AM/PM"), book.Style("[h]:mm:ss"));
        var path = book.Sheet("S", Row(1, "whole", "real", "text", "flag", "day", "moment", "time", "span", "zip")
            + $"<row r=\"2\">{Cell("A2", 7)}{Cell("B2", 0.1)}<c r=\"C2\" t=\"s\"><v>0</v></c>{Cell("D2", true)}{Cell("E2", 45292, day)}{Cell("F2", 45292.75, moment)}{Cell("G2", 0.25, time)}{Cell("H2", 1.5, span)}{Cell("I2", "00501")}</row>"
            + $"<row r=\"3\"><c r=\"A3\"><v>9007199254740993</v></c>{Cell("B3", 3)}<c r=\"C3\" t=\"s\"><v>1</v></c>{Cell("D3", false)}{Cell("E3", 61, day)}{Cell("F3", 1, moment)}{Cell("G3", 0, time)}{Cell("H3", 0.5, span)}{Cell("I3", "12")}</row>")
            .Write(_folder["types.xlsx"]);

        Assert.Equal(["int64", "double", "text", "bool", "date", "timestamp", "time", "duration", "text"], session.Values("(Get-DataSchema $args[0]).Type", path));
        var rows = session.Run("Import-DataFile $args[0]", path);
        Assert.Equal([7L, 0.1, "plain", true, new DateOnly(2024, 1, 1), new DateTime(2024, 1, 1, 18, 0, 0), new TimeOnly(6, 0), TimeSpan.FromHours(36), "00501"], Values(rows[0]));
        Assert.Equal([9007199254740993L, 3.0, "rich ", false, new DateOnly(1900, 3, 1), new DateTime(1900, 1, 1), TimeOnly.MinValue, TimeSpan.FromHours(12), "12"], Values(rows[1]));
        Assert.Empty(session.Warnings);
    }

    [Fact]
    public void Dates_count_from_1904_where_the_book_says_so()
    {
        var book = new TestBook { BookProperties = "<workbookPr date1904=\"1\"/>" };
        var path = book.Sheet("S", Row(1, "d") + $"<row r=\"2\">{Cell("A2", 0, book.Style("yyyy-mm-dd"))}</row>").Write(_folder["1904.xlsx"]);

        Assert.Equal([new DateOnly(1904, 1, 1)], session.Values("(Import-DataFile $args[0]).d", path));
    }

    [Theory]
    [InlineData("60")]
    [InlineData("-1")]
    [InlineData("2958466")]
    public void A_number_that_is_no_date_stays_a_number_whatever_its_format(string serial)
    {
        var book = new TestBook();
        var style = book.Style("yyyy-mm-dd");
        var path = book.Sheet("S", Row(1, "d") + $"<row r=\"2\"><c r=\"A2\" s=\"{style}\"><v>{serial}</v></c></row>").Write(_folder["no-date.xlsx"]);

        Assert.Equal([long.Parse(serial, System.Globalization.CultureInfo.InvariantCulture)], session.Values("(Import-DataFile $args[0]).d", path));
    }

    [Fact]
    public void Times_of_day_beside_longer_ones_are_durations_and_days_beside_moments_are_moments()
    {
        var book = new TestBook();
        var (time, span, day, moment) = (book.Style("h:mm"), book.Style("[h]:mm"), book.Style("yyyy-mm-dd"), book.Style("yyyy-mm-dd h:mm"));
        var path = book.Sheet("S", Row(1, "t", "d") + $"<row r=\"2\">{Cell("A2", 0.25, time)}{Cell("B2", 45292, day)}</row><row r=\"3\">{Cell("A3", 1.25, span)}{Cell("B3", 45292.5, moment)}</row>").Write(_folder["times.xlsx"]);

        Assert.Equal([TimeSpan.FromHours(6), TimeSpan.FromHours(30)], session.Values("(Import-DataFile $args[0]).t", path));
        Assert.Equal([new DateTime(2024, 1, 1), new DateTime(2024, 1, 1, 12, 0, 0)], session.Values("(Import-DataFile $args[0]).d", path));
        Assert.Empty(session.Warnings);
    }

    [Fact]
    public void Microseconds_survive_and_the_hidden_part_of_a_date_is_not_lost()
    {
        var book = new TestBook();
        var style = book.Style("yyyy-mm-dd");
        var path = book.Sheet("S", Row(1, "d") + $"<row r=\"2\"><c r=\"A2\" s=\"{style}\"><v>45292.999999999988</v></c></row>").Write(_folder["micros.xlsx"]);

        Assert.Equal([new DateTime(2024, 1, 1, 23, 59, 59, 999, 999)], session.Values("(Import-DataFile $args[0]).d", path));
    }

    [Fact]
    public void Dates_of_strict_books_are_text_of_any_number_of_digits()
    {
        const string Strict = "<row r=\"2\"><c r=\"A2\" t=\"d\"><v>2009-05-01</v></c><c r=\"B2\" t=\"d\"><v>2009-01-01T11:00:00.00000020954757600</v></c><c r=\"C2\" t=\"d\"><v>10:59:59.9999999999984025</v></c><c r=\"D2\" t=\"d\"><v>PT24H11M0.000S</v></c><c r=\"E2\" t=\"d\"><v>soon</v></c></row>";
        var path = new TestBook().Sheet("S", Row(1, "a", "b", "c", "d", "e") + Strict).Write(_folder["strict.xlsx"]);

        Assert.Equal(
            [new DateOnly(2009, 5, 1), new DateTime(2009, 1, 1, 11, 0, 0), new TimeOnly(11, 0), new TimeSpan(24, 11, 0), "soon"],
            Values(Assert.Single(session.Run("Import-DataFile $args[0]", path))));
    }

    [Fact]
    public void Errors_are_null_and_counted_or_bad_rows_by_choice()
    {
        var path = new TestBook().Sheet("S", Row(1, "id", "x") + $"<row r=\"2\">{Cell("A2", 1)}{Error("B2", "#N/A")}</row>{Row(3, 2, 5)}<row r=\"4\">{Cell("A4", 3)}{Error("B4", "#DIV/0!")}</row>").Write(_folder["errors.xlsx"]);

        Assert.Equal([null, 5L, null], session.Values("(Import-DataFile $args[0]).x", path));
        Assert.Contains("1 #DIV/0!, 1 #N/A", Assert.Single(session.Warnings), StringComparison.Ordinal);

        Assert.Equal([2L], session.Values("(Import-DataFile $args[0] -CellError Reject -MaxErrors 5).id", path));
        var error = session.Error("Import-DataFile $args[0] -CellError Reject", path);
        Assert.StartsWith("BadRow,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("line 2, column 'x': '#N/A'", error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_of_several_kinds_is_text_and_loses_nothing()
    {
        var book = new TestBook();
        var day = book.Style("yyyy-mm-dd");
        var path = book.Sheet("S", Row(1, "x") + Row(2, 1) + Row(3, "A1") + Row(4, true) + $"<row r=\"5\">{Cell("A5", 45292, day)}</row>" + Row(6, 0.1)).Write(_folder["mixed.xlsx"]);

        Assert.Equal(["1", "A1", "true", "2024-01-01", "0.1"], session.Values("(Import-DataFile $args[0]).x", path));
        Assert.Contains("numbers beside text beside booleans beside dates", Assert.Single(session.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Long_integers_beside_fractions_do_not_lose_digits()
    {
        var path = new TestBook().Sheet("S", Row(1, "x") + "<row r=\"2\"><c r=\"A2\"><v>9007199254740993</v></c></row>" + Row(3, 0.5)).Write(_folder["long.xlsx"]);

        Assert.Equal(["9007199254740993", "0.5"], session.Values("(Import-DataFile $args[0]).x", path));
    }

    [Fact]
    public void A_value_past_the_sample_that_does_not_fit_is_a_bad_row()
    {
        var path = new TestBook().Sheet("S", Row(1, "x") + Row(2, 1) + Row(3, "2") + Row(4, 3, 4)).Write(_folder["late.xlsx"]);

        var error = session.Error("Import-DataFile $args[0] -SampleRows 1", path);
        Assert.Contains("line 3, column 'x': '2' is not an int64, which the first 1 rows are", error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal([1L], session.Values("(Import-DataFile $args[0] -SampleRows 1 -MaxErrors 2 -RejectPath $args[1]).x", path, _folder["rejects.ndjson"]));
        Assert.Contains("stands in column B", File.ReadAllText(_folder["rejects.ndjson"]), StringComparison.Ordinal);
        Assert.Equal(["1", "2", "3"], session.Values("(Import-DataFile $args[0] -FullScan).x", path));
    }

    [Fact]
    public void Named_types_read_text_as_their_values_and_numbers_as_dates()
    {
        var path = new TestBook().Sheet("S", Row(1, "price", "day", "n") + Row(2, 49.9, 45292, "17") + Row(3, "1250.5", 45293, 18)).Write(_folder["named.xlsx"]);

        var rows = session.Run("Import-DataFile $args[0] -Type @{ price = 'decimal(10,2)'; day = 'date'; n = 'int32' }", path);
        Assert.Equal([49.90m, new DateOnly(2024, 1, 1), 17], Values(rows[0]));
        Assert.Equal([1250.50m, new DateOnly(2024, 1, 2), 18], Values(rows[1]));
    }

    [Fact]
    public void Formulas_give_their_value_or_their_text()
    {
        const string Rows = "<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\"><f t=\"shared\" ref=\"B2:B3\" si=\"0\">A2*$A$1+SUM(A:A)</f><v>2</v></c></row><row r=\"3\"><c r=\"A3\"><v>2</v></c><c r=\"B3\"><f t=\"shared\" si=\"0\"/><v>4</v></c></row>";
        var path = new TestBook().Sheet("S", Row(1, "a", "b") + Rows).Write(_folder["formulas.xlsx"]);

        Assert.Equal([2L, 4L], session.Values("(Import-DataFile $args[0]).b", path));
        Assert.Equal(["=A2*$A$1+SUM(A:A)", "=A3*$A$1+SUM(A:A)"], session.Values("(Import-DataFile $args[0] -Formula).b", path));
    }

    [Fact]
    public void Displayed_text_is_what_Excel_shows()
    {
        var book = new TestBook();
        var (money, day, span) = (book.Style("#,##0.00 \"EUR\""), book.Style("dd.mm.yyyy"), book.Style("[h]:mm:ss"));
        var path = book.Sheet("S", Row(1, "a", "b", "c", "d", "e", "f") + $"<row r=\"2\">{Cell("A2", 1234.5, money)}{Cell("B2", 45292, day)}{Cell("C2", 26 / 24.0, span)}{Cell("D2", true)}{Cell("E2", 0.1 + 0.2)}{Error("F2", "#N/A")}</row>").Write(_folder["shown.xlsx"]);

        Assert.Equal(["1,234.50 EUR", "01.01.2024", "26:00:00", "TRUE", "0.3", "#N/A"], Values(Assert.Single(session.Run("Import-DataFile $args[0] -AsDisplayed", path))));
        Assert.Equal("1.234,50 EUR", session.Values("(Import-DataFile $args[0] -AsDisplayed -Culture de-DE).a", path)[0]);
    }

    [Fact]
    public void Escaped_characters_of_text_are_read_once()
    {
        var path = new TestBook().Sheet("S", Row(1, "x") + Row(2, "a_x000D_b_x005F_x000D_") + Row(3, "_xD800_ \U0001F600")).Write(_folder["escapes.xlsx"]);

        Assert.Equal(["a\rb_x000D_", "_xD800_ \U0001F600"], session.Values("(Import-DataFile $args[0]).x", path));
    }

    [Fact]
    public void Null_values_and_trimming_apply_to_cells()
    {
        var path = new TestBook().Sheet("S", Row(1, "n", "t") + Row(2, -999, " x ") + Row(3, 5, "n/a")).Write(_folder["nulls.xlsx"]);

        var rows = session.Run("Import-DataFile $args[0] -NullValue n/a, -999 -Trim", path);
        Assert.Equal([null, "x"], Values(rows[0]));
        Assert.Equal([5L, null], Values(rows[1]));
    }

    private static object?[] Values(PSObject row) => [.. row.Properties.Select(p => p.Value)];
}
