using DataTools.Data;

namespace DataTools.Schemas;

/// <summary>What a table is.</summary>
public enum TableKind
{
    /// <summary>A table, a partitioned one too; of MongoDB a collection.</summary>
    Table,

    /// <summary>A view.</summary>
    View,

    /// <summary>A view that keeps its rows.</summary>
    MaterializedView,

    /// <summary>A table of another server.</summary>
    ForeignTable,
}

/// <summary>A table or view with all that its database tells of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Columns">Its columns in order.</param>
public sealed record TableSchema(TableName Name, TableKind Kind, IReadOnlyList<ColumnSchema> Columns)
{
    /// <summary>The primary key; null where there is none.</summary>
    public KeySchema? PrimaryKey { get; init; }

    /// <summary>The indexes, without the one of the primary key.</summary>
    public IReadOnlyList<IndexSchema> Indexes { get; init; } = [];

    /// <summary>The keys that point to other tables.</summary>
    public IReadOnlyList<ForeignKeySchema> ForeignKeys { get; init; } = [];

    /// <summary>The conditions that rows must meet.</summary>
    public IReadOnlyList<CheckSchema> Checks { get; init; } = [];

    /// <summary>How the table is cut into partitions, as its database writes it; null where it is not.</summary>
    public string? PartitionBy { get; init; }

    /// <summary>The storage engine, where the database has several.</summary>
    public string? Engine { get; init; }

    /// <summary>Whether the database shows this user only some of the rows, by policies (row-level security).</summary>
    public bool IsFiltered { get; init; }

    /// <summary>What somebody wrote about the table.</summary>
    public string? Comment { get; init; }

    /// <summary>The paths that sampled rows have, where a table has no columns but those of its rows; empty elsewhere.</summary>
    public IReadOnlyList<SampledPath> Sampled { get; init; } = [];

    /// <summary>What stands behind the columns, where that belongs to the table's meaning: <c>STRICT, WITHOUT ROWID</c>.</summary>
    public string? Options { get; init; }

    /// <summary>The column of a name: letter by letter, else case aside; null where there is none.</summary>
    public ColumnSchema? Find(string column) =>
        Columns.FirstOrDefault(c => c.Name == column) ?? Columns.FirstOrDefault(c => string.Equals(c.Name, column, StringComparison.OrdinalIgnoreCase));

    /// <summary>The table's name.</summary>
    public override string ToString() => Name.ToString();
}

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="NativeType">Its type as the database writes it: <c>numeric(10,2)</c>.</param>
/// <param name="Type">The type that its values have here.</param>
/// <param name="Nullable">Whether it may hold nulls.</param>
public sealed record ColumnSchema(string Name, string NativeType, DataType Type, bool Nullable)
{
    /// <summary>The expression that gives the value where a row names none; null for none.</summary>
    public string? Default { get; init; }

    /// <summary>Whether the database numbers the rows.</summary>
    public bool IsIdentity
    {
        get => field || Identity is not null;
        init;
    }

    /// <summary>How the database numbers the rows, where more than the fact is known.</summary>
    public IdentitySchema? Identity { get; init; }

    /// <summary>The expression that always gives the value, so that nobody can write it; null for none.</summary>
    public string? Generated { get; init; }

    /// <summary>Whether the generated value is computed when it is read, and not kept.</summary>
    public bool IsVirtual { get; init; }

    /// <summary>The order of its text, where it is not the database's.</summary>
    public string? Collation { get; init; }

    /// <summary>The values of an enumeration.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>The enumeration's own name, where it has one.</summary>
    public TableName? EnumType { get; init; }

    /// <summary>What somebody wrote about the column.</summary>
    public string? Comment { get; init; }
}

/// <summary>A table as Get-DataTable lists it.</summary>
/// <param name="Schema">Its schema, where the database has such.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it is.</param>
/// <param name="Rows">The rows as the database estimates or knows them; null where it does not.</param>
/// <param name="Bytes">The space of rows and indexes; null where the database does not tell.</param>
public sealed record TableListing(string? Schema, string Name, TableKind Type, long? Rows, long? Bytes)
{
    /// <summary>Whether the user may use nothing of its schema, so that not even its columns can be asked for.</summary>
    internal bool IsShut { get; init; }
}
