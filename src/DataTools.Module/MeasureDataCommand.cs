using System.Management.Automation;
using Apache.Arrow;
using DataTools.Transforms;

namespace DataTools.Module;

/// <summary>Profiles the columns of files or of a pipeline: nulls, distinct values, least, greatest and mean.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "Data")]
[OutputType(typeof(ColumnProfile))]
public sealed class MeasureDataCommand : DataSourceCmdlet
{
    private Profile? _profile;

    /// <inheritdoc/>
    protected override void Take(RecordBatch batch)
    {
        _profile ??= new Profile(batch.Schema);
        _profile.Add(batch, Cancellation);
    }

    /// <inheritdoc/>
    protected override void Finish()
    {
        foreach (var column in _profile?.Result() ?? [])
        {
            WriteObject(column);
        }
    }
}
