using System.Globalization;
using DataTools.Schemas;
using DataTools.Schemas.Expressions;

namespace DataTools.Databases;

/// <summary>What a statement that makes a table holds besides the columns.</summary>
[Flags]
public enum TableParts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The primary key.</summary>
    PrimaryKey = 1,

    /// <summary>UNIQUE constraints.</summary>
    UniqueKeys = 2,

    /// <summary>Checks.</summary>
    Checks = 4,

    /// <summary>Keys that point to other tables.</summary>
    ForeignKeys = 8,

    /// <summary>All but the keys that point to other tables, which may not be there yet.</summary>
    Own = PrimaryKey | UniqueKeys | Checks,

    /// <summary>All of it.</summary>
    All = Own | ForeignKeys,
}

/// <summary>Tables with all that belongs to them.</summary>
public abstract partial class SqlDialect
{
    /// <summary>Whether keys and checks can only stand in the statement that makes the table.</summary>
    public virtual bool KeysStandInTable => false;

    /// <summary>Whether two tables may have indexes of one name.</summary>
    public virtual bool IndexNamesPerTable => false;

    /// <summary>Whether two tables may have primary or unique keys of one name.</summary>
    public virtual bool KeyNamesPerTable => IndexNamesPerTable;

    /// <summary>Whether enumerations are types with names of their own.</summary>
    public virtual bool HasEnumTypes => false;

    /// <summary>Whether tables and columns take comments.</summary>
    public virtual bool HasComments => true;

    /// <summary>Whether an index may hold a part of the rows.</summary>
    public virtual bool HasPartialIndexes => false;

    /// <summary>Whether an index may be ordered by an expression.</summary>
    public virtual bool HasExpressionIndexes => false;

    /// <summary>Whether an index may carry columns besides those that it is ordered by.</summary>
    public virtual bool HasIncludes => false;

    /// <summary>Whether keys may be checked at the end of the transaction.</summary>
    public virtual bool HasDeferredKeys => false;

    /// <summary>How names and texts stand in its catalogue.</summary>
    public virtual SqlQuoting Quoting => SqlQuoting.Standard;

    /// <summary>Whether checks are kept and enforced.</summary>
    public virtual bool HasChecks => true;

    /// <summary>Whether a generated column may be kept, or be computed when it is read.</summary>
    public virtual (bool Stored, bool Virtual) Generates => (true, false);

    /// <summary>The collation that tells all texts apart as .NET's ordinal comparison does, where the database's default is another; null where it is not.</summary>
    public virtual string? ExactCollation => null;

    /// <summary>The kind of an index whose statement names none.</summary>
    public virtual string DefaultIndexMethod => "btree";

    /// <summary>Whether a column can be told to number rows; where not, a default that draws from a sequence does.</summary>
    public virtual bool NumbersRows => true;

    /// <summary>How columns that number rows are made.</summary>
    public virtual IdentityKind DefaultIdentity => IdentityKind.ByDefault;

    /// <summary>Functions that mean the same as in other databases: our name, and how it is written with its arguments at {0}.</summary>
    protected virtual IReadOnlyDictionary<string, string> Functions => Standard;

    /// <summary>The functions of standard SQL.</summary>
    protected static IReadOnlyDictionary<string, string> Standard { get; } = new Dictionary<string, string>
    {
        ["now"] = "CURRENT_TIMESTAMP",
        // Of a type that knows the time's zone, or a clock that shows UTC.
        ["utc_now"] = "CURRENT_TIMESTAMP",
        ["current_date"] = "CURRENT_DATE",
        ["current_time"] = "CURRENT_TIME",
        ["length"] = "length({0})",
        ["lower"] = "lower({0})",
        ["upper"] = "upper({0})",
        ["abs"] = "abs({0})",
        ["coalesce"] = "coalesce({0})",
        ["trim"] = "trim({0})",
        ["nullif"] = "nullif({0})",
    };

    /// <summary>A text as a literal.</summary>
    public virtual string Literal(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
    }

    /// <summary>Bytes, given in hexadecimal digits, as a literal.</summary>
    public virtual string BytesLiteral(string digits) => $"X'{digits}'";

    /// <summary>TRUE or FALSE.</summary>
    public virtual string BoolLiteral(bool value) => value ? "TRUE" : "FALSE";

