using System.Management.Automation;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Formats;

namespace DataTools.Module;

/// <summary>Reads data files as typed rows.</summary>
[Cmdlet(VerbsData.Import, "DataFile", DefaultParameterSetName = "Path")]
[OutputType(typeof(DataRecord))]
public sealed class ImportDataFileCommand : FileInputCmdlet
{
    private ReadAhead? _reader;

    /// <summary>Files to read; wildcards are taken, a folder stands for the files below it (with the columns of Hive folders).</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    [SupportsWildcards]
    [Alias("FullName")]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Files to read, by their exact names.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <inheritdoc/>
    protected override void Process() => AddPaths(ParameterSetName == "Path" ? Path : LiteralPath, ParameterSetName == "LiteralPath");

    /// <inheritdoc/>
    protected override void End()
    {
        if (FindParts() is not { Count: > 0 } parts)
        {
            return;
        }

        var context = new ReadContext(Options, Rejects, Warn);
        _reader = new ReadAhead(MultiFileReader.Open(parts, context, parts.Count > 1 ? ReportError : null));
        var output = new BatchOutput(this, Cancellation);
        RecordBatch? last = null;
        while (_reader.ReadBatch(Cancellation) is { } batch)
        {
            last = batch;
            Log.Rows += batch.Length;
            Rejects.CountRows(batch.Length);
            output.Write(batch);
            ShowProgress(Log.Source!, Log.Rows, _reader.Progress);
        }

        if (last is null && _reader.Schema.FieldsList.Count > 0)
        {
            // The columns of an empty table still travel to the next of our commands.
            output.Write(new BatchBuilder(_reader.Schema).Finish());
        }

        Rejects.Complete();
        RejectArguments.Tell(Rejects, Warn);
        Log.Rejects = Rejects.Count;
    }

    /// <inheritdoc/>
    protected override void CloseResources()
    {
        _reader?.Dispose();
        base.CloseResources();
    }
}
