using System.Globalization;

namespace DataTools.Data;

/// <summary>How text is read as values. The default is invariant and strict.</summary>
public sealed record TextRules
{
    /// <summary>The invariant rules.</summary>
    public static TextRules Default { get; } = new();

    /// <summary>Numbers and dates are read as this culture writes them; null for invariant and ISO 8601 only.</summary>
    public CultureInfo? Culture { get; init; }

    /// <summary>Exact .NET formats for dates and timestamps, tried before ISO 8601.</summary>
    public IReadOnlyList<string> DateTimeFormats { get; init; } = [];

    /// <summary>
    /// Whether a float may round the digits of the text. Off for inferred columns, where digits past a double's precision are a loss; on
    /// where the user named the type.
    /// </summary>
    public bool RoundFloats { get; init; }

    /// <summary>The culture that formats given by <see cref="DateTimeFormats"/> are read with.</summary>
    public CultureInfo FormatCulture => Culture ?? CultureInfo.InvariantCulture;
}