    /// <summary>Two texts put together.</summary>
    public virtual string Concat(string left, string right) => $"({left} || {right})";

    /// <summary>The type of a column that holds one of some values, where the database has such types without names; null where it has not.</summary>
    public virtual string? EnumType(IReadOnlyList<string> values) => null;

    /// <summary>Whether a key points to columns only that a key makes unique; else any index will do that begins with them.</summary>
    public virtual bool PointsToKeysOnly => true;

    /// <summary>Whether a unique index will do, where keys stand in tables.</summary>
    public virtual bool PointsToIndexes => true;

    /// <summary>Whether a column of a key may point to another by their types.</summary>
    public virtual bool CanPoint(ColumnSchema column, ColumnSchema other) => true;

    /// <summary>
    /// A table that is made for another database's changed so that this database takes it; <paramref name="lose"/> is told what (a column, an index) becomes
    /// different and why.
    /// </summary>
    public virtual TableSchema Fit(TableSchema table, Action<string, string> lose) => table;

    /// <summary>Whether all columns of a table may be computed.</summary>
    public virtual bool HasComputedTables => false;

    /// <summary>Whether a table may have no columns at all.</summary>
    public virtual bool HasEmptyTables => false;

    /// <summary>The statement that makes a table.</summary>
    public virtual string CreateTable(TableSchema table, TableParts parts)
    {
        ArgumentNullException.ThrowIfNull(table);
        var lines = table.Columns.Select(c => ColumnText(table, c)).Concat(Constraints(table, parts));
        return $"CREATE TABLE {Quote(table.Name)} (\n    {string.Join(",\n    ", lines)}\n){TableOptions(table)}";
    }

    /// <summary>The statement that makes an index which serves no constraint.</summary>
    public virtual string CreateIndex(TableName table, IndexSchema index)
    {
        ArgumentNullException.ThrowIfNull(index);
        var method = index.Method is null || index.Method == DefaultIndexMethod ? "" : $" USING {index.Method}";
        return $"CREATE {(index.IsUnique ? "UNIQUE " : "")}INDEX {Quote(index.Name)} ON {Quote(table)}{method} ({string.Join(", ", index.Parts.Select(IndexPartText))})"
            + (index.Includes.Count == 0 ? "" : $" INCLUDE ({List(index.Includes)})")
            + (index.NullsNotDistinct ? " NULLS NOT DISTINCT" : "")
            + (index.Where is null ? "" : $" WHERE {index.Where}");
    }

