namespace DataTools;

/// <summary>What a command that moved data reports with <c>-PassThru</c>.</summary>
/// <param name="Target">Where the rows went: a path, a table, or the name of the format.</param>
/// <param name="Rows">Rows written.</param>
/// <param name="Rejected">Rows left out because a value did not fit.</param>
/// <param name="Elapsed">Wall-clock time from the first read to the last write.</param>
/// <param name="RowsPerSecond">Rows written per second of <paramref name="Elapsed"/>.</param>
public sealed record TransferResult(string Target, long Rows, long Rejected, TimeSpan Elapsed, double RowsPerSecond);
