using DataTools.Errors;
using DataTools.Schemas.Expressions;

namespace DataTools.Schemas.Comparison;

/// <summary>Renamings: those that somebody told of are made on the left side, those that look like one are proposed.</summary>
internal static class SchemaRenames
{
    /// <summary>The schema under its new names, and the renamings in the order in which they must be made: tables, then columns.</summary>
    public static (DatabaseSchema Schema, List<SchemaRename> Renames) Apply(DatabaseSchema schema, IReadOnlyDictionary<string, string> renames, SchemaText text)
    {
        var made = new List<SchemaRename>();
        foreach (var (from, to) in renames)
        {
            var isTable = schema.Tables.FirstOrDefault(t => IsNamed(t.Name, TableName.Parse(from), text));
            if (isTable is not null)
            {
                schema = Renamed(schema, isTable.Name, to);
                made.Add(new SchemaRename(text.Name(isTable.Name), null, to));
            }
        }

        foreach (var (from, to) in renames.Where(r => !made.Exists(m => IsNamed(m.Table, TableName.Parse(r.Key), text))))
        {
            var (table, column) = Column(schema, from, text);
            schema = Renamed(schema, table, column, to);
            made.Add(new SchemaRename(text.Name(table.Name), column, to));
        }

        return (schema, made);
    }

    /// <summary>Tables with the same columns, and columns of the same type beside the same neighbour.</summary>
    public static List<RenameCandidate> Candidates(List<TableSchema> dropped, List<TableSchema> added, List<TableComparison> pairs, SchemaText left, SchemaText right)
    {
        var result = new List<RenameCandidate>();
        foreach (var table in dropped)
        {
            result.AddRange(added.Where(a => Shape(a, right).SequenceEqual(Shape(table, left))).Take(1).Select(a => new RenameCandidate(null, left.Name(table.Name).ToString(), a.Name.Name)));
        }

        foreach (var pair in pairs)
        {
            result.AddRange(pair.DroppedColumns.SelectMany(d => pair.AddedColumns.Where(a => left.Type(d) == right.Type(a) && Before(pair.Left, d) == Before(pair.Right, a)).Take(1)
                .Select(a => new RenameCandidate(right.Name(pair.Right.Name), d.Name, a.Name))));
        }

        return result;
    }

    private static IEnumerable<string> Shape(TableSchema table, SchemaText text) => table.Columns.Select(c => $"{c.Name} {text.Type(c)}");

    /// <summary>How far from the table's beginning a column stands.</summary>
    private static int Before(TableSchema table, ColumnSchema column) => table.Columns.TakeWhile(c => c.Name != column.Name).Count();

    private static bool IsNamed(TableName table, TableName name, SchemaText text) => text.Name(table) == text.Name(name);

    private static (TableSchema Table, string Column) Column(DatabaseSchema schema, string from, SchemaText text)
    {
        var dot = from.LastIndexOf('.');
        var table = dot < 0 ? null : schema.Tables.FirstOrDefault(t => IsNamed(t.Name, TableName.Parse(from[..dot]), text));
        var column = table?.Columns.FirstOrDefault(c => c.Name == TableName.Parse(from[(dot + 1)..]).Name);
        return column is null
            ? throw DataErrors.InvalidOption($"-Rename names '{from}', which is neither a table nor a column (table.column, with the table's new name) of the left side.")
            : (table!, column.Name);
    }

    private static DatabaseSchema Renamed(DatabaseSchema schema, TableName table, string to) => schema with
    {
        Tables =
        [
            .. schema.Tables.Select(t => t with
            {
                Name = t.Name == table ? t.Name with { Name = to } : t.Name,
                ForeignKeys = [.. t.ForeignKeys.Select(k => TableOrder.IsSame(k.References, table) ? k with { References = k.References with { Name = to } } : k)],
            }),
        ],
    };

    private static DatabaseSchema Renamed(DatabaseSchema schema, TableSchema table, string from, string to) => schema with
    {
        Tables =
        [
            .. schema.Tables.Select(t => (t == table ? Renamed(t, from, to) : t) with
            {
                ForeignKeys = [.. t.ForeignKeys.Select(k => k with
                {
                    Columns = t == table ? Replaced(k.Columns, from, to) : k.Columns,
                    ReferencedColumns = TableOrder.IsSame(k.References, table.Name) ? Replaced(k.ReferencedColumns, from, to) : k.ReferencedColumns,
                })],
            }),
        ],
    };

    private static TableSchema Renamed(TableSchema table, string from, string to) => table with
    {
        Columns = [.. table.Columns.Select(c => c with { Name = c.Name == from ? to : c.Name, Generated = InExpression(c.Generated, from, to) })],
        PrimaryKey = table.PrimaryKey is null ? null : table.PrimaryKey with { Columns = Replaced(table.PrimaryKey.Columns, from, to) },
        Checks = [.. table.Checks.Select(c => c with { Name = c.Column == from ? to : c.Name, Column = c.Column == from ? to : c.Column, Expression = InExpression(c.Expression, from, to)! })],
        Indexes = [.. table.Indexes.Select(i => i with
        {
            Columns = Replaced(i.Columns, from, to),
            Parts = [.. i.Parts.Select(p => p with { Text = p.IsExpression ? InExpression(p.Text, from, to)! : p.Text == from ? to : p.Text })],
            Includes = Replaced(i.Includes, from, to),
            Where = InExpression(i.Where, from, to),
        })],
    };

    private static IReadOnlyList<string> Replaced(IReadOnlyList<string> names, string from, string to) => [.. names.Select(n => n == from ? to : n)];

    private static string? InExpression(string? sql, string from, string to)
    {
        if (sql is null)
        {
            return null;
        }

        foreach (var token in SqlTokens.Read(sql).Where(t => t.IsName && t.Text == from).Reverse())
        {
            sql = $"{sql[..token.Start]}\"{to}\"{sql[token.End..]}";
        }

        return sql;
    }
}
