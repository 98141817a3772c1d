using System.Globalization;
using DataTools.Errors;

namespace DataTools.Migrations;

/// <summary>Decides what a run does, from the files and the history.</summary>
internal sealed class MigrationPlan(MigrationTarget target, MigrationSet set, MigrationRunOptions options)
{
    /// <summary>The migrations to run, in order.</summary>
    /// <param name="to">An id or name, <c>head</c> (the default), <c>heads</c>, or <c>+n</c>.</param>
    public IReadOnlyList<MigrationInfo> Up(string? to)
    {
        Check();
        var wanted = Wanted(to, out var count);
        var pending = set.Infos.Where(i => i.File is not null && !IsDone(i) && wanted(i)).Take(count).ToList();
        var early = pending.Where(i => i.Status == MigrationStatus.OutOfOrder).Select(i => i.File!.FileName).ToList();
        return early.Count == 0 || options.AllowOutOfOrder ? pending : throw DataErrors.MigrationOutOfOrder(early);
    }

    /// <summary>The migrations to undo, the last applied first.</summary>
    /// <param name="to">The one that stays as the last, or <c>base</c> for none; null for <paramref name="steps"/> of them.</param>
    /// <param name="steps">How many.</param>
    public IReadOnlyList<MigrationInfo> Down(string? to, int steps)
    {
        if (set.Infos.FirstOrDefault(IsStuck) is { Record: { } half } stuck)
        {
            throw DataErrors.MigrationsUnclear($"{stuck.Id} is half done ({half.StatementsDone} of {half.StatementsTotal} statements), and what comes before it cannot be undone under it. {(half.Phase == SectionKind.Contract ? "Complete" : "Invoke")}-DataMigration goes on with it; Repair-DataMigration {stuck.Id} -Remove forgets it.", stuck.Id);
        }

        var applied = set.Infos.Where(i => i.Record is not null && i.File?.IsRepeatable != true && CanUndo(i)).OrderByDescending(i => i.Record!.Position).ToList();
        if (to is null)
        {
            return [.. applied.Take(steps)];
        }

        var last = to.Equals("base", StringComparison.OrdinalIgnoreCase) ? 0 : set.Find(to) is { IsApplied: true } info ? info.Record!.Position : throw DataErrors.MigrationNotFound(to, "that is applied");
        return [.. applied.Where(i => i.Record!.Position > last)];
    }

    /// <summary>The step that runs, or completes, a migration.</summary>
    public MigrationStep Step(MigrationInfo info, SectionKind kind, RecordState final, MigrationRecord record)
    {
        var file = info.File!;
        var statements = Statements(file, kind, out var text);
        return new MigrationStep(file, kind, statements)
        {
            Text = text,
            Verify = kind == SectionKind.Up ? Queries(file, SectionKind.Verify) : [],
            Record = Resumed(info, kind, statements, record) with { Checksum = file.Checksum, DownText = DownText.Of(file, target.Database, options.Variables) ?? WayBack(info, kind, statements) ?? Cleared(info, kind, statements) },
            IsNew = info.Record is null,
            Final = final,
        };
    }

    /// <summary>The queries of a section that need not be there.</summary>
    public IReadOnlyList<SqlStatement> Queries(MigrationFile file, SectionKind kind) => file.Find(kind, target.Database) is null ? [] : Statements(file, kind, out _);

    /// <summary>The migrations that are expanded and wait to be completed, or were interrupted in it.</summary>
    public IReadOnlyList<MigrationInfo> Expanded(string? id)
    {
        var waiting = set.Infos.Where(i => i.Record is { State: RecordState.Expanded } or { State: RecordState.Failed or RecordState.Running, Phase: SectionKind.Contract }).OrderBy(i => i.Record!.Position).ToList();
        if (id is null)
        {
            return waiting;
        }

        var named = set.Find(id);
        return waiting.Contains(named) ? [named] : throw DataErrors.MigrationsUnclear($"{named.Id} {named.Name} is {named.Status}, and only what is expanded can be completed.", named.Id);
    }

