using DataTools.Errors;

namespace DataTools.Migrations;

/// <summary>The migrations of a folder and what the history says of them.</summary>
internal sealed class MigrationSet
{
    private readonly Dictionary<string, MigrationRecord> _records;

    private MigrationSet(MigrationTarget target, IReadOnlyList<MigrationFile> files, IReadOnlyList<MigrationRecord>? history)
    {
        HasHistory = history is not null;
        _records = (history ?? []).ToDictionary(r => r.Id, StringComparer.OrdinalIgnoreCase);
        var own = files.Where(f => f.IsFor(target.Database)).ToList();
        Graph = new MigrationGraph(own, _records.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase));
        var needed = Graph.WithAncestors(_records.Values.Where(r => r.IsApplied).Select(r => r.Id));
        var known = own.Select(f => f.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Infos =
        [
            .. _records.Values.Where(r => !known.Contains(r.Id) && r.State != RecordState.Reverted).OrderBy(r => r.Position).Select(r => Info(null, r, needed)),
            .. Graph.Ordered.Concat(own.Where(f => f.IsRepeatable)).Select(f => Info(f, _records.GetValueOrDefault(f.Id), needed)),
        ];
    }

    /// <summary>Whether the history's table is there.</summary>
    public bool HasHistory { get; }

    /// <summary>The order of the files.</summary>
    public MigrationGraph Graph { get; }

    /// <summary>All migrations: those without file first, then in the order in which they run.</summary>
    public IReadOnlyList<MigrationInfo> Infos { get; }

    /// <summary>The number of the next run.</summary>
    public long NextBatch => _records.Values.Select(r => r.Batch).DefaultIfEmpty().Max() + 1;

    /// <summary>The place of the next migration in the order of application.</summary>
    public long NextPosition => _records.Values.Select(r => r.Position).DefaultIfEmpty().Max() + 1;

    /// <summary>Reads both.</summary>
    public static MigrationSet Read(MigrationTarget target, IReadOnlyList<MigrationFile> files, CancellationToken cancellation) =>
        new(target, files, target.ReadHistory(cancellation));

    /// <summary>A migration by its id, or by its name where one has it.</summary>
    public MigrationInfo Find(string id)
    {
        var named = Infos.Where(i => string.Equals(i.Id, id, StringComparison.OrdinalIgnoreCase)).ToList();
        named = named.Count > 0 ? named : [.. Infos.Where(i => string.Equals(i.Name, id, StringComparison.OrdinalIgnoreCase) || string.Equals(i.File?.FileName, id, StringComparison.OrdinalIgnoreCase))];
        return named switch
        {
            [var one] => one,
            [] => throw DataErrors.MigrationNotFound(id, "among the files and in the history"),
            _ => throw DataErrors.MigrationsUnclear($"Several migrations are called '{id}': {string.Join(", ", named.Select(n => n.Id))}. Name one by its id.", id),
        };
    }

    private MigrationInfo Info(MigrationFile? file, MigrationRecord? record, HashSet<string> needed)
    {
        var kept = record is null or { State: RecordState.Reverted } ? null : record;
        var info = file is null
            ? new MigrationInfo(record!.Id, record.Name, Status(file, kept, needed)) { Checksum = record.Checksum }
            : new MigrationInfo(file.Id, file.Name, Status(file, kept, needed)) { Checksum = file.Checksum, Path = file.Path, File = file, IsHead = Graph.Heads.Contains(file.Id) };
        return (kept is null ? info : Told(info, kept)) with { Record = record };
    }

    /// <summary>What a row of the history tells of a migration.</summary>
    public static MigrationInfo Told(MigrationInfo info, MigrationRecord record) => info with
    {
        Record = record,
        AppliedAt = record.AppliedAt,
        Duration = record.Duration,
        AppliedBy = record.AppliedBy,
        Host = record.Host,
        Batch = record.Batch,
        StatementsDone = record.StatementsDone,
        StatementsTotal = record.StatementsTotal,
        IsBaseline = record.State == RecordState.Baseline,
        Error = record.Error,
    };

    private static MigrationStatus Status(MigrationFile? file, MigrationRecord? record, HashSet<string> needed)
    {
        if (record is null)
        {
            return needed.Contains(file!.Id) ? MigrationStatus.OutOfOrder : MigrationStatus.Pending;
        }

        if (!record.IsApplied)
        {
            return record.State == RecordState.Running ? MigrationStatus.Running : MigrationStatus.Failed;
        }

        return file is null ? MigrationStatus.Missing
            : file.Checksum == record.Checksum ? record.State == RecordState.Expanded ? MigrationStatus.Expanded : MigrationStatus.Applied
            : file.IsRepeatable ? MigrationStatus.Pending
            : MigrationStatus.Changed;
    }
}
