using System.Text;

namespace DataTools.Formats;

/// <summary>Folders named <c>column=value</c>, as Hive, Spark and DuckDB write them.</summary>
public static class HivePartitions
{
    /// <summary>What stands for null.</summary>
    public const string NullName = "__HIVE_DEFAULT_PARTITION__";

    /// <summary>The columns that the folders between <paramref name="root"/> and a file name.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Parse(string root, string file) =>
    [
        .. Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar)
            .Select(part => part.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .Select(pair => KeyValuePair.Create(Uri.UnescapeDataString(pair[0]), Uri.UnescapeDataString(pair[1]))),
    ];

    /// <summary>The folder's name for a value. Characters that paths or readers take for their own are escaped, so no value leaves the target.</summary>
    public static string FolderName(string column, string? value) => $"{Escape(column)}={(value is null ? NullName : Escape(value))}";

    private static string Escape(string text)
    {
        var result = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            var plain = char.IsAsciiLetterOrDigit((char)b) || b is (byte)'_' or (byte)'-' or (byte)' ' || (b == (byte)'.' && result.Length > 0);
            result.Append(plain ? ((char)b).ToString() : $"%{b:X2}");
        }

        return result.ToString();
    }
}
