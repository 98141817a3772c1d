using DataTools.Errors;

namespace DataTools.Migrations;

/// <summary>Which migration needs which. A file that says nothing needs the one before it.</summary>
internal sealed class MigrationGraph
{
    private readonly Dictionary<string, MigrationFile> _files = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, IReadOnlyList<string>> _needs = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Orders the versioned migrations of a folder. What is named as needed and not there must be one of <paramref name="applied"/>, whose file is gone.</summary>
    public MigrationGraph(IReadOnlyList<MigrationFile> files, IReadOnlySet<string> applied)
    {
        string? before = null;
        foreach (var file in files.Where(f => !f.IsRepeatable))
        {
            _files.Add(file.Id, file);
            _needs.Add(file.Id, file.Options.Depends ?? (before is null ? [] : [before]));
            before = file.Id;
        }

        foreach (var (id, needs) in _needs)
        {
            if (needs.FirstOrDefault(n => !_files.ContainsKey(n) && !applied.Contains(n)) is { } unknown)
            {
                throw DataErrors.MigrationsUnclear($"{_files[id].FileName} depends on '{unknown}', which is not there.", id);
            }
        }

        Ordered = Order();
        Heads = [.. _files.Keys.Except(_needs.Values.SelectMany(n => n), StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)];
    }

    /// <summary>The migrations, each behind those that it needs.</summary>
    public IReadOnlyList<MigrationFile> Ordered { get; }

    /// <summary>The migrations that no other needs.</summary>
    public IReadOnlyList<string> Heads { get; }

    /// <summary>The migrations and all that they need.</summary>
    public HashSet<string> WithAncestors(params IEnumerable<string> ids)
    {
        var found = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var next = new Stack<string>(ids);
        while (next.TryPop(out var current))
        {
            if (found.Add(current) && _needs.TryGetValue(current, out var needs))
            {
                foreach (var need in needs)
                {
                    next.Push(need);
                }
            }
        }

        return found;
    }

    /// <summary>Of those that could be next always the first of the folder.</summary>
    private List<MigrationFile> Order()
    {
        var waits = _needs.ToDictionary(n => n.Key, n => n.Value.Count(_files.ContainsKey), StringComparer.OrdinalIgnoreCase);
        var followers = _needs.SelectMany(n => n.Value.Select(need => (need, n.Key))).ToLookup(p => p.need, p => p.Key, StringComparer.OrdinalIgnoreCase);
        var places = _files.Keys.Select((id, i) => (id, i)).ToDictionary(p => p.id, p => p.i, StringComparer.OrdinalIgnoreCase);
        var ready = new PriorityQueue<string, int>(waits.Where(w => w.Value == 0).Select(w => (w.Key, places[w.Key])));
        var ordered = new List<MigrationFile>();
        while (ready.TryDequeue(out var id, out _))
        {
            ordered.Add(_files[id]);
            foreach (var follower in followers[id])
            {
                if (--waits[follower] == 0)
                {
                    ready.Enqueue(follower, places[follower]);
                }
            }
        }

        return ordered.Count == _files.Count
            ? ordered
            : throw DataErrors.MigrationsUnclear($"Migrations depend on each other in a circle: {string.Join(", ", _files.Keys.Except(ordered.Select(f => f.Id)).Order(StringComparer.Ordinal))}.", null);
    }
}
