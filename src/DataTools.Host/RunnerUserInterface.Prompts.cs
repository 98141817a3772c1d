using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Net;
using System.Security;

namespace DataTools.Host;

/// <summary>Questions: asked on standard error where somebody can answer, an error where nobody can.</summary>
internal sealed partial class RunnerUserInterface
{
    private const int MaxAttempts = 3;

    /// <summary>Refuses to wait for an answer that cannot come.</summary>
    internal static void RequireTerminal(string question = "")
    {
        if (!Terminal.CanAsk)
        {
            throw new HostException(
                $"There is no terminal to ask on{(question.Length == 0 ? "" : $" ({question.ReplaceLineEndings(" ")})")}. "
                + "Pass -Confirm:$false to go ahead without being asked, and give every mandatory parameter.");
        }
    }

    public override string ReadLine()
    {
        RequireTerminal();
        ClearProgress();
        return Answer(Console.ReadLine) ?? throw new HostException("The input ended before an answer was given.");
    }

    public override SecureString ReadLineAsSecureString() => new NetworkCredential("", ReadHidden()).SecurePassword;

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        RequireTerminal(string.Join(", ", descriptions.Select(field => field.Name)));
        WriteCaption(caption, message);
        return descriptions.ToDictionary(field => field.Name, Ask, StringComparer.OrdinalIgnoreCase);
    }

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        RequireTerminal($"{caption} {message}".Trim());
        WriteCaption(caption, message);
        var options = string.Join("  ", choices.Select(choice => $"[{Key(choice)}] {Label(choice)}"));
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            error.Write(defaultChoice < 0 ? $"{options}: " : $"{options} (default is \"{Key(choices[defaultChoice])}\"): ");
            var answer = ReadLine().Trim();
            var chosen = answer.Length == 0 ? defaultChoice : IndexOf(choices, answer);
            if (chosen >= 0)
            {
                return chosen;
            }
        }

        throw new HostException($"None of the answers was one of {options}.");
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        PromptForCredential(caption, message, userName, targetName, PSCredentialTypes.Default, PSCredentialUIOptions.Default);

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options)
    {
        RequireTerminal("user and password");
        WriteCaption(caption, message);
        if (string.IsNullOrEmpty(userName))
        {
            error.Write("User: ");
            userName = ReadLine();
        }

        error.Write($"Password for user {userName}: ");
        return new PSCredential(userName, ReadLineAsSecureString());
    }

    private static string Label(ChoiceDescription choice) => choice.Label.Replace("&", "", StringComparison.Ordinal);

    private static string Key(ChoiceDescription choice)
    {
        var mark = choice.Label.IndexOf('&', StringComparison.Ordinal);
        return mark >= 0 && mark < choice.Label.Length - 1 ? choice.Label.Substring(mark + 1, 1).ToUpperInvariant() : choice.Label;
    }

    private static int IndexOf(Collection<ChoiceDescription> choices, string answer)
    {
        var index = choices.TakeWhile(choice => !Matches(Key(choice), answer) && !Matches(Label(choice), answer)).Count();
        return index < choices.Count ? index : -1;
    }

    private static bool Matches(string choice, string answer) => choice.Equals(answer, StringComparison.OrdinalIgnoreCase);

    private PSObject Ask(FieldDescription field)
    {
        error.Write($"{field.Name}: ");
        return PSObject.AsPSObject(field.ParameterTypeName == nameof(SecureString) ? ReadLineAsSecureString() : ReadLine());
    }

    private string ReadHidden()
    {
        RequireTerminal();
        ClearProgress();
        var text = Answer(Hidden);
        error.WriteLine();
        return text;
    }

    /// <summary>Waits for an answer, or for the end of the script: no signal wakes one who reads from a terminal.</summary>
    private T Answer<T>(Func<T> read)
    {
        var answer = Task.Run(read);
        if (Task.WaitAny(answer, stopped.Task) > 0)
        {
            error.WriteLine();
            throw new PipelineStoppedException();
        }

        return answer.GetAwaiter().GetResult();
    }

    private static string Hidden()
    {
        var text = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                text.Length = Math.Max(0, text.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                text.Append(key.KeyChar);
            }
        }

        return text.ToString();
    }

    private void WriteCaption(string caption, string message)
    {
        ClearProgress();
        foreach (var line in new[] { caption, message }.Where(line => !string.IsNullOrEmpty(line)))
        {
            error.WriteLine(line);
        }
    }
}
