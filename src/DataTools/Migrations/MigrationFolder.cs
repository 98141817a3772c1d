using System.Text;
using System.Text.RegularExpressions;
using DataTools.Errors;
using DataTools.Migrations.Adopt;

namespace DataTools.Migrations;

/// <summary>The migrations of a folder.</summary>
public static partial class MigrationFolder
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the migrations of a folder, ordered by their ids, repeatable ones last. Other files are left alone.</summary>
    /// <exception cref="DataException">The folder does not exist, a file is malformed, or two have one id.</exception>
    public static IReadOnlyList<MigrationFile> Read(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!Directory.Exists(folder))
        {
            throw File.Exists(folder) ? DataErrors.InvalidOption($"'{folder}' is a file; -Path names the folder that the migrations are in.") : DataErrors.FileNotFound(folder);
        }

        var files = new List<MigrationFile>();
        foreach (var path in Paths(folder))
        {
            // Read once, and not at all where the name says that it is something else.
            var text = new Lazy<string>(() => ReadText(path));
            if (ForeignFiles.Read(path, text) is { } foreign)
            {
                files.AddRange(foreign);
            }
            else if (Named(path) is { } file)
            {
                files.Add(MigrationParser.Parse(file, text.Value));
            }
        }

        return Ordered(ForeignFiles.Join(files));
    }

    internal static IEnumerable<string> Paths(string folder)
    {
        try
        {
            return Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataErrors.CannotOpen(folder, e);
        }
    }

    internal static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path, Strict);
        }
        catch (DecoderFallbackException e)
        {
            var before = File.ReadAllBytes(path).AsSpan(0, e.Index < 0 ? 0 : e.Index);
            throw DataErrors.MigrationMalformed(path, before.Count((byte)'\n') + 1, "the text is not UTF-8; save it as such");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataErrors.CannotOpen(path, e);
        }
    }

    private static IReadOnlyList<MigrationFile> Ordered(List<MigrationFile> files)
    {
        var twice = files.GroupBy(f => f.Id, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        return twice is null
            ? [.. files.OrderBy(f => f.IsRepeatable).ThenBy(f => f.Order.Length == 0).ThenBy(f => f.Order, StringComparer.Ordinal).ThenBy(f => f.Id, StringComparer.Ordinal)]
            : throw DataErrors.MigrationsUnclear($"Several files have the id {twice.Key}: {string.Join(", ", twice.Select(f => f.FileName))}. Give all but one a later id.", twice.Key);
    }

    /// <summary>The migration that a file's name makes of it; null for any other file.</summary>
    private static MigrationFile? Named(string path)
    {
        var name = Path.GetFileName(path);
        var language = Path.GetExtension(name).ToUpperInvariant() switch
        {
            ".PS1" => MigrationLanguage.PowerShell,
            ".JSON" => MigrationLanguage.Json,
            _ => MigrationLanguage.Sql,
        };
        if (VersionedName().Match(name) is { Success: true } versioned)
        {
            return new MigrationFile(versioned.Groups[1].Value, versioned.Groups[2].Value, path) { Language = language };
        }

        return RepeatableName().Match(name) is { Success: true } repeatable
            ? new MigrationFile(repeatable.Groups[1].Value, repeatable.Groups[2].Value, path) { Language = language, IsRepeatable = true }
            : null;
    }

    [GeneratedRegex(@"^(\d{8}T?\d{6})_(.+)\.(?:sql|ps1|json)$", RegexOptions.IgnoreCase)]
    private static partial Regex VersionedName();

    [GeneratedRegex(@"^(R_(.+))\.(?:sql|json)$")]
    private static partial Regex RepeatableName();
}
