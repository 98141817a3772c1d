using DataTools.Schemas;
using DataTools.Schemas.Changes;
using DataTools.Schemas.Comparison;
using DataTools.Schemas.Expressions;

namespace DataTools.Databases.Sqlite;

/// <summary>Tables as SQLite makes them.</summary>
internal sealed partial class SqliteDialect
{
    public override bool KeysStandInTable => true;

    public override bool KeyNamesPerTable => true;

    public override bool HasComments => false;

    public override bool HasDeferredKeys => true;

    public override SqlQuoting Quoting => SqlQuoting.Brackets;

    public override bool HasPartialIndexes => true;

    public override bool HasExpressionIndexes => true;

    public override (bool Stored, bool Virtual) Generates => (true, true);

    public override IdentityKind DefaultIdentity => IdentityKind.RowId;

    /// <summary>An index lies in the schema of its table, which is named with the index.</summary>
    public override string CreateIndex(TableName table, IndexSchema index)
    {
        var name = Quote(new TableName(table.Schema, index.Name));
        return $"CREATE {(index.IsUnique ? "UNIQUE " : "")}INDEX {name} ON {Quote(table.Name)} ({string.Join(", ", index.Parts.Select(p => IndexPartText(p with { NullsFirst = null })))})"
            + (index.Where is null ? "" : $" WHERE {index.Where}");
    }

    public override IReadOnlyList<SchemaStatement> Changes(SchemaComparison comparison) => new SqliteRebuild(this, comparison).Write();

    /// <summary>Only an INTEGER that is the whole primary key numbers rows.</summary>
    public override TableSchema Fit(TableSchema table, Action<string, string> lose)
    {
        var key = table.PrimaryKey?.Columns is [var only] ? only : null;
        return table with { Columns = [.. table.Columns.Select(Fitted)] };

        ColumnSchema Fitted(ColumnSchema column)
        {
            if (!column.IsIdentity)
            {
                return column;
            }

            if (column.Name != key)
            {
                lose(column.Name, "SQLite numbers only a column that is the whole primary key");
                return column with { Identity = null, IsIdentity = false };
            }

            return column with { NativeType = "INTEGER", Type = Data.DataTypes.Int64 };
        }
    }

    /// <summary>Exact numbers are kept as texts, which would be compared as such.</summary>
    internal override string InExpression(ColumnSchema column) =>
        column.NativeType.StartsWith("DECIMAL_TEXT", StringComparison.OrdinalIgnoreCase) ? $"CAST({Quote(column.Name)} AS NUMERIC)" : base.InExpression(column);

    protected override string PrimaryKeyText(TableSchema table, KeySchema key) =>
        table.Columns.Any(c => c.Identity?.Kind == IdentityKind.AutoIncrement) ? $"{Named(key.Name)}PRIMARY KEY ({List(key.Columns)} AUTOINCREMENT)" : base.PrimaryKeyText(table, key);

    /// <summary>Keys reach no further than their own file.</summary>
    protected override string ForeignKeyText(ForeignKeySchema key) => base.ForeignKeyText(key with { References = key.References with { Schema = null } });

    /// <summary>Expressions must stand in parentheses; literals may.</summary>
    protected override string DefaultText(string expression) => InParentheses(expression);

    protected override string IdentityText(ColumnSchema column) => "";
}
