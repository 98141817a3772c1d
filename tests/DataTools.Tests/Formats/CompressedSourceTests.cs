using System.IO.Compression;
using System.Text;
using DataTools.Errors;
using DataTools.Formats;

namespace DataTools.Tests.Formats;

/// <summary>Compressed files that are damaged, or made to exhaust the machine.</summary>
public sealed class CompressedSourceTests : IDisposable
{
    private const int BombBytes = 130 << 20;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gz")]
    [InlineData("zst")]
    public void A_bomb_ends_in_an_error_that_names_the_bound(string kind)
    {
        var path = Compress(kind, stream =>
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < BombBytes >> 20; i++)
            {
                stream.Write(zeros);
            }
        });
        var error = Assert.Throws<DataException>(() => ReadAll(path, ReadOptions.Default with { MaxExpansion = 10 }));
        Assert.Equal("LimitExceeded", error.Id);
        Assert.Contains("-MaxExpansion", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gz")]
    [InlineData("zst")]
    public void A_file_that_is_cut_off_is_an_error_and_not_a_shorter_file(string kind)
    {
        var path = Compress(kind, stream => stream.Write(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i},{i * 7919 % 104729}\n")))));
        var whole = File.ReadAllBytes(path);
        foreach (var length in new[] { whole.Length - 1, whole.Length - 9, whole.Length / 2, 20 })
        {
            File.WriteAllBytes(path, whole[..length]);
            var error = Assert.Throws<DataException>(() => ReadAll(path, ReadOptions.Default));
            Assert.Equal("CannotRead", error.Id);
        }
    }

    [Fact]
    public void Files_joined_behind_one_another_are_read_to_the_end()
    {
        var path = Compress("gz", stream => stream.Write("a\n1\n"u8));
        File.WriteAllBytes(path, [.. File.ReadAllBytes(path), .. File.ReadAllBytes(Compress("gz", stream => stream.Write("2\n"u8)))]);
        using var stream = DataSource.FromFile(path).Open(ReadOptions.Default);
        Assert.Equal("a\n1\n2\n", new StreamReader(stream).ReadToEnd());
    }

    private string Compress(string kind, Action<Stream> write)
    {
        var path = _folder[$"{Guid.NewGuid():N}.{kind}"];
        using var file = File.Create(path);
        using Stream stream = kind == "gz" ? new GZipStream(file, CompressionLevel.Optimal) : new ZstdSharp.CompressionStream(file);
        write(stream);
        return path;
    }

    private static void ReadAll(string path, ReadOptions options)
    {
        using var stream = DataSource.FromFile(path).Open(options);
        stream.CopyTo(Stream.Null);
    }
}
