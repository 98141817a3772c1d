using System.Text.RegularExpressions;
using DataTools.Errors;

namespace DataTools.Migrations.Adopt;

/// <summary>A tool whose history can be read.</summary>
public enum MigrationTool
{
    /// <summary>flyway_schema_history.</summary>
    Flyway,

    /// <summary>schema_migrations of dbmate.</summary>
    Dbmate,

    /// <summary>goose_db_version.</summary>
    Goose,

    /// <summary>schema_migrations of golang-migrate.</summary>
    GolangMigrate,

    /// <summary>databasechangelog.</summary>
    Liquibase,

    /// <summary>alembic_version.</summary>
    Alembic,
}

/// <summary>Finds in the history of another tool which migrations of a folder are applied.</summary>
internal static partial class ForeignHistory
{
    /// <summary>The ids of the migrations that the tool has applied.</summary>
    public static IReadOnlySet<string> Read(MigrationTarget target, MigrationTool tool, IReadOnlyList<MigrationFile> files, CancellationToken cancellation)
    {
        var applied = tool switch
        {
            MigrationTool.Flyway => Flyway(target, cancellation),
            MigrationTool.Dbmate => target.ReadForeign("schema_migrations", ["version"], null, cancellation).Select(r => r[0]).ToHashSet(),
            MigrationTool.Goose => Goose(target, cancellation),
            MigrationTool.Liquibase => target.ReadForeign("databasechangelog", ["author", "id"], null, cancellation).Select(r => $"{r[0]}:{r[1]}").ToHashSet(),
            MigrationTool.GolangMigrate => GolangMigrate(target, files, cancellation),
            _ => Alembic(target, files, cancellation),
        };
        var byOrder = applied.ToLookup(ForeignFiles.OrderOf);
        var found = files.Where(f => applied.Contains(f.Id) || byOrder.Contains(ForeignFiles.OrderOf(f.Id))).Select(f => f.Id).ToHashSet();
        var known = files.Select(f => ForeignFiles.OrderOf(f.Id)).ToHashSet();
        var without = applied.Where(a => !known.Contains(ForeignFiles.OrderOf(a))).Order(StringComparer.Ordinal).ToList();
        return without.Count == 0 ? found : throw DataErrors.MigrationMissing(without);
    }

    private static HashSet<string> Flyway(MigrationTarget target, CancellationToken cancellation)
    {
        var applied = new HashSet<string>();
        foreach (var row in target.ReadForeign("flyway_schema_history", ["version", "description", "type", "success", "script"], "installed_rank", cancellation))
        {
            if (!IsTrue(row[3]))
            {
                throw DataErrors.MigrationsUnclear($"Flyway says that {row[4]} failed. Repair that with Flyway first.", row[4]);
            }

            if (row[2].StartsWith("UNDO", StringComparison.OrdinalIgnoreCase))
            {
                applied.Remove(row[0]);
            }
            else if (row[2] == "SQL" || row[2] == "SQL_BASELINE")
            {
                applied.Add(row[0].Length > 0 ? row[0] : Path.GetFileNameWithoutExtension(row[4]));
            }
        }

        return applied;
    }

    /// <summary>Of each version the last row counts.</summary>
    private static HashSet<string> Goose(MigrationTarget target, CancellationToken cancellation)
    {
        var applied = new HashSet<string>();
        foreach (var row in target.ReadForeign("goose_db_version", ["version_id", "is_applied"], "id", cancellation))
        {
            if (IsTrue(row[1]))
            {
                applied.Add(row[0]);
            }
            else
            {
                applied.Remove(row[0]);
            }
        }

        // The row that goose itself begins with.
        applied.Remove("0");
        return applied;
    }

    /// <summary>One row says how far it is.</summary>
    private static HashSet<string> GolangMigrate(MigrationTarget target, IReadOnlyList<MigrationFile> files, CancellationToken cancellation)
    {
        if (target.ReadForeign("schema_migrations", ["version", "dirty"], null, cancellation) is not [var row])
        {
            return [];
        }

        return IsTrue(row[1])
            ? throw DataErrors.MigrationsUnclear($"golang-migrate says that the database is dirty at {row[0]}. Repair that with golang-migrate first.", row[0])
            : [.. files.Where(f => f.Order.Length > 0 && string.CompareOrdinal(f.Order, ForeignFiles.OrderOf(row[0])) <= 0).Select(f => f.Id)];
    }

    /// <summary>
    /// Its files are Python and cannot be run here; what it writes with --sql can, and names the revisions (<c>-- Running upgrade a -> b</c>). All up to the last file that
    /// names the revision are applied, but for those of other branches.
    /// </summary>
    private static HashSet<string> Alembic(MigrationTarget target, IReadOnlyList<MigrationFile> files, CancellationToken cancellation)
    {
        var found = new List<MigrationFile>();
        var heads = target.ReadForeign("alembic_version", ["version_num"], null, cancellation).Select(r => r[0]).ToList();
        foreach (var head in heads)
        {
            var named = files.ToList();
            var last = named.FindLastIndex(f => f.Text.Contains($"-> {head}", StringComparison.Ordinal));
            last = last >= 0 ? last : named.FindLastIndex(f => f.Name.Contains(head, StringComparison.Ordinal));
            found.AddRange(last < 0
                ? throw DataErrors.MigrationNotFound(head, "that names alembic's revision, in its name or as '-> revision' in its text. 'alembic upgrade head --sql' writes such a file, whose name here begins with an id")
                : files.Take(last + 1).Where(f => !f.IsRepeatable));
        }

        var before = files.SelectMany(f => Upgrade().Matches(f.Text)).ToLookup(m => m.Groups[2].Value, m => m.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        var reached = Reached(heads, before);
        return [.. found.Where(f => IsReached(f, reached)).Select(f => f.Id)];
    }

    /// <summary>The revisions up to those that the database names.</summary>
    private static HashSet<string> Reached(IEnumerable<string> heads, ILookup<string, string[]> before)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>(heads);
        while (open.TryPop(out var revision))
        {
            if (reached.Add(revision))
            {
                before[revision].SelectMany(b => b).ToList().ForEach(open.Push);
            }
        }

        return reached;
    }

    private static bool IsReached(MigrationFile file, HashSet<string> reached)
    {
        var revisions = Upgrade().Matches(file.Text).Select(m => m.Groups[2].Value).ToLookup(reached.Contains);
        return !revisions[false].Any() || (revisions[true].Any()
            ? throw DataErrors.MigrationsUnclear(
                $"{file.FileName} holds revisions that the database has ({string.Join(", ", revisions[true])}) and others that it has not ({string.Join(", ", revisions[false])}). Have alembic write two files: 'alembic upgrade {revisions[true].Last()} --sql' and 'alembic upgrade {revisions[true].Last()}:head --sql'.",
                file.Path)
            : false);
    }

    [GeneratedRegex(@"Running upgrade ([\w, ]*?) ?-> (\w+)")]
    private static partial Regex Upgrade();

    private static bool IsTrue(string value) => value is "1" or "True" or "true" or "t";
}
