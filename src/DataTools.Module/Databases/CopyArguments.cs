using System.Collections;
using DataTools.Databases.Writing;
using DataTools.Errors;

namespace DataTools.Module.Databases;

/// <summary>The arguments of Copy-DataTable.</summary>
internal static class CopyArguments
{
    /// <summary>Arguments that do not go together.</summary>
    public static void Check(CopyDataTableCommand command)
    {
        CheckPlaces(command);
        if (command.Ledger is null && (command.Resume || command.Worker is not null || command.Since is not null))
        {
            throw DataErrors.InvalidOption("-Resume, -Worker and -Since need -Ledger, which names the copy that they belong to.");
        }

        if (command.SchemaOnly && (command.Mode == WriteMode.Truncate || command.DeleteMissing != Transfer.MissingRows.Keep))
        {
            throw DataErrors.InvalidOption("-SchemaOnly copies no rows: -Mode Truncate and -DeleteMissing would only delete those that are there.");
        }

        if (command.SchemaOnly && command.DataOnly)
        {
            throw DataErrors.InvalidOption("-SchemaOnly and -DataOnly do not go together.");
        }
    }

    /// <summary>Names of columns for all tables, or by table.</summary>
    public static Dictionary<string, IReadOnlyDictionary<string, string?>> ToColumnMaps(Hashtable map)
    {
        var result = new Dictionary<string, IReadOnlyDictionary<string, string?>>(StringComparer.OrdinalIgnoreCase);
        var pairs = Arguments.ToPairs(map);
        foreach (var (table, names) in pairs.Where(p => p.Value is IDictionary))
        {
            result[table] = Names(Arguments.ToPairs((IDictionary)names!));
        }

        var all = pairs.Where(p => p.Value is not IDictionary).ToList();
        if (all.Count > 0)
        {
            result["*"] = Names(all);
        }

        return result;
    }

    /// <summary>The number of a job array's task, or else machine and process.</summary>
    public static string WorkerName()
    {
        var task = Environment.GetEnvironmentVariable("SLURM_ARRAY_TASK_ID") is { Length: > 0 } slurm ? slurm : Environment.GetEnvironmentVariable("JOB_COMPLETION_INDEX");
        return string.IsNullOrEmpty(task) ? $"{Environment.MachineName}:{Environment.ProcessId}" : $"task {task}";
    }

    private static void CheckPlaces(CopyDataTableCommand command)
    {
        var missing = (command.Source is null ? 1 : 0) + (command.Destination is null ? 1 : 0);
        if (missing > (command.Via is null ? 0 : 1))
        {
            throw DataErrors.InvalidOption("-Source and -Destination say where the tables are and where they go; with -Via one of them may be left out.");
        }

        if (command.Via is not null && (command.Since is not null || command.DeleteMissing != Transfer.MissingRows.Keep))
        {
            throw DataErrors.InvalidOption("-Since and -DeleteMissing ask the source, which -Via keeps apart.");
        }
    }

    private static Dictionary<string, string?> Names(IEnumerable<KeyValuePair<string, object?>> pairs) =>
        pairs.ToDictionary(p => p.Key, p => p.Value is null ? null : $"{p.Value}", StringComparer.OrdinalIgnoreCase);
}
