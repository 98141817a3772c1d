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

    /// <summary>What somebody wrote about the table.</summary>
    public string? Comment { get; init; }

    /// <summary>The paths that sampled rows have, where a table has no columns but those of its rows; empty elsewhere.</summary>
    public IReadOnlyList<SampledPath> Sampled { get; init; } = [];

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
    public bool IsIdentity { get; init; }

    /// <summary>The expression that always gives the value, so that nobody can write it; null for none.</summary>
    public string? Generated { get; init; }

    /// <summary>The order of its text, where it is not the database's.</summary>
    public string? Collation { get; init; }

    /// <summary>The values of an enumeration.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>What somebody wrote about the column.</summary>
    public string? Comment { get; init; }
}

/// <summary>The columns that tell rows apart.</summary>
/// <param name="Name">The constraint's name, where it has one.</param>
/// <param name="Columns">The columns in order.</param>
public sealed record KeySchema(string? Name, IReadOnlyList<string> Columns);

/// <summary>An index.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Its columns in order; expressions stand in parentheses.</param>
/// <param name="IsUnique">Whether no two rows may have the same values.</param>
public sealed record IndexSchema(string Name, IReadOnlyList<string> Columns, bool IsUnique)
{
    /// <summary>Its kind as the database calls it: btree, gin, fulltext.</summary>
    public string? Method { get; init; }

    /// <summary>The condition of the rows that it holds; null for all.</summary>
    public string? Where { get; init; }

    /// <summary>The statement that makes it, where the database gives it.</summary>
    public string? Definition { get; init; }

    /// <summary>Whether it serves a UNIQUE constraint of the table.</summary>
    public bool IsConstraint { get; init; }
}

/// <summary>A key that points to the rows of a table.</summary>
/// <param name="Name">Its name, where it has one.</param>
/// <param name="Columns">The columns here.</param>
/// <param name="References">The table pointed to.</param>
/// <param name="ReferencedColumns">The columns there.</param>
public sealed record ForeignKeySchema(string? Name, IReadOnlyList<string> Columns, TableName References, IReadOnlyList<string> ReferencedColumns)
{
    /// <summary>What happens to the rows here when theirs is deleted: NO ACTION, CASCADE, SET NULL ...</summary>
    public string OnDelete { get; init; } = "NO ACTION";

    /// <summary>What happens to the rows here when theirs gets another key.</summary>
    public string OnUpdate { get; init; } = "NO ACTION";
}

/// <summary>A condition that rows must meet.</summary>
/// <param name="Name">Its name, where it has one.</param>
/// <param name="Expression">The condition as the database writes it.</param>
public sealed record CheckSchema(string? Name, string Expression);

/// <summary>A table as Get-DataTable lists it.</summary>
/// <param name="Schema">Its schema, where the database has such.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it is.</param>
/// <param name="Rows">The rows as the database estimates or knows them; null where it does not.</param>
/// <param name="Bytes">The space of rows and indexes; null where the database does not tell.</param>
public sealed record TableListing(string? Schema, string Name, TableKind Type, long? Rows, long? Bytes);
