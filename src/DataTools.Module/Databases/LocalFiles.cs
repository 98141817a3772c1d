using DataTools.Databases;

namespace DataTools.Module.Databases;

/// <summary>Paths of database files are PowerShell's: relative to its location, not to the process's.</summary>
internal static class LocalFiles
{
    public static DatabaseAddress Resolve(DatabaseAddress address, Func<string, string> fullPath) =>
        address.Kind.IsFile && address.Database is { Length: > 0 } path && !path.StartsWith(':') ? address with { Database = fullPath(path) } : address;
}
