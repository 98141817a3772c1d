using System.Data.Common;
using DataTools.Schemas;

namespace DataTools.Databases.PostgreSql;

/// <summary>What PostgreSQL's catalogue tells of tables.</summary>
internal static class PostgresCatalog
{
    private const string Tables =
        """
        SELECT n.nspname, c.relname, c.relkind::text, CASE WHEN c.relkind = 'v' OR c.reltuples < 0 THEN NULL ELSE c.reltuples::bigint END,
            CASE WHEN c.relkind IN ('r', 'm') THEN pg_total_relation_size(c.oid) END, NOT has_schema_privilege(n.oid, 'USAGE')
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\_%'
        ORDER BY 1, 2
        """;

    /// <summary>The name's schema may be left to the search path.</summary>
    private const string Table =
        """
        SELECT c.oid::bigint, n.nspname, c.relname, c.relkind::text, obj_description(c.oid, 'pg_class'), CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END, row_security_active(c.oid)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.oid = to_regclass($1)
        """;

    private const string Columns =
        """
        SELECT a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END, a.attnotnull,
            pg_get_expr(d.adbin, d.adrelid), a.attidentity <> '' OR pg_get_serial_sequence(c.oid::regclass::text, a.attname) IS NOT NULL, a.attgenerated <> '',
            col_description(a.attrelid, a.attnum), CASE WHEN a.attcollation <> t.typcollation THEN (SELECT collname FROM pg_collation WHERE oid = a.attcollation) END,
            ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = a.atttypid ORDER BY enumsortorder),
            a.attidentity::text, s.seqstart, s.seqincrement, CASE WHEN e.typtype = 'e' THEN (SELECT nspname FROM pg_namespace WHERE oid = e.typnamespace) END, e.typname, a.attgenerated::text, q.nspname, sc.relname
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
            JOIN pg_type e ON e.oid = CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN t.typelem ELSE t.oid END LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            LEFT JOIN pg_sequence s ON s.seqrelid = pg_get_serial_sequence(c.oid::regclass::text, a.attname)::regclass
            LEFT JOIN pg_class sc ON sc.oid = s.seqrelid LEFT JOIN pg_namespace q ON q.oid = sc.relnamespace
        WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
        """;

    private const string Constraints =
        """
        SELECT c.conname, c.contype::text, ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k(n, o) JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY k.o),
            n.nspname, f.relname, ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY k(n, o) JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.n ORDER BY k.o),
            c.confdeltype::text, c.confupdtype::text, pg_get_expr(c.conbin, c.conrelid), c.condeferrable, c.condeferred, c.convalidated, c.confmatchtype = 'f',
            (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM jsonb_array_elements_text(CASE WHEN jsonb_typeof(to_jsonb(c) -> 'confdelsetcols') = 'array' THEN to_jsonb(c) -> 'confdelsetcols' ELSE '[]' END) k(n)
                JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n::integer)
        FROM pg_constraint c LEFT JOIN pg_class f ON f.oid = c.confrelid LEFT JOIN pg_namespace n ON n.oid = f.relnamespace
        WHERE c.conrelid = $1::oid AND c.contype IN ('p', 'f', 'c') ORDER BY c.conname
        """;

    private const string Indexes =
        """
        SELECT c.relname, i.indisunique, am.amname, pg_get_expr(i.indpred, i.indrelid), pg_get_indexdef(i.indexrelid),
            ARRAY(SELECT CASE WHEN i.indkey[k - 1] = 0 THEN '(' || pg_get_indexdef(i.indexrelid, k, true) || ')' ELSE (SELECT attname::text FROM pg_attribute WHERE attrelid = i.indrelid AND attnum = i.indkey[k - 1]) END
                FROM generate_series(1, i.indnkeyatts) k),
            k.contype IS NOT NULL, CASE WHEN k.contype = 'x' THEN pg_get_constraintdef(k.oid) END, coalesce(k.condeferrable, false), coalesce(k.condeferred, false), i.indisvalid,
            ARRAY(SELECT i.indoption[k - 1]::int FROM generate_series(1, i.indnkeyatts) k),
            ARRAY(SELECT CASE WHEN o.opcdefault THEN '' ELSE o.opcname::text END FROM generate_series(1, i.indnkeyatts) k JOIN pg_opclass o ON o.oid = i.indclass[k - 1] ORDER BY k),
            ARRAY(SELECT coalesce((SELECT l.collname::text FROM pg_collation l WHERE l.oid = i.indcollation[k - 1] AND l.collname <> 'default'
                AND l.oid IS DISTINCT FROM (SELECT attcollation FROM pg_attribute WHERE attrelid = i.indrelid AND attnum = i.indkey[k - 1])), '') FROM generate_series(1, i.indnkeyatts) k),
            ARRAY(SELECT a.attname::text FROM generate_series(i.indnkeyatts + 1, i.indnatts) k JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k - 1] ORDER BY k),
            coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am am ON am.oid = c.relam
            LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('u', 'x')
        WHERE i.indrelid = $1::oid AND NOT i.indisprimary ORDER BY c.relname
        """;

