using System.Management.Automation;
using System.Reflection;
using System.Xml.Linq;

namespace DataTools.Help;

/// <summary>
/// Makes the help that Get-Help shows, from what stands in one place each: synopsis and parameters in the comments of the cmdlets, descriptions,
/// examples and notes in a page of Markdown per command, everything else in the attributes.
/// </summary>
internal static class Program
{
    /// <summary>Arguments: the module's assembly, the folder of the pages, the file to write.</summary>
    private static int Main(string[] args)
    {
        try
        {
            Write(args[0], args[1], args[2]);
            return 0;
        }
        catch (HelpException e)
        {
            // The form in which MSBuild shows an error as its own.
            Console.Error.WriteLine($"{args[1]} : error HELP : {e.Message}");
            return 1;
        }
    }

    private static void Write(string assembly, string pages, string output)
    {
        var comments = new Comments(XDocument.Load(Path.ChangeExtension(assembly, ".xml")));
        var cmdlets = ModuleLoader.Load(Path.GetDirectoryName(Path.GetFullPath(assembly))!).GetTypes()
            .Where(type => type.GetCustomAttribute<CmdletAttribute>() is not null)
            .Select(type => new CmdletFacts(type))
            .OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal)
            .ToList();
        if (Directory.GetFiles(pages, "*-*.md").Select(Path.GetFileNameWithoutExtension).Except(cmdlets.Select(c => c.Name)).FirstOrDefault() is { } stray)
        {
            throw new HelpException($"{stray}.md is about no command.");
        }

        var help = Maml.HelpItems(cmdlets.Select(cmdlet => Maml.Command(cmdlet, comments, CommandPage.Read(pages, cmdlet.Name))));
        Directory.CreateDirectory(Path.GetDirectoryName(output)!);
        help.Save(output);
    }
}
