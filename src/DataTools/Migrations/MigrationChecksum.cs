using DataTools.Data;

namespace DataTools.Migrations;

/// <summary>
/// Tells whether a text was changed. A byte order mark and the kind of line ends do not count, so that the checksum is the same on every system. The prefix names
/// the way it is made, so that a later version may make it otherwise without taking every file for changed.
/// </summary>
internal static class MigrationChecksum
{
    private const string Prefix = "s1:";
    private const int StatementDigits = 12;

    /// <summary>The text as it counts.</summary>
    public static string Normalize(string text) => text.TrimStart('\uFEFF').ReplaceLineEndings("\n");

    /// <summary>The checksum of a file's text.</summary>
    public static string Of(string text) => Prefix + TextHash.Of(Normalize(text), TextHash.AllDigits);

    /// <summary>A short one for each statement, separated by spaces.</summary>
    public static string Of(IEnumerable<SqlStatement> statements) => string.Join(' ', statements.Select(s => TextHash.Of(s.Text, StatementDigits)));
}
