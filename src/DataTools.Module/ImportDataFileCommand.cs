using System.Management.Automation;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Formats;
using DataTools.Module.Expressions;
using DataTools.Module.Records;
using DataTools.Transforms;

namespace DataTools.Module;

/// <summary>Reads data files as typed rows.</summary>
[Cmdlet(VerbsData.Import, "DataFile", DefaultParameterSetName = "Path")]
[OutputType(typeof(DataRecord))]
public sealed class ImportDataFileCommand : FileInputCmdlet
{
    /// <summary>
    /// Files to read; wildcards are taken, a folder stands for the files below it (with the columns of Hive folders). Also http and https addresses,
    /// files in archives (archive.zip!*.csv), and - for the standard input.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Files to read, by their exact names; what Get-ChildItem gives is taken so.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "LP", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Read only the rows for which this is true: { $_.amount -gt 100 }. Formats that can skip parts of a file by it do.</summary>
    [Parameter]
    public ScriptBlock? Where { get; set; }

    /// <inheritdoc/>
    protected override void Process() => AddPaths(ParameterSetName == "Path" ? Path : LiteralPath, ParameterSetName == "LiteralPath");

    /// <inheritdoc/>
    protected override void End()
    {
        if (FindParts() is not { Count: > 0 } parts)
        {
            return;
        }

        var rows = Open(parts);
        WriteRows(rows.Reader, rows.Filter);
    }

    /// <summary>
    /// Opens the files. A filter reads the columns that it needs besides those that were asked for, and where it can rule out parts of a file by
    /// their ranges, the files are opened once more with it.
    /// </summary>
    private (IBatchReader Reader, TransformChain Filter) Open(List<DataPart> parts)
    {
        var options = Options;
        var context = Context with { Options = Where is null ? options : options with { Columns = RowColumns.Add(Where, options.Columns) } };
        var reader = MultiFileReader.Open(parts, context, parts.Count > 1 ? ReportError : null);
        if (Where is null)
        {
            return (reader, new TransformChain([]));
        }

        var filter = ColumnExpression.Compile(Where, reader.Schema, SessionState.PSVariable.Get, RecordRows.Rows());
        WriteVerbose(filter.Describe("-Where"));
        if (filter.Columns.Count > 0 && parts.Exists(p => p.Format.CanSkip))
        {
            reader.Dispose();
            reader = MultiFileReader.Open(parts, context with { Filter = filter, Warn = _ => { } });
        }

        ITransform Filtered(Schema schema) => new WhereTransform(schema, filter, Rejects);
        ITransform Projected(Schema schema) => SelectTransform.Keep(schema, options.Columns);
        return (reader, new TransformChain(options.Columns.Count == 0 ? [Filtered] : [Filtered, Projected]));
    }
}
