using System.Management.Automation;
using System.Management.Automation.Language;

namespace DataTools.Host;

/// <summary>Lines of a redirected standard input, for scripts that read the pipeline.</summary>
internal static class StandardInput
{
    private const int Ahead = 10_000;

    /// <summary>
    /// The lines, or no input. A script that does not look at its pipeline must not wait for it: in a container or a build the
    /// other end may stay open for ever.
    /// </summary>
    internal static PSDataCollection<object>? For(ScriptBlockAst script)
    {
        if (!Console.IsInputRedirected || !ReadsPipeline(script))
        {
            return null;
        }

        var lines = new PSDataCollection<object>();
        new Thread(() => Read(lines)) { IsBackground = true, Name = "standard input" }.Start();
        return lines;
    }

    private static bool ReadsPipeline(ScriptBlockAst script) =>
        script.ProcessBlock is not null
        || script.Find(ast => ast is VariableExpressionAst { VariablePath.UserPath: var name } && name.Equals("input", StringComparison.OrdinalIgnoreCase), searchNestedScriptBlocks: false) is not null;

    private static void Read(PSDataCollection<object> lines)
    {
        try
        {
            while (Console.In.ReadLine() is { } text)
            {
                lines.Add(text);
                while (lines.Count > Ahead)
                {
                    Thread.Sleep(1);
                }
            }

            lines.Complete();
        }
        catch (InvalidOperationException)
        {
            // The script ended before its input did and closed the collection.
        }
    }
}
