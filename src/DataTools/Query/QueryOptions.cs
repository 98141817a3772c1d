using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Query;

/// <summary>A table that a query finds by name: the pipeline, or data held in memory.</summary>
public sealed class QueryInput
{
    private IBatchReader? _reader;

    private QueryInput(IBatchReader? reader, Schema schema, IReadOnlyList<RecordBatch> batches)
    {
        _reader = reader;
        IsOnce = reader is not null;
        Schema = schema;
        Batches = batches;
    }

    /// <summary>Whether it can be read only once.</summary>
    internal bool IsOnce { get; }

    internal Schema Schema { get; }

    internal IReadOnlyList<RecordBatch> Batches { get; }

    /// <summary>An input that can be read once. A query that needs it more often loads it into a temporary table first.</summary>
    public static QueryInput Once(IBatchReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new(reader, reader.Schema, []);
    }

    /// <summary>An input in memory.</summary>
    public static QueryInput Of(Schema schema, IReadOnlyList<RecordBatch> batches) => new(null, schema, batches);

    /// <summary>The reader of an input that can be read once; a second time is an error, where it must not be an empty table.</summary>
    internal IBatchReader TakeReader(string name) => Interlocked.Exchange(ref _reader, null) ?? throw DataErrors.InputReadTwice(name);
}

/// <summary>Opens the files that SQL names.</summary>
public interface IQueryFiles
{
    /// <summary>Whether a table's name that no table has is that of a file, of several by wildcards, or of a folder.</summary>
    bool IsFile(string name);

    /// <summary>Opens it.</summary>
    /// <param name="name">The name in the SQL.</param>
    /// <param name="columns">The columns that are needed, or none for all; the reader may give more.</param>
    IBatchReader Open(string name, IReadOnlyList<string> columns);
}

/// <summary>What a query runs on.</summary>
public sealed record QueryOptions
{
    /// <summary>The files that SQL may name; none, where nothing is said.</summary>
    public IQueryFiles Files { get; init; } = new NoFiles();

    /// <summary>The tables that SQL may name besides, each by its name.</summary>
    public IReadOnlyDictionary<string, QueryInput> Inputs { get; init; } = new Dictionary<string, QueryInput>();

    /// <summary>Values of named parameters ($name); of positional ones (? and $1) under "1", "2" and so on.</summary>
    public IReadOnlyDictionary<string, object?> Parameters { get; init; } = new Dictionary<string, object?>();

    /// <summary>A DuckDB database file that keeps the tables; null for memory.</summary>
    public string? Database { get; init; }

    /// <summary>The memory for the engine's data as DuckDB writes it ("2GB", "80%"); null for 80 % of the machine's.</summary>
    public string? MemoryLimit { get; init; }

    /// <summary>The folder for data past that limit; null for the system's temporary folder.</summary>
    public string? TempPath { get; init; }

    /// <summary>The threads; null for one per processor.</summary>
    public int? Threads { get; init; }

    /// <summary>Takes warnings; may be called from any thread.</summary>
    public Action<string> Warn { get; init; } = _ => { };

    private sealed class NoFiles : IQueryFiles
    {
        public bool IsFile(string name) => false;

        public IBatchReader Open(string name, IReadOnlyList<string> columns) => throw DataErrors.FileNotFound(name);
    }
}
