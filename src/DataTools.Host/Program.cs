using System.Reflection;

namespace DataTools.Host;

internal static class Program
{
    private const int UsageError = 64;

    private static int Main(string[] args)
    {
        var line = CommandLine.Parse(args);
        if (line.Mistake is not null)
        {
            Console.Error.WriteLine(line.Mistake);
            Console.Error.WriteLine(CommandLine.Usage);
            return UsageError;
        }

        if (line.ShowHelp || line.ShowVersion)
        {
            Console.WriteLine(line.ShowVersion ? Version : CommandLine.Usage);
            return 0;
        }

        using var runner = new ScriptRunner(line);
        return runner.Run();
    }

    private static string Version =>
        typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
