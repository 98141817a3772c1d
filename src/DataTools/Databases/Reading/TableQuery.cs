using DataTools.Schemas;

namespace DataTools.Databases.Reading;

/// <summary>What to read: rows of a table, or what a query gives.</summary>
public sealed record TableQuery
{
    /// <summary>What is advised where nothing but the query's own text can be changed.</summary>
    internal const string CastRemedy = "A cast in the query reads it as text.";

    /// <summary>The table; null where <see cref="Text"/> is a query.</summary>
    public TableName? Table { get; init; }

    /// <summary>The columns of the table (wildcards), in that order; empty for all.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>A condition on the table's rows in the database's own language; null for none.</summary>
    public string? Where { get; init; }

    /// <summary>How many rows to read at most; null for all.</summary>
    public long? First { get; init; }

    /// <summary>A query in the database's own language; null where <see cref="Table"/> is read.</summary>
    public string? Text { get; init; }

    /// <summary>The values of parameters, by name; those without a name are called 1, 2 and so on.</summary>
    public IReadOnlyDictionary<string, object?> Parameters { get; init; } = new Dictionary<string, object?>();

    /// <summary>A range of the values of a key; null for all rows.</summary>
    public KeyRange? Range { get; init; }

    /// <summary>How many rows are looked at where a table has no columns but those of its rows.</summary>
    public SampleSize Sample { get; init; } = new();

    /// <summary>Type rules of the user, before those of the database.</summary>
    public IReadOnlyList<TypeRule> TypeRules { get; init; } = [];

    /// <summary>What becomes of values that no type of ours holds: an error, or null.</summary>
    public Formats.LossPolicy OnLoss { get; init; }

    /// <summary>What an error about such a value advises, which hangs on the parameters of the command that reads.</summary>
    public string Remedy { get; init; } = "Use -TypeMap or a cast in the query to read it as text, or -OnLoss Warn or Allow to read null.";

    /// <summary>What messages call the source.</summary>
    public string Source => Table?.ToString() ?? "The query";
}
