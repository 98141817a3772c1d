using DataTools.Errors;
using DataTools.Migrations;

namespace DataTools.Databases.Sqlite;

/// <summary>
/// A lock of the operating system on a file beside the database, which ends with the process. The file stays: were it deleted, a runner could hold a lock on what another
/// does not find any more. A second file says whose lock it is, as a locked file cannot be read everywhere.
/// </summary>
internal sealed class SqliteLock(string database) : RunnerLock
{
    private readonly string? _path = database.StartsWith(':') || database.Length == 0 ? null : database + "-migrating";
    private FileStream? _file;

    private string OwnerPath => _path + ".txt";

    public override bool TryTake(CancellationToken cancellation)
    {
        if (_path is null)
        {
            return true;
        }

        try
        {
            _file = new FileStream(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(OwnerPath, $"{Me}, since {DateTime.UtcNow:yyyy-MM-dd HH:mm:ss} UTC");
            return true;
        }
        catch (UnauthorizedAccessException e)
        {
            throw DataErrors.CannotWrite(_path, e);
        }
        catch (IOException) when (_file is null && File.Exists(_path))
        {
            return false;
        }
        catch (IOException e)
        {
            Dispose();
            throw DataErrors.CannotWrite(_path, e);
        }
    }

    public override string Owner(CancellationToken cancellation)
    {
        try
        {
            return File.ReadAllText(OwnerPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "it does not say who it is";
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _file is not null)
        {
            File.Delete(OwnerPath);
            _file.Dispose();
            _file = null;
        }
    }
}