    public static IReadOnlyList<TableListing> List(PostgresSession session, CancellationToken cancellation) => session.Query(
        Tables,
        r => new TableListing(r.GetString(0), r.GetString(1), Kind(r.GetString(2)), r.IsDBNull(3) ? null : r.GetInt64(3), r.IsDBNull(4) ? null : r.GetInt64(4)) { IsShut = r.GetBoolean(5) },
        cancellation);

    public static IReadOnlyList<EnumSchema> ListEnums(PostgresSession session, CancellationToken cancellation) => session.Query(
        $"SELECT n.nspname, t.typname, ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder) FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e' AND {Users} AND {NotExtensions("pg_type", "t")} ORDER BY 1, 2",
        r => new EnumSchema(new TableName(r.GetString(0), r.GetString(1)), r.GetFieldValue<string[]>(2)),
        cancellation);

    public static IReadOnlyList<DomainSchema> ListDomains(PostgresSession session, CancellationToken cancellation) => session.Query(
        $"""
        SELECT n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod) || CASE WHEN t.typcollation <> b.typcollation THEN ' COLLATE ' || (SELECT quote_ident(collname) FROM pg_collation WHERE oid = t.typcollation) ELSE '' END,
            t.typdefault, t.typnotnull, ARRAY(SELECT conname::text FROM pg_constraint WHERE contypid = t.oid AND contype = 'c' ORDER BY conname), ARRAY(SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contypid = t.oid AND contype = 'c' ORDER BY conname)
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_type b ON b.oid = t.typbasetype WHERE t.typtype = 'd' AND {Users} AND {NotExtensions("pg_type", "t")} ORDER BY b.typtype = 'd', 1, 2
        """,
        r => new DomainSchema(new TableName(r.GetString(0), r.GetString(1)), r.GetString(2))
        {
            Default = Text(r, 3),
            NotNull = r.GetBoolean(4),
            Checks = [.. r.GetFieldValue<string[]>(5).Zip(r.GetFieldValue<string[]>(6), KeyValuePair.Create)],
        },
        cancellation);

    public static IReadOnlyList<DatabaseObject> ListOthers(PostgresSession session, CancellationToken cancellation) => session.Query(
        $"""
        SELECT 'View', n.nspname, c.relname, NULL, NULL, 'CREATE ' || CASE c.relkind WHEN 'm' THEN 'MATERIALIZED ' ELSE '' END || 'VIEW ' || c.oid::regclass || ' AS' || chr(10) || pg_get_viewdef(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm') AND {Users} AND {NotExtensions("pg_class", "c")}
        UNION ALL SELECT 'Trigger', n.nspname, t.tgname, n.nspname, c.relname, pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND {Users}
        UNION ALL SELECT 'Function', n.nspname, p.proname, NULL, NULL, pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.prokind IN ('f', 'p') AND {Users} AND {NotExtensions("pg_proc", "p")}
        UNION ALL SELECT 'Sequence', n.nspname, c.relname, NULL, NULL, NULL FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S' AND {Users}
            AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i', 'e') AND d.refclassid IN ('pg_class'::regclass, 'pg_extension'::regclass))
        ORDER BY 1, 2, 3
        """,
        r => new DatabaseObject(r.GetString(0), new TableName(r.GetString(1), r.GetString(2)), r.IsDBNull(4) ? null : new TableName(r.GetString(3), r.GetString(4)), Text(r, 5)),
        cancellation);

    private const string Users = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'";

    private static string NotExtensions(string catalog, string alias) =>
        $"NOT EXISTS (SELECT 1 FROM pg_depend x WHERE x.classid = '{catalog}'::regclass AND x.objid = {alias}.oid AND x.deptype = 'e')";

    public static TableSchema? Find(PostgresSession session, TableName name, CancellationToken cancellation)
    {
        var found = session.Query(
            Table,
            r => (Oid: r.GetInt64(0), Schema: r.GetString(1), Name: r.GetString(2), Kind: r.GetString(3), Comment: Text(r, 4), Partitions: Text(r, 5), IsFiltered: r.GetBoolean(6)),
            cancellation,
            session.Dialect.Quote(name));
        if (found is not [var table])
        {
            return null;
        }

        var keys = session.Query(Constraints, Constraint, cancellation, table.Oid);
        return new TableSchema(new TableName(table.Schema, table.Name), Kind(table.Kind), session.Query(Columns, r => Column(session, r), cancellation, table.Oid))
        {
            PrimaryKey = keys.OfType<KeySchema>().FirstOrDefault(),
            ForeignKeys = [.. keys.OfType<ForeignKeySchema>()],
            Checks = [.. keys.OfType<CheckSchema>()],
            Indexes = session.Query(Indexes, Index, cancellation, table.Oid),
            Comment = table.Comment,
            PartitionBy = table.Partitions,
            IsFiltered = table.IsFiltered,
        };
    }

