using System.Management.Automation;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Formats;
using DataTools.Module.Records;

namespace DataTools.Module;

/// <summary>A command that looks at data without changing it: files, by -Path or by names in the pipeline, or the rows of a pipeline.</summary>
public abstract class DataSourceCmdlet : FileInputCmdlet
{
    private BatchInput? _input;

    /// <summary>Files to look at; wildcards are taken, a folder stands for the files below it.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [Alias("FullName")]
    public string[] Path { get; set; } = [];

    /// <summary>Files to look at, by their exact names.</summary>
    [Parameter]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Rows of any kind, or files: names and what Get-ChildItem gives.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    /// <summary>The columns are enough; rows need not be read.</summary>
    private protected virtual bool SchemaOnly => false;

    /// <inheritdoc/>
    protected override void Begin()
    {
        AddPaths(Path, literal: false);
        AddPaths(LiteralPath, literal: true);
    }

    /// <inheritdoc/>
    protected override void Process()
    {
        switch (InputObject is PSObject wrapped ? wrapped.BaseObject : InputObject)
        {
            case null:
                break;
            case string path:
                AddPaths([path], literal: false);
                break;
            case FileSystemInfo file:
                AddPaths([file.FullName], literal: true);
                break;
            default:
                (_input ??= new BatchInput(Rejects, widen: false, TakeRows)).Add(InputObject!);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void End()
    {
        _input?.Complete();
        if (_input is null && FindParts() is { Count: > 0 } parts)
        {
            Read(parts);
        }

        Finish();
        EndRejects(Rejects);
    }

    /// <summary>One batch; an empty one where a source has columns and no rows.</summary>
    protected abstract void Take(RecordBatch batch);

    /// <summary>After the last batch.</summary>
    protected abstract void Finish();

    private void TakeRows(RecordBatch batch)
    {
        Log.Rows += batch.Length;
        Rejects.CountRows(batch.Length);
        Take(batch);
    }

    /// <summary>Reads the files as one table.</summary>
    private protected virtual void Read(List<DataPart> parts)
    {
        var reader = MultiFileReader.Open(parts, Context, parts.Count > 1 ? ReportError : null);
        if (reader.Schema.FieldsList.Count > 0)
        {
            Take(new BatchBuilder(reader.Schema).Finish());
        }

        if (SchemaOnly)
        {
            reader.Dispose();
            return;
        }

        var ahead = Ahead(reader);
        while (ahead.ReadBatch(Cancellation) is { } batch)
        {
            TakeRows(batch);
            ShowProgress(Log.Source!, Log.Rows, ahead.Progress);
        }
    }
}
