using System.Management.Automation;
using Apache.Arrow;
using DataTools.Databases;

namespace DataTools.Module.Databases;

/// <summary>Statements and transactions on a connection, for Invoke-DataQuery.</summary>
internal static class DatabaseQuery
{
    /// <summary>An error within the script must end it, or half of its work would be committed.</summary>
    private const string Strictly = "& { param($body) $ErrorActionPreference = 'Stop'; . $body } $args[0]";

    /// <summary>Runs statements; rows of any go to <paramref name="write"/>. Gives the number of rows that were changed, -1 where no statement tells.</summary>
    public static long Run(IDatabaseSession session, string statements, IReadOnlyDictionary<string, object?> parameters, DatabaseContext context, Action<RecordBatch> write)
    {
        var affected = -1L;
        foreach (var result in session.Execute(statements, parameters, context))
        {
            while (result.Rows?.ReadBatch(context.Cancellation) is { } batch)
            {
                write(batch);
            }

            affected = result.Rows is null ? Math.Max(affected, 0) + result.Affected : affected;
        }

        return affected;
    }

    /// <summary>Runs a script in a transaction of a connection: committed at its end, undone by its first error.</summary>
    public static void InTransaction(PSCmdlet cmdlet, DatabaseConnection connection, ScriptBlock script)
    {
        var session = connection.Session as IDatabaseSession ?? throw Errors.DataErrors.ConnectionClosed(connection.Name);
        session.Begin();
        try
        {
            foreach (var value in cmdlet.InvokeCommand.InvokeScript(cmdlet.SessionState, ScriptBlock.Create(Strictly), script))
            {
                cmdlet.WriteObject(value);
            }

            session.Commit();
        }
        finally
        {
            if (session.InTransaction)
            {
                session.Rollback();
            }
        }
    }
}
