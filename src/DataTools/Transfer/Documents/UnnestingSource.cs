using System.Text;
using DataTools.Data;
using DataTools.Databases;
using DataTools.Databases.Reading;
using DataTools.Errors;
using DataTools.Schemas;

namespace DataTools.Transfer;

/// <summary>
/// A source whose arrays are tables of their own, each with a row for each element: the key of the row that holds the array, the element's place from 1, and its
/// members, or its value where it has none. Arrays within elements become tables in the same way.
/// </summary>
internal sealed class UnnestingSource(ICopySource inner, CopyOptions options) : ReshapedSource(inner)
{
    private const string Ordinal = "ordinal";
    private const string Value = "value";

    private Dictionary<TableName, TableSchema> _roots = [];
    private Dictionary<TableName, Nested> _nested = [];

    public override DatabaseSchema Read(Func<TableName, bool> filter, CancellationToken cancellation)
    {
        var schema = Inner.Read(filter, cancellation);
        _roots = [];
        _nested = [];
        var tables = new List<TableSchema>();
        foreach (var table in schema.Tables)
        {
            tables.Add(WithoutArrays(table));
            var children = Arrays(table).SelectMany(c => Unnest(table, null, table, c)).ToList();
            if (children.Count == 0)
            {
                continue;
            }

            _roots[table.Name] = table;
            children.ForEach(c => _nested.Add(c.Table.Name, c));
            tables.AddRange(children.Where(c => !options.Exclude.Any(p => CopyOptions.IsMatch(c.Table.Name, p))).Select(c => WithoutArrays(c.Table)));
        }

        return schema with { Tables = tables };
    }

    public override long? Count(TableSchema table, string? where, CancellationToken cancellation) => _nested.ContainsKey(table.Name) ? null : base.Count(table, where, cancellation);

    public override IBatchReader Open(TableQuery query, IReadOnlyList<KeyRange> ranges, DatabaseContext context)
    {
        if (_nested.TryGetValue(query.Table!, out var nested))
        {
            return Elements(nested, query, context);
        }

        return _roots.TryGetValue(query.Table!, out var root) && query.Columns.Count == 0
            ? Inner.Open(query with { Columns = [.. WithoutArrays(root).Columns.Select(c => c.Name)] }, ranges, context)
            : Inner.Open(query, ranges, context);
    }

    public override ICopySource Fork(CancellationToken cancellation) => new UnnestingSource(Inner.Fork(cancellation), options) { _roots = _roots, _nested = _nested };

    protected override bool IsReshaped(TableName table) => _nested.ContainsKey(table);

    private static IEnumerable<ColumnSchema> Arrays(TableSchema table) => table.Columns.Where(c => c.Type is ListDataType);

    private static TableSchema WithoutArrays(TableSchema table) => table with { Columns = [.. table.Columns.Except(Arrays(table))] };

    /// <summary>The table of an array, and those of the arrays within it.</summary>
    private IEnumerable<Nested> Unnest(TableSchema root, Nested? outer, TableSchema holder, ColumnSchema array)
    {
        var key = holder.PrimaryKey?.Columns ?? throw DataErrors.InvalidOption($"-Unnest needs a key by which the elements of {holder.Name}.{array.Name} find the row that holds them, and it has none.");
        var item = ((ListDataType)array.Type).Item;
        var members = item is StructDataType structure ? structure.Members : [KeyValuePair.Create(Value, item)];
        // The key of what holds the array by its name there, its own place last.
        string[] keys = [.. key.Select((k, i) => outer is null ? $"{holder.Name.Name}_{k.TrimStart('_')}" : i < key.Count - 1 ? k : $"{outer.Array}_{Ordinal}"), Ordinal];
        var names = ColumnNames.MakeUnique([.. keys, .. members.Select(m => m.Key)], out _);
        var types = Inner.Kind.Types;
        var columns = names.Select((name, i) =>
        {
            var type = i < key.Count ? holder.Find(key[i])!.Type : i == key.Count ? DataTypes.Int64 : members[i - keys.Length].Value;
            return new ColumnSchema(name, i < key.Count ? holder.Find(key[i])!.NativeType : types.ToNative(type, name), type, i >= keys.Length);
        }).ToList();
        var table = new TableSchema(holder.Name with { Name = $"{holder.Name.Name}_{array.Name}" }, TableKind.Table, columns)
        {
            PrimaryKey = new KeySchema(null, names[..keys.Length]),
            ForeignKeys = [new ForeignKeySchema(null, names[..key.Count], holder.Name, key)],
        };
        var nested = new Nested(root, outer, array.Name, table, [.. members.Select(m => m.Key)], item is StructDataType);
        return [nested, .. Arrays(table).SelectMany(c => Unnest(root, nested, table, c))];
    }

    private QueriedRows Elements(Nested nested, TableQuery query, DatabaseContext context)
    {
        if (query.Where is not null)
        {
            throw DataErrors.InvalidOption($"-Where cannot be given for {query.Table}, whose rows are elements of arrays: give it for {nested.Root.Name}, or leave rows out by -Transform.");
        }

        var outermost = nested;
        while (outermost.Outer is { } outer)
        {
            outermost = outer;
        }

        var input = Inner.Open(
            query with { Table = nested.Root.Name, Columns = [.. nested.Root.PrimaryKey!.Columns, outermost.Array], Where = CopyOptions.For(options.Where, nested.Root.Name), First = null },
            [],
            context);
        string[] wanted = query.Columns.Count > 0 ? [.. query.Columns] : [.. WithoutArrays(nested.Table).Columns.Select(c => c.Name)];
        var limit = query.First is { } first ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $" LIMIT {first}") : "";
        return new QueriedRows($"SELECT {List(wanted)} FROM ({Sql(nested)}){limit}", Input, input, null, context);
    }

    /// <summary>The rows of an array's table, arrays within its elements included.</summary>
    private static string Sql(Nested nested)
    {
        var key = nested.Table.PrimaryKey!.Columns;
        var holder = nested.Outer is null ? Input : $"({Sql(nested.Outer)})";
        var from = nested.Outer?.Table.PrimaryKey!.Columns ?? nested.Root.PrimaryKey!.Columns;
        var elements = new StringBuilder("SELECT ");
        elements.AppendJoin(", ", from.Select((k, i) => $"{Quote(k)} AS {Quote(key[i])}")).Append(System.Globalization.CultureInfo.InvariantCulture, $", unnest(range(1, len({Quote(nested.Array)}) + 1)) AS {Quote(key[^1])}, unnest({Quote(nested.Array)}) AS datatools_element FROM {holder}");
        var columns = nested.Table.Columns.Skip(key.Count).Select((c, i) => $"datatools_element{(nested.HasMembers ? $".{Quote(nested.Members[i])}" : "")} AS {Quote(c.Name)}");
        return $"SELECT {List(key)}, {string.Join(", ", columns)} FROM ({elements})";
    }

    /// <summary>An array that is a table.</summary>
    /// <param name="Root">The table of the source that holds it.</param>
    /// <param name="Outer">The array within whose elements it is; null for none.</param>
    /// <param name="Array">Its name in what holds it.</param>
    /// <param name="Table">Its rows, arrays within them included.</param>
    /// <param name="Members">The members of its elements.</param>
    /// <param name="HasMembers">Whether they have some, or are values.</param>
    private sealed record Nested(TableSchema Root, Nested? Outer, string Array, TableSchema Table, IReadOnlyList<string> Members, bool HasMembers);
}
