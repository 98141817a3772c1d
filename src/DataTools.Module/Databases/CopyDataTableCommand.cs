using System.Collections;
using System.Management.Automation;
using DataTools.Databases;
using DataTools.Databases.Writing;
using DataTools.Errors;
using DataTools.Schemas;
using DataTools.Transfer;

namespace DataTools.Module.Databases;

/// <summary>Copies tables from one database to another: their definition, rows, keys and indexes.</summary>
[Cmdlet(VerbsCommon.Copy, "DataTable", SupportsShouldProcess = true)]
[OutputType(typeof(TableCopyResult), typeof(CopyPlan))]
public sealed partial class CopyDataTableCommand : DataCmdlet
{
    private const int ShownLosses = 3;

    private readonly Stack<IDisposable> _open = new();
    private RejectLog? _rejects;
    private int _thread;
    private long _rows;

    private RejectLog Rejects => _rejects ??= RejectArguments.MakeLog(MaxErrors, RejectPath is null ? null : FullPath(RejectPath));

    private CopyOptions Options => new()
    {
        Tables = Table, Include = Include, Exclude = Exclude, Where = Arguments.ToColumns<string>(Where).ToDictionary(), ColumnMaps = CopyArguments.ToColumnMaps(ColumnMap),
        TypeRules = Arguments.ToTypeRules(TypeMap), Rename = Arguments.ToTexts(RenameTable), TargetSchema = TargetSchema, Embed = Embed, Unnest = Unnest,
        Content = SchemaOnly ? CopyContent.SchemaOnly : DataOnly ? CopyContent.DataOnly : CopyContent.All, Mode = Mode, Key = Key, Partitions = Partitions, OnLoss = OnLoss,
        AllowsRejects = MaxErrors is not (null or "0"), MaxRowsPerSecond = MaxRowsPerSecond, MaxReplicaLag = MaxReplicaLag is { } lag ? TimeSpan.FromSeconds(lag) : null,
        Transform = Transform is null ? null : reader => new TransformReader(reader, Transform, Rejects, Cancellation), Since = Since, Missing = DeleteMissing,
        Ledger = Ledger is null ? null : new LedgerOptions(Ledger, Worker ?? CopyArguments.WorkerName()) { Resume = Resume, Lease = TimeSpan.FromSeconds(LeaseSeconds), Threads = ThrottleLimit },
    };

    private DatabaseContext Context => new(Rejects, Warn, Cancellation);

    /// <inheritdoc/>
    protected override void End()
    {
        CopyArguments.Check(this);
        _thread = Environment.CurrentManagedThreadId;
        Log.Source = Source?.ToString() ?? Via;
        Log.Target = Destination?.ToString() ?? Via;
        if (Via is null)
        {
            var (source, target) = Open();
            Run(new CopyJob(source, target, Options, Context));
        }
        else if (Source is null || PlanOnly || Export(FullPath(Via)))
        {
            Import(FullPath(Via));
        }

        Log.Rows = _rows;
        Rejects.Complete();
        RejectArguments.Tell(Rejects, Warn);
        Log.Rejects = Rejects.Count;
    }

    /// <inheritdoc/>
    protected override void CloseResources()
    {
        CloseSessions();
        _rejects?.Dispose();
    }

    private void CloseSessions()
    {
        while (_open.TryPop(out var item))
        {
            item.Dispose();
        }
    }

    private ConnectionUse TargetUse => IsWhatIf || PlanOnly ? ConnectionUse.Look : ConnectionUse.Write;

    private (IDatabaseSession Source, IDatabaseSession Target) Open()
    {
        var target = Lease(Destination!, TargetUse);
        // Two connections to one file would wait for each other.
        var source = ReferenceEquals(Source, Destination) ? target : Lease(Source!, ConnectionUse.Read);
        return target.IsShared && source.Address.Kind == target.Address.Kind && source.Address.Server == target.Address.Server && source.Address.Database == target.Address.Database ? (target, target) : (source, target);
    }