    private static ColumnSchema Column(PostgresSession session, DbDataReader r)
    {
        var native = r.GetString(1);
        var expression = Text(r, 4);
        var isGenerated = r.GetBoolean(6);
        var isSerial = Text(r, 10)!.Length == 0 && !r.IsDBNull(11);
        return new ColumnSchema(r.GetString(0), native, session.Database.Types.ToDataType(Text(r, 2) ?? native), !r.GetBoolean(3))
        {
            // The default of a serial column draws from the sequence that comes with it.
            Default = isGenerated || isSerial ? null : expression,
            Generated = isGenerated ? expression : null,
            IsVirtual = r.GetString(15) == "v",
            Identity = r.IsDBNull(11) ? null : new IdentitySchema(r.GetString(10) switch { "a" => IdentityKind.Always, "d" => IdentityKind.ByDefault, _ => IdentityKind.Serial })
            {
                Start = r.GetInt64(11),
                Increment = r.GetInt64(12),
                Sequence = new TableName(r.GetString(16), r.GetString(17)),
            },
            EnumType = r.IsDBNull(13) ? null : new TableName(r.GetString(13), r.GetString(14)),
            Comment = Text(r, 7),
            Collation = Text(r, 8),
            Values = r.GetFieldValue<string[]>(9),
        };
    }

    private static object Constraint(DbDataReader r)
    {
        var columns = r.GetFieldValue<string[]>(2);
        return r.GetString(1) switch
        {
            "p" => new KeySchema(r.GetString(0), columns) { Deferral = ToDeferral(r, 9) },
            "c" => new CheckSchema(r.GetString(0), r.GetString(8)) { IsValid = r.GetBoolean(11) },
            _ => new ForeignKeySchema(r.GetString(0), columns, new TableName(r.GetString(3), r.GetString(4)), r.GetFieldValue<string[]>(5))
            {
                OnDelete = Action(r.GetString(6)) + (r.IsDBNull(13) ? "" : $" ({r.GetString(13)})"),
                OnUpdate = Action(r.GetString(7)),
                MatchesFull = r.GetBoolean(12),
                Deferral = ToDeferral(r, 9),
                IsValid = r.GetBoolean(11),
            },
        };
    }

    private static IndexSchema Index(DbDataReader r)
    {
        var columns = r.GetFieldValue<string[]>(5);
        return new IndexSchema(r.GetString(0), columns, r.GetBoolean(1))
        {
            Parts = Parts(columns, r.GetFieldValue<int[]>(11), r.GetFieldValue<string[]>(12), r.GetFieldValue<string[]>(13)),
            Includes = r.GetFieldValue<string[]>(14),
            Method = r.GetString(2),
            Where = Text(r, 3),
            Definition = r.GetString(4),
            IsConstraint = r.GetBoolean(6),
            Exclusion = Text(r, 7),
            Deferral = ToDeferral(r, 8),
            IsValid = r.GetBoolean(10),
            NullsNotDistinct = r.GetBoolean(15),
        };
    }

    /// <summary>Bit 0 of an option is DESC, bit 1 NULLS FIRST, which comes by itself with DESC.</summary>
    private static IndexPart[] Parts(string[] columns, int[] options, string[] classes, string[] collations) => [.. columns.Select((c, i) =>
    {
        var (descending, nullsFirst) = ((options[i] & 1) != 0, (options[i] & 2) != 0);
        var isExpression = c is ['(', .., ')'];
        return new IndexPart(isExpression ? c[1..^1] : c, isExpression)
        {
            Descending = descending,
            NullsFirst = nullsFirst == descending ? null : nullsFirst,
            OperatorClass = classes[i].Length == 0 ? null : classes[i],
            Collation = collations[i].Length == 0 ? null : collations[i],
        };
    })];

    private static Deferral ToDeferral(DbDataReader r, int at) => !r.GetBoolean(at) ? Deferral.None : r.GetBoolean(at + 1) ? Deferral.Deferred : Deferral.Deferrable;

    private static TableKind Kind(string letter) => letter switch
    {
        "v" => TableKind.View,
        "m" => TableKind.MaterializedView,
        "f" => TableKind.ForeignTable,
        _ => TableKind.Table,
    };

    private static string Action(string letter) => letter switch
    {
        "c" => "CASCADE",
        "n" => "SET NULL",
        "d" => "SET DEFAULT",
        "r" => "RESTRICT",
        _ => "NO ACTION",
    };

    private static string? Text(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
