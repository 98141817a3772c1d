namespace DataTools.Databases.MySql;

/// <summary>
/// The option files of the command-line client, in the order in which it reads them: what comes later counts
/// (https://dev.mysql.com/doc/refman/8.0/en/option-files.html).
/// </summary>
internal static class MySqlOptionFile
{
    private const int MaxDepth = 10;

    /// <summary>What the files say to the client.</summary>
    public static Dictionary<string, string> Client(bool isMariaDb)
    {
        string[] groups = isMariaDb ? ["client", "client-server", "client-mariadb", "mariadb-client", "mysql"] : ["client", "mysql"];
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Paths())
        {
            Read(path, groups, values, 0);
        }

        return values;
    }

    /// <summary>Adds what a file says, if there is one that others cannot write to: the client ignores such.</summary>
    public static void Read(string path, string[] groups, Dictionary<string, string> values, int depth)
    {
        if (depth > MaxDepth || !File.Exists(path) || (!OperatingSystem.IsWindows() && File.GetUnixFileMode(path).HasFlag(UnixFileMode.OtherWrite)))
        {
            return;
        }

        var group = "";
        foreach (var line in Lines(path))
        {
            if (line.StartsWith('['))
            {
                group = line.Trim('[', ']', ' ');
            }
            else if (line.StartsWith("!include", StringComparison.Ordinal))
            {
                foreach (var other in Included(line))
                {
                    Read(other, groups, values, depth + 1);
                }
            }
            else if (groups.Contains(group))
            {
                Set(line, values);
            }
        }
    }

    private static IEnumerable<string> Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path).Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] is not ('#' or ';'));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The client goes on without a file that it may not read, too.
            return [];
        }
    }

    private static string[] Included(string line)
    {
        var parts = line.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2)
        {
            return [];
        }

        return parts[0] == "!include" ? [parts[1]]
            : Directory.Exists(parts[1]) ? [.. Directory.GetFiles(parts[1], "*.cnf").Order(StringComparer.Ordinal)]
            : [];
    }

    private static void Set(string line, Dictionary<string, string> values)
    {
        var equals = line.IndexOf('=', StringComparison.Ordinal);
        var name = (equals < 0 ? line : line[..equals]).Trim().Replace('_', '-');
        values[name.StartsWith("loose-", StringComparison.Ordinal) ? name[6..] : name] = equals < 0 ? "" : Value(line[(equals + 1)..]);
    }

    /// <summary>A value may stand in quotes; else a comment behind it begins with # and a space before that.</summary>
    private static string Value(string text)
    {
        var value = text.Trim();
        if (value.Length > 1 && value[0] is '"' or '\'' && value.IndexOf(value[0], 1) is > 0 and var close)
        {
            return Unescape(value[1..close]);
        }

        var comment = value.IndexOf(" #", StringComparison.Ordinal);
        return Unescape(comment < 0 ? value : value[..comment].TrimEnd());
    }

    private static string Unescape(string value) => value
        .Replace("\\\\", "\u0001", StringComparison.Ordinal).Replace("\\s", " ", StringComparison.Ordinal).Replace("\\t", "\t", StringComparison.Ordinal)
        .Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\r", "\r", StringComparison.Ordinal).Replace("\\b", "\b", StringComparison.Ordinal)
        .Replace("\u0001", "\\", StringComparison.Ordinal);

    private static IEnumerable<string> Paths()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (OperatingSystem.IsWindows())
        {
            var windows = Environment.GetFolderPath(Environment.SpecialFolder.Windows);
            return [Path.Combine(windows, "my.ini"), Path.Combine(windows, "my.cnf"), @"C:\my.ini", @"C:\my.cnf", Path.Combine(home, ".my.cnf")];
        }

        var given = Environment.GetEnvironmentVariable("MYSQL_HOME");
        string[] all = ["/etc/my.cnf", "/etc/mysql/my.cnf", given is null ? "" : Path.Combine(given, "my.cnf"), Path.Combine(home, ".my.cnf")];
        return all.Where(p => p.Length > 0);
    }
}
