using System.Globalization;
using System.Text.RegularExpressions;
using DataTools.Data;
using DataTools.Schemas;

namespace DataTools.Databases.PostgreSql;

/// <summary>Changes to tables as PostgreSQL makes them.</summary>
internal sealed partial class PostgresDialect
{
    /// <summary>What is left of a long table's name in the names that PostgreSQL makes of it.</summary>
    private const int KeptLetters = 25;

    public override bool KeysShareIndexNames => true;

    public override bool ViewsHoldColumns => true;

    public override string KeepViews(IEnumerable<(TableName Table, IEnumerable<string> Columns)> columns) => PostgresViews.Keep(this, columns);

    public override string BringBackViews => PostgresViews.BringBack;

    public override string CreateSchema(string name) => $"CREATE SCHEMA IF NOT EXISTS {Quote(name)}";

    /// <summary>orders_pkey, orders_customer_id_fkey, orders_total_check1, and so on.</summary>
    public override bool IsGeneratedName(string name, TableName table) =>
        GeneratedSuffix().IsMatch(name) && name.StartsWith(table.Name[..Math.Min(table.Name.Length, KeptLetters)], StringComparison.Ordinal);

    public override IEnumerable<string> AlterColumn(TableSchema table, ColumnSchema from, ColumnSchema to)
    {
        var alter = $"ALTER TABLE {Quote(table.Name)} ALTER COLUMN {Quote(to.Name)}";
        var hasNewIdentity = IdentityStyle(from) != IdentityStyle(to);
        return (hasNewIdentity ? WithoutIdentity(alter, from) : [])
            .Concat(NewType(alter, from, to))
            .Concat(from.Nullable == to.Nullable ? [] : [$"{alter} {(to.Nullable ? "DROP" : "SET")} NOT NULL"])
            .Concat(to.Default is not null && (HasNewType(from, to) || to.Default != from.Default) ? [$"{alter} SET DEFAULT {to.Default}"] : [])
            .Concat(hasNewIdentity ? WithIdentity(table, alter, to) : ChangedIdentity(alter, from, to));
    }

    /// <summary>Neither, a serial, or an identity: between these no statement changes one into the other.</summary>
    private static int IdentityStyle(ColumnSchema column) => column.Identity switch { null => 0, { Kind: IdentityKind.Serial } => 1, _ => 2 };

    private static bool HasNewType(ColumnSchema from, ColumnSchema to) => from.NativeType != to.NativeType || from.EnumType != to.EnumType || from.Collation != to.Collation;

    /// <summary>A default stands in the way of a type for which it does not hold.</summary>
    private IEnumerable<string> NewType(string alter, ColumnSchema from, ColumnSchema to)
    {
        if (from.Default is not null && (HasNewType(from, to) || to.Default is null))
        {
            yield return $"{alter} DROP DEFAULT";
        }

        if (HasNewType(from, to))
        {
            // Said by a cast, a longer text would be written anew and a shorter one cut without a word.
            yield return $"{alter} TYPE {to.NativeType}{NewCollation(from, to)}{(IsCharacters(from) && IsCharacters(to) ? "" : $" USING {Converted(from, to)}")}";
        }
    }

    /// <summary>
    /// New values among the old ones are added; they cannot be used before the transaction ends. Others make a new type of the name, to which the columns are changed.
    /// </summary>
    public override (IReadOnlyList<string> Now, IReadOnlyList<string> AtEnd) ChangeEnum(EnumSchema from, EnumSchema to, IReadOnlyList<(TableSchema Table, ColumnSchema Column)> columns, bool isUsed)
    {
        if (!isUsed && to.Values.Where(from.Values.Contains).SequenceEqual(from.Values))
        {
            return ([.. to.Values.Select((value, i) => (Value: value, Before: i)).Where(v => !from.Values.Contains(v.Value))
                .Select(v => $"ALTER TYPE {Quote(to.Name)} ADD VALUE {Literal(v.Value)}{(v.Before == 0 ? $" BEFORE {Literal(from.Values[0])}" : $" AFTER {Literal(to.Values[v.Before - 1])}")}")], []);
        }

        var old = to.Name with { Name = ObjectNames.Fit($"{to.Name.Name}_old", MaxNameBytes) };
        return ([$"ALTER TYPE {Quote(from.Name)} RENAME TO {Quote(old.Name)}", CreateEnum(to), .. columns.SelectMany(c => ToEnum(c.Table, c.Column, to))], [$"DROP TYPE {Quote(old)}"]);
    }

