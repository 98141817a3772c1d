using DataTools.Databases;

namespace DataTools.Schemas.Comparison;

/// <summary>What differs between two schemas.</summary>
public enum DifferenceKind
{
    /// <summary>A table is on one side only, or goes by another name.</summary>
    Table,

    /// <summary>A column is on one side only, or goes by another name.</summary>
    Column,

    /// <summary>A column's type.</summary>
    Type,

    /// <summary>Whether a column takes nulls.</summary>
    Nullability,

    /// <summary>A column's default.</summary>
    Default,

    /// <summary>The expression of a generated column.</summary>
    Generated,

    /// <summary>How a column numbers rows.</summary>
    Identity,

    /// <summary>A column's collation.</summary>
    Collation,

    /// <summary>A comment.</summary>
    Comment,

    /// <summary>The primary key.</summary>
    PrimaryKey,

    /// <summary>A UNIQUE or exclusion constraint.</summary>
    UniqueKey,

    /// <summary>A key that points to another table.</summary>
    ForeignKey,

    /// <summary>A check.</summary>
    Check,

    /// <summary>An index.</summary>
    Index,

    /// <summary>A type of enumerated values.</summary>
    Enum,

    /// <summary>A type that is another with conditions of its own.</summary>
    Domain,
}

/// <summary>A difference between two schemas.</summary>
/// <param name="Kind">What differs.</param>
/// <param name="Table">The table; for an enumeration or a domain its name.</param>
/// <param name="Object">The column, key or index; null for the table itself.</param>
/// <param name="Left">How it is on the left; null where it is not there.</param>
/// <param name="Right">How it is on the right; null where it is not there.</param>
public sealed record SchemaDifference(DifferenceKind Kind, TableName Table, string? Object, string? Left, string? Right);

/// <summary>Two tables or columns that may be one under two names: nothing decides that but an answer.</summary>
/// <param name="Table">The table; null for a table's own name.</param>
/// <param name="From">The name on the left.</param>
/// <param name="To">The name on the right.</param>
public sealed record RenameCandidate(TableName? Table, string From, string To)
{
    /// <summary>The answer that makes it a renaming, as -Rename takes it.</summary>
    public override string ToString() => Table is null ? $"'{From}' = '{To}'" : $"'{Table}.{From}' = '{To}'";
}

/// <summary>How two schemas are compared.</summary>
public sealed record ComparisonOptions
{
    /// <summary>The left side's dialect.</summary>
    public required SqlDialect Left { get; init; }

    /// <summary>The right side's dialect.</summary>
    public required SqlDialect Right { get; init; }

    /// <summary>The left side's kind of database; null for data with our types.</summary>
    public required IDatabase? LeftKind { get; init; }

    /// <summary>The right side's kind of database; null for data with our types.</summary>
    public required IDatabase? RightKind { get; init; }

    /// <summary>What is known to have been renamed: a table, or a column as <c>table.column</c> with the new table's name, and its new name.</summary>
    public IReadOnlyDictionary<string, string> Renames { get; init; } = new Dictionary<string, string>();

    /// <summary>The names that indexes and keys have on the right.</summary>
    internal IReadOnlySet<string> IndexNames { get; init; } = new HashSet<string>();

    /// <summary>Whether both sides are of one kind of database, so that types, names and expressions are compared as they are.</summary>
    public bool IsSameKind => LeftKind?.Name == RightKind?.Name;
}

/// <summary>A table that is on both sides, and how it differs.</summary>
/// <param name="Left">It on the left, under the right's names.</param>
/// <param name="Right">It on the right.</param>
public sealed record TableComparison(TableSchema Left, TableSchema Right)
{
    /// <summary>The differences.</summary>
    public IReadOnlyList<SchemaDifference> Differences { get; init; } = [];

    /// <summary>Columns on the left only.</summary>
    public IReadOnlyList<ColumnSchema> DroppedColumns { get; init; } = [];

    /// <summary>Columns on the right only.</summary>
    public IReadOnlyList<ColumnSchema> AddedColumns { get; init; } = [];

    /// <summary>Columns that differ.</summary>
    public IReadOnlyList<(ColumnSchema Left, ColumnSchema Right)> ChangedColumns { get; init; } = [];

