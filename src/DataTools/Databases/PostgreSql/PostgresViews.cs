using DataTools.Schemas;

namespace DataTools.Databases.PostgreSql;

/// <summary>
/// Views that read columns, which PostgreSQL neither drops nor gives another type as long as the views are there. They are kept as the database has them when the statements run,
/// for owners and grants are others on another server.
/// </summary>
internal static class PostgresViews
{
    private const string Keeping =
        """
        DO $datatools$
        -- Keeps the views that read columns whose types change, with all that they have, and drops them.
        DECLARE
            v record;
        BEGIN
            CREATE TEMPORARY TABLE datatools_views (step integer GENERATED ALWAYS AS IDENTITY, name text, make text);
            FOR v IN
                {0}
                SELECT c.*, format('%I.%I', n.nspname, c.relname) AS name, {1} AS fixed FROM found JOIN pg_class c ON c.oid = found.oid JOIN pg_namespace n ON n.oid = c.relnamespace ORDER BY found.depth, 1
            LOOP
                IF v.fixed IS NOT NULL THEN
                    RAISE EXCEPTION 'the view % stands in the way and cannot be dropped and made again exactly, for it %', v.name, v.fixed;
                END IF;
                INSERT INTO pg_temp.datatools_views (name, make) VALUES (v.name, format('CREATE VIEW %s%s AS %s', v.name, ' WITH (' || array_to_string(v.reloptions, ', ') || ')', pg_get_viewdef(v.oid)));
                INSERT INTO pg_temp.datatools_views (make) VALUES (format('ALTER VIEW %s OWNER TO %I', v.name, pg_get_userbyid(v.relowner)));
                INSERT INTO pg_temp.datatools_views (make)
                    SELECT format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s', v.name, a.attname, pg_get_expr(d.adbin, d.adrelid)) FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE d.adrelid = v.oid;
                INSERT INTO pg_temp.datatools_views (make)
                    SELECT format('COMMENT ON %s IS %L', CASE d.objsubid WHEN 0 THEN 'VIEW ' || v.name ELSE format('COLUMN %s.%I', v.name, a.attname) END, d.description)
                    FROM pg_description d LEFT JOIN pg_attribute a ON a.attrelid = d.objoid AND a.attnum = d.objsubid WHERE d.objoid = v.oid AND d.classoid = 'pg_class'::regclass;
                IF v.relacl IS NOT NULL OR EXISTS (SELECT 1 FROM pg_default_acl WHERE defaclobjtype = 'r') THEN
                    INSERT INTO pg_temp.datatools_views (make)
                        SELECT format('REVOKE ALL ON %s FROM %s', v.name, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END)
                        FROM (SELECT v.relowner AS grantee UNION SELECT (aclexplode(defaclacl)).grantee FROM pg_default_acl WHERE defaclobjtype = 'r') a;
                    INSERT INTO pg_temp.datatools_views (make)
                        SELECT format('GRANT %s ON %s TO %s%s', privilege_type, v.name, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END, CASE WHEN is_grantable THEN ' WITH GRANT OPTION' END)
                        FROM aclexplode(coalesce(v.relacl, acldefault('r', v.relowner)));
                END IF;
                INSERT INTO pg_temp.datatools_views (make)
                    SELECT format('GRANT %s (%I) ON %s TO %s%s', x.privilege_type, a.attname, v.name, CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END, CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' END)
                    FROM pg_attribute a, aclexplode(a.attacl) x WHERE a.attrelid = v.oid;
            END LOOP;
            FOR v IN SELECT name FROM pg_temp.datatools_views WHERE name IS NOT NULL ORDER BY step DESC LOOP
                EXECUTE 'DROP VIEW ' || v.name;
            END LOOP;
        END $datatools$
        """;

    /// <summary>Why a view could not be made again as it was; null where it can.</summary>
    private const string Fixed =
        """
        CASE WHEN c.relkind <> 'v' THEN 'is more than a view' WHEN EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid) THEN 'has triggers' WHEN EXISTS (SELECT 1 FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN') THEN 'has rules'
                    WHEN EXISTS (SELECT 1 FROM aclexplode(c.relacl) x WHERE x.grantor <> c.relowner) OR EXISTS (SELECT 1 FROM pg_attribute a, aclexplode(a.attacl) x WHERE a.attrelid = c.oid AND x.grantor <> c.relowner) THEN 'has grants by others than its owner'
                    WHEN EXISTS (SELECT 1 FROM pg_seclabel l WHERE l.objoid = c.oid) THEN 'has security labels' END
        """;

    /// <summary>The statement that makes the views again.</summary>
    public const string BringBack =
        """
        DO $datatools$
        -- Makes them again as they were.
        DECLARE
            v record;
        BEGIN
            FOR v IN SELECT make FROM pg_temp.datatools_views ORDER BY step LOOP
                EXECUTE v.make;
            END LOOP;
            DROP TABLE pg_temp.datatools_views;
        END $datatools$
        """;

    /// <summary>The statement that keeps the views which read columns, and drops them.</summary>
    public static string Keep(SqlDialect dialect, IEnumerable<(TableName Table, IEnumerable<string> Columns)> columns) =>
        Keeping.Replace("{0}", Found(dialect, columns), StringComparison.Ordinal).Replace("{1}", Fixed, StringComparison.Ordinal);

    /// <summary>The query that names the views which read a column; only those that could not be made again as they are, where that is what is asked.</summary>
    public static string On(SqlDialect dialect, TableName table, string column, bool onlyFixed) =>
        $"{Found(dialect, [(table, [column])])} SELECT format('%I.%I', n.nspname, c.relname) AS view_that_reads_the_column FROM found JOIN pg_class c ON c.oid = found.oid JOIN pg_namespace n ON n.oid = c.relnamespace{(onlyFixed ? $" WHERE ({Fixed}) IS NOT NULL" : "")}";

    /// <summary>The views of columns, and those that read these, by how far away they are.</summary>
    private static string Found(SqlDialect dialect, IEnumerable<(TableName Table, IEnumerable<string> Columns)> columns)
    {
        var wanted = string.Join(" OR ", columns.Select(c => $"(a.attrelid = {dialect.Literal(dialect.Quote(c.Table))}::regclass AND a.attname IN ({string.Join(", ", c.Columns.Select(dialect.Literal))}))"));
        return "WITH RECURSIVE reads AS (SELECT r.ev_class AS oid, d.refobjid AS of, d.refobjsubid AS part FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.ev_class),"
            + $" paths AS (SELECT r.oid, 1 AS depth FROM reads r JOIN pg_attribute a ON a.attrelid = r.of AND a.attnum = r.part WHERE {wanted} UNION SELECT r.oid, p.depth + 1 FROM paths p JOIN reads r ON r.of = p.oid),"
            + " found AS (SELECT oid, max(depth) AS depth FROM paths GROUP BY oid)";
    }
}
