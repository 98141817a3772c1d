using DataTools.Data;
using DataTools.Databases;
using DataTools.Databases.Writing;
using DataTools.Errors;
using DataTools.Formats;
using DataTools.Schemas;

namespace DataTools.Transfer;

/// <summary>What of a table is copied.</summary>
public enum CopyContent
{
    /// <summary>The table itself and its rows.</summary>
    All,

    /// <summary>The table without rows.</summary>
    SchemaOnly,

    /// <summary>The rows, into a table that is there.</summary>
    DataOnly,
}

/// <summary>What becomes of rows of the target that the source has no more.</summary>
public enum MissingRows
{
    /// <summary>They stay.</summary>
    Keep,

    /// <summary>They are marked in a column <see cref="MissingRowsSync.Mark"/>.</summary>
    Soft,

    /// <summary>They are deleted.</summary>
    Hard,
}

/// <summary>How tables are copied.</summary>
public sealed record CopyOptions
{
    /// <summary>The tables (wildcards), with their schema before a dot or without.</summary>
    public IReadOnlyList<string> Tables { get; init; } = ["*"];

    /// <summary>Of these, only those of these names (wildcards); empty for all.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Of these, not those of these names (wildcards).</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Conditions on rows in the source's own language, by table (wildcards).</summary>
    public IReadOnlyDictionary<string, string> Where { get; init; } = new Dictionary<string, string>();

    /// <summary>New names of columns, null for one that is left out, by table (wildcards).</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string?>> ColumnMaps { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, string?>>();

    /// <summary>Type rules of the user, before those of the databases.</summary>
    public IReadOnlyList<TypeRule> TypeRules { get; init; } = [];

    /// <summary>New names of tables.</summary>
    public IReadOnlyDictionary<string, string> Rename { get; init; } = new Dictionary<string, string>();

    /// <summary>The schema that gets the tables; null for the connection's own.</summary>
    public string? TargetSchema { get; init; }

    /// <summary>Tables whose rows go into those of another, to which they point by a foreign key: <c>orders.lines</c>.</summary>
    public IReadOnlyList<string> Embed { get; init; } = [];

    /// <summary>Whether arrays become tables of their own.</summary>
    public bool Unnest { get; init; }

    /// <summary>What is copied.</summary>
    public CopyContent Content { get; init; }

    /// <summary>What becomes of a table that is there.</summary>
    public WriteMode Mode { get; init; } = WriteMode.Fail;

    /// <summary>The columns that tell rows apart, for Upsert and Ignore; empty for the primary key.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>Into how many ranges each table is cut; null for as many as its size suggests.</summary>
    public int? Partitions { get; init; }

    /// <summary>What becomes of values that a column cannot hold.</summary>
    public LossPolicy OnLoss { get; init; }

    /// <summary>Whether bad rows may be put aside.</summary>
    public bool AllowsRejects { get; init; }

    /// <summary>The most rows a second; null for no limit.</summary>
    public double? MaxRowsPerSecond { get; init; }

    /// <summary>How far replicas of the target may be behind before the copy waits for them; null for any.</summary>
    public TimeSpan? MaxReplicaLag { get; init; }

    /// <summary>Stands between reader and writer, on the thread that runs the copy.</summary>
    public Func<IBatchReader, IBatchReader>? Transform { get; init; }

    /// <summary>The column whose values only grow; rows beyond the greatest of the run before are copied. Null for all rows.</summary>
    public string? Since { get; init; }

    /// <summary>What becomes of rows that the source has no more.</summary>
    public MissingRows Missing { get; init; }

    /// <summary>The ledger that the run keeps in the target; null for none.</summary>
    public LedgerOptions? Ledger { get; init; }

    /// <summary>What a pattern of a table's name gives: the name to the letter counts before the name, and that before wildcards, of which the longest counts.</summary>
    internal static T? For<T>(IEnumerable<KeyValuePair<string, T>> byTable, TableName table)
        where T : class => byTable.Where(p => IsMatch(table, p.Key))
            .OrderByDescending(p => IsName(table, p.Key, StringComparison.Ordinal))
            .ThenByDescending(p => IsName(table, p.Key, StringComparison.OrdinalIgnoreCase))
            .ThenByDescending(p => p.Key.Length)
            .ThenBy(p => p.Key, StringComparer.Ordinal)
            .FirstOrDefault().Value;

    /// <summary>Whether a text is the name of a table, with its schema or without.</summary>
    internal static bool IsName(TableName table, string text, StringComparison comparison) =>
        string.Equals(table.Name, text, comparison) || (table.Schema is not null && string.Equals($"{table.Schema}.{table.Name}", text, comparison));

    /// <summary>Whether a pattern is for a table, with its schema or without; what stands in quotes is a name letter by letter.</summary>
    internal static bool IsMatch(TableName table, string pattern) =>
        ColumnNames.IsMatch(table.Name, pattern) || (table.Schema is not null && ColumnNames.IsMatch($"{table.Schema}.{table.Name}", pattern)) || IsQuoted(table, pattern);

    private static bool IsQuoted(string pattern) => pattern is [.., '"' or '`'] && pattern.AsSpan().IndexOfAny('"', '`') < pattern.Length - 1;

    private static bool IsQuoted(TableName table, string pattern) =>
        IsQuoted(pattern) && TableName.Parse(pattern) is var name && name.Name == table.Name && (name.Schema is null || name.Schema == table.Schema);

    /// <summary>Rows as they come out of the transformation, where there is one.</summary>
    internal IBatchReader Transformed(IBatchReader reader)
    {
        try
        {
            return Transform?.Invoke(reader) ?? reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>A name that no table has is a slip of the pen: its table would not be copied, or with all of its rows, or under another name.</summary>
    internal void CheckNames(string source, DatabaseSchema schema)
    {
        var names = Tables.Concat(Where.Keys).Concat(Rename.Keys).Concat(ColumnMaps.Keys).Where(n => IsQuoted(n) || n.AsSpan().IndexOfAny('*', '?', '[') < 0);
        // What -Include and -Exclude leave out is not looked for, and what goes into another table's documents is no table any more.
        var unknown = names.FirstOrDefault(n => IsWanted(TableName.Parse(n)) && !IsThere(n) && !Embed.Any(e => e.EndsWith($".{n}", StringComparison.OrdinalIgnoreCase)));
        if (unknown is not null)
        {
            throw DataErrors.TableNotFound(unknown, source);
        }

        bool IsThere(string name) => schema.Tables.Any(t => IsMatch(t.Name, name)) || schema.Others.Any(o => IsMatch(o.Name, name) || (o.Table is not null && IsMatch(o.Table, name)));
    }

    /// <summary>Whether a table is one of those to copy.</summary>
    internal bool IsWanted(TableName table) =>
        Tables.Any(p => IsMatch(table, p)) && (Include.Count == 0 || Include.Any(p => IsMatch(table, p))) && !Exclude.Any(p => IsMatch(table, p))
        && !table.Name.StartsWith(LedgerTable.Name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>How several processes, or one after a failure, work on one copy.</summary>
/// <param name="Name">The copy's name within the target.</param>
/// <param name="Worker">What this process calls itself.</param>
public sealed record LedgerOptions(string Name, string Worker)
{
    /// <summary>Whether a copy that was broken off goes on, steps that failed included.</summary>
    public bool Resume { get; init; }

    /// <summary>After how long without a sign of life a worker's step is given to another.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many steps this process works on at once.</summary>
    public int Threads { get; init; } = 1;
}
