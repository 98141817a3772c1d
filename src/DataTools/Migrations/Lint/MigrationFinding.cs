namespace DataTools.Migrations.Lint;

/// <summary>How bad something is.</summary>
public enum FindingSeverity
{
    /// <summary>It works, and may hurt while an application runs.</summary>
    Warning,

    /// <summary>It fails, or loses something.</summary>
    Error,
}

/// <summary>Something in a migration that will hurt.</summary>
/// <param name="Rule">The rule's id, by which <c>-- datatools: ignore</c> suppresses it in the file.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Reason">Why.</param>
/// <param name="Safe">What to do in its place.</param>
public sealed record MigrationFinding(string Rule, FindingSeverity Severity, string Reason, string Safe)
{
    /// <summary>The migration's id.</summary>
    public string Migration { get; init; } = "";

    /// <summary>The file.</summary>
    public string? File { get; init; }

    /// <summary>The 1-based line; 0 for the whole file.</summary>
    public int Line { get; init; }

    /// <summary>The statement.</summary>
    public string? Statement { get; init; }

    internal static MigrationFinding Warning(string rule, string reason, string safe) => new(rule, FindingSeverity.Warning, reason, safe);

    internal static MigrationFinding Error(string rule, string reason, string safe) => new(rule, FindingSeverity.Error, reason, safe);
}

/// <summary>A rule: what it says, and of which statements among those of a section.</summary>
internal sealed record LintRule(MigrationFinding Finding, Func<LintStatement, IReadOnlyList<LintStatement>, bool> Hits);
