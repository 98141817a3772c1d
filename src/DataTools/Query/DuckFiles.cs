using DataTools.Errors;

namespace DataTools.Query;

/// <summary>
/// The DuckDB files that this process has open. DuckDB keeps other processes out by a lock on the file, which its own process has already: opened twice here, two
/// engines would write over each other.
/// </summary>
internal static class DuckFiles
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, (string Way, int Count)> Open = new(OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Notes that a file is opened, until the result is disposed. Those who open it the same <paramref name="way"/> share one engine; null for one who does not share.
    /// </summary>
    public static IDisposable Take(string path, string? way)
    {
        var file = Path.GetFullPath(path);
        lock (Gate)
        {
            if (!Open.TryGetValue(file, out var entry))
            {
                Open[file] = (way ?? "", 1);
            }
            else if (way is not null && entry.Way == way)
            {
                Open[file] = entry with { Count = entry.Count + 1 };
            }
            else
            {
                throw DataErrors.TransactionConflict($"duckdb:{path}", "this process has the file open in another way: by Connect-Database with another access_mode, or by Invoke-DataQuery -Database. Use that connection, or close it first.", null);
            }

            return new Entry(file);
        }
    }

    private sealed class Entry(string file) : IDisposable
    {
        private bool _released;

        public void Dispose()
        {
            lock (Gate)
            {
                if (_released)
                {
                    return;
                }

                _released = true;
                var entry = Open[file];
                if (entry.Count > 1)
                {
                    Open[file] = entry with { Count = entry.Count - 1 };
                }
                else
                {
                    Open.Remove(file);
                }
            }
        }
    }
}
