using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using DataTools.Host;

namespace DataTools.Tests.Databases;

/// <summary>A session whose pipelines are stopped, as Ctrl+C does. It has an open connection, $c, and a $signal that scripts set when they are to be stopped.</summary>
internal sealed class StoppedRun : IDisposable
{
    private readonly Runspace _runspace = RunspaceFactory.CreateRunspace(RunnerSession.CreateState());
    private readonly ManualResetEventSlim _signal = new();

    internal StoppedRun(string url)
    {
        _runspace.Open();
        Lines("$global:url = $args[0]; $global:c = Connect-Database $url -Name stopped; $global:signal = $args[1]", url, _signal);
    }

    /// <summary>Runs a script until it has set $signal, does something, and stops it; it must end within some seconds.</summary>
    internal void Stop(string script, Action between)
    {
        _signal.Reset();
        using var shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        var run = shell.BeginInvoke();
        SpinWait.SpinUntil(() => _signal.IsSet || run.IsCompleted, TimeSpan.FromMinutes(2));
        if (!_signal.IsSet)
        {
            Assert.Fail($"It did not come so far: {string.Join(' ', shell.Streams.Error.ReadAll())}");
        }

        between();
        var watch = Stopwatch.StartNew();
        var stop = shell.BeginStop(null, null);
        Assert.True(stop.AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(60)), "It did not stop.");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"It took {watch.Elapsed} to stop.");
        Assert.Throws<PipelineStoppedException>(() => shell.EndInvoke(run));
    }

    /// <summary>What a script gives, as text.</summary>
    internal IReadOnlyList<string> Lines(string script, params object[] arguments)
    {
        using var shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        Array.ForEach(arguments, a => shell.AddArgument(a));
        return [.. shell.Invoke().Select(o => $"{o}")];
    }

    public void Dispose()
    {
        _runspace.Dispose();
        _signal.Dispose();
    }
}
