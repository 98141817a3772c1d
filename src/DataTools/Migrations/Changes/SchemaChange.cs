using DataTools.Errors;
using DataTools.Schemas;

namespace DataTools.Migrations.Changes;

/// <summary>A change that can be written as a migration without downtime.</summary>
public enum ChangeKind
{
    /// <summary>A column is added.</summary>
    AddColumn,

    /// <summary>A column gets another name.</summary>
    RenameColumn,

    /// <summary>A column gets another type.</summary>
    ChangeType,

    /// <summary>A column becomes several.</summary>
    SplitColumn,

    /// <summary>A column may hold no nulls any more.</summary>
    AddNotNull,

    /// <summary>A column points to another table.</summary>
    AddForeignKey,

    /// <summary>Columns must be unique.</summary>
    AddUnique,

    /// <summary>Columns get an index.</summary>
    AddIndex,

    /// <summary>A column goes.</summary>
    DropColumn,
}

/// <summary>What is to be changed.</summary>
/// <param name="Kind">The kind of change.</param>
/// <param name="Table">The table.</param>
/// <param name="Columns">The column, or for indexes and unique keys the columns.</param>
public sealed record SchemaChange(ChangeKind Kind, TableName Table, IReadOnlyList<string> Columns)
{
    /// <summary>The new name of the column, or that of the index or constraint.</summary>
    public string? NewName { get; init; }

    /// <summary>The type of the new column, as the database writes it.</summary>
    public string? Type { get; init; }

    /// <summary>The default, as the database writes it.</summary>
    public string? Default { get; init; }

    /// <summary>Whether the new column may hold no nulls.</summary>
    public bool NotNull { get; init; }

    /// <summary>The expression that makes the new value of the old column.</summary>
    public string? Using { get; init; }

    /// <summary>The expression that makes the old value of the new columns.</summary>
    public string? Back { get; init; }

    /// <summary>The columns that one is split into, with the expressions that make their values of it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Into { get; init; } = [];

    /// <summary>The table pointed to.</summary>
    public TableName? References { get; init; }

    /// <summary>The columns pointed to; empty for the key.</summary>
    public IReadOnlyList<string> ReferencedColumns { get; init; } = [];

    /// <summary>The rows of a batch.</summary>
    public int BatchSize { get; init; } = 1000;

    /// <summary>The column.</summary>
    public string Column => Columns[0];

    /// <summary>What the migration is called where no name is given.</summary>
    public string Title => Kind switch
    {
        ChangeKind.AddColumn => $"add {Column} to {Table.Name}",
        ChangeKind.RenameColumn => $"rename {Column} of {Table.Name} to {NewName}",
        ChangeKind.ChangeType => $"change type of {Column} of {Table.Name}",
        ChangeKind.SplitColumn => $"split {Column} of {Table.Name}",
        ChangeKind.AddNotNull => $"make {Column} of {Table.Name} not null",
        ChangeKind.AddForeignKey => $"point {string.Join(' ', Columns)} of {Table.Name} to {References?.Name}",
        ChangeKind.AddUnique => $"make {string.Join(' ', Columns)} of {Table.Name} unique",
        ChangeKind.AddIndex => $"index {string.Join(' ', Columns)} of {Table.Name}",
        _ => $"drop {Column} of {Table.Name}",
    };

    internal string Need(string? value, string parameter) => value ?? throw DataErrors.InvalidOption($"-Kind {Kind} needs -{parameter}.");
}

/// <summary>The columns that a trigger keeps in step while old and new applications run.</summary>
/// <param name="Name">The name of the trigger and of what belongs to it.</param>
/// <param name="Table">The table.</param>
/// <param name="Key">The columns that tell its rows apart; empty where it has none.</param>
/// <param name="Old">The columns of the old application, with the expressions over the new ones.</param>
/// <param name="New">The columns of the new application, with the expressions over the old ones.</param>
public sealed record ColumnSync(string Name, TableName Table, IReadOnlyList<string> Key, IReadOnlyList<KeyValuePair<string, string>> Old, IReadOnlyList<KeyValuePair<string, string>> New)
{
    /// <summary>The types of the columns, as the database writes them.</summary>
    public IReadOnlyDictionary<string, string> Types { get; init; } = new Dictionary<string, string>();

    /// <summary>An expression whose columns, of those in step, are prefixed: <c>upper(name)</c> becomes <c>upper(NEW."name")</c>.</summary>
    public string Prefixed(string expression, string prefix, Databases.SqlDialect dialect)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        ArgumentNullException.ThrowIfNull(expression);
        var tokens = SqlLexer.CodeOf(expression, dialect.Splitting);
        var text = new System.Text.StringBuilder();
        var at = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            var isPart = i > 0 && tokens[i - 1].Is(expression, ".");
            var isCall = i + 1 < tokens.Count && tokens[i + 1].Is(expression, "(");
            if (!isPart && !isCall && ColumnOf(token, expression) is { } column)
            {
                text.Append(expression, at, token.Start - at).Append(prefix).Append(dialect.Quote(column));
                at = token.End;
            }
        }

        return text.Append(expression, at, expression.Length - at).ToString();
    }

    private string? ColumnOf(SqlToken token, string expression)
    {
        if (token.Kind is not (SqlTokenKind.Word or SqlTokenKind.Name))
        {
            return null;
        }

        var name = token.Of(expression).ToString();
        var plain = token.Kind == SqlTokenKind.Name ? name[1..^1] : name;
        return Old.Concat(New).Select(c => c.Key).FirstOrDefault(c => string.Equals(c, plain, StringComparison.OrdinalIgnoreCase));
    }
}
