using System.Management.Automation;
using Apache.Arrow;
using DataTools.Formats;

namespace DataTools.Module;

/// <summary>Writes rows as text: one string that holds what a file would hold.</summary>
[Cmdlet(VerbsData.ConvertTo, "DataText")]
[OutputType(typeof(string))]
public sealed class ConvertToDataTextCommand : DataInputCmdlet, IDynamicParameters
{
    private readonly TextWriteParameters _text = new();
    private TextTarget? _target;

    /// <summary>The format of the text: Csv, Tsv, Psv, FixedWidth, Json or NdJson.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(TextFormatCompleter))]
    public string Format { get; set; } = "";

    /// <summary>What becomes of values that the format cannot hold: Stop (the default), Warn or Allow.</summary>
    [Parameter]
    public LossPolicy OnLoss { get; set; }

    private IDataFormat TargetFormat => TextSource.FindFormat(Format);

    /// <inheritdoc/>
    public object GetDynamicParameters() => _text;

    /// <inheritdoc/>
    protected override void Begin()
    {
        Log.Target = TextSource.Name;
        _ = TargetFormat;
    }

    /// <inheritdoc/>
    protected override void Take(RecordBatch batch)
    {
        Log.Rows += batch.Length;
        _target ??= new TextTarget(TargetFormat, batch.Schema, _text.ToOptions(FullPath) with { OnLoss = OnLoss }, Warn);
        _target.WriteBatch(batch, Cancellation);
    }

    /// <inheritdoc/>
    protected override void Finish()
    {
        if (_target is not null)
        {
            _target.Complete(Cancellation);
            WriteObject(_target.Text);
        }
    }

    /// <inheritdoc/>
    protected override void CloseResources()
    {
        _target?.Dispose();
        base.CloseResources();
    }
}
