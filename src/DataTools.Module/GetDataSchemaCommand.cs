using System.Management.Automation;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases;
using DataTools.Errors;
using DataTools.Formats;
using DataTools.Module.Databases;
using DataTools.Schemas;

namespace DataTools.Module;

/// <summary>Shows the columns of files or of a pipeline and their types, what an Excel book holds, or a table of a database with its keys and indexes.</summary>
[Cmdlet(VerbsCommon.Get, "DataSchema")]
[OutputType(typeof(ColumnInfo), typeof(ContentInfo))]
[OutputType(typeof(TableSchema))]
public sealed class GetDataSchemaCommand : DataSourceCmdlet
{
    private Schema? _schema;

    /// <summary>Shows what an Excel book holds, in place of columns: worksheets with the cells that they use, tables and names; with -IncludeHidden all of them.</summary>
    [Parameter]
    public SwitchParameter ListContents { get; set; }

    /// <summary>A connection, the name of one, or a URL, whose -Table is shown.</summary>
    [Parameter]
    [ConnectionTransformation]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    public ConnectionArgument? Connection { get; set; }

    /// <summary>Tables or views of -Connection: orders, sales.orders, or "odd schema"."odd table".</summary>
    [Parameter]
    public string[] Table { get; set; } = [];

    private protected override bool SchemaOnly => true;

    /// <inheritdoc/>
    protected override void End()
    {
        if (Connection is null != (Table.Length == 0))
        {
            throw DataErrors.InvalidOption("-Connection and -Table go together.");
        }

        if (Connection is null)
        {
            base.End();
            return;
        }

        using var lease = Connection.Open(FullPath, Cancellation, ConnectionUse.Read);
        var sample = new SampleSize { Rows = SampleRows, FullScan = FullScan };
        foreach (var name in Table)
        {
            var table = TableName.Parse(name);
            WriteObject((lease.Session is ISampledSchemas sampled ? sampled.FindTable(table, sample, Cancellation) : lease.Session.FindTable(table, Cancellation)) ?? throw DataErrors.TableNotFound(name, lease.Session.Address.ToString()));
        }
    }

    /// <inheritdoc/>
    protected override void Take(RecordBatch batch) => _schema ??= batch.Schema;

    /// <inheritdoc/>
    protected override void Finish()
    {
        foreach (var field in _schema?.FieldsList ?? [])
        {
            var type = DataTypes.Of(field);
            WriteObject(new ColumnInfo(
                field.Name, type.Name, field.IsNullable, type.ValueType, Mark(field, FieldMarks.SourceType), Mark(field, FieldMarks.OriginalName)));
        }
    }

    private protected override void Read(List<DataPart> parts)
    {
        if (!ListContents)
        {
            base.Read(parts);
            return;
        }

        foreach (var part in parts)
        {
            WriteObject((part.Format as IContentFormat ?? throw DataErrors.FormatCannot(part.Format.Name, "listed")).ListContents(part.Source, Context), enumerateCollection: true);
        }
    }

    private static string? Mark(Field field, string key) =>
        field.HasMetadata && field.Metadata.TryGetValue(key, out var value) ? value : null;
}
