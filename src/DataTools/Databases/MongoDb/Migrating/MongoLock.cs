using System.Diagnostics;
using System.Globalization;
using DataTools.Errors;
using DataTools.Migrations;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DataTools.Databases.MongoDb.Migrating;

/// <summary>
/// A lease: one document, which says who holds the lock and until when, by the server's clock alone. It is renewed while it is held, over a session of its own, and whoever finds
/// it run out may take it. An index that lets documents expire (TTL) would be no lock: the server looks after those only now and then.
/// </summary>
internal sealed class MongoLock : RunnerLock
{
    /// <summary>How long a runner that was killed keeps others out.</summary>
    public static readonly TimeSpan DefaultLease = TimeSpan.FromSeconds(30);

    private const int RenewalsPerLease = 3;
    private const string Now = "$$NOW";

    private readonly MongoSession _session;
    private readonly string _collection;
    private readonly TimeSpan _lease;
    private readonly string _token = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
    private Timer? _renewal;
    private long _renewed;
    private volatile string? _lost;

    /// <summary>Opens the session; the collection is made when the lock is first taken.</summary>
    public MongoLock(MongoSession session, string collection, TimeSpan lease, CancellationToken cancellation)
    {
        _session = (MongoSession)Connector.Open(session.Address, cancellation);
        _collection = collection;
        _lease = lease;
    }

    private static BsonDocument TheOne => new(CollectionCatalog.Id, "lock");

    private BsonDocument Mine => TheOne.Add("token", _token);

    private BsonDocument Until => new("$add", new BsonArray { Now, (long)_lease.TotalMilliseconds });

    public override bool TryTake(CancellationToken cancellation)
    {
        // That another makes the document at the same moment is no error: the next command tells who has it.
        _session.Run(null, Update(TheOne, new BsonDocument("$setOnInsert", new BsonDocument("until", BsonDateTime.Create(DateTime.UnixEpoch))), upsert: true), cancellation);
        var begun = Stopwatch.GetTimestamp();
        var taken = _session.Run(
            null,
            new BsonDocument
            {
                { "findAndModify", _collection },
                { "query", TheOne.Add("$expr", new BsonDocument("$lte", new BsonArray { "$until", Now })) },
                { "update", new BsonArray { new BsonDocument("$set", new BsonDocument { { "owner", Me }, { "token", _token }, { "since", Now }, { "until", Until } }) } },
                { "new", true },
                { "writeConcern", MongoCommands.Majority },
            },
            cancellation);
        if (taken.GetValue("value", BsonNull.Value) is not BsonDocument)
        {
            return false;
        }

        _renewed = begun;
        var every = _lease / RenewalsPerLease;
        _renewal = new Timer(_ => TryRenew(), null, every, every);
        return true;
    }

    public override string Owner(CancellationToken cancellation)
    {
        var found = MongoCommands.Documents(_session, new BsonDocument { { "find", _collection }, { "filter", TheOne }, { "singleBatch", true } }, cancellation);
        return found is [var held] && held.Contains("owner")
            ? string.Create(CultureInfo.InvariantCulture, $"{held["owner"]}, since {held["since"].ToUniversalTime():yyyy-MM-dd HH:mm:ss} UTC; if it was killed, the lock is free at {held["until"].ToUniversalTime():HH:mm:ss} UTC")
            : "it has ended just now";
    }

    public override string? WhyLost(CancellationToken cancellation)
    {
        TryRenew();
        return _lost ?? (Stopwatch.GetElapsedTime(Interlocked.Read(ref _renewed)) > _lease ? "it could not be renewed in time" : null);
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
        {
            return;
        }

        if (_renewal is not null)
        {
            _renewal.Dispose();
            Try(() => _session.Run(null, new BsonDocument { { "delete", _collection }, { "deletes", new BsonArray { new BsonDocument { { "q", Mine }, { "limit", 1 } } } } }, CancellationToken.None));
        }

        _session.Dispose();
    }

    /// <summary>What fails is tried again at the next beat; when the lease has run out meanwhile, <see cref="WhyLost"/> says so.</summary>
    private void TryRenew() => Try(() =>
    {
        var begun = Stopwatch.GetTimestamp();
        var reply = _session.Run(null, Update(Mine, new BsonArray { new BsonDocument("$set", new BsonDocument("until", Until)) }, upsert: false), CancellationToken.None);
        if (reply["n"].ToInt32() == 0)
        {
            _lost = "it was not renewed in time, and another run has taken it";
        }
        else
        {
            Interlocked.Exchange(ref _renewed, begun);
        }
    });

    private BsonDocument Update(BsonDocument filter, BsonValue update, bool upsert) => new()
    {
        { "update", _collection }, { "updates", new BsonArray { new BsonDocument { { "q", filter }, { "u", update }, { "upsert", upsert } } } }, { "writeConcern", MongoCommands.Majority },
    };

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is DataException or MongoException or InvalidOperationException or OperationCanceledException)
        {
            // The connection is gone for now, or the lock was given back meanwhile.
        }
    }
}
