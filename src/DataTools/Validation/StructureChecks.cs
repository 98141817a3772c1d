using System.Globalization;
using System.Text.RegularExpressions;
using DataTools.Databases;
using DataTools.Schemas;
using DataTools.Schemas.Comparison;
using DataTools.Schemas.Expressions;

namespace DataTools.Validation;

/// <summary>Compares what two tables have besides their rows, by columns and not by names: keys, indexes, checks, sequences.</summary>
internal static partial class StructureChecks
{
    /// <summary>Notes the checks; nothing where one side is no table.</summary>
    public static void Add(CheckList checks, CompareSource source, CompareSource destination, ComparePlan plan, CompareOptions options, CancellationToken cancellation)
    {
        if (source is not { Sql: { } from, Table: { Kind: TableKind.Table } left } || destination is not { Sql: { } sql, Table: { Kind: TableKind.Table } right })
        {
            return;
        }

        // The destination's names stand for both.
        var names = plan.Columns.ToDictionary(c => c.Source, c => c.Destination, StringComparer.Ordinal);
        string Name(string column) => names.GetValueOrDefault(column, column);
        var same = (string column) => column;
        AddSets(checks, "PrimaryKey", Key(left, Name), Key(right, same));
        AddSets(checks, "UniqueKeys", Indexes(left, true, true, Name), Indexes(right, true, true, same));
        AddSets(checks, "ForeignKeys", ForeignKeys(Renamed(left, options), Name, right), ForeignKeys(right, same, left));
        // What an enumeration holds, a check holds where there are none.
        AddSets(
            checks,
            "Checks",
            [.. Conditions(left, from.Dialect, Name).ExceptBy(Enumerations(right, sql.Dialect, same).Select(Folded), Folded)],
            [.. Conditions(right, sql.Dialect, same).ExceptBy(Enumerations(left, from.Dialect, Name).Select(Folded), Folded)]);
        // Of a long text MySQL and MariaDB index the beginning, where others index all: it serves the same columns.
        var prefixes = from.Dialect.GetType() == sql.Dialect.GetType();
        var indexes = Indexes(left, false, prefixes, Name);
        // Some databases make an index for each foreign key by themselves.
        var serving = right.ForeignKeys.Select(f => Shown(f.Columns)).ToHashSet();
        AddSets(checks, "Indexes", indexes, [.. Indexes(right, false, prefixes, same).Where(i => indexes.Contains(i) || !serving.Contains(i))]);
        AddSequences(checks, [.. left.Columns.Where(c => sql.Dialect.NumbersRows && c.IsIdentity && c.Identity?.Kind != IdentityKind.RowId).Select(c => Name(c.Name))], right, [.. right.Columns.Where(c => c.IsIdentity && sql.IsIdentityBehind(right, c, cancellation)).Select(c => c.Name)]);
    }

    /// <summary>Whether the columns that the source numbers are numbered by the destination too, and none of its sequences would give a number that is there already.</summary>
    private static void AddSequences(CheckList checks, List<string> wanted, TableSchema right, List<string> behind)
    {
        var missing = wanted.Where(w => right.Find(w) is not { IsIdentity: true }).ToList();
        if (wanted.Count > 0 || behind.Count > 0)
        {
            checks.Add(
                "Sequences",
                missing.Count == 0 && behind.Count == 0,
                Shown(wanted),
                Shown(wanted.Except(missing)),
                CheckList.Join(missing.Count == 0 ? null : $"not numbered: {Shown(missing)}", behind.Count == 0 ? null : $"the next number is there already: {Shown(behind)}"));
        }
    }

    private static void AddSets(CheckList checks, string name, List<string> left, List<string> right)
    {
        var missing = left.ExceptBy(right.Select(Folded), Folded).ToList();
        var extra = right.ExceptBy(left.Select(Folded), Folded).ToList();
        checks.Add(
            name,
            missing.Count == 0 && extra.Count == 0,
            Summary(name, left),
            Summary(name, right),
            CheckList.Join(missing.Count == 0 ? null : $"missing: {string.Join("; ", missing)}", extra.Count == 0 ? null : $"extra: {string.Join("; ", extra)}"));
    }

