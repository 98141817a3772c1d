using System.Management.Automation;
using Apache.Arrow;
using DataTools.Module.Records;

namespace DataTools.Module;

/// <summary>Hands batches to the next command: whole to ours, row by row to everyone else.</summary>
internal sealed class BatchOutput(PSCmdlet cmdlet, CancellationToken cancellation)
{
    private readonly bool _batches = EngineInternals.FeedsOurs(cmdlet);

    public void Write(RecordBatch batch)
    {
        if (_batches)
        {
            cmdlet.WriteObject(batch, enumerateCollection: false);
            return;
        }

        var rows = new RecordRows(batch);
        for (var row = 0; row < batch.Length; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            cmdlet.WriteObject(rows[row]);
        }
    }
}
