using System.Data.Common;
using DataTools.Errors;

namespace DataTools.Databases;

/// <summary>Several transactions in one exchange with the server.</summary>
public abstract partial class SqlSession
{
    /// <summary>Whether <see cref="RunAtOnce"/> can be used.</summary>
    public bool RunsAtOnce => connection.CanCreateBatch;

    /// <summary>
    /// Runs transactions, one behind the other, in one exchange with the server, and tells how many were committed. At an error the server passes over all that is left: nothing
    /// has happened of the transaction that failed, nor of those behind it.
    /// </summary>
    public int RunAtOnce(IReadOnlyList<SqlTransaction> transactions, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(transactions);
        using var batch = connection.CreateBatch();
        batch.Timeout = (int)(address.CommandTimeout ?? TimeSpan.Zero).TotalSeconds;
        var ends = new List<int>();
        foreach (var transaction in transactions)
        {
            Add(batch, "BEGIN");
            transaction.Statements.ToList().ForEach(s => Add(batch, s));
            var last = Add(batch, transaction.Last);
            AddParameters(last.Parameters, last.CreateParameter, Numbered([.. transaction.Values]));
            Add(batch, "COMMIT");
            ends.Add(batch.BatchCommands.Count);
        }

        using var stop = StopOn(cancellation);
        try
        {
            Guard(batch.ExecuteNonQuery, cancellation);
            return transactions.Count;
        }
        catch (DataException e) when (IsOpen)
        {
            Run("ROLLBACK", CancellationToken.None);
            if (e.InnerException is DbException { BatchCommand: { } failed })
            {
                return ends.FindIndex(end => batch.BatchCommands.IndexOf(failed) < end);
            }

            if (transactions.Count > 1)
            {
                throw;
            }

            return 0;
        }
    }

    private static DbBatchCommand Add(DbBatch batch, string statement)
    {
        var command = batch.CreateBatchCommand();
#pragma warning disable CA2100 // The text is the user's own, or made by the dialect, which quotes names.
        command.CommandText = statement;
#pragma warning restore CA2100
        batch.BatchCommands.Add(command);
        return command;
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

/// <summary>Statements that take effect together.</summary>
/// <param name="Statements">The statements but the last.</param>
/// <param name="Last">The last.</param>
/// <param name="Values">Its parameters.</param>
public sealed record SqlTransaction(IEnumerable<string> Statements, string Last, IReadOnlyList<object?> Values);
