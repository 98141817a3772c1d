using System.Net.Http.Headers;
using DataTools.Errors;

namespace DataTools.Formats.Remote;

/// <summary>A file at an address. A short one is fetched once; of a longer one each reading asks anew, and finds out when it has become another.</summary>
internal sealed class RemoteFile(HttpFetcher fetcher)
{
    private const int Kept = 4 << 20;

    private readonly string _name = WebAddress.Show(fetcher.Origin);
    private byte[]? _whole;
    private EntityTagHeaderValue? _tag;
    private string? _mediaType;
    private Stream? _begun;

    /// <summary>The file as a source.</summary>
    public DataSource ToSource() => new(_name, Open);

    /// <summary>The format that -Format names, or that of the address's extension, or of the type that the server gives.</summary>
    public IDataFormat FindFormat(string? format)
    {
        var path = Uri.UnescapeDataString(fetcher.Origin.AbsolutePath);
        if (format is null && !DataFormats.IsKnown(path))
        {
            _begun = Begin();
            format = FormatOf(_mediaType);
        }

        return DataFormats.Find(format, path);
    }

    private static string? FormatOf(string? mediaType) => mediaType?.ToLowerInvariant() switch
    {
        "text/csv" or "application/csv" => "Csv",
        "text/tab-separated-values" => "Tsv",
        "application/x-ndjson" or "application/ndjson" or "application/jsonl" or "application/x-jsonlines" => "NdJson",
        "application/xml" or "text/xml" => "Xml",
        "application/vnd.apache.parquet" => "Parquet",
        "application/vnd.apache.arrow.file" => "Arrow",
        "application/vnd.apache.arrow.stream" => "ArrowStream",
        { } xml when xml.EndsWith("+xml", StringComparison.Ordinal) => "Xml",
        { } json when json.EndsWith("/json", StringComparison.Ordinal) || json.EndsWith("+json", StringComparison.Ordinal) => "Json",
        _ => null,
    };

    private Stream Open()
    {
        if (_whole is not null)
        {
            return new MemoryStream(_whole, writable: false);
        }

        var stream = _begun ?? Begin();
        _begun = null;
        return stream;
    }

    private Stream Begin()
    {
        var body = new HttpBody(fetcher, fetcher.Origin);
        try
        {
            if (_tag is not null && body.Tag is not null && !_tag.Equals(body.Tag))
            {
                throw DataErrors.SourceChanged(_name);
            }

            _tag = body.Tag;
            _mediaType = body.MediaType;
            return Keep(body);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private Stream Keep(HttpBody body)
    {
        var head = new byte[Kept];
        var length = body.ReadAtLeast(head, Kept, throwOnEndOfStream: false);
        if (length == Kept)
        {
            return new PrefixedStream(head, body);
        }

        body.Dispose();
        _whole = head[..length];
        return new MemoryStream(_whole, writable: false);
    }
}
