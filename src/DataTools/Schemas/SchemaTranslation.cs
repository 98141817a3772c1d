using DataTools.Databases;

namespace DataTools.Schemas;

/// <summary>What a table's translation takes besides the table.</summary>
public sealed record TranslationOptions
{
    /// <summary>The name of the new table; null for the same within the connection's own schema.</summary>
    public TableName? Name { get; init; }

    /// <summary>New names of columns; null for a column that is left out. Columns that are not named keep theirs.</summary>
    public IReadOnlyDictionary<string, string?> Columns { get; init; } = new Dictionary<string, string?>();

    /// <summary>New names of the tables to which keys point; null for one that is not there, so that the key is left out. By default each keeps its name within the connection's own schema.</summary>
    public Func<TableName, TableName?>? References { get; init; }

    /// <summary>Type rules of the user, before those of the databases.</summary>
    public IReadOnlyList<TypeRule> TypeRules { get; init; } = [];

    /// <summary>Types of columns by their names in the source: one of ours, or one of the target.</summary>
    public IReadOnlyDictionary<string, string> Types { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the new table stands beside the old one, whose names of keys and indexes are taken.</summary>
    public bool IsBeside { get; init; }

    /// <summary>How the target writes SQL, where that hangs on the server's version; null for the kind's own.</summary>
    public SqlDialect? Dialect { get; init; }
}

/// <summary>Something of a schema that another database cannot hold as it is.</summary>
/// <param name="Table">The table in the source.</param>
/// <param name="Object">The column, index, key or check.</param>
/// <param name="Reason">What becomes of it, and why.</param>
public sealed record SchemaLoss(TableName Table, string Object, string Reason)
{
    /// <summary>The loss as a line.</summary>
    public override string ToString() => $"{Table}.{Object}: {Reason}";
}

/// <summary>A table as another database holds it.</summary>
/// <param name="Table">The table.</param>
/// <param name="Losses">What is not there, or is there otherwise.</param>
public sealed record SchemaTranslation(TableSchema Table, IReadOnlyList<SchemaLoss> Losses);
