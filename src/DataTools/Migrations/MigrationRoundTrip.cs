using DataTools.Databases;
using DataTools.Errors;
using DataTools.Migrations.Lint;
using DataTools.Schemas;
using DataTools.Schemas.Comparison;

namespace DataTools.Migrations;

/// <summary>Runs each migration up, down and up again on an empty database, and compares the schemas.</summary>
/// <param name="session">The empty database.</param>
/// <param name="files">The migrations.</param>
/// <param name="options">How they are run.</param>
public sealed class MigrationRoundTrip(IDatabaseSession session, IReadOnlyList<MigrationFile> files, MigrationRunOptions options)
{
    private readonly MigrationTarget _target = MigrationTarget.Of(session);

    /// <summary>What is not as it was. The database is left with all migrations applied.</summary>
    /// <exception cref="DataException">The database holds tables, or a migration fails.</exception>
    public IEnumerable<MigrationFinding> Run(CancellationToken cancellation)
    {
        if (session.ListTables(cancellation) is [var table, ..])
        {
            throw DataErrors.InvalidOption($"A round trip needs an empty database, and {session.Address} holds the table {table.Name}.");
        }

        var engine = new MigrationEngine(_target, files, options);
        var before = _target.ReadSchema(cancellation);
        while (Next(engine, cancellation) is { } info)
        {
            foreach (var finding in OfOne(engine, info, before, cancellation))
            {
                yield return finding with { Migration = info.Id, File = info.Path };
            }

            before = _target.ReadSchema(cancellation);
        }
    }

    private static MigrationInfo? Next(MigrationEngine engine, CancellationToken cancellation)
    {
        var next = engine.List(cancellation).FirstOrDefault(i => i.Status is MigrationStatus.Pending or MigrationStatus.OutOfOrder);
        if (next is not null)
        {
            _ = engine.Invoke(next.File!.IsRepeatable ? null : next.Id, cancellation).Last();
        }

        return next;
    }

    private List<MigrationFinding> OfOne(MigrationEngine engine, MigrationInfo info, DatabaseSchema before, CancellationToken cancellation)
    {
        var found = new List<MigrationFinding>();
        var file = info.File!;
        var isPhased = file.IsPhased(session.Database);
        if (!file.IsRepeatable && HasWayBack(info, cancellation))
        {
            Back(engine, info, before, found, cancellation);
        }

        if (isPhased)
        {
            _ = engine.Complete(info.Id, cancellation).Last();
            if (file.Find(SectionKind.DownCompleted, session.Database) is not null)
            {
                Back(engine, info, before, found, cancellation);
                _ = engine.Complete(info.Id, cancellation).Last();
            }
        }

        return found;
    }

    /// <summary>Whether the file says it, or the database knew it by itself when the migration was run.</summary>
    private bool HasWayBack(MigrationInfo info, CancellationToken cancellation) =>
        (_target.ReadDownText(info.Id, cancellation) is { Length: > 0 } text ? DownText.Parse(new MigrationRecord(info.Id, info.Name), text) : info.File!).Find(SectionKind.Down, session.Database) is not null;

    /// <summary>Down and up again.</summary>
    private void Back(MigrationEngine engine, MigrationInfo info, DatabaseSchema before, List<MigrationFinding> found, CancellationToken cancellation)
    {
        var up = _target.ReadSchema(cancellation);
        _ = engine.Undo(null, 1, cancellation).Last();
        found.AddRange(Differences(before, _target.ReadSchema(cancellation), "Down does not bring back what was before"));
        _ = engine.Invoke(info.Id, cancellation).Last();
        if (!info.File!.IsPhased(session.Database))
        {
            found.AddRange(Differences(up, _target.ReadSchema(cancellation), "Up does something else the second time"));
        }
    }

    private IEnumerable<MigrationFinding> Differences(DatabaseSchema expected, DatabaseSchema actual, string what)
    {
        // The order of columns does not count: what comes back comes last.
        var dialect = (session as SqlSession)?.Dialect ?? NeutralDialect.Instance;
        var options = new ComparisonOptions { Left = dialect, Right = dialect, LeftKind = session.Database, RightKind = session.Database };
        var comparison = SchemaComparer.Compare(expected.Local(), actual.Local(), options);
        var reasons = comparison.Differences.Select(d => $"{d.Kind} {d.Table}{(d.Object is null ? "" : $" {d.Object}")} {Change(d.Left, d.Right)}")
            .Concat(comparison.NotCompared.Select(o => $"{o} {Change(expected.Others.Any(e => e.Kind == o.Kind && e.Name == o.Name) ? "" : null, actual.Others.Any(e => e.Kind == o.Kind && e.Name == o.Name) ? "" : null)}"));
        return reasons.Select(reason => MigrationFinding.Error("round-trip", $"{what}: {reason}.", "Make the section '-- down' the exact reverse of the change."));
    }

    private static string Change(string? left, string? right) => left is null ? "is left over" : right is null ? "is missing" : left == right ? "is another" : $"was {left} and is {right}";
}
