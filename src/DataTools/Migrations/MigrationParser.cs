using System.Globalization;
using System.Text.RegularExpressions;
using DataTools.Databases;
using DataTools.Errors;
using DataTools.Schemas;

namespace DataTools.Migrations;

/// <summary>Reads the text of a migration: options in the first lines, sections marked by comments.</summary>
internal static partial class MigrationParser
{
    private const int DefaultBatch = 1000;
    private const string Completed = "completed";

    /// <summary>Reads a migration of any language.</summary>
    public static MigrationFile Parse(MigrationFile file, string text)
    {
        text = MigrationChecksum.Normalize(text);
        var parsed = file with { Text = text, Checksum = MigrationChecksum.Of(text) };
        return file.Language switch
        {
            MigrationLanguage.Json => JsonMigration.Parse(parsed),
            MigrationLanguage.PowerShell => parsed with { Options = Options(file.Path, text, "#"), Sections = ScriptSections(text) },
            _ => Options(file.Path, text, "--") is var options ? parsed with { Options = options, Sections = Sections(file.Path, text, options) } : parsed,
        };
    }

    /// <summary>The options that are known.</summary>
    public static IReadOnlyList<string> OptionNames { get; } = ["transaction", "database", "depends", "lock-timeout", "batch", "variables", "irreversible"];

    /// <summary>Lines at the head that look like options and are none.</summary>
    public static IEnumerable<(string Key, string Value, int Line)> UnknownOptions(MigrationFile file) => file.Order.Length > 0 || file.Language == MigrationLanguage.Json
        ? []
        : LinesOfHead(file.Text).Split('\n').TakeWhile(l => l.Trim().Length == 0 || (l.TrimStart().StartsWith("--", StringComparison.Ordinal) && !Marker().IsMatch(l)))
            .Select((l, i) => (Match: AnyOption().Match(l), Line: i + 1)).Where(o => o.Match.Success && !OptionNames.Contains(o.Match.Groups[1].Value.ToLowerInvariant()) && o.Match.Groups[1].Value != "datatools")
            .Select(o => (o.Match.Groups[1].Value, o.Match.Groups[2].Value, o.Line));

