using System.Management.Automation;
using System.Management.Automation.Runspaces;
using DataTools.Host;

namespace DataTools.Tests;

/// <summary>
/// PowerShell in the tests' process with the module imported as users import it: by its manifest, through its loader. A test class
/// takes one as its fixture; every run starts with empty streams, variables stay.
/// </summary>
public sealed class PowerShellSession : IDisposable
{
    private readonly Runspace runspace;
    private PowerShell? last;

    /// <summary>Opens the session.</summary>
    public PowerShellSession()
    {
        runspace = RunspaceFactory.CreateRunspace(RunnerSession.CreateState());
        runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        runspace.Open();
    }

    /// <summary>The errors of the last run that did not end it.</summary>
    public IReadOnlyList<ErrorRecord> Errors => last is null ? [] : [.. last.Streams.Error];

    /// <summary>The warnings of the last run.</summary>
    public IReadOnlyList<string> Warnings => last is null ? [] : [.. last.Streams.Warning.Select(record => record.Message)];

    /// <summary>The verbose messages of the last run.</summary>
    public IReadOnlyList<string> VerboseMessages => last is null ? [] : [.. last.Streams.Verbose.Select(record => record.Message)];

    /// <summary>Runs a script; <c>$args</c> are <paramref name="arguments"/>. A terminating error is thrown.</summary>
    public IReadOnlyList<PSObject> Run(string script, params object?[] arguments)
    {
        last?.Dispose();
        last = PowerShell.Create(runspace);
        last.AddScript(script);
        foreach (var argument in arguments)
        {
            last.AddArgument(argument);
        }

        // The runspace runs on the caller's thread, and code on that thread looks the session up here.
        Runspace.DefaultRunspace = runspace;
        try
        {
            return last.Invoke();
        }
        finally
        {
            Runspace.DefaultRunspace = null;
        }
    }

    /// <summary>Runs a script and returns its values without their PowerShell wrapping.</summary>
    public IReadOnlyList<object?> Values(string script, params object?[] arguments) =>
        [.. Run(script, arguments).Select(value => value?.BaseObject)];

    /// <summary>Runs a script that must end in an error, which may or may not be terminating, and returns it.</summary>
    public ErrorRecord Error(string script, params object?[] arguments)
    {
        try
        {
            Run(script, arguments);
        }
        catch (RuntimeException exception)
        {
            return exception.ErrorRecord;
        }

        return Errors is [var first, ..] ? first : throw new Xunit.Sdk.XunitException($"No error from: {script}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        last?.Dispose();
        runspace.Dispose();
    }
}
