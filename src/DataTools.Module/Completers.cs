using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Formats;

namespace DataTools.Module;

/// <summary>Completes from a list of names.</summary>
public abstract class NameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var typed = wordToComplete.Trim('\'', '"');
        return Names(fakeBoundParameters)
            .Where(name => name.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Select(name => new CompletionResult(Quoted(name), name, CompletionResultType.ParameterValue, name));
    }

    /// <summary>The names to choose from.</summary>
    protected abstract IEnumerable<string> Names(IDictionary bound);

    private static string Quoted(string name) =>
        name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.') ? name : $"'{CodeGeneration.EscapeSingleQuotedStringContent(name)}'";
}

/// <summary>Completes the formats that can be read.</summary>
public sealed class ReadFormatCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Names(IDictionary bound) => DataFormats.All.Where(f => f.OpenReader is not null).Select(f => f.Name);
}

/// <summary>Completes the formats that can be written.</summary>
public sealed class WriteFormatCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Names(IDictionary bound) => DataFormats.All.Where(f => f.OpenWriter is not null).Select(f => f.Name);
}

/// <summary>Completes the formats that stand in strings.</summary>
public sealed class TextFormatCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Names(IDictionary bound) => DataFormats.All.Where(f => f.IsText).Select(f => f.Name);
}

/// <summary>Completes the names of encodings.</summary>
public sealed class EncodingCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Names(IDictionary bound) => Arguments.EncodingNames;
}

/// <summary>Completes the columns of the file that -Path names.</summary>
public sealed class ColumnCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Names(IDictionary bound)
    {
        var path = bound["Path"] ?? bound["LiteralPath"];
        try
        {
            using var rejects = new RejectLog(new RejectPolicy { MaxErrors = long.MaxValue });
            var context = new ReadContext(ReadOptions.Default with { SampleRows = 100 }, rejects, _ => { });
            using var reader = MultiFileReader.Open(
                [.. FileFinder.Find([LanguagePrimitives.ConvertTo<string>(path)], bound["Format"] as string, includeSource: false)], context);
            return reader.Schema.Names();
        }
        catch (Exception e) when (e is DataException or PSInvalidCastException)
        {
            // Completion has no place to say what is wrong with the path.
            return [];
        }
    }
}

/// <summary>Completes what the file that -Path names holds, of one kind or another.</summary>
public abstract class ContentCompleter(params string[] kinds) : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Names(IDictionary bound)
    {
        try
        {
            using var rejects = new RejectLog(new RejectPolicy());
            var context = new ReadContext(ReadOptions.Default, rejects, _ => { });
            return [.. FileFinder.Find([LanguagePrimitives.ConvertTo<string>(bound["Path"] ?? bound["LiteralPath"])], bound["Format"] as string, includeSource: false)
                .SelectMany(p => p.Format is IContentFormat format ? format.ListContents(p.Source, context) : [])
                .Where(c => kinds.Contains(c.Kind)).Select(c => c.Name)];
        }
        catch (Exception e) when (e is DataException or PSInvalidCastException)
        {
            return [];
        }
    }
}

/// <summary>Completes the sheets of a book.</summary>
public sealed class WorksheetCompleter() : ContentCompleter("Worksheet");

/// <summary>Completes the tables and names of a book.</summary>
public sealed class RangeCompleter() : ContentCompleter("Table", "Name");
