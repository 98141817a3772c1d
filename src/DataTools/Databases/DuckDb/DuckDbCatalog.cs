using System.Data.Common;
using System.Text.RegularExpressions;
using DataTools.Schemas;

namespace DataTools.Databases.DuckDb;

/// <summary>What DuckDB tells of its tables, by its table functions.</summary>
internal static partial class DuckDbCatalog
{
    private const string Mine = "(database_name = current_database() OR database_name = 'temp') AND NOT internal";

    public static IReadOnlyList<TableListing> List(DuckDbSession session, CancellationToken cancellation) => session.Query(
        $"SELECT schema_name, table_name, false, estimated_size FROM duckdb_tables() WHERE {Mine} UNION ALL SELECT schema_name, view_name, true, NULL FROM duckdb_views() WHERE {Mine} ORDER BY 1, 2",
        r => new TableListing(r.GetString(0), r.GetString(1), r.GetBoolean(2) ? TableKind.View : TableKind.Table, r.IsDBNull(3) ? null : r.GetInt64(3), null),
        cancellation);

    public static TableSchema? Find(DuckDbSession session, TableName name, CancellationToken cancellation)
    {
        var found = session.Query(
            $"""
            SELECT * FROM (
                SELECT database_name, schema_name, table_name AS name, false, comment, sql FROM duckdb_tables() WHERE {Mine}
                UNION ALL SELECT database_name, schema_name, view_name, true, comment, '' FROM duckdb_views() WHERE {Mine})
            WHERE lower(name) = lower($1) AND lower(schema_name) = lower(coalesce($2, current_schema())) ORDER BY database_name = 'temp' DESC, name = $1 DESC LIMIT 1
            """,
            r => (Database: r.GetString(0), Schema: r.GetString(1), Name: r.GetString(2), IsView: r.GetBoolean(3), Comment: Text(r, 4), Sql: r.GetString(5)),
            cancellation,
            name.Name,
            name.Schema);
        if (found is not [var table])
        {
            return null;
        }

        object?[] place = [table.Database, table.Schema, table.Name];
        var constraints = session.Query(
            "SELECT constraint_type, constraint_name, constraint_column_names, expression, referenced_table, referenced_column_names FROM duckdb_constraints() WHERE database_name = $1 AND schema_name = $2 AND table_name = $3 ORDER BY constraint_index",
            r => (Type: r.GetString(0), Name: Text(r, 1), Columns: Names(r, 2), Expression: Text(r, 3), Table: Text(r, 4), Referenced: Names(r, 5)),
            cancellation,
            place);
        var unique = constraints.Where(c => c.Type == "UNIQUE").Select(c => new IndexSchema(c.Name ?? string.Join('_', c.Columns), c.Columns, true) { IsConstraint = true });
        return new TableSchema(new TableName(table.Database == "temp" ? null : table.Schema, table.Name), table.IsView ? TableKind.View : TableKind.Table, Columns(session, table.Sql, place, cancellation))
        {
            PrimaryKey = constraints.Where(c => c.Type == "PRIMARY KEY").Select(c => new KeySchema(c.Name, c.Columns)).FirstOrDefault(),
            ForeignKeys = [.. constraints.Where(c => c.Type == "FOREIGN KEY").Select(c => new ForeignKeySchema(c.Name, c.Columns, new TableName(table.Schema, c.Table!), c.Referenced))],
            Checks = [.. constraints.Where(c => c.Type == "CHECK").Select(c => new CheckSchema(c.Name, c.Expression!))],
            Indexes = [.. unique, .. session.Query("SELECT index_name, is_unique, sql, comment FROM duckdb_indexes() WHERE database_name = $1 AND schema_name = $2 AND table_name = $3 ORDER BY index_name", Index, cancellation, place)],
            Comment = table.Comment,
        };
    }

    /// <summary>The statement that makes a table, from its name on.</summary>
    public static string CreateText(DuckDbSession session, TableName table, CancellationToken cancellation) => session.Query(
        "SELECT sql FROM duckdb_tables() WHERE table_name = $1 AND ($2 IS NULL OR schema_name = $2) AND (database_name = current_database() OR ($2 IS NULL AND database_name = 'temp'))",
        r => r.GetString(0)["CREATE TABLE ".Length..].TrimEnd(';'),
        cancellation,
        table.Name,
        table.Schema)[0];

    private static List<ColumnSchema> Columns(DuckDbSession session, string create, object?[] place, CancellationToken cancellation)
    {
        var lines = create.Length == 0 ? [] : DuckDbTypeText.Parts(create[(DuckDbTypeText.Find(create, '(') + 1)..create.LastIndexOf(')')]).ToList();
        return session.Query(
            "SELECT column_name, data_type, is_nullable, column_default, comment FROM duckdb_columns() WHERE database_name = $1 AND schema_name = $2 AND table_name = $3 ORDER BY column_index",
            r =>
            {
                var (name, native, expression) = (r.GetString(0), r.GetString(1), Text(r, 3));
                // That a column is generated, and its collation, stand only in the statement.
                var line = lines.Find(l => l.StartsWith($"{name} ", StringComparison.Ordinal) || l.StartsWith($"{session.Dialect.Quote(name)} ", StringComparison.Ordinal)) ?? "";
                var isGenerated = Generated().IsMatch(line);
                return new ColumnSchema(name, native, session.Database.Types.ToDataType(native), r.GetBoolean(2))
                {
                    Default = isGenerated ? null : expression,
                    Generated = isGenerated ? expression ?? "?" : null,
                    IsVirtual = isGenerated,
                    IsIdentity = !isGenerated && expression?.StartsWith("nextval(", StringComparison.Ordinal) == true,
                    Collation = Collate().Match(line) is { Success: true } collation ? collation.Groups[1].Value : null,
                    Values = DuckDbTypeText.ValuesOf(native),
                    Comment = Text(r, 4),
                };
            },
            cancellation,
            place);
    }

    private static IndexSchema Index(DbDataReader r)
    {
        var sql = r.GetString(2).TrimEnd(';');
        var open = DuckDbTypeText.Find(sql, '(');
        return new IndexSchema(r.GetString(0), [.. DuckDbTypeText.Parts(sql[(open + 1)..sql.LastIndexOf(')')]).Select(DuckDbTypeText.Unquoted)], r.GetBoolean(1)) { Definition = sql, Method = "art" };
    }

    private static string[] Names(DbDataReader reader, int column) => reader.IsDBNull(column) ? [] : [.. reader.GetFieldValue<List<string>>(column)];

    private static string? Text(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    [GeneratedRegex(@"\sGENERATED ALWAYS AS\s*\(")]
    private static partial Regex Generated();

    [GeneratedRegex(@"\sCOLLATE (\S+)")]
    private static partial Regex Collate();
}
