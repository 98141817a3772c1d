using System.Text.RegularExpressions;

namespace DataTools.Query;

/// <summary>Counts words in SQL, those in texts and comments too: an answer that is too high only costs time.</summary>
internal static class SqlWords
{
    /// <summary>Words of statements that may read a table more often than they name it.</summary>
    public static readonly string[] Repeating = ["WITH", "PIVOT", "VIEW", "MACRO", "FUNCTION", "PREPARE", "QUERY", "QUERY_TABLE"];

    /// <summary>How often a word stands in the SQL; case does not count.</summary>
    public static int Count(string sql, string word) =>
        Regex.Count(sql, $@"(?<!\w){Regex.Escape(word)}(?!\w)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
}