    /// <summary>A time as options have it: <c>500ms</c>, <c>5s</c>, <c>2m</c>, <c>off</c>; null where it is none.</summary>
    public static TimeSpan? ParseTime(string text)
    {
        var match = Time().Match(text);
        if (!match.Success)
        {
            return text is "off" or "0" ? TimeSpan.Zero : null;
        }

        var number = double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        return match.Groups[2].Value switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "m" => TimeSpan.FromMinutes(number),
            _ => TimeSpan.FromSeconds(number),
        };
    }

    /// <summary>The comments at the head of the file, as far as they are options.</summary>
    public static IEnumerable<(string Key, string Value, int Line)> Header(string text, string comment)
    {
        var number = 0;
        foreach (var line in (comment == "--" ? LinesOfHead(text) : text).Split('\n'))
        {
            number++;
            var trimmed = line.Trim();
            if (trimmed.Length > 0 && (!trimmed.StartsWith(comment, StringComparison.Ordinal) || Marker().IsMatch(trimmed)))
            {
                yield break;
            }

            if (Option().Match(trimmed) is { Success: true } match)
            {
                yield return (match.Groups[1].Value.ToLowerInvariant(), match.Groups[2].Value.Trim(), number);
            }
        }
    }

    /// <summary>A text whose first comments in blocks, as licences are, have become empty lines.</summary>
    private static string LinesOfHead(string text)
    {
        var lines = text.ToCharArray();
        for (int at = 0, end = EndOfComment(text, 0); end > 0; at = end, end = EndOfComment(text, at))
        {
            if (text[at] == '/')
            {
                Array.ForEach([.. Enumerable.Range(at, end - at).Where(i => text[i] != '\n')], i => lines[i] = ' ');
            }
        }

        return new string(lines);
    }

    /// <summary>Where the white space or the comment ends that begins at a place; -1 where there is neither.</summary>
    private static int EndOfComment(string text, int at) => text.AsSpan(at) switch
    {
        [' ' or '\t' or '\n', ..] => at + 1,
        ['-', '-', ..] => text.IndexOf('\n', at),
        // What MySQL runs is no comment.
        ['/', '*', '!', ..] or ['/', '*', 'M', '!', ..] => -1,
        ['/', '*', ..] when text.IndexOf("*/", at + 2, StringComparison.Ordinal) is var close and >= 0 => close + 2,
        _ => -1,
    };

    private static MigrationFileOptions Options(string path, string text, string comment)
    {
        var options = MigrationFileOptions.Default;
        foreach (var (key, value, line) in Header(text, comment))
        {
            options = With(options, key, value) ?? throw DataErrors.MigrationMalformed(path, line, $"'{key}: {value}' is no value of that option");
        }

        return options with { IgnoredRules = [.. Ignore().Matches(text).SelectMany(m => List(m.Groups[1].Value))] };
    }

    /// <summary>The options with one more; null where its value is none.</summary>
    internal static MigrationFileOptions? With(MigrationFileOptions options, string key, string value) => key switch
    {
        "transaction" => value is "on" or "off" ? options with { Transaction = value == "on" } : null,
        "database" => List(value) is var names && names.All(n => KnownDatabases.TryFind(n) is not null) ? options with { Databases = names } : null,
        "depends" => options with { Depends = value == "none" ? [] : List(value) },
        "lock-timeout" => ParseTime(value) is { } time ? options with { LockTimeout = time } : null,
        "batch" => Batch(value) is { } batch ? options with { Batch = batch } : null,
        "variables" => options with { Variables = List(value).Select(v => v.Split('=', 2)).ToDictionary(v => v[0].Trim(), v => v.Length > 1 ? v[1].Trim() : null) },
        "irreversible" => options with { Irreversible = value },
        _ => options,
    };

    /// <summary>Reads <c>users by id, 10000</c>.</summary>
    private static BackfillOptions? Batch(string value)
    {
        var match = BatchValue().Match(value);
        return match.Success && (!match.Groups[3].Success || int.TryParse(match.Groups[3].ValueSpan, CultureInfo.InvariantCulture, out _))
            ? new BackfillOptions(TableName.Parse(match.Groups[1].Value), TableName.Parse(match.Groups[2].Value).Name, match.Groups[3].Success ? int.Parse(match.Groups[3].ValueSpan, CultureInfo.InvariantCulture) : DefaultBatch)
            : null;
    }

    /// <summary>A text of a database in which comments that look like marks, as files of other tools may have them, do not any more.</summary>
    public static string WithoutMarks(string text, IDatabase database)
    {
        var marks = SectionMarks.Find(text, Marker().Matches(text), _ => [database.Name]);
        return Enumerable.Reverse(marks).Aggregate(text, (t, mark) => t.Insert(mark.Index + 2, " -"));
    }

    /// <summary>A file without marks is what its change is.</summary>
    private static List<MigrationSection> Sections(string path, string text, MigrationFileOptions options)
    {
        var sections = new List<MigrationSection>();
        var marks = SectionMarks.Find(text, Marker().Matches(text), mark => mark is not null && List(mark.Groups[2].Value).Where(d => d != Completed).ToList() is { Count: > 0 } names ? names : options.Databases);
        if (marks.Count == 0)
        {
            return [new MigrationSection(SectionKind.Up, [], text, 1)];
        }

        for (var i = 0; i < marks.Count; i++)
        {
            var start = marks[i].Index + marks[i].Length;
            var end = i + 1 < marks.Count ? marks[i + 1].Index : text.Length;
            sections.Add(Section(path, marks[i], text[start..end], LineOf(text, start)));
        }

        CheckHead(path, LinesOfHead(text[..marks[0].Index]));
        var twice = sections.GroupBy(s => (s.Kind, string.Join(',', s.Databases))).FirstOrDefault(g => g.Count() > 1)?.Last();
        return twice is null ? sections : throw DataErrors.MigrationMalformed(path, twice.Line - 1, $"the section '{twice.Kind.ToString().ToLowerInvariant()}' is there twice");
    }

    private static MigrationSection Section(string path, Match mark, string text, int line)
    {
        var databases = List(mark.Groups[2].Value);
        var kind = Enum.Parse<SectionKind>(mark.Groups[1].Value, ignoreCase: true);
        if (kind == SectionKind.Down && databases.RemoveAll(d => d == Completed) > 0)
        {
            kind = SectionKind.DownCompleted;
        }

        var unknown = databases.Find(d => KnownDatabases.TryFind(d) is null);
        var transaction = Header(text, "--").Where(o => o.Key == "transaction").Select(o => o.Value).LastOrDefault();
        return unknown is null
            ? new MigrationSection(kind, databases, text, line) { Transaction = transaction is null ? null : transaction == "on" }
            : throw DataErrors.MigrationMalformed(path, line, $"'{unknown}' is no kind of database");
    }

    private static void CheckHead(string path, string head)
    {
        var lines = head.Split('\n');
        var index = Array.FindIndex(lines, l => l.Trim() is { Length: > 0 } line && !line.StartsWith("--", StringComparison.Ordinal));
        if (index >= 0)
        {
            throw DataErrors.MigrationMalformed(path, index + 1, "statements stand before the first section");
        }
    }

    private static List<MigrationSection> ScriptSections(string text) =>
        [.. Function().Matches(text).Select(m => new MigrationSection(Enum.Parse<SectionKind>(m.Groups[1].Value, ignoreCase: true), [], text, 1))];

    private static List<string> List(string value) => [.. value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    private static int LineOf(string text, int position) => text.AsSpan(0, position).Count('\n') + 1;

    [GeneratedRegex(@"^(?:--|\#)\s*(transaction|database|depends|lock-timeout|batch|variables|irreversible)\s*:\s*(.*)$", RegexOptions.IgnoreCase)]
    private static partial Regex Option();

    [GeneratedRegex(@"^--\s*([a-z]+(?:-[a-z]+)*):\s+(.*)$", RegexOptions.IgnoreCase)]
    private static partial Regex AnyOption();

    [GeneratedRegex(@"^--[ \t]*(up|down|check|verify|expand|backfill|contract)(?:[ \t:]+([a-z]+(?:[ \t]*,[ \t]*[a-z]+)*))?[ \t]*(?:\n|$)", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Marker();

    [GeneratedRegex(@"(?:--|\#)[ \t]*datatools:[ \t]*ignore[ \t]+([\w, \t-]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Ignore();

    [GeneratedRegex(@"^(.+?)\s+by\s+(.+?)(?:\s*,\s*(\d+))?$", RegexOptions.IgnoreCase)]
    private static partial Regex BatchValue();

    [GeneratedRegex(@"^(\d+(?:\.\d+)?)\s*(ms|s|m)$")]
    private static partial Regex Time();

    [GeneratedRegex(@"^\s*function\s+(?:script:|global:)?(Up|Down)\b", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Function();
}
