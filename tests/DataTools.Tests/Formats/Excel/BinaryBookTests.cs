using System.Net;
using System.Security;

namespace DataTools.Tests.Formats.Excel;

/// <summary>XLS, XLSB and encrypted books, as Excel and LibreOffice wrote them.</summary>
public sealed class BinaryBookTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    [Fact]
    public void Xls_has_sheets_and_types()
    {
        var path = Data("values.xls");

        Assert.Equal(["Orders A1:L6", "More C4:D8"], session.Values("Get-DataSchema $args[0] -ListContents | ForEach-Object { \"$($_.Name) $($_.Range)\" }", path));
        Assert.Equal(
            ["int64", "text", "int64", "double", "timestamp", "date", "time", "duration", "bool", "int64", "text", "text"],
            session.Values("(Get-DataSchema $args[0]).Type", path));
        var row = session.Run("Import-DataFile $args[0]", path)[1];
        Assert.Equal(
            [2L, "n2", 20L, 2.5, new DateTime(2024, 1, 2, 10, 30, 15, 250), new DateOnly(2024, 1, 2), new TimeOnly(8, 2), TimeSpan.FromHours(27), true, 4L, "x2", "00502"],
            row.Properties.Select(p => p.Value));
        Assert.Equal(["secret"], session.Values("(Import-DataFile $args[0] -WorksheetName Hidden).h", path));
        Assert.Equal(["99", null, null, "str"], session.Values("(Import-DataFile $args[0] -WorksheetName More).id", path));
    }

    [Fact]
    public void Xls_is_shown_as_Excel_shows_it() =>
        Assert.Equal(["1.50 EUR", "26:00:00"], session.Values("$row = Import-DataFile $args[0] -AsDisplayed | Select-Object -First 1; $row.price; $row.dur", Data("values.xls")));

    [Fact]
    public void Xlsb_has_types()
    {
        var path = Data("values.xlsb");

        Assert.Equal(["int64", "double", "date", "text", "text", "timestamp"], session.Values("(Get-DataSchema $args[0] -NoHeader).Type", path));
        Assert.Equal(
            [1L, 1.02, new DateOnly(2009, 5, 11), "1", "next value is null", new DateTime(2009, 5, 7, 11, 1, 2)],
            session.Run("Import-DataFile $args[0] -NoHeader", path)[0].Properties.Select(p => p.Value));
    }

    [Fact]
    public void Xlsb_has_dates_from_1904() =>
        Assert.Equal([new DateOnly(2009, 6, 15)], session.Values("(Import-DataFile $args[0] -NoHeader)[0].column1", Data("dates1904.xlsb")));

    [Fact]
    public void Xlsb_has_errors()
    {
        session.Run("Import-DataFile $args[0] -NoHeader", Data("errors.xlsb"));
        Assert.Contains("1 #DIV/0!, 1 #N/A, 1 #VALUE!", Assert.Single(session.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Xlsb_has_merged_cells() =>
        Assert.Equal(
            ["Merge Cell 1", "Merge Cell 1", "Merge Cell 3", "Merge Cell 3", "Merge Cell 3", "Merge Cell 4"],
            session.Values("(Import-DataFile $args[0] -FillMerged).'Test Column 1'", Data("merged.xlsb")));

    [Theory]
    [InlineData("values.xls")]
    [InlineData("values.xlsb")]
    public void Of_binary_books_formulas_and_names_cannot_be_read(string name)
    {
        Assert.StartsWith("InvalidOption,", session.Error("Import-DataFile $args[0] -Formula", Data(name)).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("binary book cannot be read", session.Error("Import-DataFile $args[0] -Range Block", Data(name)).Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("encrypted-agile.xlsx")]
    [InlineData("encrypted-standard.xlsb")]
    [InlineData("encrypted-rc4.xls")]
    public void Encrypted_books_open_with_their_password_alone(string name)
    {
        const string Read = "(Import-DataFile $args[0] -NoHeader -Password $args[1]).column1";

        Assert.Equal(["Password: password"], session.Values(Read, Data(name), Secret("password")));
        Assert.StartsWith("WrongPassword,", session.Error(Read, Data(name), Secret("Password")).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("PasswordNeeded,", session.Error("Import-DataFile $args[0]", Data(name)).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    private static SecureString Secret(string text) => new NetworkCredential("", text).SecurePassword;

    private static string Data(string name) => Path.Combine(TestPlaces.Repository, "tests", "data", name);
}
