using DataTools.Formats.Excel.Writing;

namespace DataTools.Tests.Formats.Excel.Writing;

/// <summary>What Excel writes as text: references, formulas, number formats.</summary>
public sealed class ExcelNotationTests
{
    [Theory]
    [InlineData("A1", true)]
    [InlineData("$B$2:XFD1048576", true)]
    [InlineData("XFE1", false)]
    [InlineData("A1048577", false)]
    [InlineData("A0", false)]
    [InlineData("A", false)]
    [InlineData("1A", false)]
    [InlineData("", false)]
    public void Ranges(string text, bool isRange)
    {
        Assert.Equal(isRange, CellRange.TryParse(text, out var range));
        Assert.Equal(isRange ? text.Replace("$", "", StringComparison.Ordinal) : null, isRange ? range.ToString() : null);
    }

    [Theory]
    [InlineData("A1+$A1+A$1+$A$1", "A4+$A4+A$1+$A$1")]
    [InlineData("SUM(B2:C3)&\"A1\"", "SUM(B5:C6)&\"A1\"")]
    [InlineData("LOG10(A1)*'Sheet A1'!B2", "LOG10(A4)*'Sheet A1'!B5")]
    [InlineData("Table1[[#This Row],[A1]]+T_A1", "Table1[[#This Row],[A1]]+T_A1")]
    public void Formulas_move_with_their_row(string formula, string moved) => Assert.Equal(moved, FormulaText.Move(formula, 3));

    [Theory]
    [InlineData("S!$A$2:$A$5", "S!$A$2:$A$9")]
    [InlineData("'S'!A2:B5+S!A2", "'S'!A2:B9+S!A2")]
    [InlineData("A2:A5", "A2:A5")]
    [InlineData("OFFSET(Other!$A$2:$A$5,1,1)", "OFFSET(Other!$A$2:$A$5,1,1)")]
    [InlineData("\"S!A2:A5\"", "\"S!A2:A5\"")]
    public void Ranges_grow(string formula, string grown) =>
        Assert.Equal(grown, FormulaText.Grow(formula, (sheet, range) => sheet == "S" && range.Row2 == 5 ? range with { Row2 = 9 } : range));

    [Theory]
    [InlineData("General", false)]
    [InlineData("#,##0.00 [$€-407]", false)]
    [InlineData("0 \"days\"", false)]
    [InlineData("[Red]0.00;-0.00", false)]
    [InlineData("0\\d", false)]
    [InlineData("0.00E+00", false)]
    [InlineData("yyyy-mm-dd", true)]
    [InlineData("[h]:mm", true)]
    [InlineData("[ss]", true)]
    [InlineData("[$-409]d mmm", true)]
    [InlineData("h:mm AM/PM", true)]
    public void Formats_of_dates(string format, bool isDate) => Assert.Equal(isDate, NumberFormats.IsDate(format));
}
