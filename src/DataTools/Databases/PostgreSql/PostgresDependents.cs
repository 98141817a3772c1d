using DataTools.Schemas;
using DataTools.Schemas.Changes;
using DataTools.Schemas.Comparison;

namespace DataTools.Databases.PostgreSql;

/// <summary>Views, functions, policies, triggers and whatever else uses tables, columns or types, which PostgreSQL does not drop as long as these are there.</summary>
internal static class PostgresDependents
{
    /// <summary>Tables, columns (by tables and names), types that go, and types that are made anew, with whose columns views are made anew too. What belongs to a table that goes, goes with it.</summary>
    private const string Query =
        """
        WITH tables AS (SELECT to_regclass(t)::oid AS oid FROM unnest($1::text[]) t WHERE to_regclass(t) IS NOT NULL),
            gone AS (
                SELECT 'pg_class'::regclass AS class, oid, NULL::integer AS part, true AS for_views FROM tables
                UNION ALL SELECT 'pg_type'::regclass, c.reltype, NULL, true FROM tables t JOIN pg_class c ON c.oid = t.oid
                UNION ALL SELECT 'pg_class'::regclass, a.attrelid, a.attnum, true FROM unnest($2::text[], $3::text[]) w(t, c) JOIN pg_attribute a ON a.attrelid = to_regclass(w.t)::oid AND a.attname = w.c
                UNION ALL SELECT 'pg_type'::regclass, unnest(ARRAY[t.oid, t.typarray]), NULL, w.is_dropped
                    FROM (SELECT to_regtype(n)::oid AS oid, true AS is_dropped FROM unnest($4::text[]) n UNION ALL SELECT to_regtype(n)::oid, false FROM unnest($5::text[]) n) w JOIN pg_type t ON t.oid = w.oid)
        SELECT DISTINCT CASE WHEN r.rulename = '_RETURN' THEN pg_describe_object('pg_class'::regclass, r.ev_class, 0) ELSE pg_describe_object(d.classid, d.objid, 0) END
            || ' uses ' || pg_describe_object(g.class, g.oid, coalesce(g.part, 0))
        FROM gone g JOIN pg_depend d ON d.refclassid = g.class AND d.refobjid = g.oid AND (g.part IS NULL OR d.refobjsubid = g.part)
            LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
            LEFT JOIN pg_policy p ON d.classid = 'pg_policy'::regclass AND p.oid = d.objid
            LEFT JOIN pg_trigger t ON d.classid = 'pg_trigger'::regclass AND t.oid = d.objid
            LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
        WHERE d.deptype = 'n' AND (d.classid NOT IN ('pg_class'::regclass, 'pg_type'::regclass, 'pg_constraint'::regclass, 'pg_attrdef'::regclass) OR c.relkind = 'c')
            AND (g.for_views OR r.oid IS NULL) AND coalesce(r.ev_class, p.polrelid, t.tgrelid, 0) NOT IN (SELECT oid FROM tables)
        ORDER BY 1
        """;

    public static IReadOnlyList<string> Of(PostgresSession session, SchemaComparison comparison, CancellationToken cancellation)
    {
        var columns = comparison.Tables.SelectMany(t => t.DroppedColumns.Select(c => (Table: Name(t.Left.Name), c.Name))).ToList();
        return session.Query(
            Query,
            r => r.GetString(0),
            cancellation,
            comparison.DroppedTables.Select(t => Name(t.Name)).ToArray(),
            columns.Select(c => c.Table).ToArray(),
            columns.Select(c => c.Name).ToArray(),
            comparison.Enums.Where(e => e.Right is null).Select(e => e.Left!.Name).Concat(comparison.Domains.Where(d => d.Right is null).Select(d => d.Left!.Name)).Select(session.Dialect.Quote).ToArray(),
            ViewsInTheWay.NewEnums(comparison).Where(e => e.Right is not null).Select(e => session.Dialect.Quote(e.Left!.Name)).ToArray());

        // What is renamed has its old name yet.
        string Name(TableName table) => session.Dialect.Quote(comparison.Renames.FirstOrDefault(r => r.Column is null && r.To == table.Name && r.Table.Schema == table.Schema) is { } rename ? table with { Name = rename.Table.Name } : table);
    }
}
