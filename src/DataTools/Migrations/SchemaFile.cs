using DataTools.Databases;
using DataTools.Errors;
using DataTools.Formats;
using DataTools.Schemas;
using DataTools.Schemas.Changes;
using DataTools.Schemas.Comparison;

namespace DataTools.Migrations;

/// <summary>The file that keeps the schema as migrations have left it.</summary>
public static class SchemaFile
{
    /// <summary>Writes it, without the tables in which tools keep what they have done. A reader sees the old or the new text.</summary>
    /// <param name="path">The file.</param>
    /// <param name="session">The database.</param>
    /// <param name="history">The table of the history.</param>
    /// <param name="cancellation">Ends it.</param>
    public static void Write(string path, IDatabaseSession session, string history, CancellationToken cancellation)
    {
        if (session is not SqlSession sql)
        {
            throw DataErrors.InvalidOption($"-SchemaPath writes the tables of a database, and {session?.Database.Name} has none.");
        }

        var kept = TableName.Parse(history).Name;
        var schema = DatabaseSchema.Read(sql, name => name.Name != kept && !SchemaModel.IsBookkeeping(name), cancellation);
        try
        {
            WholeFile.Write(path, SchemaSnapshot.ToText(schema, sql.Dialect));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataErrors.CannotWrite(path, e);
        }
    }
}
