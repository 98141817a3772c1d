using DataTools.Formats.Excel.Reading;

namespace DataTools.Tests.Formats.Excel;

/// <summary>What number formats mean, and how formulas move.</summary>
public sealed class FormatCodeTests
{
    [Theory]
    [InlineData("General", "Number")]
    [InlineData("0.00E+00", "Number")]
    [InlineData("#,##0.00 \"days\"", "Number")]
    [InlineData("[Red][<5]0.0", "Number")]
    [InlineData("0\\d", "Number")]
    [InlineData("@", "Number")]
    [InlineData("m/d/yyyy", "Date")]
    [InlineData("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "Date")]
    [InlineData("mmm-yy;@", "Date")]
    [InlineData("yyyy\"年\"m\"月\"", "Date")]
    [InlineData("d/m/yy h:mm", "Timestamp")]
    [InlineData("h:mm AM/PM", "Time")]
    [InlineData("mm:ss.0", "Time")]
    [InlineData("[h]:mm:ss", "Duration")]
    [InlineData("[mm]:ss", "Duration")]
    public void Meaning_is_told_by_the_code(string code, string meaning) => Assert.Equal(meaning, FormatCode.Meaning(code).ToString());

    [Theory]
    [InlineData("A1+$B$1+C$1+$D1", "B3+$B$1+D$1+$D3")]
    [InlineData("SUM(A:B)/SUM(1:$2)", "SUM(B:C)/SUM(3:$2)")]
    [InlineData("\"A1 \"\"B2\"&'It''s A1'!A1", "\"A1 \"\"B2\"&'It''s A1'!B3")]
    [InlineData("LOG10(A1)*Rate1.x_A1+Sheet1!A1+B", "LOG10(B3)*Rate1.x_A1+Sheet1!B3+B")]
    [InlineData("XFD1048576", "A2")]
    public void References_of_shared_formulas_move(string formula, string moved) => Assert.Equal(moved, SheetFormulas.Move(formula, 2, 1));
}
