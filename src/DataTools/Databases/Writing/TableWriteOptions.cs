using DataTools.Formats;

namespace DataTools.Databases.Writing;

/// <summary>What becomes of the rows that a table has, and of those that it gets.</summary>
public enum WriteMode
{
    /// <summary>The rows are added.</summary>
    Append,

    /// <summary>A table that exists is an error; a new one is made.</summary>
    Fail,

    /// <summary>The table's rows are deleted first.</summary>
    Truncate,

    /// <summary>A new table with the rows takes the place of the old one.</summary>
    Replace,

    /// <summary>Rows whose key is there are changed, the others are added.</summary>
    Upsert,

    /// <summary>Rows whose key is there are left out, the others are added.</summary>
    Ignore,
}

/// <summary>How rows are written to a table.</summary>
public sealed record TableWriteOptions
{
    /// <summary>What becomes of the rows that are there.</summary>
    public WriteMode Mode { get; init; }

    /// <summary>The columns that tell rows apart, for Upsert and Ignore; empty for the primary key.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>A table that does not exist is made.</summary>
    public bool CreateTable { get; init; }

    /// <summary>Types of columns of a table that is made, by column: one of ours or one of the database.</summary>
    public IReadOnlyDictionary<string, string> Types { get; init; } = new Dictionary<string, string>();

    /// <summary>The primary key of a table that is made.</summary>
    public IReadOnlyList<string> PrimaryKey { get; init; } = [];

    /// <summary>Columns that the table lacks are added to it.</summary>
    public bool AddColumns { get; init; }

    /// <summary>Which column of the table a column of the rows goes to, where the names differ; null for nowhere.</summary>
    public IReadOnlyDictionary<string, string?> ColumnMap { get; init; } = new Dictionary<string, string?>();

    /// <summary>Every batch of so many rows is kept by itself; null for all or nothing.</summary>
    public int? BatchCommit { get; init; }

    /// <summary>Whether the next number of a column that the database numbers is made to follow the rows; who loads a table in parts does it once at the end.</summary>
    public bool AdvancesIdentity { get; init; } = true;

    /// <summary>What becomes of values that a column cannot hold.</summary>
    public LossPolicy OnLoss { get; init; }

    /// <summary>Type rules of the user, before those of the database.</summary>
    public IReadOnlyList<TypeRule> TypeRules { get; init; } = [];

    /// <summary>Whether bad rows may be put aside, so that the rows beside one must be loadable again.</summary>
    public bool AllowsRejects { get; init; }
}
