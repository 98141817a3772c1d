using System.Text;
using DataTools.Databases;

namespace DataTools.Migrations;

/// <summary>What the history keeps of a migration so that it can be undone when its file is gone: a migration of only the way back, placeholders filled.</summary>
internal static class DownText
{
    /// <summary>The text; null where the file has no way back.</summary>
    public static string? Of(MigrationFile file, IDatabase database, IReadOnlyDictionary<string, string> variables)
    {
        if (file.Language != MigrationLanguage.Sql)
        {
            return file.Find(SectionKind.Down, database) is null ? null : file.Text;
        }

        var text = new StringBuilder("-- written by DataTools\n");
        foreach (var (kind, mark) in new[] { (SectionKind.Down, "-- down\n"), (SectionKind.DownCompleted, "-- down completed\n") })
        {
            if (file.Find(kind, database) is { } section && !string.IsNullOrWhiteSpace(section.Text))
            {
                text.Append(mark).Append(file.IsTransaction(kind, database) ? "" : "-- transaction: off\n").Append(file.Resolve(section, variables).TrimEnd()).Append('\n');
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
