using DataTools.Schemas;
using DataTools.Schemas.Changes;
using DataTools.Schemas.Comparison;

namespace DataTools.Databases;

/// <summary>Statements that change tables which are there.</summary>
public abstract partial class SqlDialect
{
    /// <summary>Whether the database made up the name of a constraint of a table.</summary>
    public virtual bool IsGeneratedName(string name, TableName table) => false;

    /// <summary>Whether no key of a schema may have the name of an index of another table.</summary>
    public virtual bool KeysShareIndexNames => false;

    /// <summary>Whether what stands before a table's name is a database, so that a script which is to run on any names none.</summary>
    public virtual bool SchemasAreDatabases => false;

    /// <summary>Whether only a column of a key may number rows.</summary>
    public virtual bool IdentityNeedsKey => false;

    /// <summary>Whether what a view reads cannot go or get another type as long as the view is there.</summary>
    public virtual bool ViewsHoldColumns => false;

    /// <summary>The statement that keeps and drops the views that read columns, which stand in the way of other types of these.</summary>
    public virtual string KeepViews(IEnumerable<(TableName Table, IEnumerable<string> Columns)> columns) => throw new NotSupportedException();

    /// <summary>The statement that makes kept views again, with all that they had.</summary>
    public virtual string BringBackViews => throw new NotSupportedException();

    /// <summary>The statement that makes a schema which may be there already; null where none is needed.</summary>
    public virtual string? CreateSchema(string name) => null;

    /// <summary>The statements that make the right side of a comparison of its left.</summary>
    public virtual IReadOnlyList<SchemaStatement> Changes(SchemaComparison comparison) => new SchemaScriptWriter(this, comparison).Write();

    /// <summary>The statement that renames a column.</summary>
    public virtual string RenameColumn(TableName table, string from, string to) => $"ALTER TABLE {Quote(table)} RENAME COLUMN {Quote(from)} TO {Quote(to)}";

    /// <summary>The statement that adds a column with all that belongs to it.</summary>
    public virtual string AddColumn(TableSchema table, ColumnSchema column)
    {
        ArgumentNullException.ThrowIfNull(table);
        return $"ALTER TABLE {Quote(table.Name)} ADD COLUMN {ColumnText(table, column)}";
    }

    /// <summary>The statement that drops a column.</summary>
    public virtual string DropColumn(TableName table, string column) => $"ALTER TABLE {Quote(table)} DROP COLUMN {Quote(column)}";

    /// <summary>The statements that make of a column another of the same name.</summary>
    public virtual IEnumerable<string> AlterColumn(TableSchema table, ColumnSchema from, ColumnSchema to) =>
        throw Errors.DataErrors.InvalidOption("This database's columns cannot be changed by statements of DataTools.");

    /// <summary>The statements that change what stands behind a table's columns.</summary>
    public virtual IEnumerable<string> ChangeOptions(TableSchema from, TableSchema to) => [];

    /// <summary>The statement that drops the primary key.</summary>
    public virtual string DropPrimaryKey(TableSchema table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return DropConstraint(table, table.PrimaryKey!.Name ?? $"{table.Name.Name}_pkey");
    }

    /// <summary>The statement that drops a UNIQUE or exclusion constraint.</summary>
    public virtual string DropUnique(TableSchema table, IndexSchema index)
    {
        ArgumentNullException.ThrowIfNull(index);
        return DropConstraint(table, index.Name);
    }

    /// <summary>The statement that drops a key to another table.</summary>
    public virtual string DropForeignKey(TableSchema table, ForeignKeySchema key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return DropConstraint(table, key.Name!);
    }

    /// <summary>The statement that drops a check.</summary>
    public virtual string DropCheck(TableSchema table, CheckSchema check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return DropConstraint(table, check.Name!);
    }

    /// <summary>The statement that drops an enumeration.</summary>
    public virtual string DropEnum(EnumSchema type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return $"DROP TYPE {Quote(type.Name)}";
    }

    /// <summary>The statement that makes a domain.</summary>
    public virtual string CreateDomain(DomainSchema domain)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return $"CREATE DOMAIN {Quote(domain.Name)} AS {domain.Type}{(domain.Default is null ? "" : $" DEFAULT {domain.Default}")}{(domain.NotNull ? " NOT NULL" : "")}{string.Concat(domain.Checks.Select(c => $" CONSTRAINT {Quote(c.Key)} {c.Value}"))}";
    }

    /// <summary>The statement that drops a domain.</summary>
    public virtual string DropDomain(DomainSchema domain)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return $"DROP DOMAIN {Quote(domain.Name)}";
    }

    /// <summary>The statements that make of a domain another of its name; its type stays.</summary>
    public virtual IEnumerable<string> ChangeDomain(DomainSchema from, DomainSchema to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        var alter = $"ALTER DOMAIN {Quote(to.Name)}";
        return from.Checks.Except(to.Checks).Select(c => $"{alter} DROP CONSTRAINT {Quote(c.Key)}")
            .Concat(from.NotNull == to.NotNull ? [] : [$"{alter} {(to.NotNull ? "SET" : "DROP")} NOT NULL"])
            .Concat(from.Default == to.Default ? [] : [to.Default is null ? $"{alter} DROP DEFAULT" : $"{alter} SET DEFAULT {to.Default}"])
            .Concat(to.Checks.Except(from.Checks).Select(c => $"{alter} ADD CONSTRAINT {Quote(c.Key)} {c.Value}"));
    }

    /// <summary>
    /// The statements that change the values of an enumeration, and those that clean up after all else. <paramref name="columns"/> are those that stay of the type;
    /// <paramref name="isUsed"/> tells whether other statements of the same transaction may use the new values.
    /// </summary>
    public virtual (IReadOnlyList<string> Now, IReadOnlyList<string> AtEnd) ChangeEnum(EnumSchema from, EnumSchema to, IReadOnlyList<(TableSchema Table, ColumnSchema Column)> columns, bool isUsed) => ([], []);

    private string DropConstraint(TableSchema table, string name)
    {
        ArgumentNullException.ThrowIfNull(table);
        return $"ALTER TABLE {Quote(table.Name)} DROP CONSTRAINT {Quote(name)}";
    }
}
