using System.Globalization;
using DataTools.Data;
using DataTools.Databases.Reading;
using DataTools.Migrations;
using DataTools.Schemas;

namespace DataTools.Databases;

/// <summary>
/// How a database writes SQL. Names are quoted here and nowhere else; values never become part of a statement. What is said here is standard SQL; a
/// database overrides what it does otherwise.
/// </summary>
public abstract partial class SqlDialect
{
    /// <summary>The characters around a name; the closing one is doubled within.</summary>
    protected virtual (char Open, char Close) NameQuotes => ('"', '"');

    /// <summary>The longest name, in bytes of UTF-8.</summary>
    public virtual int MaxNameBytes => 63;

    /// <summary>The most columns of a table.</summary>
    public virtual int MaxColumns => int.MaxValue;

    /// <summary>The most parameters of a statement.</summary>
    public virtual int MaxParameters => 32_766;

    /// <summary>Whether a rollback undoes CREATE, ALTER and DROP.</summary>
    public virtual bool HasTransactionalDdl => true;

    /// <summary>Where its statements end.</summary>
    public virtual SplitRules Splitting => SplitRules.Standard;

    /// <summary>What migrations need besides; null where the database takes none.</summary>
    public virtual MigrationDialect? Migrations => null;

    /// <summary>The least isolation that gives one view of the database to a whole transaction.</summary>
    public virtual System.Data.IsolationLevel Snapshot => System.Data.IsolationLevel.RepeatableRead;

    /// <summary>How a parameter without a name stands in a statement; the first is 1.</summary>
    public string Parameter(int number) => string.Create(CultureInfo.InvariantCulture, $"{ParameterMark}{number}");

    /// <summary>The sign of a parameter.</summary>
    protected virtual char ParameterMark => '@';

    /// <summary>What stands behind a query that locks the rows which nobody else has locked; empty where the database has no such thing.</summary>
    public virtual string SkipLocked => "";

    /// <summary>Whether a column holds values of its declared type only, so that what is read of it stands in the order that the database gives it.</summary>
    public virtual bool HasFixedTypes => true;

    /// <summary>Whether two texts of a column are equal only where they have the same letters, and not by a collation.</summary>
    public virtual bool ComparesLetters(ColumnSchema column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return column.Collation is null;
    }

    /// <summary>The condition that leaves the rows which have a literal in a column, to the letter.</summary>
    public virtual string Holds(ColumnSchema column, string literal)
    {
        ArgumentNullException.ThrowIfNull(column);
        return $"{Quote(column.Name)} = {literal}";
    }

    /// <summary>A value as a literal; <paramref name="text"/> is our text of it.</summary>
    public virtual string Literal(DataType type, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return type switch
        {
            BoolType => BoolLiteral(text == "true"),
            _ when type.Equals(DataTypes.Binary) => BytesLiteral(Convert.ToHexString(Convert.FromBase64String(text))),
            DurationType span when span.TryParse(System.Text.Encoding.UTF8.GetBytes(text), TextRules.Default, out var length) => DurationLiteral(text, length),
            _ when type is DecimalType || type.ValueType == typeof(long) || type.ValueType == typeof(int) || type.Equals(DataTypes.UInt64) => text,
            // A quoted text takes the type of what it is compared with.
            _ => Literal(text),
        };
    }

    /// <summary>A length of time as a literal, given as our text and in microseconds.</summary>
    protected virtual string DurationLiteral(string text, long microseconds) => Literal(string.Create(CultureInfo.InvariantCulture, $"{microseconds} microseconds"));

    /// <summary>The conditions that leave the rows of a range.</summary>
    public IEnumerable<string> Conditions(KeyRange range)
    {
        ArgumentNullException.ThrowIfNull(range);
        if (range.From is not null)
        {
            yield return Bound(range.Columns, range.From, 0, ">");
        }

        if (range.To is not null)
        {
            var before = Bound(range.Columns, range.To, 0, "<");
            yield return range.From is null && range.Columns is [{ Nullable: true } only] ? $"({before} OR {Quote(only.Name)} IS NULL)" : before;
        }
    }

    /// <summary>The expression that gives the literal of another one's value as it is stored, where a column holds values of any type; null where it does not.</summary>
    public virtual string? StoredLiteral(string expression) => null;

