using System.Text.RegularExpressions;

namespace DataTools.Migrations.Adopt;

/// <summary>
/// Reads files that were written for other tools as migrations, so that a folder can be taken over as it is. They come before files of our own, in the order of their tool.
/// </summary>
internal static partial class ForeignFiles
{
    private const int NumberWidth = 20;

    /// <summary>The migrations of a file; null where it is none of another tool's.</summary>
    public static IReadOnlyList<MigrationFile>? Read(string path, Lazy<string> text)
    {
        var name = Path.GetFileName(path);
        if (FlywayName().Match(name) is { Success: true } flyway)
        {
            return [Flyway(path, text.Value, flyway)];
        }

        if (PairedName().Match(name) is { Success: true } paired)
        {
            return [Paired(path, text.Value, paired)];
        }

        return path.EndsWith(".sql", StringComparison.OrdinalIgnoreCase) ? ByContent(path, name, text.Value) : null;
    }

    /// <summary>One migration of the files for up and down, where a tool has two.</summary>
    public static List<MigrationFile> Join(IEnumerable<MigrationFile> files) =>
    [
        .. files.GroupBy(f => (f.Id, IsPart: f.Order.Length > 0)).SelectMany(g => g.Key.IsPart && g.Count() == 2 && g.Count(HasUp) == 1 ? [Joined(g)] : g.AsEnumerable())
            .Where(f => f.Order.Length == 0 || HasUp(f)),
    ];

    /// <summary>A version as it sorts: its numbers by their values.</summary>
    internal static string OrderOf(string version) => Digits().Replace(version.Replace('_', '.'), m => m.Value.TrimStart('0').PadLeft(NumberWidth, '0'));

    private static bool HasUp(MigrationFile file) => file.Sections.Any(s => s.Kind == SectionKind.Up);

    private static MigrationFile Joined(IEnumerable<MigrationFile> parts)
    {
        var up = parts.Single(HasUp);
        return up with { Sections = [.. up.Sections, .. parts.Where(p => p != up).SelectMany(p => p.Sections)] };
    }

    private static MigrationFile Flyway(string path, string text, Match name)
    {
        var config = path + ".conf";
        var isSingle = File.Exists(config) && NoTransaction().IsMatch(MigrationFolder.ReadText(config));
        var kind = name.Groups[1].Value;
        var title = name.Groups[3].Value;
        var file = kind == "R"
            ? new MigrationFile("R__" + title, title, path) { IsRepeatable = true }
            : new MigrationFile(name.Groups[2].Value.Replace('_', '.'), title, path) { Order = OrderOf(name.Groups[2].Value) };
        return Whole(file, text, kind == "U" ? SectionKind.Down : SectionKind.Up) with
        {
            Options = MigrationFileOptions.Default with { Transaction = !isSingle, Variables = VariablesOf(text, _ => null) },
        };
    }

    /// <summary>golang-migrate: 000001_name.up.sql and 000001_name.down.sql; for MongoDB .json, an array of commands.</summary>
    private static MigrationFile Paired(string path, string text, Match name)
    {
        var file = new MigrationFile(name.Groups[1].Value, name.Groups[2].Value, path) { Order = OrderOf(name.Groups[1].Value) };
        return Whole(
            name.Groups[4].Value == "json" ? file with { Language = MigrationLanguage.Json, Options = JsonMigration.Options } : file,
            text,
            name.Groups[3].Value == "up" ? SectionKind.Up : SectionKind.Down);
    }

    private static IReadOnlyList<MigrationFile>? ByContent(string path, string name, string text)
    {
        text = MigrationChecksum.Normalize(text);
        if (LiquibaseMark().IsMatch(text))
        {
            return LiquibaseFile.Read(path, text);
        }

        if (NumberedName().Match(name) is not { Success: true } numbered)
        {
            return null;
        }

        var file = new MigrationFile(numbered.Groups[1].Value, numbered.Groups[2].Value, path) { Order = OrderOf(numbered.Groups[1].Value), Text = text, Checksum = MigrationChecksum.Of(text) };
        return DbmateMark().IsMatch(text) ? [Marked(file, DbmateMark())] : GooseMark().IsMatch(text) ? [Goose(file)] : null;
    }

    private static MigrationFile Goose(MigrationFile file)
    {
        var isSingle = file.Text.Contains("-- +goose NO TRANSACTION", StringComparison.OrdinalIgnoreCase);
        var fills = file.Text.Contains("-- +goose ENVSUB ON", StringComparison.OrdinalIgnoreCase);
        return Marked(file, GooseMark()) with
        {
            Options = MigrationFileOptions.Default with
            {
                Transaction = !isSingle,
                Variables = fills ? VariablesOf(file.Text, Environment.GetEnvironmentVariable) : MigrationFileOptions.Default.Variables,
            },
        };
    }

    /// <summary>Sections between marks whose first group is up or down, and whose second holds options.</summary>
    private static MigrationFile Marked(MigrationFile file, Regex mark)
    {
        var marks = mark.Matches(file.Text);
        var sections = new List<MigrationSection>();
        for (var i = 0; i < marks.Count; i++)
        {
            var start = marks[i].Index + marks[i].Length;
            var end = i + 1 < marks.Count ? marks[i + 1].Index : file.Text.Length;
            sections.Add(new MigrationSection(Enum.Parse<SectionKind>(marks[i].Groups[1].Value, ignoreCase: true), [], file.Text[start..end], file.Text.AsSpan(0, start).Count('\n') + 1)
            {
                Transaction = marks[i].Groups[2].Value.Contains("transaction:false", StringComparison.OrdinalIgnoreCase) ? false : null,
            });
        }

        return file with { Sections = sections };
    }

    private static MigrationFile Whole(MigrationFile file, string text, SectionKind kind)
    {
        text = MigrationChecksum.Normalize(text);
        return file with { Text = text, Checksum = MigrationChecksum.Of(text), Sections = [new MigrationSection(kind, [], text, 1)] };
    }

    private static Dictionary<string, string?> VariablesOf(string text, Func<string, string?> fallback) =>
        Placeholder().Matches(text).Select(m => m.Groups[1].Value).Distinct().ToDictionary(n => n, fallback);

    [GeneratedRegex(@"^([VUR])([0-9][0-9._]*)?__(.+)\.sql$")]
    private static partial Regex FlywayName();

    [GeneratedRegex(@"^(\d+)_(.+)\.(up|down)\.(sql|json)$")]
    private static partial Regex PairedName();

    [GeneratedRegex(@"^(\d+)_(.+)\.sql$")]
    private static partial Regex NumberedName();

    [GeneratedRegex(@"\A\s*--\s*liquibase formatted sql", RegexOptions.IgnoreCase)]
    private static partial Regex LiquibaseMark();

    [GeneratedRegex(@"^--[ \t]*migrate:(up|down)([^\n]*)(?:\n|$)", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex DbmateMark();

    [GeneratedRegex(@"^--[ \t]*\+goose[ \t]+(up|down)\b([^\n]*)(?:\n|$)", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex GooseMark();

    [GeneratedRegex(@"^\s*executeInTransaction\s*=\s*false", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex NoTransaction();

    [GeneratedRegex(@"\$\{([\w:.-]+)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();
}
