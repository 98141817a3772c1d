using System.Collections.Concurrent;
using System.Management.Automation;
using DataTools.Errors;

namespace DataTools.Module;

/// <summary>What every command does alike: errors with ids, cancellation, warnings from other threads, progress and the log of runs.</summary>
public abstract class DataCmdlet : PSCmdlet, IDisposable
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentQueue<string> _warnings = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly int _activity = Environment.TickCount & 0xFFFFFF;
    private DateTime _nextProgress = DateTime.UtcNow + ProgressEvery;
    private RunLog? _log;
    private bool _hasProgress;
    private bool _isOver;

    /// <summary>
    /// <para>A file to which one line of JSON is appended when the command ends: start, end, source, target, rows, rejects and error.</para>
    /// <para>The variable DataToolsLogPath gives it to every command of a session.</para>
    /// </summary>
    [Parameter]
    public string? LogPath { get; set; }

    /// <summary>Cancelled when the pipeline is stopped.</summary>
    protected CancellationToken Cancellation => _stop.Token;

    /// <summary>Whether the run only says what it would do.</summary>
    private protected bool IsWhatIf => LanguagePrimitives.IsTrue(
        MyInvocation.BoundParameters.TryGetValue("WhatIf", out var given) ? given : SessionState.PSVariable.GetValue("WhatIfPreference"));

    /// <summary>What this run has done, for its line in the log.</summary>
    private protected RunLog Log => _log ??= RunLog.Start(MyInvocation.MyCommand?.Name ?? GetType().Name);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_log is not null)
        {
            // An error in the log must not hide how the run itself ended.
            _log.Write();
            _log = null;
        }

        if (!_isOver)
        {
            GiveUp();
        }

        CloseResources();
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected sealed override void BeginProcessing()
    {
        Log.Path = LogPathInUse();
        Guard(Begin);
    }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Guard(Process);

    /// <inheritdoc/>
    protected sealed override void EndProcessing()
    {
        Guard(End);
        EndProgress();
        Log.Complete();
        _isOver = true;
    }

    /// <summary>
    /// Ends this command and those before it, as Select-Object -First does; does nothing where PowerShell has no way for it. PowerShell does not
    /// call <see cref="EndProcessing"/> afterwards.
    /// </summary>
    protected void StopUpstream()
    {
        if (EngineInternals.StopUpstream(this) is { } stop)
        {
            EndProcessing();
            throw stop;
        }
    }

    /// <inheritdoc/>
    protected sealed override void StopProcessing() => _stop.Cancel();

    /// <summary>Once, before the first object.</summary>
    protected virtual void Begin()
    {
    }

    /// <summary>Once for each object of the pipeline.</summary>
    protected virtual void Process()
    {
    }

    /// <summary>Once, after the last object.</summary>
    protected virtual void End()
    {
    }

    /// <summary>Closes what the run has open, however it ended; what is incomplete is discarded.</summary>
    protected virtual void CloseResources()
    {
    }

    /// <summary>Queues a warning; may be called from any thread.</summary>
    protected void Warn(string message) => _warnings.Enqueue(message);

    /// <summary>Reports an error of one item; the command goes on with the next.</summary>
    protected void ReportError(DataException error)
    {
        Log.Error = error.Message;
        WriteError(ToRecord(error));
    }

    /// <summary>Shows how far the run is, at most four times a second; <paramref name="share"/> is 0 to 1, or null where it is not known.</summary>
    protected void ShowProgress(string what, long rows, double? share)
    {
        ShowWarnings();
        var now = DateTime.UtcNow;
        if (now < _nextProgress)
        {
            return;
        }

        _nextProgress = now + ProgressEvery;
        _hasProgress = true;
        var rate = rows / Math.Max(Log.Elapsed.TotalSeconds, 0.001);
        WriteProgress(new ProgressRecord(_activity, MyInvocation.MyCommand?.Name ?? "DataTools", $"{what}: {rows:N0} rows, {rate:N0} rows/s")
        {
            PercentComplete = share is { } known ? (int)Math.Clamp(known * 100, 0, 100) : -1,
        });
    }

    /// <summary>Judges the bad rows at the end of the run, and tells of them.</summary>
    private protected void EndRejects(RejectLog rejects)
    {
        rejects.Complete();
        RejectArguments.Tell(rejects, Warn);
        Log.Rejects = rejects.Count;
        if (!IsWhatIf)
        {
            rejects.DropStale();
        }
    }

    /// <summary>The absolute path of a file that need not exist.</summary>
    protected string FullPath(string path)
    {
        var full = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        return provider.Name == "FileSystem" ? full : throw DataErrors.InvalidOption($"'{path}' is not a path of the file system.");
    }

    /// <summary>Runs engine code: its errors become PowerShell's, cancellation ends the pipeline.</summary>
    private protected void Guard(Action action)
    {
        try
        {
            action();
            ShowWarnings();
        }
        catch (DataException e)
        {
            ShowWarnings();
            Log.Error = e.Message;
            _isOver = true;
            ThrowTerminatingError(ToRecord(e));
        }
        catch (Exception e) when (EngineInternals.IsStopUpstream(e))
        {
            // A later command has all it wants: the run is complete.
            Log.Complete();
            throw;
        }
        catch (OperationCanceledException) when (Stopping)
        {
            throw new PipelineStoppedException();
        }
        catch (OperationCanceledException e)
        {
            // Not by the user: a server's administrator may cancel a statement.
            Log.Error = e.Message;
            _isOver = true;
            ThrowTerminatingError(ToRecord(DataErrors.RunCancelled(e.Message, e)));
        }
    }

    /// <summary>
    /// Nobody waits for the rest: the pipeline is stopped, of which PowerShell does not tell a command that it is about to dispose of, or a later command has all it wants.
    /// </summary>
    private void GiveUp()
    {
        try
        {
            _stop.Cancel();
        }
        catch (AggregateException)
        {
            // What was told could not end; it is closed now.
        }
    }

    private static ErrorRecord ToRecord(DataException error) =>
        new(error, error.Id, Enum.Parse<ErrorCategory>(error.Category.ToString()), error.Target);

    private string? LogPathInUse()
    {
        var path = LogPath ?? SessionState.PSVariable.GetValue("DataToolsLogPath") as string;
        return string.IsNullOrEmpty(path) ? null : FullPath(path);
    }

    private void ShowWarnings()
    {
        while (_warnings.TryDequeue(out var message))
        {
            WriteWarning(message);
        }
    }

    private void EndProgress()
    {
        if (_hasProgress)
        {
            WriteProgress(new ProgressRecord(_activity, MyInvocation.MyCommand?.Name ?? "DataTools", "Done") { RecordType = ProgressRecordType.Completed });
        }
    }
}
