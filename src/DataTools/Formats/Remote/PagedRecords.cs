using System.Buffers;
using System.IO.Hashing;
using System.Text.Encodings.Web;
using System.Text.Json;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats.Remote;

/// <summary>
/// The records of all pages of an address as NDJSON, fetched as they are read. It ends at the page that names no next one, has no records, or fewer
/// than a full page; pages that come again are an error, for they would come for ever.
/// </summary>
internal sealed class PagedRecords(HttpFetcher fetcher, ReadOptions options, PagingOptions paging) : ForwardStream
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true, MaxDepth = int.MaxValue };
    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = NestedText.MaxDepth + 64 };

    private readonly string _name = WebAddress.Show(fetcher.Origin);
    private readonly HashSet<string> _addresses = [];
    private readonly ArrayBufferWriter<byte> _text = new();
    private Uri? _next = First(fetcher.Origin, paging);
    private UInt128 _last;
    private long _taken;
    private int _at;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        while (_at == _text.WrittenCount && _next is not null)
        {
            _text.ResetWrittenCount();
            _at = 0;
            TakePage(_next);
        }

        var count = Math.Min(buffer.Length, _text.WrittenCount - _at);
        _text.WrittenSpan.Slice(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    private static Uri First(Uri address, PagingOptions paging) =>
        paging.PageParameter is { } page ? WebAddress.WithParameter(address, page, WebAddress.Parameter(address, page) ?? 1)
            : paging.OffsetParameter is { } offset ? WebAddress.WithParameter(address, offset, WebAddress.Parameter(address, offset) ?? 0)
            : address;

    private void TakePage(Uri address)
    {
        if (!_addresses.Add(address.AbsoluteUri))
        {
            throw DataErrors.PagesRepeat(_name);
        }

        using var page = Fetch(address);
        var records = Records(page.RootElement);
        using var json = new Utf8JsonWriter(_text, Writing);
        foreach (var record in records)
        {
            record.WriteTo(json);
            json.Flush();
            json.Reset();
            _text.Write("\n"u8);
        }

        var hash = XxHash128.HashToUInt128(_text.WrittenSpan);
        if (records.Count > 0 && paging.NextLink is null && hash == _last)
        {
            // The server does not know the parameter.
            throw DataErrors.PagesRepeat(_name);
        }

        _last = hash;
        _next = Next(address, page.RootElement, records.Count);
    }

    private JsonDocument Fetch(Uri address)
    {
        var left = options.MaxRecordBytes;
        try
        {
            using var body = new DataSource(_name, () => new HttpBody(fetcher, address)).Open(options);
            var page = new MemoryStream();
            var room = new byte[1 << 16];
            for (var read = body.Read(room); read > 0; read = body.Read(room))
            {
                page.Write(room, 0, read);
                _taken += read;
                left -= read;
                if (left < 0 || _taken > fetcher.Options.MaxBytes)
                {
                    throw DataErrors.LimitExceeded(_name, left < 0 ? $"a page is longer than {options.MaxRecordBytes:N0} bytes. Raise -MaxRecordSize if that is right." : $"the pages are longer than {fetcher.Options.MaxBytes:N0} bytes. Raise -MaxDownloadSize if that is right.");
                }
            }

            return JsonDocument.Parse(page.GetBuffer().AsMemory(0, (int)page.Length), Depth);
        }
        catch (JsonException e)
        {
            throw DataErrors.MalformedFile(_name, "JSON", Json.JsonFault.Shorten(e), e);
        }
    }

    /// <summary>The records of a page, as a JSON file at <see cref="ReadOptions.RecordPath"/> has them.</summary>
    private List<JsonElement> Records(JsonElement page)
    {
        var found = options.RecordPath is { } path
            ? At(page, path) ?? throw DataErrors.ColumnNotFound(path, $"The path to the records: {_name}", page.ValueKind == JsonValueKind.Object ? page.EnumerateObject().Select(p => p.Name) : [])
            : page;
        return found.ValueKind switch
        {
            JsonValueKind.Array => [.. found.EnumerateArray()],
            JsonValueKind.Null => [],
            _ => [found],
        };
    }

    private Uri? Next(Uri address, JsonElement page, int records)
    {
        if (paging.NextLink is { } path)
        {
            return At(page, path) switch
            {
                null or { ValueKind: JsonValueKind.Null or JsonValueKind.False } => null,
                { ValueKind: JsonValueKind.String } link when link.GetString() is { Length: 0 } => null,
                { ValueKind: JsonValueKind.String } link when Uri.TryCreate(address, link.GetString(), out var next) && WebAddress.TryParse(next.AbsoluteUri, out _) => next,
                _ => throw DataErrors.InvalidOption($"-NextLink '{path}': {_name} has no address there."),
            };
        }

        if (records == 0 || records < paging.PageSize)
        {
            return null;
        }

        return paging.PageParameter is { } number
            ? WebAddress.WithParameter(address, number, WebAddress.Parameter(address, number)!.Value + 1)
            : WebAddress.WithParameter(address, paging.OffsetParameter!, WebAddress.Parameter(address, paging.OffsetParameter!)!.Value + records);
    }

    private static JsonElement? At(JsonElement element, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element;
    }
}
