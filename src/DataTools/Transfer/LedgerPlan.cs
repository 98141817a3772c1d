using System.Text.Json;
using DataTools.Data;
using DataTools.Databases.Reading;
using DataTools.Errors;

namespace DataTools.Transfer;

/// <summary>What the first step of a ledger says of its copy.</summary>
/// <param name="Arguments">A hash of the arguments that all workers must have alike.</param>
/// <param name="Made">The tables of the target that the copy makes: they were not there when it began, or are replaced.</param>
/// <param name="Found">Of these, the tables that were there.</param>
internal sealed record LedgerHead(string Arguments, IReadOnlyList<string> Made, IReadOnlyList<string> Found)
{
    /// <summary>The head of a new ledger.</summary>
    public static LedgerHead Of(CopyPlan plan, CopyOptions options) => new(
        Hash(plan.Source, options),
        [.. plan.Tables.Where(t => t.IsMade || t.IsGathered).Select(t => t.Target.ToString())],
        [.. plan.Tables.Where(t => t.Exists && (t.IsMade || t.IsGathered)).Select(t => t.Target.ToString())]);

    /// <summary>The hash of what all workers must have alike.</summary>
    public static string Hash(string source, CopyOptions options)
    {
        var text = JsonSerializer.Serialize(new
        {
            source, options.Tables, options.Include, options.Exclude, options.Where, options.ColumnMaps, options.Rename, options.TargetSchema, options.Embed, options.Unnest, options.Content,
            options.Mode, options.Key, options.OnLoss, Since = options.Since?.ToLowerInvariant(), options.Missing, Rules = options.TypeRules.Select(r => $"{r.From}: {r.To}"), HasTransform = options.Transform is not null,
        });
        return TextHash.Of(text, 32);
    }

    public static LedgerHead Parse(LedgerStep step) => JsonSerializer.Deserialize<LedgerHead>(step.Part)!;

    public string ToText() => JsonSerializer.Serialize(this);
}

/// <summary>Which rows of a table a step copies.</summary>
/// <param name="Columns">The key's columns; none for all rows.</param>
/// <param name="Types">Their types.</param>
/// <param name="Nullable">Which of them may hold nulls.</param>
/// <param name="From">The least key.</param>
/// <param name="To">The key that is no longer in it.</param>
/// <param name="Since">Between which values of a column they are; null for all.</param>
internal sealed record LedgerPart(IReadOnlyList<string> Columns, IReadOnlyList<string> Types, IReadOnlyList<bool> Nullable, IReadOnlyList<string>? From, IReadOnlyList<string>? To, Watermark? Since)
{
    public static LedgerPart Of(KeyRange? range, Watermark? watermark) => new(
        range is null ? [] : [.. range.Columns.Select(c => c.Name)],
        range is null ? [] : [.. range.Columns.Select(c => c.Type.Name)],
        range is null ? [] : [.. range.Columns.Select(c => c.Nullable)],
        range?.From,
        range?.To,
        watermark);

    public static LedgerPart Parse(LedgerStep step) => JsonSerializer.Deserialize<LedgerPart>(step.Part)!;

    public string ToText() => JsonSerializer.Serialize(this);

    /// <summary>The range; none for all rows.</summary>
    public IReadOnlyList<KeyRange> Ranges() => Columns.Count == 0 ? []
        : [new KeyRange([.. Columns.Select((c, i) => new KeyColumn(c, DataTypes.TryParse(Types[i], out var type) ? type : throw DataErrors.UnknownType(Types[i]), Nullable[i]))], From, To)];
}

/// <summary>The values of a watermark column between which rows are copied.</summary>
/// <param name="Column">The column.</param>
/// <param name="By">How rows are told that were not copied before: those with the last value itself are read again where that does no harm.</param>
/// <param name="IsLater">Whether there was a run before.</param>
/// <param name="After">The greatest that was copied before; null for none.</param>
/// <param name="Until">The greatest that there is; null for none.</param>
internal sealed record Watermark(string Column, string By, bool IsLater, string? After, string? Until);