    /// <summary>Whether the primary keys differ.</summary>
    public bool KeyDiffers { get; init; }

    /// <summary>Indexes and unique constraints of the left that the right has not.</summary>
    public IReadOnlyList<IndexSchema> DroppedIndexes { get; init; } = [];

    /// <summary>Indexes and unique constraints of the right that the left has not.</summary>
    public IReadOnlyList<IndexSchema> AddedIndexes { get; init; } = [];

    /// <summary>Keys to other tables of the left that the right has not.</summary>
    public IReadOnlyList<ForeignKeySchema> DroppedForeignKeys { get; init; } = [];

    /// <summary>Keys to other tables of the right that the left has not.</summary>
    public IReadOnlyList<ForeignKeySchema> AddedForeignKeys { get; init; } = [];

    /// <summary>Checks of the left that the right has not.</summary>
    public IReadOnlyList<CheckSchema> DroppedChecks { get; init; } = [];

    /// <summary>Checks of the right that the left has not.</summary>
    public IReadOnlyList<CheckSchema> AddedChecks { get; init; } = [];

    /// <summary>The right side as it is when the left was changed to it: what was there already keeps its names.</summary>
    public TableSchema After { get; init; } = Right;
}

/// <summary>The differences of two schemas.</summary>
/// <param name="Left">The left side, under the names that the options say the right gave.</param>
/// <param name="Right">The right side.</param>
public sealed record SchemaComparison(DatabaseSchema Left, DatabaseSchema Right)
{
    /// <summary>Tables on the left only.</summary>
    public IReadOnlyList<TableSchema> DroppedTables { get; init; } = [];

    /// <summary>Tables on the right only.</summary>
    public IReadOnlyList<TableSchema> AddedTables { get; init; } = [];

    /// <summary>Tables on both sides.</summary>
    public IReadOnlyList<TableComparison> Tables { get; init; } = [];

    /// <summary>Enumerations that differ; null on the side that has not got one.</summary>
    public IReadOnlyList<(EnumSchema? Left, EnumSchema? Right)> Enums { get; init; } = [];

    /// <summary>Domains that differ; null on the side that has not got one.</summary>
    public IReadOnlyList<(DomainSchema? Left, DomainSchema? Right)> Domains { get; init; } = [];

    /// <summary>The renamings that were made on the left, old and new.</summary>
    public IReadOnlyList<SchemaRename> Renames { get; init; } = [];

    /// <summary>What may be renamings.</summary>
    public IReadOnlyList<RenameCandidate> Candidates { get; init; } = [];

    /// <summary>The right side as it is when the left was changed to it: what was there already keeps its names.</summary>
    public DatabaseSchema After => Right with { Tables = [.. Tables.Select(t => t.After), .. AddedTables], Others = Left.Others };

    /// <summary>Views, triggers, routines and sequences that are not on both sides, or not the same there: these are told of, but neither compared further nor written.</summary>
    public IReadOnlyList<DatabaseObject> NotCompared { get; init; } = [];

    /// <summary>The types of columns that the right side has anew, as the database writes them, without those that are made with them.</summary>
    public IReadOnlyCollection<string> NewTypes
    {
        get
        {
            var made = Domains.Select(d => d.Right?.Name).OfType<TableName>().Select(n => n.Schema is null ? n.Name : $"{n.Schema}.{n.Name}").SelectMany(n => new[] { n, n + "[]" }).ToHashSet();
            var columns = AddedTables.SelectMany(t => t.Columns).Concat(Tables.SelectMany(t => t.AddedColumns.Concat(t.ChangedColumns.Select(c => c.Right))));
            return [.. columns.Where(c => c.EnumType is null && !made.Contains(c.NativeType.Replace("\"", "", StringComparison.Ordinal))).Select(c => c.NativeType).Distinct()];
        }
    }

    /// <summary>All differences.</summary>
    public IReadOnlyList<SchemaDifference> Differences { get; init; } = [];
}

/// <summary>A renaming.</summary>
/// <param name="Table">The table under its old name; where <paramref name="Column"/> is given, under its new one.</param>
/// <param name="Column">The column under its old name; null for the table itself.</param>
/// <param name="To">The new name.</param>
public sealed record SchemaRename(TableName Table, string? Column, string To);
