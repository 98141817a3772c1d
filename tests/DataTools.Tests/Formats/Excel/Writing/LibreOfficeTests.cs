using System.Diagnostics;
using System.Text.RegularExpressions;

namespace DataTools.Tests.Formats.Excel.Writing;

/// <summary>What another program makes of our books.</summary>
public sealed partial class LibreOfficeTests(PowerShellSession session) : IClassFixture<PowerShellSession>, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Values_are_the_same_after_a_round_trip()
    {
        session.Run(
            """
            [pscustomobject][ordered]@{ id = 1; day = [DateOnly]::new(2026, 1, 31); at = [datetime]'2026-01-31T06:07:08'; span = [timespan]'2.12:00:00'; price = 12.50d
                flag = $true; text = ' 00501'; nothing = $null; formula = '=1+1' } | Export-DataFile $args[0] -TableName T -FreezeTopRow -Title 'Some text'
            """, _folder["x.xlsx"]);
        Assert.Equal(
            ["Some text||||||||", "id|day|at|span|price|flag|text|nothing|formula", "1|2026-01-31|2026-01-31 06:07:08|60:00:00|12.50|1|00501||=1+1"],
            Shown("x.xlsx"));
    }

    [Fact]
    public void A_book_that_was_written_into_computes()
    {
        SampleBook.Write(_folder["book.xlsx"]);
        session.Run("[pscustomobject][ordered]@{ amount = 4; item = 'cap'; day = [DateOnly]::new(2026, 1, 31) } | Export-DataFile $args[0] -WorksheetName Sales -Append", _folder["book.xlsx"]);
        Assert.StartsWith("31.01.2026|cap|4.00|9|", Shown("book.xlsx")[5], StringComparison.Ordinal);
    }

    /// <summary>The cells as the program shows them, row by row.</summary>
    private List<string> Shown(string file)
    {
        var office = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(p => Path.Combine(p, "soffice")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(office is null, "LibreOffice is not installed (soffice is not on the path).");
        var start = new ProcessStartInfo(office!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { $"-env:UserInstallation=file://{_folder["profile"]}", "--headless", "--convert-to", "html", "--outdir", _folder.Path, _folder[file] })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(2)));
        var page = File.ReadAllText(Path.ChangeExtension(_folder[file], "html"));
        return [.. Row().Matches(page).Select(row => string.Join('|', Cell().Matches(row.Value).Select(cell => Tag().Replace(cell.Groups[1].Value, "").Trim())))];
    }

    [GeneratedRegex("<tr.*?</tr>", RegexOptions.Singleline)]
    private static partial Regex Row();

    [GeneratedRegex("<td[^>]*>(.*?)</td>", RegexOptions.Singleline)]
    private static partial Regex Cell();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
