using System.Management.Automation;
using Apache.Arrow;

namespace DataTools.Module.Expressions;

/// <summary>Runs a script block for single rows, through PowerShell itself.</summary>
/// <param name="script">The script block, bound to the session that it was written in.</param>
/// <param name="row">Gives the object that <c>$_</c> is, for a row of a batch.</param>
internal sealed class RowScript(ScriptBlock script, Func<RecordBatch, int, object> row)
{
    private readonly PSVariable _item = new("_");
    private readonly List<PSVariable> _variables = [];

    /// <summary>
    /// The value for a row: null for no output, an array for several. False, and why, where the script throws; what ends the pipeline is not
    /// caught.
    /// </summary>
    public bool TryRun(RecordBatch batch, int index, out object? value, out string? error)
    {
        if (_variables.Count == 0)
        {
            _variables.Add(_item);
        }

        _item.Value = row(batch, index);
        value = null;
        error = null;
        try
        {
            var output = script.InvokeWithContext(null, _variables, null);
            value = output.Count switch
            {
                0 => null,
                1 => Unwrap(output[0]),
                _ => output.Select(Unwrap).ToArray(),
            };
            return true;
        }
        catch (RuntimeException failure) when (failure is not (PipelineStoppedException))
        {
            error = failure.Message;
            return false;
        }
    }

    private static object? Unwrap(PSObject? value) => value?.BaseObject is PSCustomObject ? value : value?.BaseObject;
}
