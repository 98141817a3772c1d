namespace DataTools.Schemas;

/// <summary>A key that closes a circle of tables, so that no order serves it.</summary>
/// <param name="Table">The table that has the key.</param>
/// <param name="Key">The key.</param>
public sealed record CyclicKey(TableSchema Table, ForeignKeySchema Key);

/// <summary>Tables in an order in which each comes after those to which its keys point.</summary>
public sealed class TableOrder
{
    private readonly List<IReadOnlyList<TableSchema>> _levels = [];
    private readonly List<CyclicKey> _cycles = [];

    private TableOrder()
    {
    }

    /// <summary>The tables level by level: those of a level point only to tables of levels before, but for <see cref="Cycles"/> and keys to the table itself.</summary>
    public IReadOnlyList<IReadOnlyList<TableSchema>> Levels => _levels;

    /// <summary>The keys that point to a table of the same or of a later level.</summary>
    public IReadOnlyList<CyclicKey> Cycles => _cycles;

    /// <summary>All tables in order.</summary>
    public IEnumerable<TableSchema> Tables => _levels.SelectMany(l => l);

    /// <summary>Orders tables; keys to tables that are not among them count for nothing. Tables of a level keep the order in which they were given.</summary>
    public static TableOrder Of(IEnumerable<TableSchema> tables)
    {
        var rest = tables.ToList();
        var keys = rest.ToDictionary(t => t, t => t.ForeignKeys.Where(k => rest.Exists(r => r != t && IsSame(k.References, r.Name))).ToList());
        var result = new TableOrder();
        while (rest.Count > 0)
        {
            var level = rest.Where(t => !keys[t].Exists(k => rest.Exists(r => IsSame(k.References, r.Name)))).ToList();
            if (level.Count == 0)
            {
                level = [Breaker(rest, keys)];
                result._cycles.AddRange(keys[level[0]].Where(k => rest.Exists(r => IsSame(k.References, r.Name))).Select(k => new CyclicKey(level[0], k)));
            }

            result._levels.Add(level);
            rest.RemoveAll(level.Contains);
        }

        return result;
    }

    /// <summary>The table of a name, to the letter if there is such a one; null where there is none.</summary>
    public static TableSchema? Find(IEnumerable<TableSchema> tables, TableName name) => tables.FirstOrDefault(t => t.Name == name) ?? tables.FirstOrDefault(t => IsSame(t.Name, name));

    /// <summary>Whether two names mean one table; a name without a schema means that of the connection.</summary>
    public static bool IsSame(TableName left, TableName right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return string.Equals(left.Name, right.Name, StringComparison.OrdinalIgnoreCase)
            && (left.Schema is null || right.Schema is null || string.Equals(left.Schema, right.Schema, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A table that lies on a circle itself, and of those the one with the fewest keys that would have to wait.</summary>
    private static TableSchema Breaker(List<TableSchema> rest, Dictionary<TableSchema, List<ForeignKeySchema>> keys) =>
        rest.Where(t => IsOnCircle(t, rest, keys)).MinBy(t => keys[t].Count(k => rest.Exists(r => IsSame(k.References, r.Name))))!;

    private static bool IsOnCircle(TableSchema table, List<TableSchema> rest, Dictionary<TableSchema, List<ForeignKeySchema>> keys)
    {
        var seen = new HashSet<TableSchema>();
        var next = new Queue<TableSchema>([table]);
        while (next.TryDequeue(out var at))
        {
            foreach (var to in rest.Where(r => keys[at].Exists(k => IsSame(k.References, r.Name))))
            {
                if (to == table)
                {
                    return true;
                }

                if (seen.Add(to))
                {
                    next.Enqueue(to);
                }
            }
        }

        return false;
    }
}