    /// <summary>The step that completes a migration.</summary>
    public MigrationStep Contract(MigrationInfo info) => info.File is null
        ? throw DataErrors.MigrationMissing([info.ToString()])
        : Step(info, SectionKind.Contract, RecordState.Applied, info.Record!) with { IsNew = false, Before = info.Record!.State == RecordState.Expanded ? info.Record : null };

    /// <summary>The step that undoes a migration: by what the history keeps, so that it is what was run, else by the file.</summary>
    public MigrationStep Undo(MigrationInfo info, CancellationToken cancellation)
    {
        var record = info.Record!;
        if (record.State == RecordState.Baseline)
        {
            throw DataErrors.MigrationIrreversible(info.Id, "it was not run but taken for applied when the database was adopted");
        }

        var file = FileToUndo(info, cancellation);
        var isCompleted = IsCompleted(info, file);
        var kind = isCompleted || IsUndoingCompleted(record) ? SectionKind.DownCompleted : SectionKind.Down;
        if (file?.Find(kind, target.Database) is null)
        {
            throw DataErrors.MigrationIrreversible(info.Id, WhyNot(info, file, isCompleted));
        }

        var statements = Statements(file, kind, out var text);
        return new MigrationStep(file, kind, statements) { Text = text, Record = Resumed(info, kind, statements, record) with { DownText = null }, Before = record.IsApplied ? record : null, Final = RecordState.Reverted };
    }

    /// <summary>What undoes a change whose file does not say it; of one that is half done the history has it already.</summary>
    private string? WayBack(MigrationInfo info, SectionKind kind, IReadOnlyList<SqlStatement> statements) =>
        kind != SectionKind.Up || info.File!.Language == MigrationLanguage.PowerShell || IsHalf(info, kind, statements) ? null : target.WayBack(statements);

    /// <summary>A run that failed before may have left a way back which the file has no more.</summary>
    private static string? Cleared(MigrationInfo info, SectionKind kind, IReadOnlyList<SqlStatement> statements) =>
        info.Record is not null && kind is SectionKind.Up or SectionKind.Expand && !IsHalf(info, kind, statements) ? "" : null;

    private static bool IsHalf(MigrationInfo info, SectionKind kind, IReadOnlyList<SqlStatement> statements) =>
        info.Record is { State: RecordState.Running or RecordState.Failed, StatementBegun: > 0 } half && half.Phase == kind && half.StatementHashes == MigrationChecksum.Of(statements);

    private MigrationFile? FileToUndo(MigrationInfo info, CancellationToken cancellation)
    {
        if (target.ReadDownText(info.Id, cancellation) is not { Length: > 0 } stored)
        {
            return info.File;
        }

        var kept = DownText.Parse(info.Record!, stored);
        return kept.Language == MigrationLanguage.PowerShell && info.Path is { } path ? kept with { Path = path } : kept;
    }

    private bool IsCompleted(MigrationInfo info, MigrationFile? file) =>
        info.Record!.State == RecordState.Applied && (info.File ?? file) is { } known && (known.IsPhased(target.Database) || known.Find(SectionKind.DownCompleted, target.Database) is not null);

    private static string WhyNot(MigrationInfo info, MigrationFile? kept, bool isCompleted) =>
        info.File?.Options.Irreversible ?? kept?.Options.Irreversible ?? (isCompleted ? "it is completed, and its file has no section for the way back after that ('-- down completed', in JSON \"downCompleted\")" : "its file has no section '-- down', in JSON \"down\"");

    /// <summary>A migration in phases can be undone half-way, any other only when it is done; an undoing that failed goes on.</summary>
    private bool CanUndo(MigrationInfo info) => info.IsApplied || info.Record is { State: RecordState.Running or RecordState.Failed } record
        && (record.Phase is SectionKind.Down or SectionKind.DownCompleted || (record.Phase is SectionKind.Expand or SectionKind.Backfill && info.File?.IsPhased(target.Database) != false));

    /// <summary>Whether a part of a migration is done that neither is a whole nor can be undone.</summary>
    private bool IsStuck(MigrationInfo info) =>
        info.Record is { State: RecordState.Running or RecordState.Failed, StatementBegun: > 0 } && info.File?.IsRepeatable != true && !CanUndo(info);

