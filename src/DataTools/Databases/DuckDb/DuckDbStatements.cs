using System.Text.RegularExpressions;
using DataTools.Query;
using DuckDB.NET.Native;

namespace DataTools.Databases.DuckDb;

/// <summary>The statements of a text, over the C API.</summary>
internal sealed partial class DuckDbStatements : IDisposable
{
    private readonly DuckDbSession _session;
    private readonly DuckDBExtractedStatements _statements;

    public DuckDbStatements(DuckDbSession session, string text, IReadOnlyDictionary<string, object?> parameters)
    {
        _session = session;
        Count = NativeMethods.ExtractStatements.DuckDBExtractStatements(session.Native, Renamed(text, parameters), out _statements);
        if (Count == 0)
        {
            var reason = NativeMethods.ExtractStatements.DuckDBExtractStatementsError(_statements);
            _statements.Dispose();
            throw string.IsNullOrEmpty(reason) ? Errors.DataErrors.InvalidOption("The query has no statement.") : new DuckDbException(reason);
        }
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>Prepares one; the statements before it must have run.</summary>
    public DuckDBPreparedStatement Prepare(int index)
    {
        if (NativeMethods.ExtractStatements.DuckDBPrepareExtractedStatement(_session.Native, _statements, index, out var prepared) == DuckDBState.Success)
        {
            return prepared;
        }

        using (prepared)
        {
            throw new DuckDbException(NativeMethods.PreparedStatements.DuckDBPrepareError(prepared));
        }
    }

    /// <summary>Runs a statement; its rows come as they are asked for.</summary>
    public static DuckDBResult Run(DuckDBPreparedStatement prepared, IReadOnlyDictionary<string, object?> parameters)
    {
        QueryParameters.Bind(prepared, parameters);
        if (NativeMethods.PreparedStatements.DuckDBExecutePreparedStreaming(prepared, out var result) == DuckDBState.Success)
        {
            return result;
        }

        var reason = NativeMethods.Query.DuckDBResultError(ref result);
        result.Close();
        throw new DuckDbException(reason);
    }

    public void Dispose() => _statements.Dispose();

    /// <summary>DuckDB's own parameters are $name; @name is what the other databases have, and here an operator before a column.</summary>
    private static string Renamed(string text, IReadOnlyDictionary<string, object?> parameters) =>
        parameters.Count == 0 ? text
        : Parameters().Replace(text, m => m.Groups["name"] is { Success: true, Value: var name } && parameters.Keys.Contains(name, StringComparer.OrdinalIgnoreCase) ? $"${name}" : m.Value);

    /// <summary>Parameters, and what may hold the like of one: texts, names, comments.</summary>
    [GeneratedRegex(@"'(?:[^']|'')*'|""(?:[^""]|"""")*""|--[^\n]*|/\*.*?\*/|\$(\w*)\$.*?\$\1\$|@(?<name>\w+)", RegexOptions.Singleline)]
    private static partial Regex Parameters();
}
