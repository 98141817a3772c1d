using System.Management.Automation;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Module.Records;

namespace DataTools.Module.Databases;

/// <summary>Sends batches through a user's commands, on the thread of the pipeline, and makes batches of what comes out.</summary>
internal sealed class TransformReader : IBatchReader
{
    private readonly IBatchReader _inner;
    private readonly SteppablePipeline _pipeline;
    private readonly BatchInput _input;
    private readonly Queue<RecordBatch> _ready = new();
    private bool _ended;

    /// <summary>Begins the commands, and reads until the columns of their output are known.</summary>
    public TransformReader(IBatchReader inner, ScriptBlock script, RejectLog rejects, CancellationToken cancellation)
    {
        _inner = inner;
        _input = new BatchInput(rejects, widen: false, _ready.Enqueue);
        _pipeline = Begin(script);
        while (_ready.Count == 0 && !_ended)
        {
            Step(cancellation);
        }

        if (_ready.Count == 0)
        {
            // Of no rows the commands may give nothing; the columns that they were given are all that is known.
            _ready.Enqueue(new BatchBuilder(inner.Schema).Finish());
        }

        Schema = _ready.Peek().Schema;
    }

    public Schema Schema { get; }

    public RecordBatch? ReadBatch(CancellationToken cancellation)
    {
        while (_ready.Count == 0 && !_ended)
        {
            Step(cancellation);
        }

        return _ready.TryDequeue(out var batch) ? batch : null;
    }

    public void Dispose()
    {
        _pipeline.Dispose();
        _inner.Dispose();
    }

    private static SteppablePipeline Begin(ScriptBlock script)
    {
        try
        {
            var pipeline = script.GetSteppablePipeline();
            pipeline.Begin(expectInput: true);
            return pipeline;
        }
        catch (PSInvalidOperationException e)
        {
            throw DataErrors.InvalidOption($"-Transform takes one pipeline of commands, such as {{ Convert-Data -Where {{ $_.id -gt 10 }} }}: {e.Message}");
        }
    }

    private void Step(CancellationToken cancellation)
    {
        var batch = _inner.ReadBatch(cancellation);
        if (batch is null)
        {
            _ended = true;
            // A source without rows still has columns.
            _input.AddAll(_pipeline.Process(new BatchBuilder(_inner.Schema).Finish()));
            _input.AddAll(_pipeline.End());
            _input.Complete();
            return;
        }

        _input.AddAll(_pipeline.Process(batch));
    }
}