    private static string Summary(string name, List<string> all) =>
        name == "PrimaryKey" ? (all.Count == 0 ? "none" : all[0]) : all.Count.ToString(CultureInfo.InvariantCulture);

    private static List<string> Key(TableSchema table, Func<string, string> name) => table.PrimaryKey is { } key ? [Shown(key.Columns.Select(name))] : [];

    private static List<string> Conditions(TableSchema table, SqlDialect dialect, Func<string, string> name) => Written(table, table.Checks.Select(c => c.Expression), dialect, name);

    private static List<string> Enumerations(TableSchema table, SqlDialect dialect, Func<string, string> name) =>
        Written(table, table.Columns.Where(c => c.Values.Count > 0).Select(c => $"{dialect.Quote(c.Name)} IN ({string.Join(", ", c.Values.Select(dialect.Literal))})"), dialect, name);

    /// <summary>Conditions as no database in particular writes them, where they are plain expressions; else as they stand.</summary>
    private static List<string> Written(TableSchema table, IEnumerable<string> conditions, SqlDialect dialect, Func<string, string> name)
    {
        var writer = new SqlExpressionWriter(NeutralDialect.Instance, column => table.Find(column) is { } found ? found with { Name = name(found.Name) } : null);
        return [.. conditions.Select(c => Plain((SqlExpression.Parse(c, dialect.Quoting) is { } parsed ? writer.Write(parsed) : null) ?? c))];
    }

    private static List<string> Indexes(TableSchema table, bool unique, bool prefixes, Func<string, string> name) =>
        [.. table.Indexes.Where(i => i.IsUnique == unique).Select(i => Shown(i.Parts.Select(p => name(p.ToString()) + (prefixes && p.Prefix is { } length ? string.Create(CultureInfo.InvariantCulture, $"({length})") : ""))) + (i.Where is null ? "" : $" where {Plain(i.Where)}")).DistinctBy(Folded)];

    /// <summary>The keys with what they point to. A key that does not name the columns means the primary key there, as that of the other side does.</summary>
    private static List<string> ForeignKeys(TableSchema table, Func<string, string> name, TableSchema other) =>
        [.. table.ForeignKeys.Select(f =>
        {
            var unnamed = f.ReferencedColumns.Count == 0 || other.ForeignKeys.Any(o => o.ReferencedColumns.Count == 0 && string.Equals(o.References.Name, f.References.Name, StringComparison.OrdinalIgnoreCase));
            return $"{Shown(f.Columns.Select(name))} -> {f.References.Name}{(unnamed ? "" : $" ({Shown(f.ReferencedColumns)})")}{Rule("delete", f.OnDelete)}{Rule("update", f.OnUpdate)}";
        })];

    /// <summary>The table with keys that point where they do at the destination.</summary>
    private static TableSchema Renamed(TableSchema table, CompareOptions options) => table with
    {
        ForeignKeys = [.. table.ForeignKeys.Select(f =>
        {
            var names = options.ColumnsAtDestination(f.References);
            return f with
            {
                References = options.NameAtDestination(f.References) ?? f.References,
                ReferencedColumns = [.. f.ReferencedColumns.Select(c => names.GetValueOrDefault(c) ?? c)],
            };
        })],
    };

    private static string Rule(string on, string rule) => rule is "NO ACTION" or "RESTRICT" ? "" : $" on {on} {rule.ToLowerInvariant()}";

    private static string Shown(IEnumerable<string> columns) => string.Join(", ", columns);

    /// <summary>A condition without what databases write in their own ways: quotes of names, parentheses, casts, spaces. Its texts stay as they are.</summary>
    private static string Plain(string expression) => Decoration().Replace(expression, "${text}");

    /// <summary>Names and keywords in lower case; the case of texts counts.</summary>
    private static string Folded(string shown) => Parts().Replace(shown, part => part.Value[0] == '\'' ? part.Value : part.Value.ToLowerInvariant());

    [GeneratedRegex("""'(?:[^']|'')*'|[^']+""")]
    private static partial Regex Parts();

    [GeneratedRegex("""(?<text>'(?:[^']|'')*')|::[a-z ]+(\(\d+(,\d+)?\))?(\[\])?|["`\[\]()\s]""", RegexOptions.IgnoreCase)]
    private static partial Regex Decoration();
}
