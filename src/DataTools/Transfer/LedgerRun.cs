using System.Runtime.ExceptionServices;
using DataTools.Databases;
using DataTools.Databases.Writing;
using DataTools.Errors;

namespace DataTools.Transfer;

/// <summary>A copy by its ledger: begins it or joins it, and works on it until it is complete.</summary>
internal sealed class LedgerRun(ICopySource source, ILedgerSession target, CopyOptions options, DatabaseContext context, Action<TablePlan, long> moved)
{
    private const int Reconnects = 5;

    /// <summary>Others may be faster at putting down the steps a few times; what refuses them for ever must be told.</summary>
    private const int MostLooks = 20;

    private readonly LedgerOptions _ledger = options.Ledger!;
    private readonly ILedger _table = target.OpenLedger(options.Ledger!.Name);

    /// <summary>Copies, or helps to, and gives what has become of the tables, whoever did it.</summary>
    public (CopyPlan Plan, IReadOnlyList<CopyResult> Results) Run()
    {
        if (target.InTransaction)
        {
            throw DataErrors.InvalidOption("-Ledger commits by itself, so that it cannot be used within a transaction.");
        }

        _table.Open(context.Cancellation);
        var plan = Start(out var isComplete);
        if (!isComplete)
        {
            Work(plan);
        }

        var steps = _table.Read(context.Cancellation);
        return (plan, [.. plan.Tables.Select(t => Result(t, steps))]);
    }

    private static CopyResult Result(TablePlan table, List<LedgerStep> steps)
    {
        var own = steps.Where(s => s.Kind == StepKind.Rows && s.Table == table.Table.ToString()).ToList();
        return new CopyResult(table, own.Sum(s => s.Rows), 0, TimeSpan.FromMilliseconds(own.Sum(s => s.Milliseconds)));
    }

    private CopyPlan Start(out bool isComplete)
    {
        for (var look = 1; ; look++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var first = _table.Read(context.Cancellation).FirstOrDefault();
            var isEnded = first?.State == LedgerStep.Done;
            CheckArguments(first);
            if (first is not null && !(isEnded && options.Since is not null))
            {
                isComplete = isEnded;
                // A copy that ended while this worker was looking is one that it was part of.
                return Join(first, isEnded && look == 1);
            }

            isComplete = false;
            var plan = new CopyPlanner(source, target, options, context).Make();
            if (IsOurs(plan, first) && _table.TryStart(LedgerSteps.Make(plan, source, options, first?.Watermark, context.Cancellation), look == MostLooks, context.Cancellation))
            {
                return plan;
            }
        }
    }

    private void CheckArguments(LedgerStep? first)
    {
        if (first is not null && LedgerHead.Parse(first).Arguments != LedgerHead.Hash(source.Name, options))
        {
            throw DataErrors.LedgerMismatch(_ledger.Name, "tables, conditions, names, modes or the source differ");
        }
    }

    /// <summary>
    /// Whether the copy may begin. A table that is there and must not be touched is an error, unless another worker has begun since the ledger was read: then it may be the
    /// copy's own.
    /// </summary>
    private bool IsOurs(CopyPlan plan, LedgerStep? first)
    {
        if (plan.Tables.FirstOrDefault(t => t is { Exists: true, Mode: WriteMode.Fail }) is not { } refused)
        {
            return true;
        }

        return _table.Read(context.Cancellation).FirstOrDefault() == first ? throw DataErrors.TableExists(refused.Target.ToString()) : false;
    }

    private CopyPlan Join(LedgerStep first, bool isEnded)
    {
        if (isEnded && !_ledger.Resume)
        {
            throw DataErrors.LedgerComplete(_ledger.Name);
        }

        if (_ledger.Resume)
        {
            _table.Retry(context.Cancellation);
        }

        return new CopyPlanner(source, target, options, context, LedgerHead.Parse(first)).Make();
    }

    private void Work(CopyPlan plan)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        var inner = context with { Cancellation = stop.Token };
        using var throttle = Throttle.Open(options.MaxRowsPerSecond, options.MaxReplicaLag, target, context.Cancellation);
        using var crew = new LedgerCrew(target, _ledger, inner, target.LedgerSteps(plan, options, inner, new RowPump(options, throttle, inner, moved)));
        if (_ledger.Threads <= 1 || target.IsExclusive || !source.IsParallel || options.Transform is not null)
        {
            RunOne(crew, _ledger.Worker, target, source);
        }
        else
        {
            RunMany(crew, stop, plan);
        }
    }

    private void RunMany(LedgerCrew crew, CancellationTokenSource stop, CopyPlan plan)
    {
        ExceptionDispatchInfo? error = null;
        var threads = Enumerable.Range(1, _ledger.Threads).Select(n => new Thread(() => Guarded(n)) { IsBackground = true, Name = $"DataTools copy {n}" }).ToList();
        threads.ForEach(t => t.Start());
        while (threads.Exists(t => !t.Join(TimeSpan.FromMilliseconds(100))))
        {
            // Lets the caller show how far the workers are.
            moved(plan.Tables[0], 0);
        }

        error?.Throw();

        void Guarded(int number)
        {
            try
            {
                RunOne(crew, $"{_ledger.Worker}/{number}", null, null);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref error, ExceptionDispatchInfo.Capture(e), null);
                stop.Cancel();
            }
        }
    }

    /// <summary>Runs one worker over the sessions given, or its own; a connection that breaks is opened again, for the ledger knows what is done.</summary>
    private void RunOne(LedgerCrew crew, string name, ILedgerSession? given, ICopySource? from)
    {
        for (var attempt = 0; ; attempt++)
        {
            var owned = new Stack<IDisposable>();
            try
            {
                var to = given ?? Own(OpenTarget(crew));
                var control = to.IsExclusive ? to : Own(OpenTarget(crew));
                new LedgerWorker(crew, name, to, control, from ?? Own(source.Fork(crew.Context.Cancellation))).Run();
                return;
            }
            catch (DataException e) when (e.Id == nameof(DataErrors.ConnectionFailed) && attempt < Reconnects && !target.IsExclusive)
            {
                (given, from) = (null, null);
                crew.Context.Cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(200 << attempt));
                crew.Context.Cancellation.ThrowIfCancellationRequested();
            }
            finally
            {
                while (owned.TryPop(out var item))
                {
                    item.Dispose();
                }
            }

            T Own<T>(T item)
                where T : IDisposable
            {
                owned.Push(item);
                return item;
            }
        }
    }

    private ILedgerSession OpenTarget(LedgerCrew crew) => (ILedgerSession)Connector.Open(target.Address, crew.Context.Cancellation);
}
