using System.Globalization;
using System.Text.RegularExpressions;
using DataTools.Schemas;
using DataTools.Schemas.Expressions;

namespace DataTools.Databases.MySql;

/// <summary>Tables as MySQL and MariaDB make them.</summary>
internal sealed partial class MySqlDialect
{
    /// <summary>A character in utf8mb4.</summary>
    internal const int CharacterBytes = 4;

    /// <summary>The columns of a key that may well be texts.</summary>
    private const int TextsOfKey = 4;

    /// <summary>What the types are called that stand beside the row.</summary>
    private static readonly string[] LongTypes = ["json", "text", "blob"];

    public override SqlQuoting Quoting => SqlQuoting.Backslashes;

    public override bool IndexNamesPerTable => true;

    public override bool SchemasAreDatabases => true;

    public override bool IdentityNeedsKey => true;

    public override bool HasComputedTables => true;

    public override bool HasChecks => server.HasChecks;

    public override (bool Stored, bool Virtual) Generates => (true, true);

    public override string? ExactCollation => server.ExactCollation;

    public override IdentityKind DefaultIdentity => IdentityKind.AutoIncrement;

    protected override IReadOnlyDictionary<string, string> Functions { get; } = new Dictionary<string, string>(Standard)
    {
        ["now"] = "CURRENT_TIMESTAMP(6)",
        // A datetime that holds UTC: the session's time is another one.
        ["utc_now"] = "utc_timestamp(6)",
        ["current_date"] = "curdate()",
        ["current_time"] = "curtime(6)",
        ["uuid"] = "uuid()",
        ["length"] = "char_length({0})",
    };

    /// <summary>A backslash in a text begins an escape, as the session's modes leave it.</summary>
    public override string Literal(string text) => base.Literal(text.Replace("\\", "\\\\", StringComparison.Ordinal));

    public override string Concat(string left, string right) => $"concat({left}, {right})";

    public override string? EnumType(IReadOnlyList<string> values) => $"enum({string.Join(",", values.Select(Literal))})";

    /// <summary>Comments stand with what they are about.</summary>
    public override IEnumerable<string> Comments(TableSchema table) => [];

    public override string CommentOn(TableSchema table, ColumnSchema? column, string? comment) =>
        column is null ? $"ALTER TABLE {Quote(table.Name)} COMMENT = {Literal(comment ?? "")}" : Modify(table, column);

    /// <summary>Collations come with the character set that they are for.</summary>
    public static string CharacterSet(string collation) => $"CHARACTER SET {collation.Split('_')[0]} COLLATE {collation}";

    public override string ColumnText(TableSchema table, ColumnSchema column)
    {
        // A mark that belongs to the type (comment 'UTC') is the comment.
        var comment = column.Comment is null || column.NativeType.Contains(" comment '", StringComparison.Ordinal) ? "" : $" COMMENT {Literal(column.Comment)}";
        var checks = HasChecks ? string.Concat(table.Checks.Where(c => c.Column == column.Name).Select(c => $" CHECK {InParentheses(c.Expression)}")) : "";
        return $"{Quote(column.Name)} {column.NativeType}{CollationText(column)}{ValueText(column)}{(column.Generated is not null ? "" : column.Nullable ? " NULL" : " NOT NULL")}{comment}{checks}";
    }

    public override string AddCheck(TableSchema table, CheckSchema check) => check.Column is null ? base.AddCheck(table, check) : Modify(table, check.Column);

    public override string DropCheck(TableSchema table, CheckSchema check) =>
        check.Column is null ? base.DropCheck(table, check) : Modify(table with { Checks = [.. table.Checks.Where(c => c.Column != check.Column)] }, check.Column);

    public override string CreateIndex(TableName table, IndexSchema index)
    {
        var kind = index.IsUnique ? "UNIQUE " : index.Method is "fulltext" or "spatial" ? index.Method.ToUpperInvariant() + " " : "";
        return $"CREATE {kind}INDEX {Quote(index.Name)} ON {Quote(table)} ({string.Join(", ", index.Parts.Select(IndexPartText))})";
    }

    public override string DropIndex(TableName table, IndexSchema index) => $"DROP INDEX {Quote(index.Name)} ON {Quote(table)}";

    public override string DropUnique(TableSchema table, IndexSchema index) => DropIndex(table.Name, index);

    public override string DropPrimaryKey(TableSchema table) => $"ALTER TABLE {Quote(table.Name)} DROP PRIMARY KEY";

