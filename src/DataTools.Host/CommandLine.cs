using System.Collections;
using System.Management.Automation;

namespace DataTools.Host;

/// <summary>What the arguments of <c>datatools</c> ask for.</summary>
internal sealed record CommandLine
{
    internal const string Usage = """
        datatools <script.ps1> [arguments]   runs a script; arguments bind to its parameters (-Name value, -Switch, -Name:value)
        datatools -Command <text>            runs a command; lines from a redirected standard input are $input
        datatools -Help | -Version

        Before the script or -Command: -NoProgress shows no progress.
        The exit code is that of `exit`, 1 after a terminating error (or when the last command of -Command failed), 64 when the
        script is not found or the arguments are wrong, 130 after Ctrl+C and 143 after a request to end.
        """;

    internal string? Script { get; private init; }

    internal string? Command { get; private init; }

    internal IReadOnlyList<object> Arguments { get; private init; } = [];

    /// <summary>The script's arguments that were written as <c>-Name:value</c>.</summary>
    internal Hashtable Parameters { get; private init; } = [];

    internal bool NoProgress { get; private init; }

    internal bool ShowVersion { get; private init; }

    internal bool ShowHelp { get; private init; }

    /// <summary>What is wrong with the arguments, if anything is.</summary>
    internal string? Mistake { get; private init; }

    internal static CommandLine Parse(ReadOnlySpan<string> args)
    {
        var noProgress = false;
        while (args is ["-NoProgress" or "-noprogress" or "--no-progress", ..])
        {
            noProgress = true;
            args = args[1..];
        }

        return ParseAction(args) with { NoProgress = noProgress };
    }

    private static CommandLine ParseAction(ReadOnlySpan<string> args)
    {
        if (args.IsEmpty)
        {
            return new() { ShowHelp = true };
        }

        return args[0].ToUpperInvariant() switch
        {
            "-HELP" or "--HELP" or "-H" or "-?" => new() { ShowHelp = true },
            "-VERSION" or "--VERSION" => new() { ShowVersion = true },
            "-COMMAND" or "-C" => ParseCommand(args[1..]),
            "-FILE" or "-F" => args.Length > 1 ? ParseScript(args[1..]) : new() { Mistake = "-File needs a script." },
            ['-', ..] => new() { Mistake = $"'{args[0]}' is not an option of datatools." },
            _ => ParseScript(args),
        };
    }

    private static CommandLine ParseCommand(ReadOnlySpan<string> words) =>
        words.IsEmpty ? new() { Mistake = "-Command needs a command." } : new() { Command = string.Join(' ', words) };

    private static CommandLine ParseScript(ReadOnlySpan<string> args)
    {
        var script = Path.GetFullPath(args[0]);
        return File.Exists(script) ? Bind(script, args[1..]) : new() { Mistake = $"The script '{args[0]}' does not exist." };
    }

    /// <summary>Makes of the words what PowerShell makes of them behind <c>-File</c>.</summary>
    private static CommandLine Bind(string script, ReadOnlySpan<string> words)
    {
        var arguments = new List<object>();
        var parameters = new Hashtable(StringComparer.OrdinalIgnoreCase);
        foreach (var word in words)
        {
            var colon = word.IndexOf(':', StringComparison.Ordinal);
            if (!IsParameterName(word))
            {
                arguments.Add(word);
            }
            else if (colon > 0 && colon < word.Length - 1)
            {
                parameters[word[1..colon]] = Literal(word[(colon + 1)..]);
            }
            else
            {
                arguments.Add(ParameterName(word));
            }
        }

        return new() { Script = script, Arguments = arguments, Parameters = parameters };
    }

    /// <summary>Marks a text as the name of a parameter, as the engine does in <c>$args</c>, so that splatting binds it by name.</summary>
    private static PSObject ParameterName(string text)
    {
        var name = new PSObject(text);
        name.Properties.Add(new PSNoteProperty("<CommandParameterName>", text.Trim('-', ':')));
        return name;
    }

    private static bool IsParameterName(string word) => word is ['-', var first, ..] && (char.IsLetter(first) || first is '_' or '?');

    private static object Literal(string value) =>
        value.Equals("$true", StringComparison.OrdinalIgnoreCase) ? true
        : value.Equals("$false", StringComparison.OrdinalIgnoreCase) ? false
        : value;
}
