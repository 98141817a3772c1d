using System.Data.SqlTypes;
using System.Globalization;
using System.Numerics;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Validation.Quality;

/// <summary>What a rule asks of data.</summary>
public enum QualityKind
{
    /// <summary>No value is null.</summary>
    NotNull,

    /// <summary>No value, or combination of values, occurs twice; those with a null do not count.</summary>
    Unique,

    /// <summary>No value is below or above a bound.</summary>
    Range,

    /// <summary>Every text matches a regular expression of .NET.</summary>
    Pattern,

    /// <summary>Every value is one of some.</summary>
    Set,

    /// <summary>Every value is one of a column of another table or file.</summary>
    Reference,
}

/// <summary>A rule for the values of columns. Nulls break only the rule that there be none.</summary>
/// <param name="Kind">What it asks.</param>
/// <param name="Columns">The columns: one, or several that are unique together.</param>
public sealed record QualityRule(QualityKind Kind, IReadOnlyList<string> Columns)
{
    /// <summary>The least value; null for no bound.</summary>
    public object? Min { get; init; }

    /// <summary>The greatest value; null for no bound.</summary>
    public object? Max { get; init; }

    /// <summary>Whether the bounds are numbers.</summary>
    public bool HasNumbers => new[] { Min, Max }.OfType<object>().All(v => v is BigInteger or SqlDecimal || (v is IConvertible number && number.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.Decimal));

    /// <summary>A bound as a number, of which no digit is lost; null where there is none.</summary>
    internal ExactNumber? Bound(object? value) =>
        value is null ? null
        : ExactNumber.TryParse(DataTypes.TextOf(value), out var number) ? number
        : throw DataErrors.InvalidOption($"The rule for the column '{ColumnText}' names '{DataTypes.TextOf(value)}', which is no number.");

    /// <summary>The regular expression.</summary>
    public string Pattern { get; init; } = "";

    /// <summary>The values of a set.</summary>
    public IReadOnlyList<object> Values { get; init; } = [];

    /// <summary>The table or file that a reference leads to.</summary>
    public string Reference { get; init; } = "";

    /// <summary>The column there; null for one of the same name.</summary>
    public string? ReferenceColumn { get; init; }

    /// <summary>The columns in one text.</summary>
    public string ColumnText => string.Join(", ", Columns);

    /// <summary>The rule in words.</summary>
    public string Describe() => Kind switch
    {
        QualityKind.NotNull => "not null",
        QualityKind.Unique => "unique",
        QualityKind.Range => $"from {ShownValue.Of(Min ?? "any")} to {ShownValue.Of(Max ?? "any")}",
        QualityKind.Pattern => $"matches {Pattern}",
        QualityKind.Set => string.Create(CultureInfo.InvariantCulture, $"one of {(Values.Count <= 5 ? string.Join(", ", Values.Select(ShownValue.Of)) : $"{Values.Count} values")}"),
        _ => $"in {Reference}{(ReferenceColumn is null ? "" : $" ({ReferenceColumn})")}",
    };
}
