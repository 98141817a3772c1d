using System.Globalization;
using DataTools.Errors;

namespace DataTools.Databases;

/// <summary>
/// A line of a type map: a type's name with an optional guard (<c>numeric when precision &lt;= 38 and scale &gt;= 0</c>, <c>int when unsigned</c>), what it becomes
/// (<c>decimal({precision},{scale})</c>), and what is lost by it.
/// </summary>
public sealed record TypeRule
{
    private readonly string[] _clauses;

    /// <summary>Reads the line.</summary>
    public TypeRule(string from, string to, string? loss = null)
    {
        ArgumentNullException.ThrowIfNull(from);
        From = from;
        To = to;
        Loss = loss;
        var parts = from.Split(" when ", 2);
        Name = parts[0].Trim().ToLowerInvariant();
        _clauses = parts.Length == 1 ? [] : parts[1].Split(" and ", StringSplitOptions.TrimEntries);
        if (!Array.TrueForAll(_clauses, IsClause))
        {
            throw DataErrors.InvalidOption($"'{from}' is no rule for types: behind 'when' stand clauses such as 'unsigned', 'length <= 255' or 'precision > 38', joined by 'and'.");
        }
    }

    /// <summary>The type with its guard, as it was written.</summary>
    public string From { get; }

    /// <summary>The type's name.</summary>
    public string Name { get; }

    /// <summary>What it becomes.</summary>
    public string To { get; }

    /// <summary>What may be lost; null for nothing.</summary>
    public string? Loss { get; }

    /// <summary>Whether the rule is one for the type.</summary>
    public bool IsMatch(NativeType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.Name == Name && Array.TrueForAll(_clauses, c => Holds(c, type));
    }

    /// <summary>What the type becomes.</summary>
    public string Apply(NativeType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return To.Replace("{precision}", Shown(type.Precision), StringComparison.Ordinal)
            .Replace("{scale}", Shown(type.Scale), StringComparison.Ordinal)
            .Replace("{length}", Shown(type.Length), StringComparison.Ordinal);
    }

    private static string Shown(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static bool IsClause(string clause) => clause.Split(' ') switch
    {
        ["unsigned"] or ["not", "unsigned"] => true,
        [var left, "<" or "<=" or ">" or ">=" or "=", var right] => IsOperand(left) && IsOperand(right),
        _ => false,
    };

    private static bool IsOperand(string text) => text is "length" or "precision" or "scale" || int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    /// <summary>A comparison with something that the type does not have is false.</summary>
    private static bool Holds(string clause, NativeType type) => clause.Split(' ') switch
    {
        ["unsigned"] => type.IsUnsigned,
        ["not", "unsigned"] => !type.IsUnsigned,
        [var left, var by, var right] when Operand(left, type) is { } a && Operand(right, type) is { } b => by switch
        {
            "<" => a < b,
            "<=" => a <= b,
            ">" => a > b,
            ">=" => a >= b,
            _ => a == b,
        },
        _ => false,
    };

    private static int? Operand(string text, NativeType type) => text switch
    {
        "length" => type.Length,
        "precision" => type.Precision,
        "scale" => type.Scale,
        _ => int.Parse(text, CultureInfo.InvariantCulture),
    };
}
