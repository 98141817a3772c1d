using System.Text;
using DataTools.Databases;

namespace DataTools.Migrations;

/// <summary>What the history keeps of a migration so that it can be undone when its file is gone: a migration of only the way back, placeholders filled.</summary>
internal static class DownText
{
    /// <summary>The text; null where the file has no way back.</summary>
    public static string? Of(MigrationFile file, IDatabase database, IReadOnlyDictionary<string, string> variables)
    {
        return file.Language switch
        {
            MigrationLanguage.PowerShell => file.Find(SectionKind.Down, database) is null ? null : file.Text,
            MigrationLanguage.Json => OfJson(file, database, variables),
            _ => OfSql(file, database, variables),
        };
    }

    private static string? OfJson(MigrationFile file, IDatabase database, IReadOnlyDictionary<string, string> variables)
    {
        var sections = new[] { SectionKind.Down, SectionKind.DownCompleted }.Select(k => file.Find(k, database)).OfType<MigrationSection>().ToList();
        return sections.Count == 0 ? null : JsonMigration.Write(file.Options.BatchSize, sections.Select(s => (s.Kind, file.Resolve(s, variables))));
    }

    private static string? OfSql(MigrationFile file, IDatabase database, IReadOnlyDictionary<string, string> variables)
    {
        // The database tells where texts end, in which lines may look like marks.
        var text = new StringBuilder($"-- written by DataTools\n-- database: {database.Schemes[0]}\n");
        foreach (var (kind, mark) in new[] { (SectionKind.Down, "-- down\n"), (SectionKind.DownCompleted, "-- down completed\n") })
        {
            if (file.Find(kind, database) is { } section && !string.IsNullOrWhiteSpace(section.Text))
            {
                text.Append(mark).Append(file.IsTransaction(kind, database) ? "" : "-- transaction: off\n").Append(MigrationParser.WithoutMarks(file.Resolve(section, variables).TrimEnd(), database)).Append('\n');
            }
        }

        return text.ToString().Contains("\n-- down", StringComparison.Ordinal) ? text.ToString() : null;
    }

    /// <summary>The migration that the text is.</summary>
    public static MigrationFile Parse(MigrationRecord record, string text) => MigrationParser.Parse(
        new MigrationFile(record.Id, record.Name, $"the history of {record.Id}")
        {
            Language = text.StartsWith("--", StringComparison.Ordinal) ? MigrationLanguage.Sql : text.StartsWith('{') ? MigrationLanguage.Json : MigrationLanguage.PowerShell,
        },
        text);
}
