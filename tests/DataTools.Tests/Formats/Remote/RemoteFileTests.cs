using System.IO.Compression;
using System.Net;
using System.Text;

namespace DataTools.Tests.Formats.Remote;

/// <summary>Files at addresses, as a user reads them.</summary>
public sealed class RemoteFileTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const string Read = "Import-DataFile $args[0] | ForEach-Object { $_.a }";

    /// <summary>Longer than what is kept of a file, so that it is read while it comes.</summary>
    private static readonly byte[] Long = Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Range(1, 200_000).Select(i => $"{i},some text of row {i}, to be long\n".Replace(", to", " to", StringComparison.Ordinal))));

    [Theory]
    [InlineData("x.csv", null, "a,b\n1,2\n")]
    [InlineData("x.csv?key=secret", null, "a,b\n1,2\n")]
    [InlineData("table", "text/csv; charset=utf-8", "a,b\n1,2\n")]
    [InlineData("api", "application/json", "[{\"a\":1}]")]
    [InlineData("api", "application/problem+json", "[{\"a\":1}]")]
    [InlineData("feed", "application/rss+xml", "<r><x><a>1</a></x></r>")]
    public void A_file_is_read_by_its_extension_or_type_with_one_request(string path, string? type, string text)
    {
        using var server = LoopbackServer.Of(text, type);

        Assert.Equal([1L], session.Values(Read, server.Address + path));
        Assert.Single(server.Requests);
    }

    [Fact]
    public void Other_commands_take_addresses_too()
    {
        using var server = LoopbackServer.Of("a,b\n1,2\n");

        Assert.Equal(["a", "b"], session.Values("(Get-DataSchema $args[0]).Name", server.Address + "x.csv"));
        Assert.Equal([1L, 1L], session.Values("(Measure-Data $args[0]).Rows", server.Address + "x.csv"));
    }

    [Fact]
    public void A_format_that_seeks_is_read()
    {
        using var folder = new TestFolder();
        session.Run("[pscustomobject]@{ a = 5 } | Export-Parquet $args[0]", folder["x.parquet"]);
        using var server = new LoopbackServer((context, _) => LoopbackServer.Answer(context, File.ReadAllBytes(folder["x.parquet"])));

        Assert.Equal([5L], session.Values(Read, server.Address + "x.parquet"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Compression_is_asked_for_and_undone(bool twice)
    {
        using var server = new LoopbackServer((context, _) =>
        {
            Assert.Equal("gzip", context.Request.Headers["Accept-Encoding"]);
            context.Response.Headers["Content-Encoding"] = "gzip";
            var body = Zipped("a,b\n1,2\n"u8.ToArray());
            LoopbackServer.Answer(context, twice ? Zipped(body) : body);
        });

        Assert.Equal([1L], session.Values(Read, server.Address + "x.csv.gz"));
    }

    [Fact]
    public void Failures_that_pass_are_tried_again()
    {
        using var server = new LoopbackServer((context, number) =>
        {
            context.Response.StatusCode = number < 3 ? 503 : 200;
            context.Response.Headers["Retry-After"] = "0";
            LoopbackServer.Answer(context, "a\n1\n"u8.ToArray());
        });

        Assert.Equal([1L], session.Values(Read, server.Address + "x.csv"));
        Assert.Equal(3, server.Requests.Count);
    }

    [Theory]
    [InlineData(404, "FileNotFound")]
    [InlineData(401, "HttpFailed")]
    [InlineData(400, "HttpFailed")]
    public void Failures_that_stay_are_errors_that_tell_no_secret(int status, string id)
    {
        using var server = new LoopbackServer((context, _) =>
        {
            context.Response.StatusCode = status;
            LoopbackServer.Answer(context, []);
        });
        var error = session.Error("Import-DataFile $args[0] -Headers @{ 'X-Key' = 'hush' }", server.Address.Replace("//", "//me:hush@", StringComparison.Ordinal) + "x.csv?key=hush");

        Assert.StartsWith(id, error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", error.ToString() + error.Exception + error.TargetObject, StringComparison.Ordinal);
        Assert.InRange(server.Requests.Count, 1, 2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_transfer_that_breaks_goes_on_where_it_was(bool knowsRanges)
    {
        using var server = new LoopbackServer((context, number) =>
        {
            context.Response.Headers["ETag"] = "\"v1\"";
            if (number == 1 || (number == 2 && knowsRanges))
            {
                LoopbackServer.Break(context, Rest(context), number == 1 ? 5_000_000 : 500_000);
                return;
            }

            LoopbackServer.Answer(context, knowsRanges ? Rest(context) : Long);
        });

        Assert.Equal([200_000, 20_000_100_000L], session.Values("$rows = Import-DataFile $args[0] | Measure-Data; $rows[0].Rows; [long] ($rows[0].Mean * $rows[0].Rows)", server.Address + "x.csv").Select(Convert.ToInt64));
        Assert.All(server.Requests.Skip(1), r => Assert.Equal("\"v1\"", r.Headers["If-Range"]));
        Assert.Equal(knowsRanges ? 3 : 2, server.Requests.Count);
    }

    [Theory]
    [InlineData("\"v2\"", "SourceChanged")]
    [InlineData(null, "CannotRead")]
    public void Two_versions_are_never_mixed(string? later, string id)
    {
        using var server = new LoopbackServer((context, number) =>
        {
            if (later is not null)
            {
                context.Response.Headers["ETag"] = number < 3 ? "\"v1\"" : later;
            }

            if (number < 3)
            {
                LoopbackServer.Break(context, Long, 5_000_000);
                return;
            }

            LoopbackServer.Answer(context, Long);
        });

        Assert.StartsWith(id, session.Error("Import-DataFile $args[0] | Measure-Data", server.Address + "x.csv").FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_changes_between_sample_and_reading_is_an_error()
    {
        using var server = new LoopbackServer((context, number) =>
        {
            context.Response.Headers["ETag"] = $"\"v{number}\"";
            LoopbackServer.Answer(context, Long);
        });

        Assert.StartsWith("SourceChanged", session.Error("Import-DataFile $args[0] -Format NdJson -MaxErrors 100% | Measure-Data", server.Address + "x.csv").FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Headers_and_credentials_stay_with_their_host()
    {
        using var other = LoopbackServer.Of("a\n1\n");
        using var server = new LoopbackServer((context, _) =>
        {
            if (context.Request.Headers["Authorization"] is null)
            {
                context.Response.StatusCode = 401;
                context.Response.Headers["WWW-Authenticate"] = "Basic realm=\"x\"";
            }
            else
            {
                context.Response.Redirect(context.Request.Url!.AbsolutePath == "/here.csv" ? "/there.csv" : other.Address + "x.csv");
            }

            LoopbackServer.Answer(context, []);
        });

        Assert.Equal([1L], session.Values(
            """
            $secret = [System.Security.SecureString]::new(); foreach ($c in 'hush'.ToCharArray()) { $secret.AppendChar($c) }
            Import-DataFile $args[0] -Headers @{ 'X-Key' = 'k' } -Credential ([pscredential]::new('me', $secret)) | ForEach-Object { $_.a }
            """,
            server.Address + "here.csv"));
        Assert.Equal("Basic " + Convert.ToBase64String("me:hush"u8), server.Requests.Last().Headers["Authorization"]);
        Assert.All(server.Requests, r => Assert.Equal("k", r.Headers["X-Key"]));
        Assert.Null(Assert.Single(other.Requests).Headers["X-Key"]);
        Assert.Null(other.Requests.Single().Headers["Authorization"]);
    }

    [Fact]
    public void A_password_is_not_sent_in_the_open() =>
        Assert.StartsWith("InvalidOption", session.Error("Import-DataFile http://me:hush@example.invalid/x.csv").FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void Redirects_without_end_are_an_error()
    {
        using var server = new LoopbackServer((context, _) =>
        {
            context.Response.Redirect("/x.csv");
            LoopbackServer.Answer(context, []);
        });

        Assert.StartsWith("CannotOpen", session.Error("Import-DataFile $args[0]", server.Address + "x.csv").FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_are_bounded()
    {
        using var server = new LoopbackServer((context, _) =>
        {
            context.Response.SendChunked = true;
            for (var i = 0; i < 1000; i++)
            {
                context.Response.OutputStream.Write(new byte[100_000]);
            }

            context.Response.Close();
        });
        using var bomb = new LoopbackServer((context, _) => LoopbackServer.Answer(context, Zipped(new byte[200_000_000])));

        Assert.StartsWith("LimitExceeded", session.Error("Import-DataFile $args[0] -MaxDownloadSize 1000000", server.Address + "x.csv").FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("LimitExceeded", session.Error("Import-DataFile $args[0] -MaxExpansion 10 -Format NdJson | Measure-Data", bomb.Address + "x.csv.gz").FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_is_silent_does_not_hold_up_who_has_enough()
    {
        using var hang = new ManualResetEventSlim();
        using var server = new LoopbackServer((context, _) =>
        {
            context.Response.SendChunked = true;
            for (var i = 0; i < 8; i++)
            {
                context.Response.OutputStream.Write(Long.AsSpan(i == 0 ? 0 : 4));
            }

            context.Response.OutputStream.Flush();
            hang.Wait(TimeSpan.FromSeconds(20));
        });
        var clock = System.Diagnostics.Stopwatch.StartNew();

        Assert.Equal([1L], session.Values("Import-DataFile $args[0] | Convert-Data -First 1 | ForEach-Object { $_.a }", server.Address + "x.csv"));
        hang.Set();
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 15);
    }

    private static byte[] Rest(HttpListenerContext context)
    {
        var range = context.Request.Headers["Range"];
        if (range is null)
        {
            return Long;
        }

        var from = int.Parse(range.Split('=', '-')[1], System.Globalization.CultureInfo.InvariantCulture);
        context.Response.StatusCode = 206;
        context.Response.Headers["Content-Range"] = $"bytes {from}-{Long.Length - 1}/{Long.Length}";
        return Long[from..];
    }

    private static byte[] Zipped(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var zip = new GZipStream(stream, CompressionLevel.Fastest))
        {
            zip.Write(bytes);
        }

        return stream.ToArray();
    }
}
