using System.Text;

namespace DataTools.Tests.Formats.Remote;

/// <summary>Records that come in pages.</summary>
public sealed class PagedRecordsTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    [Theory]
    [InlineData("/p?at={0}")]
    [InlineData("?at={0}")]
    public void Pages_are_followed_by_their_links(string link)
    {
        using var server = new LoopbackServer((context, number) =>
        {
            var next = number < 3 ? $"\"{string.Format(null, link, number)}\"" : "null";
            Answer(context, $$$"""{"items":[{"a":{{{number}}},"t":"x\ny"},{"a":{{{number * 10}}}}],"page":{"next":{{{next}}}}}""");
        });

        Assert.Equal([1L, 10L, 2L, 20L, 3L, 30L], session.Values("Import-DataFile $args[0] -RecordPath items -NextLink page.next | ForEach-Object { $_.a }", server.Address + "p"));
        Assert.Equal(3, server.Requests.Count);
    }

    [Theory]
    [InlineData("-PageParameter page", "list", "page=1 page=2 page=3")]
    [InlineData("-PageParameter page", "list?page=2&q=1", "q=1&page=2 q=1&page=3")]
    [InlineData("-PageParameter page -PageSize 2", "list", "page=1 page=2")]
    [InlineData("-OffsetParameter skip", "list", "skip=0 skip=2 skip=3")]
    [InlineData("-OffsetParameter skip -PageSize 2", "list", "skip=0 skip=2")]
    public void Pages_are_counted(string parameters, string path, string expected)
    {
        using var server = new LoopbackServer((context, _) =>
        {
            var at = context.Request.QueryString["page"] is { } page ? (int.Parse(page, null) - 1) * 2 : int.Parse(context.Request.QueryString["skip"]!, null);
            Answer(context, $"[{string.Join(',', new[] { 1, 2, 3 }.Skip(at).Take(2).Select(i => $"{{\"a\":{i}}}"))}]");
        });
        var rows = session.Values($"Import-DataFile $args[0] {parameters} | ForEach-Object {{ $_.a }}", server.Address + path);

        Assert.Equal(path.Contains("page=2", StringComparison.Ordinal) ? [3L] : [1L, 2L, 3L], rows);
        Assert.Equal(expected.Split(' '), server.Requests.Select(r => r.Url!.Query.TrimStart('?')));
    }

    [Theory]
    [InlineData("-NextLink next")]
    [InlineData("-PageParameter page")]
    [InlineData("-OffsetParameter skip")]
    public void Pages_that_repeat_are_an_error(string parameters)
    {
        using var server = LoopbackServer.Of("""{"items":[{"a":1}],"next":"/p"}""");

        Assert.StartsWith("PagesRepeat", session.Error($"Import-DataFile $args[0] -RecordPath items {parameters}", server.Address + "p").FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.InRange(server.Requests.Count, 1, 2);
    }

    [Theory]
    [InlineData("-NextLink next -PageParameter p", "InvalidOption")]
    [InlineData("-NextLink next -Format Csv", "InvalidOption")]
    [InlineData("-NextLink n", "InvalidOption")]
    [InlineData("-NextLink x -RecordPath items", "ColumnNotFound")]
    public void What_cannot_be_is_said(string parameters, string id)
    {
        using var server = LoopbackServer.Of("""{"records":[{"a":1}],"n":5}""");

        Assert.StartsWith(id, session.Error($"Import-DataFile $args[0] {parameters}", server.Address).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void All_pages_together_are_bounded()
    {
        using var server = new LoopbackServer((context, number) => Answer(context, $$"""{"items":[{"a":{{number}}}],"next":"?{{number}}"}"""));

        Assert.StartsWith("LimitExceeded", session.Error("Import-DataFile $args[0] -RecordPath items -NextLink next -MaxDownloadSize 1000", server.Address).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_that_is_no_json_is_an_error()
    {
        using var server = LoopbackServer.Of("<html>");

        Assert.StartsWith("MalformedFile", session.Error("Import-DataFile $args[0] -NextLink next", server.Address).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    private static void Answer(System.Net.HttpListenerContext context, string text) => LoopbackServer.Answer(context, Encoding.UTF8.GetBytes(text), "application/json");
}
