using DataTools.Data;
using DataTools.Databases;
using DataTools.Errors;
using DataTools.Schemas;

namespace DataTools.Validation;

/// <summary>Statements that make the rows of a destination those of the source.</summary>
internal sealed class RepairScript
{
    private readonly SqlDialect _dialect;
    private readonly TableSchema _table;
    private readonly ComparePlan _plan;
    private readonly bool _isKeyUnique;
    private readonly HashSet<UInt128> _cleared = [];

    /// <summary>For a destination that is a table of a relational database.</summary>
    public RepairScript(CompareSource destination, ComparePlan plan)
    {
        _dialect = DialectOf(destination);
        _table = destination.Table!;
        _plan = plan;
        var key = plan.Key.Select(k => k.Destination).ToHashSet(StringComparer.Ordinal);
        _isKeyUnique = key.Count > 0 && (IsWithin(_table.PrimaryKey?.Columns) || _table.Indexes.Any(i => i.IsUnique && i.Where is null && IsWithin(i.Columns)));

        bool IsWithin(IReadOnlyList<string>? columns) => columns is { Count: > 0 } && columns.All(key.Contains);
    }

    /// <summary>The dialect of the statements; an error for what no statements can repair.</summary>
    public static SqlDialect DialectOf(CompareSource destination) =>
        destination.Sql?.Dialect ?? throw DataErrors.InvalidOption($"{destination.Name} is no table of a database with SQL, which -AsRepairScript could repair.");

    /// <summary>The statements for rows that differ: deletions first, for a new row may need the place of an old one.</summary>
    public IEnumerable<string> Statements(IReadOnlyList<DifferentRow> rows) =>
        rows.OrderBy(r => r.Kind switch { DifferenceKind.Extra => 0, DifferenceKind.Different => 1, _ => 2 }).SelectMany(Statements);

    private IEnumerable<string> Statements(DifferentRow row) => row.Kind switch
    {
        DifferenceKind.Missing => [Insert(row.Source!)],
        _ when !_isKeyUnique => Anew(row),
        DifferenceKind.Extra => [$"DELETE FROM {_dialect.Quote(_table.Name)} WHERE {Where(row, _plan.Key)};"],
        _ => [$"UPDATE {_dialect.Quote(_table.Name)} SET {string.Join(", ", row.Columns.Select(c => $"{_dialect.Quote(c)} = {Literal(row.Source!, c)}"))} WHERE {Where(row, _plan.Key)};"],
    };

    /// <summary>Rows that nothing tells apart are deleted together; those of them that are right come back.</summary>
    private IEnumerable<string> Anew(DifferentRow row)
    {
        if (_cleared.Add(row.RowHash))
        {
            yield return $"DELETE FROM {_dialect.Quote(_table.Name)} WHERE {Where(row, _plan.Columns)};";
            for (var i = 0; i < row.SourceCopies; i++)
            {
                yield return Insert(row.Destination!);
            }
        }

        if (row.Kind == DifferenceKind.Different)
        {
            yield return Insert(row.Source!);
        }
    }

    private string Insert(System.Collections.Specialized.OrderedDictionary values)
    {
        var columns = _plan.Columns.Select(c => c.Destination).Where(c => _table.Find(c)?.Generated is null).ToList();
        return $"{_dialect.InsertRow(_table.Name, columns, columns.Select(c => Literal(values, c)))};";
    }

    private string Where(DifferentRow row, IEnumerable<ComparedColumn> columns) => string.Join(" AND ", columns.Select(c => Same(c.Destination, Literal(row.Destination!, c.Destination))));

    private string Same(string column, string literal) =>
        literal == "NULL" ? $"{_dialect.Quote(column)} IS NULL" : _dialect.Holds(_table.Find(column)!, literal);

    private string Literal(System.Collections.Specialized.OrderedDictionary values, string column) =>
        values[column] is string json && _table.Find(column)?.Type is ListDataType ? _dialect.ListLiteral(json, _table.Find(column)!.NativeType) : ShownValue.Literal(_dialect, values[column]);
}