    private void Run(CopyJob job)
    {
        _open.Push(job);
        if (PlanOnly)
        {
            WriteObject(job.Plan);
        }
        else if (Confirmed(() => job.Plan.ToString()))
        {
            TellLosses(job.Plan.Losses);
            Tell(job.Run(Moved), Source ?? (object)Via!, Destination!);
        }
    }

    /// <summary>A warning that can be read at a glance, and with -Verbose each loss.</summary>
    private void TellLosses(IReadOnlyList<SchemaLoss> losses)
    {
        if (losses.Count > 0)
        {
            Warn($"{losses.Count} part{(losses.Count == 1 ? "" : "s")} of the tables cannot be carried as they are: {string.Join("; ", losses.Take(ShownLosses))}{(losses.Count > ShownLosses ? "; and more, which -Verbose and -PlanOnly tell" : "")}.");
        }

        foreach (var loss in losses)
        {
            WriteVerbose($"{loss}");
        }
    }

    private bool Export(string folder)
    {
        // What -RenameTable and -ColumnMap say is done when the folder is read.
        var export = new FolderExport(Lease(Source!, ConnectionUse.Read), folder, Options with { Transform = Destination is null ? Options.Transform : null }, Context);
        if (!Confirmed(() => $"Write {string.Join(", ", Table)} of {Log.Source} to {folder}"))
        {
            return false;
        }

        var results = export.Run(Moved);
        if (Destination is null)
        {
            Tell(results, Source!, folder);
        }

        return true;
    }

    private void Import(string folder)
    {
        if (Destination is not null)
        {
            Run(CopyJob.FromFolder(folder, Lease(Destination, TargetUse), Source is null ? Options : Options with { Where = new Dictionary<string, string>() }, Context));
        }
    }

    private IDatabaseSession Lease(ConnectionArgument argument, ConnectionUse use)
    {
        var lease = argument.Open(FullPath, Cancellation, use);
        _open.Push(lease);
        return lease.Session;
    }

    /// <summary>Whether the copy may be; -WhatIf shows the whole plan.</summary>
    private bool Confirmed(Func<string> plan)
    {
        var deletes = Mode is WriteMode.Truncate or WriteMode.Replace || DeleteMissing == MissingRows.Hard ? ", deleting rows that are there" : "";
        var isShown = MyInvocation.BoundParameters.TryGetValue("WhatIf", out var whatIf) && whatIf is SwitchParameter { IsPresent: true };
        var what = isShown ? plan() : $"Copy {string.Join(", ", Table)} from {Log.Source} to {Log.Target}{deletes}";
        return ShouldProcess(what, $"{what}?", MyInvocation.MyCommand.Name);
    }

    private void Moved(TablePlan table, long rows)
    {
        var all = Interlocked.Add(ref _rows, rows);
        if (Environment.CurrentManagedThreadId == _thread)
        {
            ShowProgress($"{table.Table}", all, null);
        }
    }

    /// <summary>
    /// Gives the results, when the sessions are free again: the command that takes them from the pipeline, such as Compare-DataTable, uses the same connections.
    /// </summary>
    private void Tell(IReadOnlyList<CopyResult> results, object source, object destination)
    {
        CloseSessions();
        var tables = new Hashtable(results.Where(r => r.Plan.Target.Name != r.Plan.Table.Name).ToDictionary(r => r.Plan.Table.Schema is { } schema ? $"{schema}.{r.Plan.Table.Name}" : r.Plan.Table.Name, r => $"{r.Plan.Target}"));
        foreach (var result in results.Where(_ => PassThru))
        {
            WriteObject(new TableCopyResult(source, destination, $"{result.Plan.Table}", $"{result.Plan.Target}", result.Rows, result.Removed, result.Elapsed, result.Rows / Math.Max(result.Elapsed.TotalSeconds, 1e-6))
            {
                ColumnMap = ColumnMap, RenameTable = tables, SourceWhere = result.Plan.Where,
            });
        }
    }
}
