using System.Diagnostics;

namespace DataTools.Tests.Formats.Excel.Writing;

/// <summary>What another program makes of our books.</summary>
public sealed class LibreOfficeTests(PowerShellSession session) : IClassFixture<PowerShellSession>, IDisposable
{
    /// <summary>Commas, quotes where needed, UTF-8, cells as they are shown.</summary>
    private const string Csv = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false";

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
        Convert("x.xlsx");
        Assert.Equal(["Some text,,,,,,,,", "id,day,at,span,price,flag,text,nothing,formula", "1,2026-01-31,2026-01-31 06:07:08,60:00:00,12.50,TRUE, 00501,,=1+1"], File.ReadAllLines(_folder["x.csv"]));
    }

    [Fact]
    public void A_book_that_was_written_into_computes()
    {
        SampleBook.Write(_folder["book.xlsx"]);
        session.Run("[pscustomobject][ordered]@{ amount = 4; item = 'cap'; day = [DateOnly]::new(2026, 1, 31) } | Export-DataFile $args[0] -WorksheetName Sales -Append", _folder["book.xlsx"]);
        Convert("book.xlsx");
        Assert.Equal("31.01.2026,cap,4.00,9,,", File.ReadAllLines(_folder["book.csv"])[5]);
    }

    private void Convert(string file)
    {
        var office = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(p => Path.Combine(p, "soffice")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(office is null, "LibreOffice is not installed (soffice is not on the path).");
        var start = new ProcessStartInfo(office!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { $"-env:UserInstallation=file://{_folder["profile"]}", "--headless", "--convert-to", Csv, "--outdir", _folder.Path, _folder[file] })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(2)));
    }
}
