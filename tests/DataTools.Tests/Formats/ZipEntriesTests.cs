using System.IO.Compression;
using DataTools.Tests.Host;

namespace DataTools.Tests.Formats;

/// <summary>Files within archives.</summary>
public sealed class ZipEntriesTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    [Theory]
    [InlineData("*.csv", "1 2 3")]
    [InlineData("x.csv", "1 3")]
    [InlineData("in/x.csv", "3")]
    [InlineData("in/*", "3 4")]
    [InlineData("*", "1 2 3 4")]
    public void Entries_are_one_table(string pattern, string expected)
    {
        using var folder = new TestFolder();
        Zip(folder["a.zip"], ("x.csv", "a\n1\n"), ("y.csv", "a\n2\n"), ("in/x.csv", "a\n3\n"), ("in/z.json", "[{\"a\":4}]"), ("read.me", "no"), ("in/", ""));

        Assert.Equal(expected.Split(' '), session.Values("Import-DataFile \"$($args[0])!$($args[1])\" | ForEach-Object { [string] $_.a }", folder["a.zip"], pattern).Order());
    }

    [Fact]
    public void Sources_are_named_and_archives_may_be_several()
    {
        using var folder = new TestFolder();
        Zip(folder["a.zip"], ("x.csv", "a\n1\n"));
        Zip(folder["b.zip"], ("../../x.csv", "a\n2\n"));

        Assert.Equal([$"{folder["a.zip"]}!x.csv", $"{folder["b.zip"]}!../../x.csv"], session.Values("(Import-DataFile \"$($args[0])/*.zip!*.csv\" -IncludeSource).SourceFile", folder.Path));
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Theory]
    [InlineData("a.zip!none.csv", "EntryNotFound")]
    [InlineData("c.zip!x.csv", "FileNotFound")]
    [InlineData("b.zip!x.csv", "MalformedFile")]
    public void What_is_not_there_is_an_error(string path, string id)
    {
        using var folder = new TestFolder();
        Zip(folder["a.zip"], ("x.csv", "a\n1\n"));
        folder.Write("b.zip", "no archive");

        Assert.StartsWith(id, session.Error("Import-DataFile $args[0]", folder[path]).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Expansion_is_bounded()
    {
        using var folder = new TestFolder();
        Zip(folder["a.zip"], ("x.ndjson", string.Concat(Enumerable.Repeat("{\"a\":1}\n", 20_000_000))));

        Assert.StartsWith("LimitExceeded", session.Error("Import-DataFile $args[0] -MaxExpansion 10 | Measure-Data", folder["a.zip!x.ndjson"]).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Encrypted_entries_are_refused()
    {
        using var folder = new TestFolder();
        Zip(folder["a.zip"], ("x.csv", "a\n1\n"));
        var bytes = File.ReadAllBytes(folder["a.zip"]);
        var central = bytes.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        bytes[6] |= 1;
        bytes[central + 8] |= 1;
        File.WriteAllBytes(folder["a.zip"], bytes);

        Assert.StartsWith("EncryptedFile", session.Error("Import-DataFile $args[0]", folder["a.zip!x.csv"]).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_standard_input_is_read_in_the_runner()
    {
        var result = await RunnerProcess.Run(["-Command", "Import-DataFile - -Format Csv | ForEach-Object { $_.b }"], "a,b\n1,x\n2,y\n");

        Assert.Equal(["x", "y"], result.Lines);
    }

    private static void Zip(string path, params (string Name, string Text)[] entries)
    {
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, text) in entries)
        {
            using var writer = new StreamWriter(zip.CreateEntry(name).Open());
            writer.Write(text);
        }
    }
}