    private IEnumerable<string> ToEnum(TableSchema table, ColumnSchema column, EnumSchema type)
    {
        var alter = $"ALTER TABLE {Quote(table.Name)} ALTER COLUMN {Quote(column.Name)}";
        yield return $"{alter} DROP DEFAULT";
        var array = column.NativeType.EndsWith("[]", StringComparison.Ordinal) ? "[]" : "";
        yield return $"{alter} TYPE {Quote(type.Name)}{array} USING {Quote(column.Name)}::text{array}::{Quote(type.Name)}{array}";
        if (column.Default is not null)
        {
            yield return $"{alter} SET DEFAULT {column.Default}";
        }
    }

    private string Converted(ColumnSchema from, ColumnSchema to)
    {
        var name = Quote(to.Name);
        return IsNumber(from.Type) && IsNumber(to.Type) ? $"{name}::{to.NativeType}"
            : from.Type.Equals(DataTypes.Bool) && IsNumber(to.Type) ? $"{name}::integer::{to.NativeType}"
            : $"{name}::text::{to.NativeType}";
    }

    private static bool IsCharacters(ColumnSchema column) => column.NativeType == "text" || (column.NativeType.StartsWith("character", StringComparison.Ordinal) && !column.NativeType.EndsWith("[]", StringComparison.Ordinal));

    private static bool IsNumber(DataType type) => NativeType.NameOf(type) is "int16" or "int32" or "int64" or "float" or "double" or "decimal";

    private string NewCollation(ColumnSchema from, ColumnSchema to) => to.Collation is not null ? $" COLLATE {Quote(to.Collation)}" : from.Collation is not null && to.Type is TextType ? " COLLATE \"default\"" : "";

    private IEnumerable<string> WithoutIdentity(string alter, ColumnSchema from) => from.Identity switch
    {
        null => [],
        { Kind: IdentityKind.Serial, Sequence: { } sequence } => [$"{alter} DROP DEFAULT", $"DROP SEQUENCE {Quote(sequence)}"],
        _ => [$"{alter} DROP IDENTITY"],
    };

    /// <summary>The first number follows those that are there.</summary>
    private IEnumerable<string> WithIdentity(TableSchema table, string alter, ColumnSchema to)
    {
        if (to.Identity is not { } identity)
        {
            return [];
        }

        var (name, column) = (Quote(table.Name), Quote(to.Name));
        var advance = string.Create(CultureInfo.InvariantCulture, $"SELECT setval(pg_get_serial_sequence({Literal(name)}, {Literal(to.Name)}), coalesce(max({column}) + {identity.Increment}, {identity.Start}), false) FROM {name}");
        if (identity.Kind != IdentityKind.Serial)
        {
            return [$"{alter} ADD{IdentityText(to)}", advance];
        }

        var sequence = Quote(table.Name with { Name = identity.Sequence?.Name ?? ObjectNames.Fit($"{table.Name.Name}_{to.Name}_seq", MaxNameBytes) });
        return [$"CREATE SEQUENCE {sequence} AS {to.NativeType} OWNED BY {name}.{column}", $"{alter} SET DEFAULT nextval({Literal(sequence)})", advance];
    }

    private IEnumerable<string> ChangedIdentity(string alter, ColumnSchema from, ColumnSchema to)
    {
        if (from.Identity is not { } old || to.Identity is not { } identity)
        {
            return [];
        }

        if (identity.Kind == IdentityKind.Serial)
        {
            return from.NativeType == to.NativeType ? [] : [$"ALTER SEQUENCE {Quote(old.Sequence!)} AS {to.NativeType}"];
        }

        var changes = (old.Kind == identity.Kind ? "" : $" SET GENERATED {(identity.Kind == IdentityKind.Always ? "ALWAYS" : "BY DEFAULT")}")
            + (old.Start == identity.Start ? "" : string.Create(CultureInfo.InvariantCulture, $" SET START WITH {identity.Start}"))
            + (old.Increment == identity.Increment ? "" : string.Create(CultureInfo.InvariantCulture, $" SET INCREMENT BY {identity.Increment}"));
        return changes.Length == 0 ? [] : [alter + changes];
    }

    [GeneratedRegex(@"_(pkey|key|fkey|check|excl)\d*$")]
    private static partial Regex GeneratedSuffix();
}
