namespace DataTools.Databases;

/// <summary>A database of its own beside that of a session, empty, for trying statements; it is dropped in the end.</summary>
public sealed class ScratchDatabase : IDisposable
{
    private readonly Action _drop;

    private ScratchDatabase(SqlSession session, Action drop)
    {
        Session = session;
        _drop = drop;
    }

    /// <summary>A session on it.</summary>
    public SqlSession Session { get; }

    /// <summary>Makes one: in memory for a database that is a file, else on the same server, which needs the right to make databases.</summary>
    public static ScratchDatabase Make(SqlSession beside, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(beside);
        if (beside.Database.IsFile)
        {
            return new ScratchDatabase((SqlSession)Connector.Open(new DatabaseAddress(beside.Database) { Database = ":memory:" }, cancellation), () => { });
        }

        var name = $"datatools_scratch_{Guid.NewGuid():N}";
        beside.Run(beside.CreateDatabase(name, cancellation), cancellation);
        try
        {
            return new ScratchDatabase((SqlSession)Connector.Open(beside.Address with { Database = name }, cancellation), Drop);
        }
        catch
        {
            Drop();
            throw;
        }

        void Drop() => beside.Run($"DROP DATABASE {beside.Dialect.Quote(name)}", CancellationToken.None);
    }

    /// <summary>Closes the session and drops the database.</summary>
    public void Dispose()
    {
        Session.Dispose();
        _drop();
    }
}
