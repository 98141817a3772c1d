using System.Management.Automation;
using Apache.Arrow;
using DataTools.Errors;
using DataTools.Module.Records;

namespace DataTools.Module;

/// <summary>A command that takes data from the pipeline: our batches, records, or any objects.</summary>
public abstract class DataInputCmdlet : DataCmdlet
{
    private BatchInput? _input;
    private RejectLog? _rejects;

    /// <summary>The rows: what another command of this module gives, or any objects, hashtables, a DataTable, a DataRow or a data reader.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    /// <summary>Look at all rows before the columns are fixed, so that a property which appears late becomes a column. Holds the rows in memory.</summary>
    [Parameter]
    public SwitchParameter Widen { get; set; }

    /// <summary>How many bad rows are let pass: a number, or a share such as 1%. The default is none.</summary>
    [Parameter]
    public string? MaxErrors { get; set; }

    /// <summary>A file for the bad rows, one JSON object a line, made anew by each run: after a run without bad rows there is none.</summary>
    [Parameter]
    public string? RejectPath { get; set; }

    private protected RejectLog Rejects =>
        _rejects ??= RejectArguments.MakeLog(MaxErrors, RejectPath is null ? null : FullPath(RejectPath), ReadsAgain);

    /// <summary>Whether the command may read the same rows more than once.</summary>
    private protected virtual bool ReadsAgain => false;

    /// <inheritdoc/>
    protected override void Process()
    {
        _input ??= new BatchInput(Rejects, Widen, Take);
        _input.AddAll(InputObject);
    }

    /// <inheritdoc/>
    protected override void End()
    {
        _input?.Complete();
        Finish();
        EndRejects(Rejects);
    }

    /// <summary>One batch; all have the columns of the first.</summary>
    protected abstract void Take(RecordBatch batch);

    /// <summary>After the last batch.</summary>
    protected abstract void Finish();

    /// <inheritdoc/>
    protected override void CloseResources() => _rejects?.Dispose();
}