    public override string DropForeignKey(TableSchema table, ForeignKeySchema key) => $"ALTER TABLE {Quote(table.Name)} DROP FOREIGN KEY {Quote(key.Name!)}";

    public override IEnumerable<string> AlterColumn(TableSchema table, ColumnSchema from, ColumnSchema to) => [Modify(table, to)];

    /// <summary>The set for columns that are made later; those that are there keep theirs.</summary>
    public override IEnumerable<string> ChangeOptions(TableSchema from, TableSchema to) => to.Options is null || from.Options == to.Options ? [] : [$"ALTER TABLE {Quote(to.Name)} {to.Options}"];

    public override bool PointsToKeysOnly => false;

    /// <summary>Numbers must be of the same size and sign; texts may be of any length.</summary>
    public override bool CanPoint(ColumnSchema column, ColumnSchema other)
    {
        var (from, to) = (NativeType.Parse(column.NativeType), NativeType.Parse(other.NativeType));
        return column.Type is DataTools.Data.TextType && other.Type is DataTools.Data.TextType ? column.Collation == other.Collation : from.Name == to.Name && from.IsUnsigned == to.IsUnsigned;
    }

    /// <summary>orders_ibfk_1, CONSTRAINT_1, orders_chk_1.</summary>
    public override bool IsGeneratedName(string name, TableName table) => GeneratedNames().IsMatch(name);

    /// <summary>
    /// Keys hold no endless texts: a unique one gets a length, which longer values do not fit into, another a prefix. Numbers are given to the first column of a key only.
    /// Rows have an end as well.
    /// </summary>
    public override TableSchema Fit(TableSchema table, Action<string, string> lose)
    {
        var unique = table.Indexes.Where(i => i.IsUnique).SelectMany(i => i.Columns).Concat(table.PrimaryKey?.Columns ?? []).Concat(table.ForeignKeys.SelectMany(k => k.Columns)).ToHashSet();
        table = table with
        {
            Columns = [.. table.Columns.Select(c => WithLength(c, unique.Contains(c.Name), lose)).Select(c => Numbered(table, c, lose))],
        };
        table = MySqlRowSize.Fit(table, lose);
        table = table with { Columns = [.. table.Columns.Select(c => WithDefault(c, lose))] };
        table = table with { ForeignKeys = [.. table.ForeignKeys.Select(k => KeyRules.Fit(k, (rule, isUpdate) => WhyNot(table, k, rule, isUpdate), lose))] };
        return table with { Indexes = [.. table.Indexes.Select(i => Short(table, i, lose))] };
    }

    protected override IEnumerable<CheckSchema> ChecksOf(TableSchema table) => table.Checks.Where(c => c.Column is null);

    protected override string CollationText(ColumnSchema column) => column.Collation is null ? "" : $" {CharacterSet(column.Collation)}";

    /// <summary>The key is called PRIMARY, and takes no other name.</summary>
    protected override string PrimaryKeyText(TableSchema table, KeySchema key) => $"PRIMARY KEY ({List(key.Columns)})";

    /// <summary>Whatever is neither a literal nor the time stands in parentheses.</summary>
    protected override string DefaultText(string expression) =>
        IsPlainDefault(expression) ? expression : InParentheses(expression);

    protected override string IdentityText(ColumnSchema column) => " AUTO_INCREMENT";

    protected override string IndexPartText(IndexPart part) =>
        (part.IsExpression ? $"({part.Text})" : Quote(part.Text)) + (part.Prefix is { } length ? string.Create(CultureInfo.InvariantCulture, $"({length})") : "") + (part.Descending ? " DESC" : "");

    protected override string TableOptions(TableSchema table) =>
        (table.Engine is null ? "" : $" ENGINE = {table.Engine}") + (table.Options is not null ? $" {table.Options}" : server.DatabaseIsUtf8 ? "" : " CHARACTER SET utf8mb4") + (table.Comment is null ? "" : $" COMMENT = {Literal(table.Comment)}");

    /// <summary>InnoDB would take SET DEFAULT and then refuse it.</summary>
    private string? WhyNot(TableSchema table, ForeignKeySchema key, string rule, bool isUpdate) =>
        rule == "SET DEFAULT" ? "it is not known"
        : !KeyRules.Changes(rule, isUpdate) ? null
        : KeyRules.Generated(table, key) is { } computed ? $"{computed.Name} is computed"
        : rule == "SET NULL" && key.Columns.FirstOrDefault(c => table.Find(c) is { Nullable: false }) is { } full ? $"{full} takes no nulls"
        : WhyFixed(table, key);

