using DataTools.Errors;

namespace DataTools.Formats.Remote;

/// <summary>Opens what is no file of this machine for one run: addresses of the web, and the standard input.</summary>
public sealed class RemoteAccess : IDisposable
{
    /// <summary>What a path of the standard input is.</summary>
    public const string StandardInput = "-";

    private readonly RemoteOptions _options;
    private readonly ReadOptions _reading;
    private readonly CancellationTokenSource _stop;
    private readonly List<IDisposable> _open = [];

    /// <summary>Access with the options of a run; <paramref name="cancellation"/> ends what it waits for.</summary>
    public RemoteAccess(RemoteOptions options, ReadOptions reading, CancellationToken cancellation)
    {
        if (options.Paging is { } paging && new[] { paging.NextLink, paging.PageParameter, paging.OffsetParameter }.Count(p => p is not null) != 1)
        {
            throw DataErrors.InvalidOption("Pages are found by one of -NextLink, -PageParameter and -OffsetParameter.");
        }

        _options = options;
        _reading = reading;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    }

    /// <summary>Whether a path is none of this machine's files.</summary>
    public static bool IsRemote(string path) => path == StandardInput || WebAddress.TryParse(path, out _);

    /// <summary>Ends what waits for the other side; whoever reads gets an <see cref="OperationCanceledException"/>.</summary>
    public void Stop() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        _open.ForEach(o => o.Dispose());
        _open.Clear();
        _stop.Dispose();
    }

    /// <summary>The file that a path stands for.</summary>
    internal DataPart Open(string path, string? format)
    {
        if (!WebAddress.TryParse(path, out var address))
        {
            var input = Keep(new SpooledSource(Console.OpenStandardInput, _stop.Token));
            return new DataPart(new DataSource(StandardInput, input.Open), DataFormats.Find(format, path), []);
        }

        var fetcher = Keep(new HttpFetcher(address, _options, _stop.Token));
        return _options.Paging is { } paging ? Pages(fetcher, paging, format) : File(new RemoteFile(fetcher), format);
    }

    private static DataPart File(RemoteFile file, string? format) => new(file.ToSource(), file.FindFormat(format), []);

    private DataPart Pages(HttpFetcher fetcher, PagingOptions paging, string? format)
    {
        if (format is not null && !format.Equals("Json", StringComparison.OrdinalIgnoreCase))
        {
            throw DataErrors.InvalidOption($"Pages are of JSON, not of {format}.");
        }

        var reading = _reading;
        var records = Keep(new SpooledSource(() => new PagedRecords(fetcher, reading, paging), _stop.Token));
        return new DataPart(new DataSource(WebAddress.Show(fetcher.Origin), records.Open), DataFormats.Find("NdJson", ""), []);
    }

    private T Keep<T>(T opened)
        where T : IDisposable
    {
        _open.Add(opened);
        return opened;
    }
}
