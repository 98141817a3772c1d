using System.Diagnostics;
using System.Globalization;

namespace DataTools.Tests.Module;

/// <summary>Names, places and cultures that break what nobody thought of them.</summary>
public sealed class HostileUseTests(PowerShellSession session) : IClassFixture<PowerShellSession>, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("[x].csv")]
    [InlineData("it's a \"b\" `c`.csv")]
    [InlineData("$home %41 #1 & ünï.csv")]
    [InlineData("*?.csv")]
    [InlineData(" spaces .csv")]
    public void A_file_of_any_name_is_written_read_and_queried(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows allows no such names.");
        var path = _folder[name];
        session.Run("[pscustomobject]@{ id = 1 } | Export-DataFile $args[0]", path);
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
        Assert.Equal([1L], session.Values("(Import-DataFile -LiteralPath $args[0]).id", path));
        Assert.Equal([1L], session.Values("(Get-ChildItem $args[0] | Import-DataFile).id", _folder.Path));
        if (!name.Contains('*', StringComparison.Ordinal))
        {
            Assert.Equal([1L], session.Values("(Invoke-DataQuery \"from '$($args[0].Replace(\"'\", \"''\"))'\").id", path));
        }
    }

    [Fact]
    public async Task A_device_and_a_pipe_are_written_to_and_stay()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The names are Linux's.");
        var pipe = _folder["pipe.csv"];
        using (var make = Process.Start("mkfifo", [pipe]))
        {
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var received = Task.Run(() => File.ReadAllText(pipe), TestContext.Current.CancellationToken);
        session.Run("[pscustomobject]@{ id = 1 } | Export-DataFile $args[0]", pipe);
        Assert.Equal("id\n1\n", await received);
        Assert.Equal([pipe], Directory.GetFileSystemEntries(_folder.Path));

        // Only after the pipe has stayed one: a mistake would replace the machine's own device.
        File.CreateSymbolicLink(_folder["full.csv"], "/dev/full");
        Assert.StartsWith("CannotWrite,", session.Error("1..9 | ForEach-Object { [pscustomobject]@{ id = $_ } } | Export-DataFile $args[0]", _folder["full.csv"]).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("de-DE")]
    [InlineData("ar-SA")]
    [InlineData("th-TH")]
    public void The_culture_of_the_machine_changes_nothing(string culture)
    {
        const string Text = "ID,at,price,INFO,flag\n1,2026-01-31T06:07:08,1234.50,i,true\n-2,2026-02-01T00:00:00,-0.25,I,false\n";
        var path = _folder.Write("in.csv", Text);
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            foreach (var extension in (string[])["CSV", "json", "parquet", "xml", "xlsx", "ndjson"])
            {
                var copy = _folder["copy." + extension];
                session.Run(
                    "Import-DataFile $args[0] | Convert-Data -Where { $_.info -eq 'i' -and $_.PRICE -gt -1.5 } -Type @{ PRICE = 'decimal(9,2)' } | Export-DataFile $args[1]; "
                    + "Import-DataFile $args[1] -Type @{ at = 'TIMESTAMP'; price = 'DECIMAL(9,2)' } | Invoke-DataQuery 'select * from INPUT' | Export-DataFile $args[2]", path, copy, _folder["out.csv"]);
                Assert.Equal(Text, File.ReadAllText(_folder["out.csv"]));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData(".csv")]
    [InlineData(".json")]
    [InlineData(".ndjson")]
    [InlineData(".xml")]
    [InlineData(".parquet")]
    [InlineData(".arrow")]
    [InlineData(".xlsx")]
    [InlineData(".xlsb")]
    [InlineData(".xls")]
    [InlineData(".fwf")]
    [InlineData(".csv.gz")]
    [InlineData(".csv.zst")]
    public void Nothing_one_byte_and_a_folder_are_errors_and_no_more(string extension)
    {
        Directory.CreateDirectory(_folder["folder" + extension]);
        foreach (var path in (string[])[_folder.Write("empty" + extension, ""), _folder.Write("one" + extension, "\0"), _folder["folder" + extension]])
        {
            foreach (var command in (string[])["Import-DataFile $args[0] -Width 1", "Get-DataSchema $args[0] -Width 1", "Measure-Data $args[0] -Width 1"])
            {
                try
                {
                    session.Run(command, path);
                }
                catch (System.Management.Automation.RuntimeException e)
                {
                    Assert.IsType<DataTools.Errors.DataException>(e.InnerException ?? e.ErrorRecord.Exception, exactMatch: false);
                }
            }
        }
    }

    [Fact]
    public void Two_commands_that_write_one_file_leave_one_whole_file()
    {
        var path = _folder["both.csv"];
        Parallel.For(0, 8, i =>
        {
            using var own = new PowerShellSession();
            own.Run("$n = $args[1]; 1..2000 | ForEach-Object { [pscustomobject]@{ n = $n } } | Export-DataFile $args[0]", path, i);
        });
        var lines = File.ReadAllLines(path);
        Assert.Equal(2001, lines.Length);
        Assert.Single(lines.Skip(1).Distinct());
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_folder_that_may_not_be_written_to_is_an_error()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("This user may write everywhere.");
            return;
        }

        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            Assert.StartsWith("CannotWrite,", session.Error("1 | Export-DataFile $args[0]", _folder["x.csv"]).FullyQualifiedErrorId, StringComparison.Ordinal);
        }
        finally
        {
            File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
