namespace DataTools.Data;

/// <summary>
/// Has young objects collected while they fit into the cache of a processor. The runtime waits for a share of all the cache that the machine reports, which on servers is
/// hundreds of megabytes: to fill these costs as much time as to collect them, and the process grows by them. Where it collects more often by itself, nothing is done.
/// </summary>
internal static class YoungMemory
{
    private const long Limit = 16 << 20;

    private static long _next = Limit;
    private static int _collections;

    /// <summary>To be called from time to time, from any thread.</summary>
    public static void Collect()
    {
        var allocated = GC.GetTotalAllocatedBytes();
        var next = Volatile.Read(ref _next);
        if (allocated < next || Interlocked.CompareExchange(ref _next, allocated + Limit, next) != next)
        {
            return;
        }

        if (Interlocked.Exchange(ref _collections, GC.CollectionCount(0)) == GC.CollectionCount(0))
        {
            GC.Collect(0, GCCollectionMode.Forced, blocking: true);
            Volatile.Write(ref _collections, GC.CollectionCount(0));
        }
    }
}
