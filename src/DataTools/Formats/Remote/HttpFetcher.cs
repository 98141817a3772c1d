using System.Net;
using System.Net.Http.Headers;
using DataTools.Errors;
using Polly;
using Polly.Retry;

namespace DataTools.Formats.Remote;

/// <summary>
/// Sends requests: tries again what fails for a while, follows redirects, and gives headers and credentials to no other host than the one that the
/// user named.
/// </summary>
internal sealed class HttpFetcher : IDisposable
{
    private const int MostRedirects = 10;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly RemoteOptions _options;
    private readonly Uri _origin;
    private readonly HttpClient _client;
    private readonly ResiliencePipeline<HttpResponseMessage> _retries;

    /// <summary>A fetcher for the host of an address.</summary>
    public HttpFetcher(Uri origin, RemoteOptions options, CancellationToken cancellation)
    {
        var credential = options.Credential;
        _origin = WebAddress.TakeCredential(origin, ref credential);
        _options = options;
        Cancellation = cancellation;
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None, ConnectTimeout = options.Timeout };
        if (credential is not null)
        {
            handler.Credentials = ForHost(credential);
            handler.PreAuthenticate = true;
        }

        _client = new HttpClient(handler) { Timeout = options.Timeout };
        _retries = options.Retries == 0 ? ResiliencePipeline<HttpResponseMessage>.Empty : Retrying();
    }

    /// <summary>The options.</summary>
    public RemoteOptions Options => _options;

    /// <summary>The address, without name and password.</summary>
    public Uri Origin => _origin;

    /// <summary>Ends all requests.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>The answer to a request, its body still to be read; what is no success is an error.</summary>
    public HttpResponseMessage Get(Uri address, Action<HttpRequestHeaders>? more = null)
    {
        try
        {
            var response = _retries.Execute(token => Follow(address, more, token), Cancellation);
            return response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable ? response : throw Failed(address, response);
        }
        catch (HttpRequestException e)
        {
            throw DataErrors.CannotOpen(WebAddress.Show(address), e);
        }
        catch (OperationCanceledException e) when (!Cancellation.IsCancellationRequested)
        {
            throw DataErrors.CannotOpen(WebAddress.Show(address), new TimeoutException($"the server was silent for {_options.Timeout.TotalSeconds:0} seconds", e));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static DataException Failed(Uri address, HttpResponseMessage response)
    {
        using (response)
        {
            return response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone
                ? DataErrors.FileNotFound(WebAddress.Show(address))
                : DataErrors.HttpFailed(WebAddress.Show(address), (int)response.StatusCode, response.ReasonPhrase);
        }
    }

    private CredentialCache ForHost(NetworkCredential credential)
    {
        if (_origin.Scheme != Uri.UriSchemeHttps && !_origin.IsLoopback)
        {
            throw DataErrors.InvalidOption($"{WebAddress.Show(_origin)}: a name and password are sent over https only.");
        }

        var cache = new CredentialCache();
        foreach (var scheme in new[] { "Basic", "Digest", "NTLM", "Negotiate" })
        {
            cache.Add(new Uri(_origin.GetLeftPart(UriPartial.Authority)), scheme, credential);
        }

        return cache;
    }

    private ResiliencePipeline<HttpResponseMessage> Retrying() => new ResiliencePipelineBuilder<HttpResponseMessage>()
        .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = _options.Retries, Delay = _options.RetryDelay, MaxDelay = LongestWait, BackoffType = DelayBackoffType.Exponential, UseJitter = true,
            ShouldHandle = a => ValueTask.FromResult(a.Outcome.Exception is { } e ? MayPass(e) : MayPass(a.Outcome.Result!.StatusCode)),
            DelayGenerator = a => ValueTask.FromResult(a.Outcome.Result is { } response ? Asked(response) : null),
            OnRetry = a =>
            {
                a.Outcome.Result?.Dispose();
                return ValueTask.CompletedTask;
            },
        })
        .Build();

    /// <summary>A host that does not exist, or is not the one of its certificate, will not be another one in a second.</summary>
    private bool MayPass(Exception e) => e switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } => false,
        HttpRequestException => true,
        OperationCanceledException => !Cancellation.IsCancellationRequested,
        _ => false,
    };

    private static bool MayPass(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError
            or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    /// <summary>How long the server asks to wait; null where it does not say.</summary>
    private static TimeSpan? Asked(HttpResponseMessage response)
    {
        var wait = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - DateTimeOffset.UtcNow : null;
        return wait is null ? null : TimeSpan.FromTicks(Math.Clamp(wait.Value.Ticks, 0, LongestWait.Ticks));
    }

    private HttpResponseMessage Follow(Uri address, Action<HttpRequestHeaders>? more, CancellationToken cancellation)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
            more?.Invoke(request.Headers);
            AddHeaders(request);
            var response = _client.Send(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
            {
                return response;
            }

            response.Dispose();
            address = Redirected(address, new Uri(address, location), redirects);
        }
    }

    private static Uri Redirected(Uri from, Uri to, int redirects)
    {
        if (redirects == MostRedirects || !WebAddress.TryParse(to.AbsoluteUri, out _) || (from.Scheme == Uri.UriSchemeHttps && to.Scheme != Uri.UriSchemeHttps))
        {
            throw DataErrors.CannotOpen(WebAddress.Show(from), new HttpRequestException(
                redirects == MostRedirects ? $"it leads to more than {MostRedirects} other addresses" : "it leads to an address that is not of https"));
        }

        return to.UserInfo.Length == 0 ? to : new UriBuilder(to) { UserName = "", Password = "" }.Uri;
    }

    private void AddHeaders(HttpRequestMessage request)
    {
        if (!WebAddress.IsSameOrigin(request.RequestUri!, _origin))
        {
            return;
        }

        foreach (var (name, value) in _options.Headers)
        {
            if (value.AsSpan().ContainsAny('\r', '\n') || !request.Headers.TryAddWithoutValidation(name, value))
            {
                throw DataErrors.InvalidOption($"-Headers: '{name}' cannot be sent with a request.");
            }
        }
    }
}
