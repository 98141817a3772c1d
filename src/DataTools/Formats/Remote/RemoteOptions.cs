using System.Net;

namespace DataTools.Formats.Remote;

/// <summary>How what is not on this machine is fetched.</summary>
public sealed record RemoteOptions
{
    /// <summary>The options with every default.</summary>
    public static RemoteOptions Default { get; } = new();

    /// <summary>Headers of requests; only the host that the user named gets them.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>A name and password for the host that the user named.</summary>
    public NetworkCredential? Credential { get; init; }

    /// <summary>The most bytes that are taken from one address, or from all pages together.</summary>
    public long MaxBytes { get; init; } = 100L << 30;

    /// <summary>How long the other side may be silent.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>How often a request or a broken transfer is tried again.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>The wait before the first retry; it doubles each time. What the server asks for goes before, up to a minute.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How the records come in pages; null where they do not.</summary>
    public PagingOptions? Paging { get; init; }
}

/// <summary>How an address leads to the next page of records.</summary>
public sealed record PagingOptions
{
    /// <summary>Where a page names the address of the next one: property names separated by dots.</summary>
    public string? NextLink { get; init; }

    /// <summary>The parameter of the address that counts pages.</summary>
    public string? PageParameter { get; init; }

    /// <summary>The parameter of the address that counts the records to pass over.</summary>
    public string? OffsetParameter { get; init; }

    /// <summary>The records of a full page: a page with fewer is the last. 0 where it is not known; then an empty one is.</summary>
    public int PageSize { get; init; }
}
