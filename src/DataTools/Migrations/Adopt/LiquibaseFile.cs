using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using DataTools.Errors;

namespace DataTools.Migrations.Adopt;

/// <summary>Reads Liquibase's formatted SQL: several changesets in a file, each a migration called author:id.</summary>
internal static partial class LiquibaseFile
{
    /// <summary>The changesets in their order.</summary>
    public static IReadOnlyList<MigrationFile> Read(string path, string text)
    {
        var marks = Changeset().Matches(text);
        var files = new List<MigrationFile>();
        for (var i = 0; i < marks.Count; i++)
        {
            var start = marks[i].Index + marks[i].Length;
            var end = i + 1 < marks.Count ? marks[i + 1].Index : text.Length;
            var order = $"{Path.GetFileName(path)}:{i.ToString("D6", CultureInfo.InvariantCulture)}";
            files.Add(Of(path, marks[i], text[start..end], text.AsSpan(0, start).Count('\n') + 1, order));
        }

        return files;
    }

    private static MigrationFile Of(string path, Match mark, string text, int line, string order)
    {
        var attributes = Attribute().Matches(mark.Groups[3].Value).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value.Trim('"'), StringComparer.OrdinalIgnoreCase);
        if (Precondition().Match(text) is { Success: true } condition)
        {
            throw DataErrors.MigrationMalformed(path, line + text.AsSpan(0, condition.Index).Count('\n'), "preconditions of Liquibase are not known here; write them as a section '-- check' of a migration, whose queries must give no rows");
        }

        if (Of(attributes, "endDelimiter") is { } delimiter && delimiter != ";")
        {
            // The files of other databases than MySQL say no delimiter of their own in the text.
            text = $"DELIMITER {delimiter}\n{text}";
            line--;
        }

        var (up, down, irreversible) = Rollback(text);
        List<MigrationSection> sections = [new MigrationSection(SectionKind.Up, [], up, line) { IsWhole = Of(attributes, "splitStatements") == "false" }];
        if (down.Length > 0)
        {
            sections.Add(new MigrationSection(SectionKind.Down, [], down, line));
        }

        var databases = (Of(attributes, "dbms") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(d => d != "all").ToList();
        return new MigrationFile($"{mark.Groups[1].Value}:{mark.Groups[2].Value}", mark.Groups[2].Value, path)
        {
            Order = order,
            Text = text,
            Checksum = MigrationChecksum.Of(up),
            Sections = sections,
            IsRepeatable = Of(attributes, "runOnChange") == "true" || Of(attributes, "runAlways") == "true",
            Options = MigrationFileOptions.Default with
            {
                Transaction = Of(attributes, "runInTransaction") != "false",
                // A database that is not known here is none that this could run on.
                Databases = databases,
                Irreversible = irreversible ? "its rollback is said to be empty" : null,
            },
        };
    }

    private static string? Of(Dictionary<string, string> attributes, string name) => attributes.GetValueOrDefault(name);

    /// <summary>Lines of rollback are statements behind a mark; the others keep their numbers.</summary>
    private static (string Up, string Down, bool IsEmpty) Rollback(string text)
    {
        var up = new StringBuilder();
        var down = new StringBuilder();
        var isEmpty = false;
        foreach (var part in text.Split('\n'))
        {
            if (RollbackLine().Match(part) is not { Success: true } rollback)
            {
                // Without a space behind the dashes these are no comments of MySQL.
                up.Append(OwnLine().IsMatch(part) ? "" : part).Append('\n');
                continue;
            }

            up.Append('\n');
            var statement = rollback.Groups[1].Value.Trim();
            isEmpty |= statement is "empty" or "not required";
            if (statement is not ("empty" or "not required"))
            {
                down.Append(statement).Append('\n');
            }
        }

        return (up.ToString(), down.ToString(), isEmpty);
    }

    [GeneratedRegex(@"^--[ \t]*changeset[ \t]+([^:\s]+):(\S+)([^\n]*)(?:\n|$)", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Changeset();

    [GeneratedRegex(@"(\w+):(""[^""]*""|\S+)")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"^--[ \t]*precondition", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Precondition();

    [GeneratedRegex(@"^--[ \t]*(comment|validCheckSum|property|ignoreLines)\b", RegexOptions.IgnoreCase)]
    private static partial Regex OwnLine();

    [GeneratedRegex(@"^--[ \t]*rollback[ \t]+(.*)$", RegexOptions.IgnoreCase)]
    private static partial Regex RollbackLine();
}
