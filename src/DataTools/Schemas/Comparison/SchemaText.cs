using System.Globalization;
using DataTools.Data;
using DataTools.Databases;
using DataTools.Schemas.Expressions;

namespace DataTools.Schemas.Comparison;

/// <summary>
/// What parts of a table look like for people and for the comparison. Between databases of one kind everything counts as the catalogue writes it; between kinds what
/// both have: our types, plain expressions, no names of constraints.
/// </summary>
internal sealed class SchemaText(SqlDialect dialect, IDatabase? kind, bool isSameKind, string? schema)
{
    /// <summary>A table's name, without the schema in which the connection works.</summary>
    public TableName Name(TableName name) => !isSameKind || name.Schema is null || name.Schema == schema ? name with { Schema = null } : name;

    /// <summary>A type.</summary>
    public string Type(ColumnSchema column) =>
        isSameKind ? column.EnumType is { } type ? $"{Name(type)}{(column.NativeType.EndsWith("[]", StringComparison.Ordinal) ? "[]" : "")}" : column.NativeType
        : column.Type is TextType && NativeType.Parse(column.NativeType) is { Length: { } length } native && native.Name.Contains("char", StringComparison.Ordinal) && column.Values.Count == 0
            ? string.Create(CultureInfo.InvariantCulture, $"text({length})")
            : column.Type.Name;

    /// <summary>The type that a copy of the column would have in another database, or as data of ours, as that one's text.</summary>
    public string TypeAs(ColumnSchema column, IDatabase? other, SchemaText text)
    {
        if (other is null)
        {
            return column.Type.Name;
        }

        var field = column.Type.ToField(column.Name, column.Nullable, new Dictionary<string, string> { [FieldMarks.SourceType] = column.NativeType, [FieldMarks.SourceKind] = kind?.Name ?? "" });
        var native = other.Types.ToNative(field);
        return text.Type(new ColumnSchema(column.Name, native, other.Types.ToDataType(native), column.Nullable));
    }

    /// <summary>An expression.</summary>
    public string? Expression(string? expression, TableSchema table)
    {
        if (expression is null)
        {
            return null;
        }

        if (!isSameKind && SqlExpression.Parse(expression, dialect.Quoting) is { } parsed && new SqlExpressionWriter(NeutralDialect.Instance, table.Find).Write(parsed) is { } text)
        {
            return Flat(text);
        }

        return Flat(expression);
    }

    /// <summary>A default.</summary>
    public string? Default(ColumnSchema column)
    {
        if (column.Default is null || column.IsIdentity)
        {
            return null;
        }

        var plain = isSameKind ? null : ValueTranslation.Plain(column.Default, column.Type, dialect.Quoting);
        var text = plain is null ? Flat(column.Default) : new SqlExpressionWriter(NeutralDialect.Instance, _ => null).Write(plain);
        return text is "NULL" or "null" ? null : text;
    }

    /// <summary>How a column numbers rows; null for not at all.</summary>
    public string? Identity(ColumnSchema column)
    {
        if (!column.IsIdentity)
        {
            return null;
        }

        return !isSameKind || column.Identity is not { } identity ? "identity"
            : identity.Start == 1 && identity.Increment == 1 ? identity.Kind.ToString()
            : string.Create(CultureInfo.InvariantCulture, $"{identity.Kind} from {identity.Start} by {identity.Increment}");
    }

    /// <summary>A primary key.</summary>
    public static string? Key(KeySchema? key) => key is null ? null : $"({string.Join(", ", key.Columns)}){Deferred(key.Deferral)}";

    /// <summary>A key to another table.</summary>
    public string ForeignKey(ForeignKeySchema key) =>
        $"({string.Join(", ", key.Columns)}) -> {Name(key.References)} ({string.Join(", ", key.ReferencedColumns)}){(key is { MatchesFull: true, Columns.Count: > 1 } ? " match full" : "")}{Action("on delete", key.OnDelete)}{Action("on update", key.OnUpdate)}{Deferred(key.Deferral)}{(key.IsValid ? "" : " not valid")}";

