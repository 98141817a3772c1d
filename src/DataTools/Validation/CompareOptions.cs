using DataTools.Schemas;
using DataTools.Transfer;

namespace DataTools.Validation;

/// <summary>How far a comparison goes.</summary>
public enum CompareMethod
{
    /// <summary>Hash where both sides can and their rows would have to cross a network in number, else Stream.</summary>
    Auto,

    /// <summary>All rows are read and hashed here.</summary>
    Stream,

    /// <summary>The databases hash their rows themselves; only sums cross the network, and the rows of ranges that differ.</summary>
    Hash,

    /// <summary>Rows are only counted.</summary>
    Count,

    /// <summary>Rows are counted, and some chosen at random are compared.</summary>
    Sample,
}

/// <summary>What is compared, and how closely.</summary>
public sealed record CompareOptions
{
    /// <summary>The options with every default.</summary>
    public static CompareOptions Default { get; } = new();

    /// <summary>The columns that tell rows apart; empty for the primary key.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>By table (wildcards), the destination's names of the source's columns; null for a column that is left out.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string?>> ColumnMaps { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, string?>>();

    /// <summary>The destination's names of the source's tables (wildcards).</summary>
    public IReadOnlyDictionary<string, string> Rename { get; init; } = new Dictionary<string, string>();

    /// <summary>The name that a table is said to have at the destination, by itself (<paramref name="given"/>) or among all; null for its own.</summary>
    public TableName? NameAtDestination(TableName table, string? given = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        var text = string.IsNullOrEmpty(given) ? CopyOptions.For(Rename, table) : given;
        return text is null ? null : TableName.Parse(text);
    }

    /// <summary>The names, case aside, that columns of a table, or of what is none, have at the destination; null for one that is left out, and nothing for those that keep theirs.</summary>
    internal Dictionary<string, string?> ColumnsAtDestination(TableName? table) =>
        new(CopyOptions.For(ColumnMaps, table ?? new TableName(null, "")) ?? new Dictionary<string, string?>(), StringComparer.OrdinalIgnoreCase);

    /// <summary>How far the comparison goes.</summary>
    public CompareMethod Method { get; init; }

    /// <summary>How many rows a sample has.</summary>
    public int SampleRows { get; init; } = 100;

    /// <summary>How far floats may be apart; 0 for not at all.</summary>
    public double Tolerance { get; init; }

    /// <summary>Columns (wildcards) that are left out.</summary>
    public IReadOnlyList<string> IgnoreColumns { get; init; } = [];

    /// <summary>The rows that are listed at most; with them the search for further ones ends.</summary>
    public int MaxDifferences { get; init; } = 1000;

    /// <summary>Text is compared in Unicode's composed form (NFC).</summary>
    public bool NormalizeText { get; init; }

    /// <summary>How long to wait before rows that differ are looked at once more; null for not at all.</summary>
    public TimeSpan? Recheck { get; init; }

    /// <summary>How many connections to each side make sums at once, where databases make them and the first column of the key is an integer; null for as many as suit each database.</summary>
    public int? Partitions { get; init; }

    /// <summary>The bytes of rows that each side may hold in memory; what goes beyond goes to temporary files.</summary>
    public long MemoryBytes { get; init; } = 48 << 20;
}

/// <summary>What a comparison needs besides its sides.</summary>
/// <param name="Warn">Takes warnings; may be called from any thread.</param>
/// <param name="Progress">Is told how many rows were read so far, now and then, on the thread that runs the comparison.</param>
/// <param name="Cancellation">Ends it.</param>
public sealed record CompareContext(Action<string> Warn, Action<long> Progress, CancellationToken Cancellation);
