using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Formats.Json;

/// <summary>The columns that a file's records become, and how the members of a record lead to them.</summary>
internal sealed class JsonPlan
{
    private readonly JsonShape _records;
    private readonly ReadOptions _options;
    private readonly JsonRules _rules;
    private readonly int[] _position;
    private readonly List<Column> _all;

    /// <summary>Plans the columns of records of a shape.</summary>
    public JsonPlan(JsonShape records, ReadOptions options, string source, Action<string> warn)
    {
        _records = records;
        _options = options;
        _rules = new JsonRules(options, records.IsText);
        var columns = new List<Column>();
        Collect(records, "", 0, columns);
        foreach (var named in options.Types.Where(t => !t.Key.AsSpan().ContainsAny('*', '?') && !columns.Exists(c => IsName(c.Name, t.Key))))
        {
            // Records past the sample may have it.
            columns.Add(new Column(named.Key, named.Value, null));
        }

        _all = columns;
        var whole = ColumnNames.MakeUnique(new Schema([.. columns.Select(c => c.Type.ToField(c.Name))], null), source, warn);
        var names = whole.FieldsList.Select(f => f.Name).ToList();
        var chosen = options.Columns.Count == 0 ? [.. Enumerable.Range(0, names.Count)] : ColumnNames.Find(names, options.Columns, source);
        Schema = new Schema([.. chosen.Select(i => whole.FieldsList[i])], null);
        _position = new int[names.Count];
        System.Array.Fill(_position, -1);
        for (var i = 0; i < chosen.Length; i++)
        {
            _position[chosen[i]] = i;
            WarnOfMixed(columns[chosen[i]].Shape, names[chosen[i]], source, warn);
        }
    }

    /// <summary>The columns that are read.</summary>
    public Schema Schema { get; }

    /// <summary>What takes the members of a record to the columns of a builder.</summary>
    public JsonMembers NewRecord(BatchBuilder batch)
    {
        var next = 0;
        var record = NewMembers(_records, "", 0, batch, ref next);
        for (; next < _all.Count; next++)
        {
            record.Add(_all[next].Name, NewCell(next, batch));
        }

        return record;
    }

    private void Collect(JsonShape shape, string prefix, int depth, List<Column> columns)
    {
        foreach (var (name, member) in shape.Members)
        {
            var path = prefix + name;
            if (IsFlattened(member, path, depth))
            {
                Collect(member, path + _options.FlattenSeparator, depth + 1, columns);
            }
            else
            {
                var named = _options.TypeOf(path);
                columns.Add(new Column(path, named ?? member.Type, named is null ? member : null));
            }
        }
    }

    /// <summary>Walks as <see cref="Collect"/> did, so that <paramref name="next"/> counts the same columns.</summary>
    private JsonMembers NewMembers(JsonShape shape, string prefix, int depth, BatchBuilder batch, ref int next)
    {
        var members = new JsonMembers(prefix, _options.Columns.Count == 0 ? null : name => _options.Columns.Any(c => ColumnNames.IsMatch(name, c)), _rules);
        foreach (var (name, member) in shape.Members)
        {
            var path = prefix + name;
            members.Add(
                name,
                IsFlattened(member, path, depth)
                    ? new FlatCell(NewMembers(member, path + _options.FlattenSeparator, depth + 1, batch, ref next), path)
                    : NewCell(next++, batch));
        }

        return members;
    }

    private JsonCell NewCell(int column, BatchBuilder batch) =>
        _position[column] < 0 ? SkipCell.Instance
            : JsonCell.New(batch.Columns[_position[column]], _all[column].Shape, batch.Schema.GetFieldByIndex(_position[column]).Name, _rules);

    private bool IsFlattened(JsonShape shape, string path, int depth) =>
        _options.Flatten && depth < _options.FlattenDepth && shape.Type is StructDataType && !_options.Types.Keys.Any(k => IsName(path, k));

    private static bool IsName(string column, string name) => string.Equals(column, name, StringComparison.OrdinalIgnoreCase);

    private static void WarnOfMixed(JsonShape? shape, string path, string source, Action<string> warn)
    {
        if (shape is null || shape.IsText || shape.Type == DataTypes.Json)
        {
            return;
        }

        if (shape.IsMixed)
        {
            warn($"{source}: '{path}' holds strings beside numbers or booleans; all become text, and 1 can no longer be told from \"1\". Use -Type to name another type, such as json.");
        }

        foreach (var (name, member) in shape.Members)
        {
            WarnOfMixed(member, $"{path}.{name}", source, warn);
        }

        if (shape.Item is { IsMixed: false } item)
        {
            WarnOfMixed(item, path, source, warn);
        }
    }

    /// <summary>A column and the shape it was inferred from; no shape where the user named the type.</summary>
    private sealed record Column(string Name, DataType Type, JsonShape? Shape);
}
