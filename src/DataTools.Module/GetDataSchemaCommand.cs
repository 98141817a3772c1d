using System.Management.Automation;
using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Module;

/// <summary>Shows the columns of files or of a pipeline, and their types.</summary>
[Cmdlet(VerbsCommon.Get, "DataSchema")]
[OutputType(typeof(ColumnInfo))]
public sealed class GetDataSchemaCommand : DataSourceCmdlet
{
    private Schema? _schema;

    private protected override bool SchemaOnly => true;

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

    private static string? Mark(Field field, string key) =>
        field.HasMetadata && field.Metadata.TryGetValue(key, out var value) ? value : null;
}
