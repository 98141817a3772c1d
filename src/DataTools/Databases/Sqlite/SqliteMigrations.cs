using DataTools.Errors;
using DataTools.Migrations;
using Microsoft.Data.Sqlite;

namespace DataTools.Databases.Sqlite;

/// <summary>Migrations of SQLite: a rollback undoes everything, and one writer at a time is all that there is.</summary>
internal sealed partial class SqliteMigrations : MigrationDialect
{
    /// <summary>Settings that a transaction ignores.</summary>
    private static readonly string[] Settings = ["FOREIGN_KEYS", "LEGACY_ALTER_TABLE", "JOURNAL_MODE", "SYNCHRONOUS"];

    public override StatementPlace PlaceOf(IReadOnlyList<string> words) => words switch
    {
        ["VACUUM" or "ATTACH" or "DETACH", ..] => StatementPlace.Outside,
        ["PRAGMA", ..] when words.Skip(1).Take(2).Any(w => Settings.Contains(w)) => StatementPlace.Around,
        _ => base.PlaceOf(words),
    };

    public override IEnumerable<string> ReadSettings(SqlSession session, CancellationToken cancellation) =>
        ((string[])["foreign_keys", "legacy_alter_table"]).Select(name => $"PRAGMA {name} = {session.Query($"PRAGMA {name}", r => r.GetInt64(0), cancellation)[0]}");

    /// <summary>While keys are off, a rebuild can leave rows that point nowhere.</summary>
    public override void CheckBeforeCommit(SqlSession session, CancellationToken cancellation)
    {
        var broken = session.Query("SELECT \"table\", rowid, parent FROM pragma_foreign_key_check LIMIT 1", r => $"row {(r.IsDBNull(1) ? "?" : r.GetInt64(1))} of {r.GetString(0)} points to no row of {r.GetString(2)}", cancellation);
        if (broken is [var first])
        {
            throw DataErrors.RowRefused(session.Address.ToString(), $"foreign keys were off and would be broken now: {first}", null);
        }
    }

    public override RunnerLock OpenLock(SqlSession session, string name, CancellationToken cancellation) =>
        new SqliteLock(nameof(SqliteOpenMode.Memory).Equals(session.Address.Options.GetValueOrDefault("mode"), StringComparison.OrdinalIgnoreCase) ? "" : session.Address.Database!);
}
