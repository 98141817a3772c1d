using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Module.Expressions;

namespace DataTools.Tests.Expressions;

/// <summary>PowerShell's engine on this thread, under a culture, for as long as it is not disposed.</summary>
internal sealed class Engine : IDisposable
{
    private readonly CultureInfo _culture = CultureInfo.CurrentCulture;
    private readonly Runspace? _before = Runspace.DefaultRunspace;
    private readonly Runspace _runspace;

    public Engine(string culture = "")
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        _runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        _runspace.Open();
        Runspace.DefaultRunspace = _runspace;
    }

    public void Set(string name, object? value) => _runspace.SessionStateProxy.PSVariable.Set(name, value);

    /// <summary>The expression over columns where it can be.</summary>
    public ColumnExpression Compile(string expression, Schema schema) =>
        ColumnExpression.Compile(Script(expression), schema, name => _runspace.SessionStateProxy.PSVariable.Get(name), Row);

    /// <summary>The same expression, row by row through PowerShell.</summary>
    public ColumnExpression CompileRows(string expression, Schema schema)
    {
        var rows = Compile($"& {{ {expression} }}", schema);
        Assert.False(rows.IsColumnar);
        return rows;
    }

    public void Dispose()
    {
        Runspace.DefaultRunspace = _before;
        _runspace.Dispose();
        CultureInfo.CurrentCulture = _culture;
    }

    private static ScriptBlock Script(string expression) => ScriptBlock.Create(expression);

    private static PSObject Row(RecordBatch batch, int row)
    {
        var record = new PSObject();
        for (var i = 0; i < batch.ColumnCount; i++)
        {
            var field = batch.Schema.FieldsList[i];
            record.Properties.Add(new PSNoteProperty(field.Name, DataTypes.Of(field).GetValueOrNull(batch.Column(i), row)));
        }

        return record;
    }
}