    private static bool IsUndoingCompleted(MigrationRecord record) => !record.IsApplied && record.Phase == SectionKind.DownCompleted;

    private static bool IsDone(MigrationInfo info) => info.Status is MigrationStatus.Applied or MigrationStatus.Expanded or MigrationStatus.Changed
        || info.Record is { State: RecordState.Failed or RecordState.Running, Phase: SectionKind.Contract };

    private IReadOnlyList<SqlStatement> Statements(MigrationFile file, SectionKind kind, out string text)
    {
        var section = file.Get(kind, target.Database);
        text = file.Language == MigrationLanguage.PowerShell ? section.Text : file.Resolve(section, options.Variables);
        return file.Language == MigrationLanguage.PowerShell
            ? [new SqlStatement($"{kind} of {file.FileName}", 0, section.Line)]
            : section.IsWhole ? [new SqlStatement(text.Trim(), 0, section.Line)] : target.Split(text, file.Path, section.Line);
    }

    private void Check()
    {
        var changed = set.Infos.Where(i => i.Status == MigrationStatus.Changed).Select(i => i.File!.FileName).ToList();
        if (changed.Count > 0)
        {
            throw DataErrors.MigrationChanged(changed);
        }

        var missing = set.Infos.Where(i => i.File is null).Select(i => $"{i.Id} {i.Name}").ToList();
        if (missing.Count > 0 && !options.AllowMissing)
        {
            throw DataErrors.MigrationMissing(missing);
        }

        if (set.Infos.FirstOrDefault(i => i.Record is { State: RecordState.Running or RecordState.Failed, Phase: SectionKind.Down or SectionKind.DownCompleted }) is { } undone)
        {
            throw DataErrors.MigrationsUnclear($"{undone.Id} was being undone and is not finished ({undone.Error ?? "it was interrupted"}). Undo-DataMigration goes on with it.", undone.Id);
        }
    }

    private Func<MigrationInfo, bool> Wanted(string? to, out int count)
    {
        count = int.MaxValue;
        if (to is null || to.Equals("head", StringComparison.OrdinalIgnoreCase))
        {
            return set.Graph.Heads.Count <= 1 ? _ => true : throw DataErrors.MigrationHeads(set.Graph.Heads);
        }

        if (to.Equals("heads", StringComparison.OrdinalIgnoreCase))
        {
            return _ => true;
        }

        if (to.StartsWith('+'))
        {
            count = int.TryParse(to.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var next) ? next : throw DataErrors.InvalidOption($"-To '{to}' is no number of migrations; it takes an id, head, heads or +1.");
            return i => !i.File!.IsRepeatable;
        }

        var wanted = set.Graph.WithAncestors(set.Find(to).Id);
        return i => wanted.Contains(i.Id);
    }

    /// <summary>Goes on behind what is done, if that is still what the file says.</summary>
    private MigrationRecord Resumed(MigrationInfo info, SectionKind kind, IReadOnlyList<SqlStatement> statements, MigrationRecord record)
    {
        if (info.Record is not { State: RecordState.Running or RecordState.Failed } before || before.Phase != kind)
        {
            return record with { StatementsDone = 0, StatementBegun = 0 };
        }

        if (before.IsUnclear && statements[Math.Min(before.StatementBegun, statements.Count) - 1] is var unclear && !target.IsRepeatable(unclear.Text))
        {
            throw DataErrors.MigrationUnclear(info.Id, info.Path ?? info.Name, before.StatementBegun, unclear.Line, unclear.Text);
        }

        var hashes = MigrationChecksum.Of(statements.Take(before.StatementsDone));
        return before.StatementsDone == 0 || before.StatementHashes == hashes || before.StatementHashes.StartsWith(hashes + " ", StringComparison.Ordinal)
            ? record with { StatementsDone = before.StatementsDone, StatementBegun = before.StatementsDone }
            : throw DataErrors.MigrationsUnclear($"{info.Id} is half done, and statements that were run were edited since. Bring the first {before.StatementsDone} back as they were; later ones may change.", info.Id);
    }
}