    /// <summary>An index or a unique constraint.</summary>
    public string Index(IndexSchema index, TableSchema table)
    {
        if (index.Exclusion is not null)
        {
            return index.Exclusion;
        }

        var method = isSameKind && index.Method is not null && index.Method != dialect.DefaultIndexMethod ? index.Method + " " : "";
        return $"{(index.IsUnique ? "unique " : "")}{method}({string.Join(", ", index.Parts.Select(p => Part(p, table)))})"
            + (index.Includes.Count == 0 ? "" : $" include ({string.Join(", ", index.Includes)})")
            + (index.NullsNotDistinct ? " nulls not distinct" : "")
            + (index.Where is null ? "" : $" where {Expression(index.Where, table)}")
            + Deferred(index.Deferral);
    }

    private string Part(IndexPart part, TableSchema table) =>
        (part.IsExpression ? $"({Expression(part.Text, table)})" : part.Text)
        + (part.Prefix is { } length ? string.Create(CultureInfo.InvariantCulture, $"({length})") : "")
        + (part.Descending ? " desc" : "") + (isSameKind ? Native(part) : "");

    /// <summary>A check.</summary>
    public string Check(CheckSchema check, TableSchema table) => Expression(check.Expression, table)! + (check.IsValid ? "" : " not valid") + (isSameKind && check.Column is not null ? " of the column" : "");

    /// <summary>A domain.</summary>
    public static string? Domain(DomainSchema? domain) => domain is null ? null
        : $"{domain.Type}{(domain.Default is null ? "" : $" default {domain.Default}")}{(domain.NotNull ? " not null" : "")}{string.Concat(domain.Checks.Select(c => $" {c.Key} {c.Value}"))}";

    /// <summary>Text of SQL with one space between its pieces, so that line breaks and the case of keywords do not count.</summary>
    private string Flat(string sql)
    {
        var tokens = SqlTokens.Read(sql, dialect.Quoting);
        while (tokens.Count > 2 && IsClosed(tokens))
        {
            tokens = tokens[1..^1];
        }

        return string.Join(' ', tokens.Select(t => t.Kind switch
        {
            SqlTokenKind.Word => t.Text.ToLowerInvariant(),
            SqlTokenKind.Text => dialect.Literal(t.Text),
            SqlTokenKind.Bytes => $"x'{t.Text}'",
            // A name that needs no quotes is the same without.
            SqlTokenKind.Name => t.Text.All(c => char.IsAsciiLetterLower(c) || c == '_') ? t.Text : $"\"{t.Text}\"",
            _ => t.Text,
        }));
    }

    private static bool IsClosed(List<SqlToken> tokens)
    {
        var depth = 0;
        for (var i = 0; i < tokens.Count - 1; i++)
        {
            depth += tokens[i].Is("(") ? 1 : tokens[i].Is(")") ? -1 : 0;
            if (depth == 0)
            {
                return false;
            }
        }

        return tokens[^1].Is(")");
    }

    private static string Native(IndexPart part) =>
        (part.NullsFirst is { } first ? first ? " nulls first" : " nulls last" : "") + (part.Collation is null ? "" : $" collate {part.Collation}") + (part.OperatorClass is null ? "" : $" {part.OperatorClass}");

    /// <summary>RESTRICT is something of its own only where checks can wait.</summary>
    private string Action(string when, string action) => action == "NO ACTION" || (action == "RESTRICT" && !(isSameKind && dialect.HasDeferredKeys)) ? "" : $" {when} {action.ToLowerInvariant()}";

    private static string Deferred(Deferral deferral) => deferral == Deferral.None ? "" : $" {deferral.ToString().ToLowerInvariant()}";
}

/// <summary>Plain SQL in which expressions of two databases meet.</summary>
internal sealed class NeutralDialect : SqlDialect
{
    public static readonly NeutralDialect Instance = new();

    protected override IReadOnlyDictionary<string, string> Functions { get; } = new Dictionary<string, string>(Standard) { ["uuid"] = "uuid()" };

    public override string RemoveDuplicates(MergePlan plan) => throw new NotSupportedException();
}
