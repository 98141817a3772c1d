using System.Globalization;
using System.Text;
using DataTools.Databases.Writing;
using DataTools.Schemas;

namespace DataTools.Transfer;

/// <summary>What a copy will do.</summary>
/// <param name="Source">Where the tables are.</param>
/// <param name="Destination">Where they go.</param>
/// <param name="Tables">The tables in the order of their keys: each after those to which it points.</param>
public sealed record CopyPlan(string Source, string Destination, IReadOnlyList<TablePlan> Tables)
{
    /// <summary>The statements that make types which columns need.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>What cannot be carried, or becomes something else.</summary>
    public IReadOnlyList<SchemaLoss> Losses { get; init; } = [];

    /// <summary>Keys that close a circle, so that no order of the tables serves them.</summary>
    public IReadOnlyList<string> Cycles { get; init; } = [];

    /// <summary>The plan as text: statements, estimates and losses.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Copy {Tables.Count} tables from {Source} to {Destination}\n");
        Append(text, Types);
        foreach (var table in Tables)
        {
            text.Append(CultureInfo.InvariantCulture, $"-- {table.Table} to {table.Target}, {(table.Rows is { } rows ? string.Create(CultureInfo.InvariantCulture, $"about {rows} rows") : "rows unknown")}, {table.Partitions} partition{(table.Partitions == 1 ? "" : "s")}, {table.Action}\n");
            Append(text, table.Create);
        }

        foreach (var table in Tables)
        {
            Append(text, table.Indexes);
        }

        foreach (var table in Tables)
        {
            Append(text, table.Keys);
        }

        foreach (var line in Cycles.Select(c => $"-- circle: {c}").Concat(Losses.Select(l => $"-- loss: {l}")))
        {
            text.Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, IEnumerable<string> statements)
    {
        foreach (var statement in statements)
        {
            text.Append(statement).Append(";\n");
        }
    }
}

/// <summary>What becomes of one table.</summary>
/// <param name="From">The table in the source.</param>
/// <param name="To">The table in the target.</param>
public sealed record TablePlan(TableSchema From, TableSchema To)
{
    /// <summary>The table's name in the source.</summary>
    public TableName Table => From.Name;

    /// <summary>Its name in the target.</summary>
    public TableName Target => To.Name;

    /// <summary>Whether the target has a table of that name.</summary>
    public bool Exists { get; init; }

    /// <summary>What becomes of the rows that are there.</summary>
    public WriteMode Mode { get; init; }

    /// <summary>What is done, in a word: create, append, truncate, replace, upsert, ignore, refuse.</summary>
    public string Action => !Exists ? "create" : Mode == WriteMode.Fail ? "refuse, for it exists" : Mode.ToString().ToLowerInvariant();

    /// <summary>The columns with their types on both sides.</summary>
    public IReadOnlyList<ColumnPlan> Columns { get; init; } = [];

    /// <summary>The rows as the source estimates them, or counted where it does not; null where neither is known.</summary>
    public long? Rows { get; init; }

    /// <summary>Into how many ranges it is cut at most.</summary>
    public int Partitions { get; init; } = 1;

    /// <summary>The statements that make the table.</summary>
    public IReadOnlyList<string> Create { get; init; } = [];

    /// <summary>The statements that follow its rows: keys of its own, indexes, comments.</summary>
    public IReadOnlyList<string> Indexes { get; init; } = [];

    /// <summary>The statements that follow the rows of all tables: keys that point to other tables.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>A condition on the rows in the source's own language.</summary>
    public string? Where { get; init; }

    /// <summary>Whether its rows hold nothing but what the table computes, so that none are copied.</summary>
    internal bool IsHollow { get; init; }

    /// <summary>Whether a collection of documents is made, also in the place of one that is there: by whoever writes them, and it shows when all are there.</summary>
    internal bool IsGathered { get; init; }

    /// <summary>Whether the table is made, also in the place of one that is there.</summary>
    internal bool IsMade => Create.Count > 0;
}

/// <summary>What becomes of one column.</summary>
/// <param name="Source">Its name in the source.</param>
/// <param name="SourceType">Its type there.</param>
/// <param name="Target">Its name in the target.</param>
/// <param name="TargetType">Its type there.</param>
/// <param name="Loss">What may be lost; null for nothing.</param>
public sealed record ColumnPlan(string Source, string SourceType, string Target, string TargetType, string? Loss);
