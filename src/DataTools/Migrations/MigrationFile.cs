using DataTools.Databases;
using DataTools.Errors;

namespace DataTools.Migrations;

/// <summary>What a section of a migration is for.</summary>
public enum SectionKind
{
    /// <summary>The change.</summary>
    Up,

    /// <summary>What undoes it; of a change in phases what undoes it before it is completed.</summary>
    Down,

    /// <summary>What undoes a change in phases after it is completed.</summary>
    DownCompleted,

    /// <summary>Queries that must give no rows before the migration begins.</summary>
    Check,

    /// <summary>Queries that must give no rows afterwards; of a change in phases before it is completed.</summary>
    Verify,

    /// <summary>The first phase: what both the old and the new application can live with.</summary>
    Expand,

    /// <summary>The second phase: one statement that changes rows, run by batches.</summary>
    Backfill,

    /// <summary>The last phase: what only the new application can live with.</summary>
    Contract,
}

/// <summary>In which language a migration is written.</summary>
public enum MigrationLanguage
{
    /// <summary>The statements of the database.</summary>
    Sql,

    /// <summary>The functions Up and Down of a script.</summary>
    PowerShell,

    /// <summary>Commands as JSON, for MongoDB.</summary>
    Json,
}

/// <summary>A section of a migration.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Databases">The databases for which it is; empty for all that have none of their own.</param>
/// <param name="Text">Its text.</param>
/// <param name="Line">The 1-based line of the file on which the text begins.</param>
public sealed record MigrationSection(SectionKind Kind, IReadOnlyList<string> Databases, string Text, int Line)
{
    /// <summary>What its own first lines say of transactions; null where the file's options hold.</summary>
    public bool? Transaction { get; init; }

    /// <summary>Whether the text is one statement, whatever it holds.</summary>
    public bool IsWhole { get; init; }
}

/// <summary>A migration as its file has it.</summary>
/// <param name="Id">What tells it from the others and orders it: <c>20261123T101500</c>; of a repeatable one <c>R_name</c>.</param>
/// <param name="Name">What it does: <c>add_email_to_users</c>.</param>
/// <param name="Path">The file.</param>
public sealed record MigrationFile(string Id, string Name, string Path)
{
    /// <summary>How it sorts before the files of our own, where it was written for another tool; empty for one of our own.</summary>
    public string Order { get; init; } = "";

    /// <summary>The text, without byte order mark and with line feeds.</summary>
    public string Text { get; init; } = "";

    /// <summary>What tells whether the text was changed (<see cref="MigrationChecksum"/>).</summary>
    public string Checksum { get; init; } = "";

    /// <summary>The language of the sections.</summary>
    public MigrationLanguage Language { get; init; }

    /// <summary>Whether it runs again whenever its text changes.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>The options of the first lines.</summary>
    public MigrationFileOptions Options { get; init; } = MigrationFileOptions.Default;

    /// <summary>The sections in order.</summary>
    public IReadOnlyList<MigrationSection> Sections { get; init; } = [];

    /// <summary>The file's name.</summary>
    public string FileName => System.IO.Path.GetFileName(Path);

    /// <summary>Whether the migration is for a kind of database.</summary>
    public bool IsFor(IDatabase database) => Options.Databases.Count == 0 || Options.Databases.Any(d => Names(d, database));

    /// <summary>Whether it is done in phases: expand, backfill, contract.</summary>
    public bool IsPhased(IDatabase database) => Find(SectionKind.Expand, database) is not null;

    /// <summary>The section for a database: its own, else the one for all; null where there is neither.</summary>
    public MigrationSection? Find(SectionKind kind, IDatabase database) =>
        Sections.FirstOrDefault(s => s.Kind == kind && s.Databases.Any(d => Names(d, database)))
        ?? Sections.FirstOrDefault(s => s.Kind == kind && s.Databases.Count == 0);

    /// <summary>The section that must be there.</summary>
    public MigrationSection Get(SectionKind kind, IDatabase database)
    {
        ArgumentNullException.ThrowIfNull(database);
        return Find(kind, database) ?? throw DataErrors.MigrationMalformed(Path, 1, $"there is no section '-- {kind.ToString().ToLowerInvariant()}' for {database.Name}");
    }

    /// <summary>Whether a section is one transaction.</summary>
    public bool IsTransaction(SectionKind kind, IDatabase database) => Find(kind, database)?.Transaction ?? Options.Transaction;

    /// <summary>The text of a section with the values of its placeholders.</summary>
    public string Resolve(MigrationSection section, IReadOnlyDictionary<string, string> variables)
    {
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(variables);
        var text = section.Text;
        foreach (var (name, fallback) in Options.Variables)
        {
            var value = variables.TryGetValue(name, out var given) ? given : fallback;
            text = text.Replace($"${{{name}}}", value ?? throw DataErrors.MigrationVariableMissing(Path, name), StringComparison.Ordinal);
        }

        return text;
    }

    private static bool Names(string word, IDatabase database) =>
        string.Equals(word, database.Name, StringComparison.OrdinalIgnoreCase) || database.Schemes.Contains(word, StringComparer.OrdinalIgnoreCase);
}

/// <summary>The options of a migration's first lines.</summary>
public sealed record MigrationFileOptions
{
    /// <summary>What holds where nothing is said.</summary>
    public static MigrationFileOptions Default { get; } = new();

    /// <summary>Whether the migration is one transaction; false for <c>transaction: off</c>.</summary>
    public bool Transaction { get; init; } = true;

    /// <summary>The kinds of databases that it is for; empty for all.</summary>
    public IReadOnlyList<string> Databases { get; init; } = [];

    /// <summary>The migrations that must be applied before; null where the file says nothing, which means the one before it.</summary>
    public IReadOnlyList<string>? Depends { get; init; }

    /// <summary>How long a statement may wait for a lock; null for the runner's own limit, zero for none.</summary>
    public TimeSpan? LockTimeout { get; init; }

    /// <summary>How the backfill is cut; null for one statement.</summary>
    public BackfillOptions? Batch { get; init; }

    /// <summary>The documents of a batch, where the database cuts its statements by itself; null for its default.</summary>
    public int? BatchSize { get; init; }

    /// <summary>The placeholders and what they are where no value is given; null for none.</summary>
    public IReadOnlyDictionary<string, string?> Variables { get; init; } = new Dictionary<string, string?>();

    /// <summary>Why there is no way back, where the file says so.</summary>
    public string? Irreversible { get; init; }

    /// <summary>The rules of the lint that do not count for this file.</summary>
    public IReadOnlyList<string> IgnoredRules { get; init; } = [];
}

/// <summary>How a backfill is cut into batches.</summary>
/// <param name="Table">The table.</param>
/// <param name="Key">The column that orders its rows.</param>
/// <param name="Size">The rows of a batch.</param>
public sealed record BackfillOptions(Schemas.TableName Table, string Key, int Size);
