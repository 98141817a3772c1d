using System.Globalization;
using DataTools.Migrations;
using DataTools.Migrations.Lint;
using static DataTools.Migrations.Lint.MigrationFinding;

namespace DataTools.Databases.MySql;

/// <summary>Migrations of MySQL and MariaDB: every change of the schema commits, so each statement is recorded for itself.</summary>
internal sealed partial class MySqlMigrations(MySqlDialect dialect) : MigrationDialect
{
    /// <summary>Settings of the session that statements may change for those behind them.</summary>
    private static readonly string[] Settings = ["FOREIGN_KEY_CHECKS", "UNIQUE_CHECKS", "SQL_MODE", "AUTOCOMMIT", "TIME_ZONE", "SQL_SAFE_UPDATES"];

    private static readonly LintRule[] Rules =
    [
        new(
            Warning(
                "alter-without-algorithm",
                "Where the server cannot change the table while it is used, it copies the table and blocks every write, without a word.",
                "Add ALGORITHM=INPLACE, LOCK=NONE: the statement then fails where it would block."),
            (s, _) => s.Begins("ALTER", "TABLE") && !s.Has("RENAME", "TO") && !(s.Has("ALGORITHM") && s.Has("LOCK")) && !s.IsOnNewTable),
        new(
            Warning("alter-without-algorithm", "Where the server cannot build the index while the table is used, it blocks every write.", "Add ALGORITHM=INPLACE LOCK=NONE: the statement then fails where it would block."),
            (s, _) => s.Words is ["CREATE", "INDEX" or "UNIQUE", ..] && !(s.Has("ALGORITHM") && s.Has("LOCK")) && !s.IsOnNewTable),
    ];

    protected override SqlDialect Sql => dialect;

    protected override string Online => ", ALGORITHM=INPLACE, LOCK=NONE";

    public override StatementPlace PlaceOf(IReadOnlyList<string> words) =>
        words is ["SET", ..] && words.Any(Settings.Contains) ? StatementPlace.Around : base.PlaceOf(words);

    public override IEnumerable<string> LimitLocks(TimeSpan? limit)
    {
        // The limits are whole seconds, from one to some years.
        var seconds = limit is not { } given ? "DEFAULT"
            : given == TimeSpan.Zero ? "31536000"
            : Math.Max(1, (long)Math.Ceiling(given.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return [$"SET SESSION lock_wait_timeout = {seconds}, innodb_lock_wait_timeout = {seconds}"];
    }

    public override string? ScriptEncoding => "SET NAMES utf8mb4";

    public override IEnumerable<string> ReadSettings(SqlSession session, CancellationToken cancellation) => session.Query(
        "SELECT @@SESSION.foreign_key_checks, @@SESSION.unique_checks, @@SESSION.sql_mode, @@SESSION.time_zone, @@SESSION.autocommit",
        r => string.Create(
            CultureInfo.InvariantCulture,
            $"SET SESSION foreign_key_checks = {r.GetValue(0)}, unique_checks = {r.GetValue(1)}, sql_mode = '{r.GetValue(2)}', time_zone = '{r.GetValue(3)}', autocommit = {r.GetValue(4)}"),
        cancellation);

    public override RunnerLock OpenLock(SqlSession session, string name, CancellationToken cancellation) => new MySqlLock(session, name, cancellation);

    public override IEnumerable<MigrationFinding> Lint(LintStatement statement, IReadOnlyList<LintStatement> section) => Rules.Where(r => r.Hits(statement, section)).Select(r => r.Finding);
}
