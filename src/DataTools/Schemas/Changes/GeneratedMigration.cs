using DataTools.Errors;

namespace DataTools.Schemas.Changes;

/// <summary>A change of schemas as the sections of a migration's file.</summary>
public static class GeneratedMigration
{
    /// <summary>The sections up and down. Statements that destroy something are marked by a comment, and need <paramref name="allowsDestructive"/>.</summary>
    public static string Write(SchemaChange change, bool allowsDestructive)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (change.Up.Count == 0)
        {
            throw DataErrors.SchemaUnchanged();
        }

        var destroyed = change.Up.Select(s => s.Destroys).OfType<string>().Distinct().ToList();
        if (destroyed.Count > 0 && !allowsDestructive)
        {
            throw DataErrors.DestructiveChange(destroyed, change.Comparison.Candidates.Select(c => c.ToString()));
        }

        return $"-- up\n{Section(change.Up)}\n-- down\n{Section(change.Down)}";
    }

    private static string Section(IEnumerable<SchemaStatement> statements) => string.Concat(statements.Select(SchemaChange.Line));
}
