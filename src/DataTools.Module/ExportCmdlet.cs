using System.Management.Automation;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Formats;

namespace DataTools.Module;

/// <summary>What the commands that write files do alike.</summary>
public abstract class ExportCmdlet : DataInputCmdlet
{
    private WriteBehind? _writer;
    private string? _target;
    private bool _writes;

    /// <summary>The file to write. It appears when it is complete; a run that fails leaves what was there before. With .gz or .zst it is compressed.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("LiteralPath", "FilePath", "PSPath")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>A file that exists is an error.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Replace a file that is read-only, or with -PartitionBy a folder that holds files.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Columns whose values become folders (column=value) below -Path, each with a file of its own.</summary>
    [Parameter]
    public string[] PartitionBy { get; set; } = [];

    /// <summary>Give a result at the end: Rows, Rejected, Elapsed, RowsPerSecond, Target.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>What becomes of values that the format cannot hold: Stop (the default), Warn or Allow.</summary>
    [Parameter]
    public LossPolicy OnLoss { get; set; }

    /// <summary>The format to write.</summary>
    private protected abstract IDataFormat TargetFormat { get; }

    /// <summary>The options that the parameters make.</summary>
    private protected abstract WriteOptions Options { get; }

    /// <summary>Whether rows are added to a file that exists.</summary>
    private protected virtual bool Appends => false;

    /// <inheritdoc/>
    protected override void Begin()
    {
        _target = FullPath(Path);
        Log.Target = _target;
        _writes = ShouldProcess(_target, MyInvocation.MyCommand.Name);
        if (_writes && TargetFormat.OpenWriter is null)
        {
            throw Errors.DataErrors.FormatCannot(TargetFormat.Name, "written");
        }
    }

    /// <inheritdoc/>
    protected override void Take(RecordBatch batch)
    {
        Log.Rows += batch.Length;
        Rejects.CountRows(batch.Length);
        if (!_writes)
        {
            return;
        }

        _writer ??= new WriteBehind(Open(batch.Schema));
        _writer.WriteBatch(batch, Cancellation);
        ShowProgress(_target!, Log.Rows, null);
    }

    /// <inheritdoc/>
    protected override void Finish()
    {
        if (_writer is null)
        {
            if (_writes)
            {
                Warn($"There was nothing to write; '{_target}' was not made.");
            }

            return;
        }

        _writer.Complete(Cancellation);
        if (PassThru)
        {
            var elapsed = Log.Elapsed;
            WriteObject(new TransferResult(_target!, Log.Rows, Rejects.Count, elapsed, Log.Rows / Math.Max(elapsed.TotalSeconds, 1e-6)));
        }
    }

    /// <inheritdoc/>
    protected override void CloseResources()
    {
        _writer?.Dispose();
        base.CloseResources();
    }

    private IBatchWriter Open(Schema schema)
    {
        var context = new WriteContext(Options, _target!, Warn);
        var mode = new TargetMode(Appends, NoClobber, Force);
        return PartitionBy.Length == 0 && Appends ? AppendTarget.Open(_target!, TargetFormat, schema, context, mode)
            : PartitionBy.Length == 0 ? FileTarget.Create(_target!, TargetFormat, schema, context, mode)
            : new PartitionedWriter(_target!, schema, PartitionBy, TargetFormat, context, mode);
    }
}
