using System.Diagnostics;
using DataTools.Data;
using DataTools.Databases.Writing;
using DataTools.Errors;
using DataTools.Schemas;
using DataTools.Transfer;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace DataTools.Databases.MongoDb.Ledgers;

/// <summary>
/// What the steps of a ledger do in MongoDB, without transactions. The rows of a step wait in a collection of its lease until all are there; then the ledger says so, and whoever
/// has the step brings them to their place, by _ids that they have by then, so that to do it twice does no harm. What makes or replaces a collection is gathered beside it, and
/// takes its place at the end. Rows that are matched by a key need no such care.
/// </summary>
internal sealed class CollectionSteps(CopyPlan plan, CopyOptions options, DatabaseContext context, RowPump pump) : LedgerSteps(plan, options, context, pump)
{
    public override void Run(IDatabaseSession target, ICopySource source, ILedger ledger, LedgerStep step, Func<IReadOnlyList<LedgerStep>> all)
    {
        var watch = Stopwatch.StartNew();
        var (session, own) = ((MongoSession)target, (LedgerCollection)ledger);
        switch (step.Kind)
        {
            case StepKind.Rows when Find(step) is { IsGathered: false, Mode: WriteMode.Upsert or WriteMode.Ignore } table:
                var (rows, checksum) = Wait(session, source, table, step, null);
                own.Finish(step, rows, checksum, watch.ElapsedMilliseconds, Context.Cancellation);
                break;
            case StepKind.Rows:
                Copy(session, source, own, step, watch);
                break;
            case StepKind.Keys:
                var steps = all();
                Place(session, step, steps);
                own.Close(step, Watermarks(steps), Context.Cancellation);
                own.Finish(step, 0, null, watch.ElapsedMilliseconds, Context.Cancellation);
                break;
            default:
                own.Finish(step, 0, null, watch.ElapsedMilliseconds, Context.Cancellation);
                break;
        }
    }

    private static TableName Waiting(TablePlan table, string token) => table.Target with { Name = $"{LedgerTable.Name}_{token}" };

    /// <summary>Where the rows of a collection are gathered by all steps of a run.</summary>
    private static TableName Gathered(TablePlan table, string run) =>
        table.Target with { Name = $"{LedgerTable.Name}_{TextHash.Of($"{run} {table.Target}", 32)}" };

    private void Copy(MongoSession session, ICopySource source, LedgerCollection ledger, LedgerStep step, Stopwatch watch)
    {
        var table = Find(step);
        var isAgain = step.Staged is not null;
        if (!isAgain)
        {
            var waiting = Waiting(table, step.Token!);
            var (rows, checksum) = Wait(session, source, table, step, table.IsGathered ? Gathered(table, step.Run) : table.Target);
            step = step with { Staged = waiting.Name, Rows = rows };
            if (!ledger.Stage(step, waiting.Name, rows, checksum, Context.Cancellation))
            {
                // The lease ran out, and another worker has the step or has done it.
                session.Drop(waiting);
                return;
            }
        }

        Bring(session, ledger, table, step, isAgain, watch);
    }

    /// <summary>Lets the rows of a step wait in the collection of its lease, in place of what an earlier one left; without a place for all of them they go on by their key.</summary>
    private (long Rows, string Checksum) Wait(MongoSession session, ICopySource source, TablePlan table, LedgerStep step, TableName? place)
    {
        if (step.FormerToken is { } former)
        {
            session.Drop(Waiting(table, former));
        }

        var beside = new BesideTarget(Waiting(table, step.Token!), place);
        return Move(table, source, step, schema => MongoWriter.Open(session, table.Target, schema, TableRows.Options(table, Options, schema, isCleared: true), Context, beside));
    }

    /// <summary>Brings rows that wait to their place. A worker that lost its lease leaves all to the one that has it.</summary>
    private void Bring(MongoSession session, LedgerCollection ledger, TablePlan table, LedgerStep step, bool isAgain, Stopwatch watch)
    {
        var staged = table.Target with { Name = step.Staged! };
        var place = table.IsGathered ? Gathered(table, step.Run) : table.Target;
        var areGiven = table.Columns.Any(c => c.Target == CollectionCatalog.Id);
        try
        {
            // Of documents that were there and have _ids of the rows nobody can say whose they are.
            var moved = new StagedDocuments(session, staged, place, Context)
                .Move(step.Rows, Options.AllowsRejects, mayBeThere: isAgain || !areGiven, mayTakeBack: found => !(found && areGiven) && ledger.Holds(step, CancellationToken.None));
            if (ledger.Finish(step, moved, null, watch.ElapsedMilliseconds, Context.Cancellation))
            {
                session.Drop(staged);
                return;
            }
        }
        catch (DataException e) when (e.Id == nameof(DataErrors.RowRefused) && ledger.Unstage(step, CancellationToken.None))
        {
            session.Drop(staged);
            throw;
        }
        catch (DataException) when (session.IsOpen && !ledger.Holds(step, CancellationToken.None))
        {
            // Such as that its collection is gone.
        }

        if (table.IsGathered && ledger.IsClosed(step.Run, Context.Cancellation))
        {
            // What it sent when all was placed made the collection anew.
            session.Drop(place);
        }
    }

    /// <summary>Puts what was gathered in its place, if it is all of it; what is there already was put there by a worker that died behind it.</summary>
    private void Place(MongoSession session, LedgerStep step, IReadOnlyList<LedgerStep> all)
    {
        foreach (var table in Plan.Tables.Where(t => t.IsGathered))
        {
            var gathered = Gathered(table, step.Run);
            if (CollectionCatalog.Entry(session, gathered, Context.Cancellation) is null)
            {
                continue;
            }

            var (rows, there) = (all.Where(s => s.Table == table.Table.ToString()).Sum(s => s.Rows), Count(session, gathered));
            if (rows != there)
            {
                throw DataErrors.StatementFailed(session.Address.ToString(), $"The steps of '{table.Table}' wrote {rows} documents into '{gathered}', which holds {there}. Somebody else wrote to it.", null);
            }

            session.Rename(gathered, table.Target, replaces: table.Exists, Context.Cancellation);
        }

        foreach (var table in Plan.Tables)
        {
            // Of workers that died when a step was done.
            var staged = all.Where(s => s.Table == table.Table.ToString()).Select(s => s.Staged).OfType<string>();
            foreach (var name in CollectionCatalog.Known(session, table.Target.Schema, staged, Context.Cancellation))
            {
                session.Drop(table.Target with { Name = name });
            }
        }
    }

    private long Count(MongoSession session, TableName name)
    {
        using var cursor = session.Aggregate(name, [new BsonDocument("$count", "n")], new(), Context.Cancellation);
        return session.Guarded(() => cursor.MoveNext(Context.Cancellation), Context.Cancellation) && cursor.Current.FirstOrDefault() is { } counted
            ? BsonSerializer.Deserialize<BsonDocument>(counted.Bytes)["n"].ToInt64() : 0;
    }
}
