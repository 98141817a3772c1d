using System.Globalization;
using DataTools.Migrations;

namespace DataTools.Databases.PostgreSql;

/// <summary>Migrations of PostgreSQL: everything but a few statements is undone by a rollback.</summary>
internal sealed partial class PostgresMigrations : MigrationDialect
{
    public override StatementPlace PlaceOf(IReadOnlyList<string> words) => words switch
    {
        ["CREATE", "UNIQUE" or "INDEX", ..] or ["DROP" or "REINDEX", ..] when words.Contains("CONCURRENTLY") => StatementPlace.Outside,
        ["ALTER", "TABLE", ..] when words.Contains("DETACH") && words.Contains("CONCURRENTLY") => StatementPlace.Outside,
        // The new value could not be used before the commit.
        ["ALTER", "TYPE", ..] when words.Contains("ADD") && words.Contains("VALUE") => StatementPlace.Outside,
        ["VACUUM", ..] or ["ALTER", "SYSTEM", ..] or ["CREATE" or "DROP", "DATABASE" or "TABLESPACE", ..] or ["REINDEX", "DATABASE" or "SYSTEM" or "SCHEMA", ..] or ["CLUSTER"] => StatementPlace.Outside,
        _ => base.PlaceOf(words),
    };

    public override bool ChangesSettings(IReadOnlyList<string> words) => words is ["SET" or "RESET", ..] ? words is not ["SET", "LOCAL", ..] : words.Contains("SET_CONFIG");

    /// <summary>Scripts that PostgreSQL's own tools write begin with such settings.</summary>
    public override IEnumerable<string> ReadSettings(SqlSession session, CancellationToken cancellation) => session.Query(
        "SELECT 'RESET ALL' UNION ALL SELECT 'SELECT set_config(' || quote_literal(name) || ', ' || quote_literal(setting) || ', false)' FROM pg_settings WHERE source = 'session'",
        r => r.GetString(0),
        cancellation);

    public override IEnumerable<string> LimitLocks(TimeSpan? limit) =>
        [limit is { } given ? string.Create(CultureInfo.InvariantCulture, $"SET lock_timeout = {(long)given.TotalMilliseconds}") : "RESET lock_timeout"];

    public override string? ScriptEncoding => "SET client_encoding = 'UTF8'";

    public override string? Elapsed => "CAST(extract(epoch FROM clock_timestamp() - transaction_timestamp()) * 1000 AS bigint)";

    /// <summary>A commit on disk brings all that were before it there; one without a number of its own would bring nothing.</summary>
    public override (string Begin, string Flush)? LateFlush => ("SET LOCAL synchronous_commit = off", "SELECT txid_current()");

    public override RunnerLock OpenLock(SqlSession session, string name, CancellationToken cancellation) => new PostgresLock(session, name, cancellation);

    /// <summary>A build that failed leaves an index that is not valid, which takes writes and the name.</summary>
    public override void Prepare(SqlSession session, string statement, CancellationToken cancellation)
    {
        if (IndexName(statement) is not { } name)
        {
            return;
        }

        var left = session.Query("SELECT i.indexrelid::regclass::text FROM pg_index i WHERE i.indexrelid = to_regclass($1) AND NOT i.indisvalid", r => r.GetString(0), cancellation, name);
        foreach (var index in left)
        {
            session.Run($"DROP INDEX CONCURRENTLY {index}", cancellation);
        }
    }

    /// <summary>The name that CREATE INDEX CONCURRENTLY gives, as the statement writes it, with the schema of its table.</summary>
    private static string? IndexName(string statement)
    {
        var rules = PostgresDialect.Instance.Splitting;
        var tokens = SqlLexer.CodeOf(statement, rules);
        var at = tokens.FindIndex(t => t.Is(statement, "CONCURRENTLY"));
        var on = tokens.FindIndex(t => t.Is(statement, "ON"));
        if (tokens.Count == 0 || !tokens[0].Is(statement, "CREATE") || at < 0 || on <= at + 1)
        {
            return null;
        }

        var only = tokens.Count > on + 1 && tokens[on + 1].Is(statement, "ONLY") ? 1 : 0;
        var table = on + 1 + only;
        var schema = tokens.Count > table + 1 && tokens[table + 1].Is(statement, ".") ? tokens[table].Of(statement).ToString() + "." : "";
        var name = tokens[on - 1].Of(statement).ToString();
        return name.Equals("EXISTS", StringComparison.OrdinalIgnoreCase) ? null : schema + name;
    }
}
