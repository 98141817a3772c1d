using System.Globalization;
using System.Text;
using DataTools.Errors;

namespace DataTools.Migrations;

/// <summary>A migration that is about to be written.</summary>
/// <param name="Path">The file.</param>
/// <param name="Text">Its text.</param>
public sealed record NewMigration(string Path, string Text)
{
    private const string IdFormat = "yyyyMMdd'T'HHmmss";
    private const string Head = "-- lock-timeout: 5s\n";

    /// <summary>A migration of SQL; sections without a text are left for the user to fill.</summary>
    public static NewMigration OfSql(string folder, string name, string? up, string? down)
    {
        var files = FilesOf(folder);
        var text = new StringBuilder(Head).Append(Depends(files, "--")).Append("\n-- up\n").Append(Lines(up)).Append("\n-- down\n").Append(Lines(down));
        return Versioned(folder, files, name, ".sql", text.ToString());
    }

    /// <summary>A migration of sections that are made already.</summary>
    public static NewMigration OfSections(string folder, string name, IEnumerable<string> options, string sections)
    {
        var files = FilesOf(folder);
        var text = new StringBuilder(Head);
        foreach (var option in options)
        {
            text.Append("-- ").Append(option).Append('\n');
        }

        return Versioned(folder, files, name, ".sql", text.Append(Depends(files, "--")).Append('\n').Append(sections).ToString());
    }

    /// <summary>A migration of commands as JSON; a section is a command, or an array of them.</summary>
    public static NewMigration OfJson(string folder, string name, string? up, string? down)
    {
        var files = FilesOf(folder);
        var depends = HeadOf(files) is { } head ? $"  \"depends\": \"{head}\",\n" : "";
        var back = down is null ? "" : $",\n  \"down\": {Commands(down)}";
        return Versioned(folder, files, name, ".json", $"{{\n{depends}  \"up\": {Commands(up)}{back}\n}}\n");
    }

    /// <summary>A migration that is a script.</summary>
    public static NewMigration OfScript(string folder, string name)
    {
        var files = FilesOf(folder);
        var text = Depends(files, "#") + "function Up($Connection) {\n    # Invoke-DataQuery '...' -Connection $Connection -NonQuery\n}\n\nfunction Down($Connection) {\n}\n";
        return Versioned(folder, files, name, ".ps1", text);
    }

    /// <summary>A migration that runs again whenever its text changes.</summary>
    public static NewMigration Repeatable(string folder, string name, string? up) =>
        new(System.IO.Path.Combine(folder, $"R_{Slug(name)}.sql"), $"{Head}\n-- up\n{Lines(up)}");

    /// <summary>A migration that does nothing but need all heads.</summary>
    public static NewMigration Merge(string folder, string name)
    {
        var files = FilesOf(folder);
        var heads = new MigrationGraph(files, new HashSet<string>()).Heads;
        return heads.Count > 1
            ? Versioned(folder, files, name, ".sql", $"-- depends: {string.Join(", ", heads)}\n\n-- up\n\n-- down\n")
            : throw DataErrors.InvalidOption($"The migrations have {heads.Count} head{(heads.Count == 1 ? "" : "s")}, so there is nothing to merge.");
    }

    /// <summary>Writes the file, which must not exist.</summary>
    public void Write()
    {
        if (File.Exists(Path))
        {
            throw DataErrors.TargetExists(Path);
        }

        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            File.WriteAllText(Path, Text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataErrors.CannotWrite(Path, e);
        }
    }

    internal static string Slug(string name)
    {
        var slug = new StringBuilder();
        foreach (var c in name.Trim())
        {
            slug.Append(char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : '_');
        }

        return slug.ToString().Trim('_') is { Length: > 0 } some ? some : throw DataErrors.InvalidOption($"'{name}' has no letter or digit to name a file by.");
    }

    private static IReadOnlyList<MigrationFile> FilesOf(string folder) => Directory.Exists(folder) ? MigrationFolder.Read(folder) : [];

    /// <summary>The id follows every other, even where the clock went back or two are made in one second.</summary>
    private static NewMigration Versioned(string folder, IReadOnlyList<MigrationFile> files, string name, string extension, string text)
    {
        var now = DateTime.UtcNow;
        foreach (var file in files.Where(f => !f.IsRepeatable))
        {
            if (DateTime.TryParseExact(file.Id, [IdFormat, "yyyyMMddHHmmss"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var used) && used >= now.AddSeconds(-1))
            {
                now = used.AddSeconds(1);
            }
        }

        return new NewMigration(System.IO.Path.Combine(folder, $"{now.ToString(IdFormat, CultureInfo.InvariantCulture)}_{Slug(name)}{extension}"), text);
    }

    /// <summary>A new migration needs the head, so that branches are seen when they come together.</summary>
    private static string Depends(IReadOnlyList<MigrationFile> files, string comment) => HeadOf(files) is { } head ? $"{comment} depends: {head}\n" : "";

    private static string? HeadOf(IReadOnlyList<MigrationFile> files)
    {
        var heads = new MigrationGraph(files, new HashSet<string>()).Heads;
        return heads.Count > 1 ? throw DataErrors.MigrationHeads(heads) : heads.Count == 1 ? heads[0] : null;
    }

    private static string Commands(string? text)
    {
        var commands = JsonMigration.Split(text ?? "", "the text", 1).Select(c => $"\n    {c.Text}").ToList();
        return commands.Count == 0 ? "[\n  ]" : $"[{string.Join(",", commands)}\n  ]";
    }

    private static string Lines(string? text) => text is null ? "" : text.ReplaceLineEndings("\n").TrimEnd() is var trimmed && trimmed.EndsWith(';') ? trimmed + "\n" : trimmed + ";\n";
}