    /// <summary>The statement that drops an index which serves no constraint.</summary>
    public virtual string DropIndex(TableName table, IndexSchema index)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(index);
        return $"DROP INDEX {Quote(new TableName(table.Schema, index.Name))}";
    }

    /// <summary>The statement that adds the primary key.</summary>
    public virtual string AddPrimaryKey(TableSchema table, KeySchema key) => AddConstraint(table, PrimaryKeyText(table, key));

    /// <summary>The statement that adds a UNIQUE or exclusion constraint.</summary>
    public virtual string AddUnique(TableSchema table, IndexSchema index) => AddConstraint(table, UniqueText(index));

    /// <summary>The statement that adds a key which points to another table.</summary>
    public virtual string AddForeignKey(TableSchema table, ForeignKeySchema key) =>
        AddConstraint(table, ForeignKeyText(key)) + (key.IsValid ? "" : " NOT VALID");

    /// <summary>The statement that adds a check.</summary>
    public virtual string AddCheck(TableSchema table, CheckSchema check) =>
        AddConstraint(table, CheckText(check)) + (check.IsValid ? "" : " NOT VALID");

    /// <summary>The statement that makes an enumeration with a name of its own.</summary>
    public virtual string CreateEnum(EnumSchema type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return $"CREATE TYPE {Quote(type.Name)} AS ENUM ({string.Join(", ", type.Values.Select(Literal))})";
    }

    /// <summary>The statements that write the comments of a table and of its columns.</summary>
    public virtual IEnumerable<string> Comments(TableSchema table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return !HasComments ? [] : (table.Comment is null ? [] : new[] { CommentOn(table, null, table.Comment) })
            .Concat(table.Columns.Where(c => c.Comment is not null).Select(c => CommentOn(table, c, c.Comment)));
    }

    /// <summary>The statement that writes the comment of a table or of a column; null takes it away.</summary>
    public virtual string CommentOn(TableSchema table, ColumnSchema? column, string? comment)
    {
        ArgumentNullException.ThrowIfNull(table);
        var what = column is null ? $"TABLE {Quote(table.Name)}" : $"COLUMN {Quote(table.Name)}.{Quote(column.Name)}";
        return $"COMMENT ON {what} IS {(comment is null ? "NULL" : Literal(comment))}";
    }

    /// <summary>A column as it stands in CREATE TABLE and ADD COLUMN.</summary>
    public virtual string ColumnText(TableSchema table, ColumnSchema column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return $"{Quote(column.Name)} {TypeText(column)}{CollationText(column)}{ValueText(column)}{(column.Nullable ? "" : " NOT NULL")}";
    }

    /// <summary>The statements that make a table, its indexes and comments, and its keys where <paramref name="parts"/> wants them.</summary>
    public IEnumerable<string> Create(TableSchema table, TableParts parts = TableParts.All)
    {
        ArgumentNullException.ThrowIfNull(table);
        return table.Indexes.Where(i => !i.IsConstraint).Select(i => CreateIndex(table.Name, i)).Prepend(CreateTable(table, parts)).Concat(Comments(table));
    }

    /// <summary>A function's call; null where the database has none that means the same.</summary>
    internal string? Function(string name, IReadOnlyList<string> arguments) =>
        Functions.TryGetValue(name, out var text) ? text.Replace("{0}", string.Join(", ", arguments), StringComparison.Ordinal) : null;

    /// <summary>A literal of an expression.</summary>
    internal string Literal(SqlLiteral literal) => literal.Kind switch
    {
        SqlLiteralKind.Text => Literal(literal.Text),
        SqlLiteralKind.Bool => BoolLiteral(literal.Text == "true"),
        SqlLiteralKind.Bytes => BytesLiteral(literal.Text),
        _ => literal.Text,
    };

    /// <summary>A column within an expression.</summary>
    internal virtual string InExpression(ColumnSchema column) => Quote(column.Name);

    /// <summary>The constraints of a table, as they stand behind its columns.</summary>
    protected IEnumerable<string> Constraints(TableSchema table, TableParts parts)
    {
        ArgumentNullException.ThrowIfNull(table);
        IEnumerable<string> key = parts.HasFlag(TableParts.PrimaryKey) && table.PrimaryKey is not null ? [PrimaryKeyText(table, table.PrimaryKey)] : [];
        return key
            .Concat(parts.HasFlag(TableParts.UniqueKeys) ? table.Indexes.Where(i => i.IsConstraint).Select(UniqueText) : [])
            .Concat(parts.HasFlag(TableParts.Checks) && HasChecks ? ChecksOf(table).Select(CheckText) : [])
            .Concat(parts.HasFlag(TableParts.ForeignKeys) ? table.ForeignKeys.Select(ForeignKeyText) : []);
    }

    /// <summary>The checks that stand behind the columns, and not with one of them.</summary>
    protected virtual IEnumerable<CheckSchema> ChecksOf(TableSchema table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return table.Checks;
    }

    /// <summary>The primary key as a constraint.</summary>
    protected virtual string PrimaryKeyText(TableSchema table, KeySchema key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return $"{Named(key.Name)}PRIMARY KEY ({List(key.Columns)}){DeferralText(key.Deferral)}";
    }

    /// <summary>A unique or exclusion constraint.</summary>
    protected virtual string UniqueText(IndexSchema index)
    {
        ArgumentNullException.ThrowIfNull(index);
        var include = index.Includes.Count == 0 ? "" : $" INCLUDE ({List(index.Includes)})";
        return Named(index.IsNameGenerated ? null : index.Name)
            + (index.Exclusion ?? $"UNIQUE{(index.NullsNotDistinct ? " NULLS NOT DISTINCT" : "")} ({string.Join(", ", index.Parts.Select(IndexPartText))}){include}{DeferralText(index.Deferral)}");
    }

    /// <summary>A check as a constraint.</summary>
    protected virtual string CheckText(CheckSchema check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return $"{Named(check.Name)}CHECK {InParentheses(check.Expression)}";
    }

    /// <summary>A key that points to another table as a constraint.</summary>
    protected virtual string ForeignKeyText(ForeignKeySchema key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return $"{Named(key.Name)}FOREIGN KEY ({List(key.Columns)}) REFERENCES {Quote(key.References)}"
            + (key.ReferencedColumns.Count == 0 ? "" : $" ({List(key.ReferencedColumns)})")
            + (key.MatchesFull ? " MATCH FULL" : "")
            + (key.OnDelete == "NO ACTION" ? "" : $" ON DELETE {key.OnDelete}")
            + (key.OnUpdate == "NO ACTION" ? "" : $" ON UPDATE {key.OnUpdate}")
            + DeferralText(key.Deferral);
    }

    /// <summary>When a constraint is checked.</summary>
    protected virtual string DeferralText(Deferral deferral) => deferral switch
    {
        Deferral.Deferrable => " DEFERRABLE",
        Deferral.Deferred => " DEFERRABLE INITIALLY DEFERRED",
        _ => "",
    };

    /// <summary>CONSTRAINT and its name, for one that has a name.</summary>
    protected string Named(string? name) => name is null ? "" : $"CONSTRAINT {Quote(name)} ";

    /// <summary>A column's type as it stands in a statement.</summary>
    protected virtual string TypeText(ColumnSchema column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return column.NativeType;
    }

    /// <summary>A column's type where its rows are staged: texts are told apart there as in the table.</summary>
    public virtual string StagedType(ColumnSchema column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return column.NativeType + CollationText(column);
    }

    /// <summary>A column's collation.</summary>
    protected virtual string CollationText(ColumnSchema column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return column.Collation is null ? "" : $" COLLATE {Quote(column.Collation)}";
    }

    /// <summary>Where a column's value comes from when a row brings none.</summary>
    protected virtual string ValueText(ColumnSchema column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return column.Generated is not null ? $" GENERATED ALWAYS AS {InParentheses(column.Generated)} {(column.IsVirtual ? "VIRTUAL" : "STORED")}"
            : column.IsIdentity ? IdentityText(column)
            : column.Default is not null ? $" DEFAULT {DefaultText(column.Default)}" : "";
    }

    /// <summary>A default's expression as it stands behind DEFAULT.</summary>
    protected virtual string DefaultText(string expression) => expression;

    /// <summary>What makes a column number the rows.</summary>
    protected virtual string IdentityText(ColumnSchema column)
    {
        ArgumentNullException.ThrowIfNull(column);
        var identity = column.Identity ?? new IdentitySchema(DefaultIdentity);
        var options = (identity.Start == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" START WITH {identity.Start}"))
            + (identity.Increment == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" INCREMENT BY {identity.Increment}"));
        return $" GENERATED {(identity.Kind == IdentityKind.Always ? "ALWAYS" : "BY DEFAULT")} AS IDENTITY{(options.Length == 0 ? "" : $" ({options.Trim()})")}";
    }

    /// <summary>What stands behind the columns of a table.</summary>
    protected virtual string TableOptions(TableSchema table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return table.Options is null ? "" : $" {table.Options}";
    }

    /// <summary>A column or an expression of an index.</summary>
    protected virtual string IndexPartText(IndexPart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        return (part.IsExpression ? $"({part.Text})" : Quote(part.Text))
            + (part.Collation is null ? "" : $" COLLATE {Quote(part.Collation)}")
            + (part.OperatorClass is null ? "" : $" {part.OperatorClass}")
            + (part.Descending ? " DESC" : "")
            + (part.NullsFirst is { } first ? first ? " NULLS FIRST" : " NULLS LAST" : "");
    }

    /// <summary>An expression with one pair of parentheses around it.</summary>
    protected static string InParentheses(string expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return IsEnclosed(expression) ? expression : $"({expression})";
    }

    private string AddConstraint(TableSchema table, string constraint)
    {
        ArgumentNullException.ThrowIfNull(table);
        return $"ALTER TABLE {Quote(table.Name)} ADD {constraint}";
    }

    /// <summary>Whether the first parenthesis is closed by the last.</summary>
    private static bool IsEnclosed(string expression)
    {
        var tokens = SqlTokens.Read(expression);
        var depth = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            depth += tokens[i].Is("(") ? 1 : tokens[i].Is(")") ? -1 : 0;
            if (depth == 0)
            {
                return i > 0 && i == tokens.Count - 1;
            }
        }

        return false;
    }
}
