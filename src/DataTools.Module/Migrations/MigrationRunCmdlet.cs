using System.Collections;
using System.Management.Automation;
using DataTools.Errors;
using DataTools.Migrations;

namespace DataTools.Module.Migrations;

/// <summary>A command that runs statements of migrations.</summary>
public abstract class MigrationRunCmdlet : MigrationCmdlet
{
    /// <summary>An error within the script must end it, or half of its work would be kept.</summary>
    private const string Strictly = "& { param($text, $name, $connection) $ErrorActionPreference = 'Stop'; . ([scriptblock]::Create($text)); & $name $connection } @args";

    /// <summary>Values of the placeholders that files declare: @{ schema = 'app' } for ${schema}. They become part of the statements as they are.</summary>
    [Parameter]
    public IDictionary? Variable { get; set; }

    /// <summary>How many seconds to wait until another run on the same database has ended; 60 by default.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int LockWait { get; set; } = (int)MigrationRunOptions.Default.LockWait.TotalSeconds;

    /// <summary>How many seconds a statement may wait for a lock of the database before it gives way and is tried again; 5 by default, 0 for no limit. A file may say otherwise.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int LockTimeout { get; set; } = (int)MigrationRunOptions.Default.LockTimeout.TotalSeconds;

    /// <summary>Let migrations that are PowerShell scripts run.</summary>
    [Parameter]
    public SwitchParameter AllowScript { get; set; }

    /// <summary>A file that gets the schema as it is after the run: statements that make its tables, in an order that hangs on names alone, so that versions of it can be compared.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SchemaPath { get; set; }

    private protected virtual MigrationRunOptions Options => MigrationRunOptions.Default with
    {
        Variables = Variable is null ? MigrationRunOptions.Default.Variables : Arguments.ToTexts(Variable),
        LockWait = TimeSpan.FromSeconds(LockWait),
        LockTimeout = TimeSpan.FromSeconds(LockTimeout),
        RunScript = AllowScript ? RunScript : null,
        Confirm = Confirms,
        IsAsking = IsAsking,
        Report = p => ShowProgress($"{p.Migration}, statement {p.Statement} of {p.Statements}", p.Rows, p.Share),
        Warn = Warn,
    };

    private protected MigrationEngine Engine => new(Target, Files, Options);

    private bool IsAsking => MyInvocation.BoundParameters.TryGetValue("Confirm", out var given) ? LanguagePrimitives.IsTrue(given)
        : LanguagePrimitives.TryConvertTo<ConfirmImpact>(SessionState.PSVariable.GetValue("ConfirmPreference"), out var from) && from is not ConfirmImpact.None and <= ConfirmImpact.Medium;

    /// <summary>Tells what would be run, statement by statement.</summary>
    private protected void ShowPlan(IEnumerable<MigrationStep> steps)
    {
        foreach (var step in steps)
        {
            Confirms(step);
        }
    }

    private protected void WriteAll(IEnumerable<MigrationInfo> done)
    {
        foreach (var info in done)
        {
            Log.Rows++;
            WriteObject(info);
        }

        if (SchemaPath is not null)
        {
            SchemaFile.Write(FullPath(SchemaPath), Target, Cancellation);
        }
    }

    private bool Confirms(MigrationStep step)
    {
        var what = $"{step.File.FileName} ({step.Kind}) on {Target.Session.Address}";
        return ShouldProcess($"{what}:\n{string.Join("\n", step.Statements.Select(s => s.Text + ";"))}", $"Run {what}: {step.Statements.Count} statements?", MyInvocation.MyCommand.Name);
    }

    private void RunScript(MigrationFile file, SectionKind kind)
    {
        var address = Session.Address;
        var connection = new DatabaseConnection(address.Kind.Name, address.Kind.Name, address.Server, address.Kind.IsFile ? null : address.Database, address.User)
        {
            Version = Session.Version,
            Session = Session,
            IsOpen = () => Session.IsOpen,
        };
        try
        {
            foreach (var line in InvokeCommand.InvokeScript(SessionState, ScriptBlock.Create(Strictly), file.Text, kind == SectionKind.Up ? "Up" : "Down", connection))
            {
                WriteVerbose($"{file.FileName}: {line}");
            }
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            throw (e.InnerException as DataException) ?? DataErrors.StatementFailed(address.ToString(), e.Message, e);
        }
    }
}
