using DataTools.Databases;
using DataTools.Errors;
using DataTools.Migrations.Changes;
using DataTools.Schemas;

namespace DataTools.Migrations;

/// <summary>The statements of changes without downtime. What is said here is standard SQL.</summary>
public abstract partial class MigrationDialect
{
    /// <summary>Functions that give another value for each row.</summary>
    private static readonly string[] Volatile = ["RANDOM", "RAND", "GEN_RANDOM_UUID", "UUID_GENERATE_V4", "UUID", "CLOCK_TIMESTAMP", "TIMEOFDAY", "NEXTVAL", "RANDOMBLOB"];

    /// <summary>How the database writes SQL.</summary>
    protected abstract SqlDialect Sql { get; }

    /// <summary>What makes ALTER TABLE fail where it would lock the table.</summary>
    protected virtual string Online => "";

    /// <summary>Whether a default gives every row a value of its own.</summary>
    public bool IsVolatile(string expression) => Words(expression, Sql.Splitting).Any(Volatile.Contains);

    /// <summary>A statement with what ends it.</summary>
    public virtual string Delimited(string statement) => statement + ";";

    /// <summary>Adds a column.</summary>
    public virtual string AddColumn(TableName table, string column) => $"ALTER TABLE {Sql.Quote(table)} ADD COLUMN {column}{Online}";

    /// <summary>
    /// A query that names the indexes and keys of a column besides those that are known, which a later migration has made and which would go with the column without a word;
    /// null where the database does not let the column go then.
    /// </summary>
    public virtual string? OthersOn(TableName table, string column, IReadOnlyCollection<string> known) => null;

    /// <summary>
    /// A query that names the views which read a column and do not let it go; with <paramref name="onlyFixed"/> those alone that cannot be dropped and made again as they are. Null where views do
    /// not stand in the way.
    /// </summary>
    public virtual string? ViewsOn(TableName table, string column, bool onlyFixed) => null;

    /// <summary>The condition that a name is none of some.</summary>
    protected string NoneOf(string name, IReadOnlyCollection<string> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        return known.Count == 0 ? "" : $" AND {name} NOT IN ({string.Join(", ", known.Select(Sql.Literal))})";
    }

    /// <summary>Drops a column.</summary>
    public virtual string DropColumn(TableName table, string column) => $"ALTER TABLE {Sql.Quote(table)} DROP COLUMN {Sql.Quote(column)}{Online}";

    /// <summary>Renames a column.</summary>
    public virtual string RenameColumn(TableName table, string column, string name) => $"ALTER TABLE {Sql.Quote(table)} RENAME COLUMN {Sql.Quote(column)} TO {Sql.Quote(name)}{Online}";

    /// <summary>Gives a column a default.</summary>
    public virtual string SetDefault(TableName table, string column, string value) => $"ALTER TABLE {Sql.Quote(table)} ALTER COLUMN {Sql.Quote(column)} SET DEFAULT {value}";

    /// <summary>Forbids nulls; null where the database cannot do that to a table that is there.</summary>
    public virtual IReadOnlyList<string>? SetNotNull(TableSchema table, ColumnSchema column) => null;

    /// <summary>Allows nulls; null where the database cannot do that to a table that is there.</summary>
    public virtual string? DropNotNull(TableSchema table, ColumnSchema column) => null;

    /// <summary>An expression as a value of a type of columns.</summary>
    public virtual string Cast(string expression, string type) => $"CAST({expression} AS {type})";

    /// <summary>The condition of rows whose value is not the same any more when it comes back from another type.</summary>
    public string IsLost(ColumnSchema column, string type)
    {
        ArgumentNullException.ThrowIfNull(column);
        var name = Sql.Quote(column.Name);
        return $"NOT ({Same(Cast(name, column.NativeType), Cast(Cast(name, type), column.NativeType))})";
    }

    /// <summary>Makes an index while the table is written.</summary>
    public virtual IReadOnlyList<string> CreateIndex(TableName table, string name, string columns, bool unique) =>
        [$"CREATE {(unique ? "UNIQUE " : "")}INDEX {Sql.Quote(name)} ON {Sql.Quote(table)} ({columns})"];

    /// <summary>Drops an index.</summary>
    public virtual IReadOnlyList<string> DropIndex(TableName table, string name) => [$"DROP INDEX {Sql.Quote(table with { Name = name })}"];

    /// <summary>What must be done to an index before a column of it is dropped.</summary>
    public virtual IReadOnlyList<string> DropIndexBeforeColumn(TableName table, string name) => [];

    /// <summary>Gives an index, or the constraint that it serves, another name when the old one of that name is gone.</summary>
    public virtual IReadOnlyList<string> RenameIndex(TableName table, string name, string wanted, bool isConstraint) => [];

    /// <summary>Makes columns unique while the table is written.</summary>
    public virtual IReadOnlyList<string> AddUnique(TableName table, string name, IReadOnlyList<string> columns) => CreateIndex(table, name, Sql.List(columns), unique: true);

    /// <summary>Lets columns be not unique again.</summary>
    public virtual IReadOnlyList<string> DropUnique(TableName table, string name) => DropIndex(table, name);

    /// <summary>Adds a foreign key without locking out writers for long; null where the database cannot do that to a table that is there.</summary>
    public virtual IReadOnlyList<string>? AddForeignKey(TableName table, string name, string definition) => null;

    /// <summary>Whether the rows that are there are checked when a foreign key is added.</summary>
    public virtual bool ValidatesForeignKeys => true;

    /// <summary>Drops a foreign key.</summary>
    public virtual string DropForeignKey(TableName table, string name) => $"ALTER TABLE {Sql.Quote(table)} DROP CONSTRAINT {Sql.Quote(name)}";

    /// <summary>Refuses what the triggers of the database could not keep in step.</summary>
    public virtual void CheckSync(ColumnSync sync, TableSchema table, ColumnSchema old)
    {
    }

    /// <summary>The triggers that keep columns in step. Where values of both sides change, the new one counts.</summary>
    public abstract IReadOnlyList<string> CreateSync(ColumnSync sync);

    /// <summary>Drops the triggers.</summary>
    public abstract IReadOnlyList<string> DropSync(ColumnSync sync);

    /// <summary>An error of <see cref="CheckSync"/>.</summary>
    protected static DataException CannotSync(ColumnSchema old, string reason)
    {
        ArgumentNullException.ThrowIfNull(old);
        return DataErrors.InvalidOption($"The column '{old.Name}' cannot be kept in step by triggers: {reason}");
    }

    /// <summary>Whether two rows of values are the same, null equal to null.</summary>
    protected string AreSame(IEnumerable<string> left, IEnumerable<string> right) => string.Join(" AND ", left.Zip(right, (l, r) => $"({Same(l, r)})"));

    /// <summary>Whether two values are the same to the letter, null equal to null.</summary>
    protected virtual string Same(string left, string right) => Sql.IsSame(left, right);
}
