using DataTools.Errors;
using DataTools.Transfer;
using MongoDB.Bson;

namespace DataTools.Databases.MongoDb.Ledgers;

/// <summary>
/// The ledgers of MongoDB: one collection for all of them. A ledger is the document of its plan, which names the run whose steps count; the steps of a run are there before it
/// is named, so that one write begins a run. Times are those of the server.
/// </summary>
internal sealed class LedgerCollection(MongoSession session, string ledger) : ILedger
{
    private const string Now = "$$NOW";
    private const string Until = "lease_until";

    private static readonly BsonDateTime Long = BsonDateTime.Create(DateTime.UnixEpoch);

    /// <inheritdoc/>
    public void Open(CancellationToken cancellation)
    {
        var index = new BsonDocument { { "key", new BsonDocument { { "run", 1 }, { "step", 1 } } }, { "name", "steps" } };
        MongoCommands.Run(session, new BsonDocument { { "createIndexes", LedgerTable.Name }, { "indexes", new BsonArray { index } } }, cancellation);
    }

    /// <inheritdoc/>
    public List<LedgerStep> Read(CancellationToken cancellation)
    {
        if (Head(cancellation) is not { } head)
        {
            return [];
        }

        var steps = Find(new BsonDocument("run", head["run"]), cancellation, new BsonDocument("step", 1));
        return [ToStep(head), .. steps.Where(s => s["step"].ToInt64() > 0).Select(ToStep)];
    }

    /// <inheritdoc/>
    public bool TryStart(IReadOnlyList<LedgerStep> steps, bool isLast, CancellationToken cancellation)
    {
        var run = Guid.NewGuid().ToString("N");
        foreach (var some in steps.Skip(1).Chunk(1000))
        {
            Write("insert", "documents", some.Select(s => Document(s, run, new BsonDocument { { "run", run }, { "step", s.Number } })), cancellation);
        }

        if (!TryBegin(Document(steps[0], run, ledger), cancellation))
        {
            Delete(new BsonDocument("run", run), cancellation);
            return false;
        }

        Delete(new BsonDocument { { "ledger", ledger }, { "run", new BsonDocument("$ne", run) } }, cancellation);
        return true;
    }

    /// <inheritdoc/>
    public LedgerStep? Claim(string worker, TimeSpan lease, bool isAlone, CancellationToken cancellation)
    {
        if (Head(cancellation) is not { } head)
        {
            return null;
        }

        var free = new BsonArray
        {
            new BsonDocument("state", LedgerStep.Pending),
            new BsonDocument { { "state", LedgerStep.Leased }, { "worker", worker } },
            new BsonDocument { { "state", LedgerStep.Leased }, { "$expr", new BsonDocument("$lte", new BsonArray { $"${Until}", Now }) } },
        };
        var found = Find(new BsonDocument { { "run", head["run"] }, { "step", new BsonDocument("$gt", 0) }, { "$or", free } }, cancellation, new BsonDocument("step", 1), limit: 1);
        return found is [var step] && IsReady(step, cancellation) ? Take(step, worker, lease, cancellation) : null;
    }

    /// <inheritdoc/>
    public void Renew(IEnumerable<string> tokens, TimeSpan lease, CancellationToken cancellation) => Update(
        new BsonDocument { { "ledger", ledger }, { "token", new BsonDocument("$in", new BsonArray(tokens)) }, { "state", LedgerStep.Leased } },
        new BsonArray { new BsonDocument("$set", new BsonDocument(Until, In(lease))) },
        cancellation,
        all: true);

    /// <summary>Notes that all rows of a step wait in a collection; false where the lease is another's by now.</summary>
    public bool Stage(LedgerStep step, string collection, long rows, string checksum, CancellationToken cancellation) =>
        Update(Mine(step), Set(new BsonDocument { { "staged", collection }, { "row_count", rows }, { "checksum", checksum } }), cancellation);

    /// <summary>Notes that a step begins anew; false where the lease is another's by now.</summary>
    public bool Unstage(LedgerStep step, CancellationToken cancellation) => Update(Mine(step), Set(new BsonDocument("staged", BsonNull.Value)), cancellation);

    /// <summary>Whether the lease of a step still stands.</summary>
    public bool Holds(LedgerStep step, CancellationToken cancellation) => Find(Mine(step), cancellation, limit: 1).Count > 0;

    /// <summary>Whether a run is complete, or another one followed it.</summary>
    public bool IsClosed(string run, CancellationToken cancellation) => Head(cancellation) is not { } head || head["run"] != run || head["state"] == LedgerStep.Done;

    /// <inheritdoc/>
    public bool Finish(LedgerStep step, long rows, string? checksum, long milliseconds, CancellationToken cancellation)
    {
        var values = new BsonDocument { { "state", LedgerStep.Done }, { "row_count", rows }, { "milliseconds", milliseconds }, { "error", BsonNull.Value } };
        return Update(Mine(step), Set(checksum is null ? values : values.Add("checksum", checksum)), cancellation);
    }

    /// <inheritdoc/>
    public void Return(LedgerStep step, string? error, CancellationToken cancellation) => Update(
        Mine(step), Set(new BsonDocument { { "state", error is null ? LedgerStep.Pending : LedgerStep.Failed }, { "error", Text(error) }, { Until, Long } }), cancellation);

    /// <inheritdoc/>
    public void Retry(CancellationToken cancellation) => Update(
        new BsonDocument { { "ledger", ledger }, { "state", LedgerStep.Failed } }, Set(new BsonDocument { { "state", LedgerStep.Pending }, { "error", BsonNull.Value } }), cancellation, all: true);