    /// <summary>What has the order of a type's values, of a column or a literal, where what is stored may have another one.</summary>
    public virtual string InOrder(DataType type, string expression) => expression;

    /// <summary>The aggregate that tells whether a column's values are written in several ways, so that nothing has their order; null where that cannot be.</summary>
    public virtual string? IsUnordered(DataType type, string name) => null;

    /// <summary>The time now as a column for points in time takes it.</summary>
    public virtual string UtcNow => "CURRENT_TIMESTAMP";

    /// <summary>A comparison of two values in which null equals null.</summary>
    public virtual string IsSame(string left, string right) => $"{left} IS NOT DISTINCT FROM {right}";

    /// <summary>A name, quoted.</summary>
    public string Quote(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var (open, close) = NameQuotes;
        // No database takes NUL in a name, and a driver may end the text there.
        return name.Contains('\0', StringComparison.Ordinal)
            ? throw Errors.DataErrors.InvalidOption("A name holds the character NUL.")
            : open + name.Replace($"{close}", $"{close}{close}", StringComparison.Ordinal) + close;
    }

    /// <summary>A table's name, quoted.</summary>
    public virtual string Quote(TableName table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return table.Schema is null ? Quote(table.Name) : $"{Quote(table.Schema)}.{Quote(table.Name)}";
    }

    /// <summary>A value within the text of a script; statements that are run take values as parameters.</summary>
    public virtual string ValueLiteral(object? value) => value switch
    {
        null => "NULL",
        sbyte or byte or short or ushort or int or uint or long or ulong or decimal => string.Create(CultureInfo.InvariantCulture, $"{value}"),
        DateTime time => $"'{time:yyyy-MM-dd HH:mm:ss.ffffff}{(time.Kind == DateTimeKind.Utc ? "Z" : "")}'",
        _ => Literal(Data.DataTypes.TextOf(value)!),
    };

    /// <summary>Names, quoted and separated by commas; <paramref name="prefix"/> stands before each.</summary>
    public string List(IEnumerable<string> names, string prefix = "") => string.Join(", ", names.Select(n => prefix + Quote(n)));

    /// <summary>The statement that reads a table; <paramref name="expressions"/> are what stands behind SELECT.</summary>
    public virtual string Select(TableQuery query, IEnumerable<string> expressions, IEnumerable<string> conditions)
    {
        ArgumentNullException.ThrowIfNull(query);
        var all = conditions.ToList();
        return $"SELECT {string.Join(", ", expressions)} FROM {Quote(query.Table!)}"
            + (all.Count == 0 ? "" : $" WHERE {string.Join(" AND ", all)}")
            + (query.First is { } first ? string.Create(CultureInfo.InvariantCulture, $" LIMIT {first}") : "");
    }

    /// <summary>The statement that makes a table.</summary>
    public virtual string CreateTable(TableName table, IEnumerable<NewColumn> columns, IReadOnlyCollection<string> primaryKey, bool temporary)
    {
        var lines = columns.Select(Column);
        return $"CREATE {(temporary ? "TEMPORARY " : "")}TABLE {Quote(table)} ("
            + string.Join(", ", primaryKey.Count == 0 ? lines : lines.Append($"PRIMARY KEY ({List(primaryKey)})")) + ")";
    }

    /// <summary>The statement that adds a column.</summary>
    public virtual string AddColumn(TableName table, NewColumn column) => $"ALTER TABLE {Quote(table)} ADD COLUMN {Column(column)}";

    /// <summary>The statement that deletes all rows within a transaction.</summary>
    public virtual string Empty(TableName table) => $"DELETE FROM {Quote(table)}";

    /// <summary>The statement that drops a table; <paramref name="temporary"/> is for those of the session.</summary>
    public virtual string Drop(TableName table, bool temporary = false) => $"DROP TABLE {Quote(table)}";

    /// <summary>The statement that adds a row, whose values are given as literals, also to columns that the database numbers.</summary>
    public virtual string InsertRow(TableName table, IReadOnlyCollection<string> columns, IEnumerable<string> values) => $"INSERT INTO {Quote(table)} ({List(columns)}) VALUES ({string.Join(", ", values)})";

    /// <summary>A list, given as JSON, as a literal of a column's type.</summary>
    public virtual string ListLiteral(string json, string nativeType) => Literal(json);

