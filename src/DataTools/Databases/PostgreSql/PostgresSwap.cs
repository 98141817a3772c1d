using System.Text.RegularExpressions;
using DataTools.Schemas;

namespace DataTools.Databases.PostgreSql;

/// <summary>What a table must be free of so that another can take its place, and how that one gets the names of the old one's indexes.</summary>
internal static partial class PostgresSwap
{
    /// <summary>What would be lost with the table, or would keep it from being dropped.</summary>
    private const string Hangers =
        """
        SELECT 1 FROM pg_class c WHERE c.oid = $1::regclass AND (
            c.relkind <> 'r' OR c.relacl IS NOT NULL OR c.relrowsecurity OR c.relispartition OR c.relowner <> (SELECT oid FROM pg_roles WHERE rolname = current_user)
            OR EXISTS (SELECT 1 FROM pg_inherits WHERE inhrelid = c.oid OR inhparent = c.oid)
            OR EXISTS (SELECT 1 FROM pg_constraint WHERE contype = 'f' AND (conrelid = c.oid OR confrelid = c.oid))
            OR EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = c.oid AND NOT tgisinternal)
            OR EXISTS (SELECT 1 FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid WHERE d.refobjid = c.oid)
            OR EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = c.oid)
            OR EXISTS (SELECT 1 FROM pg_publication_rel WHERE prrelid = c.oid)
            OR EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = c.oid AND attacl IS NOT NULL)
            OR EXISTS (SELECT 1 FROM pg_depend WHERE refobjid = c.oid AND classid = 'pg_class'::regclass AND deptype = 'a'
                AND objid IN (SELECT oid FROM pg_class WHERE relkind = 'S')))
        """;

    public static bool IsPossible(PostgresSession session, TableSchema table, CancellationToken cancellation) =>
        session.Query(Hangers, r => 1, cancellation, session.Dialect.Quote(table.Name)).Count == 0;

    /// <summary>The new table's indexes, each with the name of the one of the old table that is the same but for the names.</summary>
    public static List<(TableName Made, string Wanted)> IndexNames(PostgresSession session, TableName old, TableName staging, CancellationToken cancellation)
    {
        var wanted = Definitions(session, old, cancellation);
        var result = new List<(TableName, string)>();
        foreach (var (name, definition) in Definitions(session, staging, cancellation))
        {
            var at = wanted.FindIndex(w => w.Definition == definition);
            if (at >= 0)
            {
                result.Add((staging with { Name = name }, wanted[at].Name));
                wanted.RemoveAt(at);
            }
        }

        return result;
    }

    private static List<(string Name, string Definition)> Definitions(PostgresSession session, TableName table, CancellationToken cancellation) => session.Query(
        "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = $1::regclass ORDER BY c.relname",
        r => (r.GetString(0), Names().Replace(r.GetString(1), "")),
        cancellation,
        session.Dialect.Quote(table));

    [GeneratedRegex(@"INDEX .*? USING ")]
    private static partial Regex Names();
}
