using DataTools.Errors;
using DataTools.Formats;

namespace DataTools.Migrations;

/// <summary>The file that keeps the schema as migrations have left it.</summary>
public static class SchemaFile
{
    /// <summary>Writes it, without the tables in which tools keep what they have done. A reader sees the old or the new text.</summary>
    /// <param name="path">The file.</param>
    /// <param name="target">The database.</param>
    /// <param name="cancellation">Ends it.</param>
    public static void Write(string path, MigrationTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(target);
        var text = target.SchemaText(target.ReadSchema(cancellation));
        try
        {
            WholeFile.Write(path, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataErrors.CannotWrite(path, e);
        }
    }
}