    /// <inheritdoc/>
    public void Close(LedgerStep last, string? watermark, CancellationToken cancellation) => Update(
        new BsonDocument { { CollectionCatalog.Id, ledger }, { "run", last.Run } }, Set(new BsonDocument { { "state", LedgerStep.Done }, { "watermark", Text(watermark) } }), cancellation);

    private static BsonDocument Mine(LedgerStep step) =>
        new() { { CollectionCatalog.Id, new BsonDocument { { "run", step.Run }, { "step", step.Number } } }, { "state", LedgerStep.Leased }, { "token", step.Token } };

    private static BsonDocument Set(BsonDocument values) => new("$set", values);

    private static BsonDocument In(TimeSpan lease) => new("$add", new BsonArray { Now, (long)lease.TotalMilliseconds });

    private static BsonValue Text(string? text) => text is null ? BsonNull.Value : text;

    private static string? Text(BsonDocument document, string field) => document.GetValue(field, BsonNull.Value) is BsonString text ? text.Value : null;

    private BsonDocument Document(LedgerStep step, string run, BsonValue id) => new()
    {
        { CollectionCatalog.Id, id }, { "ledger", ledger }, { "run", run }, { "step", step.Number }, { "phase", (int)step.Kind }, { "table_name", step.Table }, { "part", step.Part },
        { "state", step.State }, { "row_count", 0L }, { "milliseconds", 0L }, { "token", BsonNull.Value }, { Until, Long }, { "tries", 0 }, { "watermark", Text(step.Watermark) },
    };

    private static LedgerStep ToStep(BsonDocument d) => new(d["step"].ToInt64(), (StepKind)d["phase"].ToInt32(), d["table_name"].AsString, d["part"].AsString)
    {
        State = d["state"].AsString, Rows = d["row_count"].ToInt64(), Milliseconds = d["milliseconds"].ToInt64(), Error = Text(d, "error"), Watermark = Text(d, "watermark"),
        Token = Text(d, "token"), Run = d["run"].AsString, Staged = Text(d, "staged"),
    };

    private BsonDocument? Head(CancellationToken cancellation) => Find(new BsonDocument(CollectionCatalog.Id, ledger), cancellation).FirstOrDefault();

    /// <summary>Writes the document of the plan where there is none, or in the place of one that is done.</summary>
    private bool TryBegin(BsonDocument head, CancellationToken cancellation)
    {
        if (Head(cancellation) is { } old)
        {
            return Update(new BsonDocument { { CollectionCatalog.Id, ledger }, { "run", old["run"] }, { "state", LedgerStep.Done } }, Set(new BsonDocument(head.Where(f => f.Name != CollectionCatalog.Id))), cancellation);
        }

        try
        {
            Write("insert", "documents", [head], cancellation);
            return true;
        }
        catch (DataException e) when (e.Id == nameof(DataErrors.RowRefused) && Head(cancellation) is not null)
        {
            // Another worker was faster.
            return false;
        }
    }

    /// <summary>Whether nothing that must be done before a step is left.</summary>
    private bool IsReady(BsonDocument step, CancellationToken cancellation)
    {
        var before = new BsonDocument
        {
            { "run", step["run"] }, { "step", new BsonDocument("$gt", 0) }, { "phase", new BsonDocument("$lt", step["phase"]) }, { "state", new BsonDocument("$ne", LedgerStep.Done) },
        };
        if (step["table_name"] != "")
        {
            before.Add("table_name", new BsonDocument("$in", new BsonArray { "", step["table_name"] }));
        }

        return Find(before, cancellation, limit: 1).Count == 0;
    }

    private LedgerStep? Take(BsonDocument step, string worker, TimeSpan lease, CancellationToken cancellation)
    {
        var token = Guid.NewGuid().ToString("N");
        var values = new BsonDocument
        {
            { "state", LedgerStep.Leased }, { "worker", new BsonDocument("$literal", worker) }, { "token", token }, { Until, In(lease) }, { "tries", new BsonDocument("$add", new BsonArray { "$tries", 1 }) },
        };
        var free = new BsonDocument { { CollectionCatalog.Id, step[CollectionCatalog.Id] }, { "state", step["state"] }, { "token", step["token"] } };
        var taken = MongoCommands.Run(
            session,
            new BsonDocument { { "findAndModify", LedgerTable.Name }, { "query", free }, { "update", new BsonArray { Set(values) } }, { "new", true }, { "writeConcern", MongoCommands.Majority } },
            cancellation);
        return taken.GetValue("value", BsonNull.Value) is BsonDocument mine ? ToStep(mine) with { FormerToken = Text(step, "token") } : null;
    }

    private List<BsonDocument> Find(BsonDocument filter, CancellationToken cancellation, BsonDocument? sort = null, int? limit = null)
    {
        var command = new BsonDocument { { "find", LedgerTable.Name }, { "filter", filter } };
        command.Add("sort", sort, sort is not null);
        command.Add("limit", limit ?? 0, limit is not null);
        return MongoCommands.Documents(session, command, cancellation);
    }

    private bool Update(BsonDocument filter, BsonValue update, CancellationToken cancellation, bool all = false) =>
        Write("update", "updates", [new BsonDocument { { "q", filter }, { "u", update }, { "multi", all } }], cancellation) > 0;

    private void Delete(BsonDocument filter, CancellationToken cancellation) => Write("delete", "deletes", [new BsonDocument { { "q", filter }, { "limit", 0 } }], cancellation);

    private int Write(string command, string field, IEnumerable<BsonDocument> items, CancellationToken cancellation) => MongoCommands.Run(
        session, new BsonDocument { { command, LedgerTable.Name }, { field, new BsonArray(items) }, { "writeConcern", MongoCommands.Majority } }, cancellation)["n"].ToInt32();
}
