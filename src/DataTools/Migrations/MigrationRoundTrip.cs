using System.Text;
using DataTools.Databases;
using DataTools.Errors;
using DataTools.Migrations.Lint;
using DataTools.Schemas;

namespace DataTools.Migrations;

/// <summary>Runs each migration up, down and up again on an empty database, and compares the schemas.</summary>
/// <param name="session">The empty database.</param>
/// <param name="files">The migrations.</param>
/// <param name="options">How they are run.</param>
public sealed class MigrationRoundTrip(SqlSession session, IReadOnlyList<MigrationFile> files, MigrationRunOptions options)
{
    /// <summary>What is not as it was. The database is left with all migrations applied.</summary>
    /// <exception cref="DataException">The database holds tables, or a migration fails.</exception>
    public IEnumerable<MigrationFinding> Run(CancellationToken cancellation)
    {
        if (session.ListTables(cancellation) is [var table, ..])
        {
            throw DataErrors.InvalidOption($"A round trip needs an empty database, and {session.Address} holds the table {table.Name}.");
        }

        var engine = new MigrationEngine(MigrationTarget.Of(session), files, options);
        var before = Snapshot(cancellation);
        while (Next(engine, cancellation) is { } info)
        {
            foreach (var finding in OfOne(engine, info, before, cancellation))
            {
                yield return finding with { Migration = info.Id, File = info.Path };
            }

            before = Snapshot(cancellation);
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

    private List<MigrationFinding> OfOne(MigrationEngine engine, MigrationInfo info, SortedDictionary<string, string> before, CancellationToken cancellation)
    {
        var found = new List<MigrationFinding>();
        var file = info.File!;
        var isPhased = file.IsPhased(session.Database);
        if (!file.IsRepeatable && file.Find(SectionKind.Down, session.Database) is not null)
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

    /// <summary>Down and up again.</summary>
    private void Back(MigrationEngine engine, MigrationInfo info, SortedDictionary<string, string> before, List<MigrationFinding> found, CancellationToken cancellation)
    {
        var up = Snapshot(cancellation);
        _ = engine.Undo(null, 1, cancellation).Last();
        found.AddRange(Differences(before, Snapshot(cancellation), "Down does not bring back what was before"));
        _ = engine.Invoke(info.Id, cancellation).Last();
        if (!info.File!.IsPhased(session.Database))
        {
            found.AddRange(Differences(up, Snapshot(cancellation), "Up does something else the second time"));
        }
    }

    private static IEnumerable<MigrationFinding> Differences(SortedDictionary<string, string> expected, SortedDictionary<string, string> actual, string what)
    {
        foreach (var key in expected.Keys.Union(actual.Keys).Order(StringComparer.Ordinal))
        {
            var (left, right) = (expected.GetValueOrDefault(key), actual.GetValueOrDefault(key));
            if (left != right)
            {
                var reason = left is null ? $"{key} is left over" : right is null ? $"{key} is missing" : $"{key} was {left} and is {right}";
                yield return MigrationFinding.Error("round-trip", $"{what}: {reason}.", "Make the section '-- down' the exact reverse of the change.");
            }
        }
    }

    /// <summary>All that the catalogue tells, by names. The order of columns does not count: what comes back comes last.</summary>
    private SortedDictionary<string, string> Snapshot(CancellationToken cancellation)
    {
        var parts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var listing in session.ListTables(cancellation).Where(t => t.Name != MigrationTarget.DefaultHistory))
        {
            if (session.FindTable(new TableName(listing.Schema, listing.Name), cancellation) is { } table)
            {
                Describe(table, parts);
            }
        }

        return parts;
    }

    private static void Describe(TableSchema table, SortedDictionary<string, string> parts)
    {
        var name = table.Name.ToString();
        parts[$"{table.Kind} {name}"] = new StringBuilder("key ").AppendJoin(',', table.PrimaryKey?.Columns ?? []).Append(' ').Append(table.Comment).Append(table.PartitionBy).ToString();
        foreach (var column in table.Columns)
        {
            parts[$"column {name}.{column.Name}"] = string.Join(' ', column.NativeType, column.Nullable ? "null" : "not null", column.Default, column.Generated, column.IsIdentity ? "identity" : "", column.Collation, string.Join(',', column.Values), column.Comment).TrimEnd();
        }

        foreach (var index in table.Indexes)
        {
            parts[$"index {index.Name} of {name}"] = $"{(index.IsUnique ? "unique " : "")}{index.Method} ({string.Join(", ", index.Columns)}) {index.Where}".TrimEnd();
        }

        foreach (var key in table.ForeignKeys)
        {
            parts[$"foreign key {key.Name} {string.Join(',', key.Columns)} of {name}"] = $"{key.References} ({string.Join(", ", key.ReferencedColumns)}) {key.OnDelete} {key.OnUpdate}";
        }

        foreach (var check in table.Checks)
        {
            parts[$"check {check.Name} of {name}"] = check.Expression;
        }
    }
}