    /// <summary>The statement that renames a table within its schema.</summary>
    public virtual string Rename(TableName table, string name) => $"ALTER TABLE {Quote(table)} RENAME TO {Quote(name)}";

    /// <summary>The statement that copies rows of one table into another.</summary>
    public virtual string InsertFrom(TableName target, IReadOnlyCollection<string> columns, TableName source, string condition = "") =>
        $"INSERT INTO {Quote(target)} ({List(columns)}) SELECT {List(columns, "s.")} FROM {Quote(source)} AS s{condition}";

    /// <summary>What stands between a query and ON CONFLICT; null where the database has no such clause.</summary>
    protected virtual string? BeforeOnConflict => null;

    /// <summary>
    /// The statements that bring the rows of <paramref name="plan"/>'s staging table into the target, in order; the staging table has no two rows of
    /// one key any more.
    /// </summary>
    public virtual IEnumerable<string> Merge(MergePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var updates = plan.Updates && plan.Others.Any();
        if (plan.IsOnlyKey && BeforeOnConflict is { } before)
        {
            var action = updates ? $"UPDATE SET {string.Join(", ", plan.Others.Select(c => $"{Quote(c)} = excluded.{Quote(c)}"))}" : "NOTHING";
            yield return InsertFrom(plan.Target, plan.Columns, plan.Staging, $"{before} ON CONFLICT ({List(plan.Key)}) DO {action}");
            yield break;
        }

        var match = string.Join(" AND ", plan.Key.Select(k => $"t.{Quote(k)} = s.{Quote(k)}"));
        if (updates)
        {
            yield return $"UPDATE {Quote(plan.Target)} AS t SET {string.Join(", ", plan.Others.Select(c => $"{Quote(c)} = s.{Quote(c)}"))} FROM {Quote(plan.Staging)} AS s WHERE {match}";
        }

        yield return InsertFrom(plan.Target, plan.Columns, plan.Staging, $" WHERE NOT EXISTS (SELECT 1 FROM {Quote(plan.Target)} AS t WHERE {match})");
    }

    /// <summary>The statement that leaves one row of each key in a staging table: the last loaded, or the first.</summary>
    public abstract string RemoveDuplicates(MergePlan plan);

    /// <summary>
    /// A comparison of several columns one after the other. Written out, for not every database uses an index for one of rows; the first column alone bounds it for those
    /// that use one for that.
    /// </summary>
    private string Bound(IReadOnlyList<KeyColumn> columns, IReadOnlyList<string> values, int at, string by)
    {
        var column = Quote(columns[at].Name);
        var value = Literal(columns[at].Type, values[at]);
        return at == columns.Count - 1
            ? $"{column} {by}{(by == ">" ? "=" : "")} {value}"
            : $"({column} {by}= {value} AND ({column} {by} {value} OR {Bound(columns, values, at + 1, by)}))";
    }

    private string Column(NewColumn column) => $"{Quote(column.Name)} {column.NativeType}{(column.Nullable ? "" : " NOT NULL")}";
}

/// <summary>A column of a table that is made.</summary>
/// <param name="Name">Its name.</param>
/// <param name="NativeType">Its type as the database writes it.</param>
/// <param name="Nullable">Whether it may hold nulls.</param>
public sealed record NewColumn(string Name, string NativeType, bool Nullable = true);

/// <summary>How staged rows get into a table.</summary>
/// <param name="Target">The table.</param>
/// <param name="Staging">The table that holds the rows, and a column <see cref="Ordinal"/> that numbers them.</param>
/// <param name="Columns">The columns that the rows have.</param>
/// <param name="Key">The columns that tell rows apart.</param>
/// <param name="Updates">Whether rows that are there get the values of the new ones.</param>
/// <param name="IsOnlyKey">Whether the key is the target's sole unique key, so that what the database offers for conflicts means this key.</param>
public sealed record MergePlan(TableName Target, TableName Staging, IReadOnlyList<string> Columns, IReadOnlyList<string> Key, bool Updates, bool IsOnlyKey)
{
    /// <summary>The column that numbers the rows of a staging table.</summary>
    public const string Ordinal = "datatools_row";

    /// <summary>The columns that do not belong to the key.</summary>
    public IEnumerable<string> Others => Columns.Except(Key, StringComparer.Ordinal);
}
