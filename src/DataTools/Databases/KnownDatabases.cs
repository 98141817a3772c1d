using DataTools.Errors;

namespace DataTools.Databases;

/// <summary>The databases, one line each.</summary>
public static class KnownDatabases
{
    /// <summary>Every kind of database.</summary>
    public static IReadOnlyList<IDatabase> All { get; } =
    [
        new PostgreSql.PostgresDatabase(),
        MySql.MySqlDatabase.MySql,
        MySql.MySqlDatabase.MariaDb,
        new Sqlite.SqliteDatabase(),
        new MongoDb.MongoDatabase(),
    ];

    /// <summary>The kind of a name or of a scheme.</summary>
    public static IDatabase Find(string name) => TryFind(name) ?? throw DataErrors.UnknownDatabase(name, All.Select(d => d.Name));

    /// <summary>The kind of a name or of a scheme, or null.</summary>
    public static IDatabase? TryFind(string name) =>
        All.FirstOrDefault(d => string.Equals(d.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? All.FirstOrDefault(d => d.Schemes.Contains(name, StringComparer.OrdinalIgnoreCase));
}