    /// <summary>Nothing may hang on what a key changes that would have to be looked at then.</summary>
    private string? WhyFixed(TableSchema table, ForeignKeySchema key)
    {
        return table.Columns.FirstOrDefault(c => c is { Generated: { } text, IsVirtual: false } && IsNamed(text)) is { } stored ? $"{stored.Name} is computed from what it would change"
            : HasChecks && table.Checks.FirstOrDefault(c => IsNamed(c.Expression)) is { } check ? $"the check {check.Expression} looks at what it would change"
            : null;

        bool IsNamed(string expression) => key.Columns.Any(c => expression.Contains(Quote(c), StringComparison.OrdinalIgnoreCase));
    }

    private string Modify(TableSchema table, string column) => Modify(table, table.Find(column)!);

    private string Modify(TableSchema table, ColumnSchema column) => $"ALTER TABLE {Quote(table.Name)} MODIFY COLUMN {ColumnText(table, column)}";

    private ColumnSchema WithLength(ColumnSchema column, bool isKey, Action<string, string> lose)
    {
        var length = column.NativeType switch
        {
            "longtext" => string.Create(CultureInfo.InvariantCulture, $"varchar({server.MaxKeyBytes / CharacterBytes / TextsOfKey})"),
            "longblob" => string.Create(CultureInfo.InvariantCulture, $"varbinary({server.MaxKeyBytes / TextsOfKey})"),
            _ => null,
        };
        if (!isKey || length is null)
        {
            return column;
        }

        lose(column.Name, $"{column.NativeType} cannot stand in a key and becomes {length}: longer values are refused");
        return column with { NativeType = length };
    }

    private static ColumnSchema Numbered(TableSchema table, ColumnSchema column, Action<string, string> lose)
    {
        if (!column.IsIdentity || table.PrimaryKey?.Columns[0] == column.Name || table.Indexes.Any(i => i.Columns[0] == column.Name))
        {
            return column;
        }

        lose(column.Name, "only the first column of a key numbers rows");
        return column with { Identity = null, IsIdentity = false };
    }

    /// <summary>A text has a default as an expression only, except on MariaDB; old servers know no expressions there but the current time.</summary>
    private ColumnSchema WithDefault(ColumnSchema column, Action<string, string> lose)
    {
        if (column.Default is null)
        {
            return column;
        }

        // The name alone: an enumeration may have the value 'text'.
        var type = NativeType.Parse(column.NativeType).Name;
        var isLong = LongTypes.Any(t => type.Contains(t, StringComparison.Ordinal));
        if (IsPlainDefault(column.Default) && (!isLong || (server.IsMariaDb && server.HasDefaultExpressions)))
        {
            return column;
        }

        if (server.HasDefaultExpressions)
        {
            return column with { Default = InParentheses(column.Default) };
        }

        lose(column.Name, $"the default {column.Default} is not carried: this version has none for {(isLong ? "such a type" : "expressions")}");
        return column with { Default = null };
    }

    private static bool IsPlainDefault(string expression) => SqlExpression.Parse(expression) is null or SqlLiteral or SqlCall { Name: "now" };

    private IndexSchema Short(TableSchema table, IndexSchema index, Action<string, string> lose)
    {
        var sizes = index.Parts.Select(p => (Part: p, Bytes: KeyBytes(table.Find(p.Text)))).ToList();
        if (index.IsUnique || sizes.Sum(s => s.Bytes) <= server.MaxKeyBytes)
        {
            return index;
        }

        var each = server.MaxKeyBytes / CharacterBytes / sizes.Count;
        lose(index.Name, $"an index has at most {server.MaxKeyBytes} bytes: of long texts the first {each} characters are indexed");
        return index with { Parts = [.. sizes.Select(s => s.Bytes > server.MaxKeyBytes / sizes.Count ? s.Part with { Prefix = each } : s.Part)] };
    }

    private static int KeyBytes(ColumnSchema? column) => column is null ? 0 : NativeType.Parse(column.NativeType) switch
    {
        { Name: "longtext" or "longblob" or "json" } => int.MaxValue / 64,
        { Name: "varchar" or "char", Length: { } length } => length * 4,
        { Name: "varbinary" or "binary", Length: { } length } => length,
        _ => 16,
    };

    [GeneratedRegex(@"_ibfk_\d+$|^CONSTRAINT_\d+$|_chk_\d+$|^PRIMARY$")]
    private static partial Regex GeneratedNames();
}
