namespace DataTools;

/// <summary>What one rule found.</summary>
/// <param name="Source">The data: files, a table, or the pipeline.</param>
/// <param name="Rule">The rule in words.</param>
/// <param name="Column">The column or columns; null for an expression.</param>
/// <param name="Passed">Whether every row satisfies the rule.</param>
/// <param name="Rows">The rows that were tested.</param>
/// <param name="Failed">The rows that break the rule; of values that occur more than once, those behind the first.</param>
/// <param name="Examples">Some of the values that break it; for an expression, the rows as JSON.</param>
public sealed record QualityResult(string Source, string Rule, string? Column, bool Passed, long Rows, long Failed, IReadOnlyList<object?> Examples);
