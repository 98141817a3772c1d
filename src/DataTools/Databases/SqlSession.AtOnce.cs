using System.Data.Common;
using DataTools.Errors;

namespace DataTools.Databases;

/// <summary>Several statements in one exchange with the server.</summary>
public abstract partial class SqlSession
{
    /// <summary>Whether <see cref="RunAtOnce"/> can be used.</summary>
    public bool RunsAtOnce => connection.CanCreateBatch;

    /// <summary>Runs statements as one transaction in one exchange with the server, the last of them with values. After an error nothing of it has happened.</summary>
    public void RunAtOnce(IEnumerable<string> statements, string last, IReadOnlyList<object?> values, CancellationToken cancellation)
    {
        using var batch = connection.CreateBatch();
        batch.Timeout = (int)(address.CommandTimeout ?? TimeSpan.Zero).TotalSeconds;
        foreach (var statement in (string[])["BEGIN", .. statements, last, "COMMIT"])
        {
            var command = batch.CreateBatchCommand();
#pragma warning disable CA2100 // The text is the user's own, or made by the dialect, which quotes names.
            command.CommandText = statement;
#pragma warning restore CA2100
            if (ReferenceEquals(statement, last))
            {
                AddParameters(command.Parameters, command.CreateParameter, Numbered([.. values]));
            }

            batch.BatchCommands.Add(command);
        }

        using var stop = StopOn(cancellation);
        try
        {
            Guard(batch.ExecuteNonQuery, cancellation);
        }
        catch (DataException) when (IsOpen)
        {
            Run("ROLLBACK", CancellationToken.None);
            throw;
        }
    }

    private void AddParameters(DbParameterCollection parameters, Func<DbParameter> create, IReadOnlyDictionary<string, object?> values)
    {
        foreach (var (name, value) in values)
        {
            var parameter = create();
            Name(parameter, name);
            parameter.Value = ToParameter(value);
            parameters.Add(parameter);
        }
    }
}
