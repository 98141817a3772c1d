using System.Collections;
using System.Management.Automation;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Module.Records;
using DataTools.Validation.Quality;

namespace DataTools.Module.Quality;

/// <summary>An expression that every row must satisfy.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Script">The expression.</param>
internal sealed record QualityExpression(string Name, ScriptBlock Script);

/// <summary>The rules of Test-DataQuality as users write them, in a hashtable or in JSON.</summary>
/// <param name="Rules">Those for the values of columns.</param>
/// <param name="Expressions">Those for rows.</param>
internal sealed record QualityRules(IReadOnlyList<QualityRule> Rules, IReadOnlyList<QualityExpression> Expressions)
{
    private static readonly string[] Known = ["notnull", "unique", "min", "max", "pattern", "set", "reference", "column", "expression", "columns"];

    /// <summary>The rules of a hashtable and of a file.</summary>
    public static QualityRules Parse(IDictionary table, string? path)
    {
        var (rules, expressions) = (new List<QualityRule>(), new List<QualityExpression>());
        foreach (var (name, spec) in Arguments.ToPairs(table).Concat(path is null ? [] : Arguments.ToPairs(ReadFile(path))))
        {
            Add(name, spec, rules, expressions);
        }

        return rules.Count + expressions.Count > 0 ? new QualityRules(rules, expressions) : throw DataErrors.InvalidOption("-Rule or -RulePath must give at least one rule.");
    }

    private static IDictionary ReadFile(string path)
    {
        if (!File.Exists(path))
        {
            throw DataErrors.FileNotFound(path);
        }

        return NestedText.TryParse(File.ReadAllBytes(path), out var value) && value is IDictionary rules ? rules
            : throw DataErrors.MalformedFile(path, "JSON", "rules are one object with a member for each column.");
    }

    private static void Add(string name, object? spec, List<QualityRule> rules, List<QualityExpression> expressions)
    {
        switch (spec)
        {
            case ScriptBlock script:
                expressions.Add(new QualityExpression(name, script));
                break;
            case string word:
                rules.AddRange(ToRules(name, word));
                break;
            case IDictionary parts:
                AddParts(name, new Dictionary<string, object?>(Arguments.ToPairs(parts), StringComparer.OrdinalIgnoreCase), rules, expressions);
                break;
            case IEnumerable several:
                foreach (var one in several)
                {
                    Add(name, ObjectRows.Plain(one), rules, expressions);
                }

                break;
            default:
                throw DataErrors.InvalidOption($"The rule for '{name}' is none: write 'notnull', 'unique', a hashtable such as @{{ min = 1; max = 100 }}, or a script block.");
        }
    }

    private static IEnumerable<QualityRule> ToRules(string name, string word) => word.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant() switch
    {
        "NOTNULL" => Columns(name).Select(c => new QualityRule(QualityKind.NotNull, [c])),
        "UNIQUE" => [new QualityRule(QualityKind.Unique, Columns(name))],
        _ => throw DataErrors.InvalidOption($"'{word}' is no rule for '{name}'. Words are notnull and unique; the others are parts of a hashtable: {string.Join(", ", Known)}."),
    };

    private static void AddParts(string name, Dictionary<string, object?> parts, List<QualityRule> rules, List<QualityExpression> expressions)
    {
        if (parts.Keys.FirstOrDefault(k => !Known.Contains(k, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw DataErrors.InvalidOption($"The rule for '{name}' has a part '{unknown}' that is not known. Known are {string.Join(", ", Known)}.");
        }

        if (parts.TryGetValue("expression", out var expression))
        {
            expressions.Add(new QualityExpression(name, expression as ScriptBlock ?? ScriptBlock.Create(Text(expression))));
        }

        string[] columns = parts.TryGetValue("columns", out var given) ? [.. Values(given).Select(Text)] : Columns(name);
        rules.AddRange(columns.SelectMany(c => ColumnRules(parts, c)));
        rules.AddRange(IsOn(parts, "unique") ? [new QualityRule(QualityKind.Unique, columns)] : []);
        if (columns.Length > 1 && parts.ContainsKey("reference"))
        {
            throw DataErrors.InvalidOption($"The rule for '{name}' has a reference, which leads from one column to one. Give each column its own rule.");
        }
    }

    /// <summary>The rules of a column by itself: of several, each must meet them.</summary>
    private static IEnumerable<QualityRule> ColumnRules(Dictionary<string, object?> parts, string column)
    {
        if (IsOn(parts, "notnull"))
        {
            yield return new QualityRule(QualityKind.NotNull, [column]);
        }

        if (parts.ContainsKey("min") || parts.ContainsKey("max"))
        {
            yield return Range(parts, column);
        }

        if (parts.TryGetValue("pattern", out var pattern))
        {
            yield return new QualityRule(QualityKind.Pattern, [column]) { Pattern = Text(pattern) };
        }

        if (parts.TryGetValue("set", out var set))
        {
            yield return new QualityRule(QualityKind.Set, [column]) { Values = Values(set) is { Count: > 0 } some ? some : throw DataErrors.InvalidOption("A set has at least one value, which is not null.") };
        }

        if (parts.TryGetValue("reference", out var reference))
        {
            yield return new QualityRule(QualityKind.Reference, [column]) { Reference = Text(reference), ReferenceColumn = parts.GetValueOrDefault("column") is { } there ? Text(there) : null };
        }
    }

    private static QualityRule Range(Dictionary<string, object?> parts, string column)
    {
        var (min, max) = (ObjectRows.Plain(parts.GetValueOrDefault("min")), ObjectRows.Plain(parts.GetValueOrDefault("max")));
        return (min ?? max) is null ? throw DataErrors.InvalidOption($"The bounds of '{column}' are null: min or max must be a value.")
            : new QualityRule(QualityKind.Range, [column]) { Min = min, Max = max };
    }

    /// <summary>Several columns that are unique together are named with commas between them.</summary>
    private static string[] Columns(string name) => name.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool IsOn(Dictionary<string, object?> parts, string name) => parts.TryGetValue(name, out var value) && LanguagePrimitives.IsTrue(value);

    /// <summary>The values that are not null: no value is meant by those.</summary>
    private static List<object> Values(object? value) => [.. (ObjectRows.Plain(value) is object?[] list ? list : [ObjectRows.Plain(value)]).OfType<object>()];

    private static string Text(object? value) => LanguagePrimitives.ConvertTo<string>(value);
}
