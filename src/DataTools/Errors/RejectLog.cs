using System.Text.Encodings.Web;
using System.Text.Json;

namespace DataTools.Errors;

/// <summary>
/// How bad rows are treated. By default the first ends the run; with a limit they are counted and, if a path is given, written as NDJSON.
/// </summary>
public sealed record RejectPolicy
{
    /// <summary>The bad rows that are let pass; null when the limit is a share of the rows.</summary>
    public long MaxErrors { get; init; }

    /// <summary>The share of bad rows that is let pass, 0 to 1; judged at the end, and from 1,000 rows on.</summary>
    public double? MaxErrorRatio { get; init; }

    /// <summary>Where rejects are written, one JSON object a line.</summary>
    public string? Path { get; init; }

    /// <summary>Whether the run may read a row more than once; it counts once then.</summary>
    public bool CountsOnce { get; init; }
}

/// <summary>Collects the bad rows of one run and stops it when there are too many. Safe to use from several threads.</summary>
public sealed class RejectLog(RejectPolicy policy) : IDisposable
{
    private const int RatioFrom = 1000;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>How each line begins.</summary>
    private static ReadOnlySpan<byte> Head => "{\"source\":"u8;

    private readonly Lock _lock = new();
    private readonly HashSet<(string Source, long Row, long Line)>? _seen = policy.CountsOnce ? [] : null;
    private StreamWriter? _writer;
    private long _rows;

    /// <summary>The rows rejected so far.</summary>
    public long Count { get; private set; }

    /// <summary>Where rejects are written, or null.</summary>
    public string? Path => policy.Path;

    /// <summary>Counts rows that were read well; a limit given as a share needs them.</summary>
    public void CountRows(long rows) => Interlocked.Add(ref _rows, rows);

    /// <summary>Takes a bad row, or throws when it is one too many.</summary>
    public void Add(Reject reject)
    {
        lock (_lock)
        {
            if (_seen?.Add((reject.Source, reject.Row, reject.Line)) == false)
            {
                return;
            }

            Count++;
            Write(reject);
            var limit = policy.MaxErrorRatio is not { } ratio ? policy.MaxErrors
                : Count + Interlocked.Read(ref _rows) < RatioFrom ? long.MaxValue
                : (long)(ratio * (Count + Interlocked.Read(ref _rows)));
            if (Count > limit)
            {
                _writer?.Flush();
                throw DataErrors.BadRow(reject, Count);
            }
        }
    }

    /// <summary>Judges a limit given as a share at the end of the run.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _writer?.Flush();
            if (policy.MaxErrorRatio is { } ratio && Count > ratio * (Count + _rows))
            {
                throw DataErrors.TooManyRejects(Count, Count + _rows, ratio);
            }
        }
    }

    /// <summary>Deletes what an earlier run left where rejects are written, at the end of a run that had none.</summary>
    public void DropStale()
    {
        if (Count > 0 || policy.Path is null)
        {
            return;
        }

        try
        {
            if (IsRejects(policy.Path) is true)
            {
                File.Delete(policy.Path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataErrors.CannotWrite(policy.Path, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writer?.Dispose();

    /// <summary>Whether a file holds rejects of an earlier run; null where it is empty or none. What else it may be is not ours to replace.</summary>
    private static bool? IsRejects(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var head = new byte[Head.Length];
        var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return length == 0 ? null : head.AsSpan(0, length).SequenceEqual(Head);
    }

    private void Write(Reject reject)
    {
        if (policy.Path is null)
        {
            return;
        }

        try
        {
            _writer ??= IsRejects(policy.Path) is not false
                ? new StreamWriter(policy.Path, append: false)
                : throw DataErrors.InvalidOption($"-RejectPath: '{policy.Path}' holds something else than rejects. Name another file.");
            _writer.WriteLine(JsonSerializer.Serialize(reject, Json));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataErrors.CannotWrite(policy.Path, e);
        }
    }
}
