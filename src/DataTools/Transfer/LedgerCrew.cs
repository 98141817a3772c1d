using System.Collections.Concurrent;
using DataTools.Databases;
using DataTools.Errors;

namespace DataTools.Transfer;

/// <summary>The workers of this process: what they share, and the sign of life that they give together.</summary>
internal sealed class LedgerCrew : IDisposable
{
    private const int MostTries = 10;

    /// <summary>The last sign of life may be on its way over a connection that nobody answers any more; it is of no use now.</summary>
    private static readonly TimeSpan LastBeat = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, bool> _held = new();
    private readonly ConcurrentDictionary<long, int> _tries = new();
    private readonly CancellationTokenSource _end = new();
    private readonly DatabaseAddress _address;
    private readonly Thread? _heart;

    /// <summary>Begins to give signs of life, where others can see the target.</summary>
    public LedgerCrew(ILedgerSession target, LedgerOptions options, DatabaseContext context, LedgerSteps steps)
    {
        (Name, Lease, Context, Steps, _address) = (options.Name, options.Lease, context, steps, target.Address);
        if (!target.IsExclusive)
        {
            _heart = new Thread(Beat) { IsBackground = true, Name = "DataTools lease" };
            _heart.Start();
        }
    }

    public string Name { get; }

    public TimeSpan Lease { get; }

    public DatabaseContext Context { get; }

    public LedgerSteps Steps { get; }

    /// <summary>A lease that is to be prolonged.</summary>
    public void Hold(string token) => _held[token] = true;

    /// <summary>A lease that is no longer needed.</summary>
    public void Release(string token) => _held.TryRemove(token, out _);

    /// <summary>Whether a step that met a conflict is tried again; rows that were put aside would be so twice.</summary>
    public bool MayRetry(LedgerStep step) => Context.Rejects.Count == 0 && _tries.AddOrUpdate(step.Number, 1, (_, n) => n + 1) <= MostTries;

    public void Dispose()
    {
        _end.Cancel();
        if (_heart?.Join(LastBeat) != false)
        {
            _end.Dispose();
        }
    }

    private void Beat()
    {
        while (!_end.Token.WaitHandle.WaitOne(Lease / 3))
        {
            try
            {
                using var session = Connector.Open(_address, _end.Token);
                var ledger = ((ILedgerSession)session).OpenLedger(Name);
                ledger.Open(_end.Token);
                while (!_end.IsCancellationRequested)
                {
                    ledger.Renew(_held.Keys, Lease, _end.Token);
                    _end.Token.WaitHandle.WaitOne(Lease / 3);
                }
            }
            catch (Exception e) when (e is DataException or OperationCanceledException or InvalidOperationException)
            {
                // The workers meet the same trouble and tell of it; the next beat tries again.
            }
        }
    }
}
