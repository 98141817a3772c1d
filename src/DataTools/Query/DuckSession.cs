using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DataTools.Errors;
using DuckDB.NET.Native;

namespace DataTools.Query;

/// <summary>
/// An open DuckDB database that reads files through us only. DuckDB's own readers guess types otherwise than we do, so macros of their names
/// stand before them, and its access to files (and so COPY, ATTACH, INSTALL) is off except for the database and the spill folder.
/// </summary>
internal sealed unsafe class DuckSession : IDisposable
{
    /// <summary>The table function that reads a file.</summary>
    public const string FileFunction = "datatools_file";

    /// <summary>The table function that reads an input.</summary>
    public const string InputFunction = "datatools_input";

    /// <summary>What DuckDB puts in the place of a file's name, and what users call it by.</summary>
    private static readonly string[] FileReaders =
        ["read_csv", "read_csv_auto", "read_parquet", "parquet_scan", "read_json", "read_json_auto", "read_ndjson", "read_ndjson_auto"];

    private readonly DuckDBDatabase _database;
    private readonly DuckDBNativeConnection _connection;
    private readonly string _spill;
    private readonly IDisposable? _file;

    /// <summary>Opens the database.</summary>
    public DuckSession(QueryOptions options, ScanHost files, ScanHost inputs)
    {
        // A folder of its own: SQL may reach into it.
        _spill = Path.Combine(options.TempPath ?? Path.GetTempPath(), $"datatools-query-{Guid.NewGuid():N}");
        _file = options.Database is null ? null : DuckFiles.Take(options.Database, way: null);
        try
        {
            _database = Open(options);
        }
        catch
        {
            _file?.Dispose();
            throw;
        }

        try
        {
            Check(NativeMethods.Startup.DuckDBConnect(_database, out _connection!), "no connection");
            TableScan.Register(_connection, FileFunction, files);
            TableScan.Register(_connection, InputFunction, inputs);
            DuckNative.AddReplacementScan(_database, &Replace, DuckNative.Hold(options.Files), &DuckNative.Release);
            Execute("SET TimeZone = 'UTC'; SET enable_external_access = false;"
                + string.Concat(FileReaders.Select(f => $"CREATE TEMP MACRO {f}(path) AS TABLE SELECT * FROM {FileFunction}(path);")));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The connection.</summary>
    public DuckDBNativeConnection Connection => _connection;

    /// <summary>A name or text as SQL writes it.</summary>
    public static string Quote(string text, char quote) => quote + text.Replace($"{quote}", $"{quote}{quote}", StringComparison.Ordinal) + quote;

    /// <summary>Runs statements that give no result.</summary>
    public void Execute(string sql)
    {
        var state = NativeMethods.Query.DuckDBQuery(_connection, sql, out var result);
        try
        {
            if (state != DuckDBState.Success)
            {
                throw DataErrors.QueryFailed(NativeMethods.Query.DuckDBResultError(ref result));
            }
        }
        finally
        {
            result.Close();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _connection?.Dispose();
        _database.Dispose();
        _file?.Dispose();
        if (Directory.Exists(_spill))
        {
            Directory.Delete(_spill, recursive: true);
        }
    }

    private DuckDBDatabase Open(QueryOptions options)
    {
        Check(NativeMethods.Configuration.DuckDBCreateConfig(out var config), "no configuration");
        using (config)
        {
            Set("temp_directory", _spill);
            Set("autoinstall_known_extensions", "false");
            Set("autoload_known_extensions", "false");
            Set("memory_limit", options.MemoryLimit);
            Set("threads", options.Threads?.ToString(System.Globalization.CultureInfo.InvariantCulture));
            var state = NativeMethods.Startup.DuckDBOpen(options.Database ?? ":memory:", out var database, config, out var error);
            return state == DuckDBState.Success ? database : throw DataErrors.QueryFailed(error);
        }

        void Set(string name, string? value)
        {
            if (value is not null && NativeMethods.Configuration.DuckDBSetConfig(config, name, value) != DuckDBState.Success)
            {
                throw DataErrors.InvalidOption($"'{value}' is no {name.Replace('_', ' ')} that DuckDB takes.");
            }
        }
    }

    private static void Check(DuckDBState state, string reason)
    {
        if (state != DuckDBState.Success)
        {
            throw DataErrors.QueryFailed($"DuckDB gives {reason}.");
        }
    }

    /// <summary>DuckDB asks here for a table that it does not know, after its own readers have looked at the name's extension.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Replace(nint info, byte* name, nint files)
    {
        var table = Marshal.PtrToStringUTF8((nint)name)!;
        if (DuckNative.Held<IQueryFiles>(files).IsFile(table))
        {
            using var parameter = QueryParameters.Text(table);
            DuckNative.ReplaceBy(info, FileFunction);
            DuckNative.ReplaceWith(info, parameter);
        }
    }
}
