using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases.MongoDb.Bson;
using DataTools.Databases.Writing;
using DataTools.Errors;
using DataTools.Formats;
using DataTools.Schemas;
using MongoDB.Driver;

namespace DataTools.Databases.MongoDb;

/// <summary>
/// Writes rows as documents. New and replaced collections show when they are complete. What was added to one that is there is taken back where the run fails, by the _ids
/// that the run gave; rows that are matched by a key wait beside the collection until all are there.
/// </summary>
internal sealed class MongoWriter : ITableWriter
{
    /// <summary>The documents of one request; the driver divides larger ones.</summary>
    private const int WritesAtOnce = 5000;

    private readonly MongoSession _session;
    private readonly TableWriteOptions _options;
    private readonly DatabaseContext _context;
    private readonly MongoWritePlan _plan;
    private readonly BatchConverter _converter;
    private readonly DocumentEncoder _encoder;
    private readonly EncodeLoss _loss;
    private readonly StagedMerge? _merge;
    private readonly WrittenIds _written;
    private readonly List<WriteModel<RawDocument>> _writes = [];
    private readonly List<int> _writtenRows = [];
    private long _row;
    private long _sinceCommit;
    private bool _complete;

    private MongoWriter(MongoSession session, TableName table, Schema schema, TableWriteOptions options, DatabaseContext context, BesideTarget? beside)
    {
        _session = session;
        _options = options;
        _context = context;
        _plan = new MongoWritePlan(session, table, schema, options, context, beside);
        _loss = new EncodeLoss(options.OnLoss);
        _encoder = new DocumentEncoder(_plan.Fields, _loss);
        var target = new Schema(_plan.Fields.Select((f, i) => f.Type.ToField(_plan.Source.GetFieldByIndex(i).Name)), null);
        _converter = new BatchConverter(_plan.Source, target, table.ToString(), context.Rejects, TextRules.Default);
        _written = new WrittenIds(_plan.Fields.Any(f => f.Name == CollectionCatalog.Id));
        _merge = _plan.IsMerge ? new StagedMerge(session, _plan, options.Mode == WriteMode.Upsert) : null;
    }

    /// <inheritdoc/>
    public WriteCounts Counts { get; private set; } = new(0, 0, 0);

    /// <summary>A writer to a collection; with <paramref name="beside"/> the rows stay beside it.</summary>
    public static MongoWriter Open(MongoSession session, TableName table, Schema schema, TableWriteOptions options, DatabaseContext context, BesideTarget? beside = null) =>
        new(session, table, schema, options, context, beside);

    /// <inheritdoc/>
    public void WriteBatch(RecordBatch batch, CancellationToken cancellation) => Told(() =>
    {
        var rows = _converter.Convert(batch.Project(_plan.Source, _plan.Sources));
        for (var from = 0; from < rows.Length;)
        {
            var count = (int)Math.Min(Math.Min(rows.Length - from, WritesAtOnce), (_options.BatchCommit ?? long.MaxValue) - _sinceCommit);
            WriteRows(rows, from, count, cancellation);
            from += count;
            _sinceCommit += count;
            if (_sinceCommit == _options.BatchCommit)
            {
                EndBatch(cancellation);
            }
        }
    });

    /// <inheritdoc/>
    public void Complete(CancellationToken cancellation) => Told(() =>
    {
        Merge(cancellation);
        _plan.DropWaiting();
        _plan.Place();
        _complete = true;
        _written.Dispose();
        Counts = Counts with { Committed = Counts.Loaded };
        if (Counts.Duplicates > 0)
        {
            _context.Warn($"{Counts.Duplicates} rows had the key of a {(_options.Mode == WriteMode.Upsert ? "later" : "earlier")} row and were not written.");
        }

        if (_loss.Count > 0 && _options.OnLoss == LossPolicy.Warn)
        {
            _context.Warn($"{_plan.Target}: {_loss.Count} values lost digits that no document can hold.");
        }
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_complete)
        {
            Abandon();
        }
    }

    /// <summary>Makes the target what it was, as far as it goes.</summary>
    private void Abandon()
    {
        _complete = true;
        try
        {
            if (_session.IsOpen && !_session.InTransaction)
            {
                _plan.Undo();
                TakeBack();
            }
        }
        catch (DataException e)
        {
            _context.Warn($"What was added to '{_plan.Target}' could not be taken back: {e.Message} {_written.Describe()}");
        }
        finally
        {
            _written.Dispose();
        }
    }

    private void TakeBack()
    {
        if (_plan.IsBeside || _plan.IsMerge || !_written.Any)
        {
            return;
        }

        foreach (var filter in _written.Filters())
        {
            _session.Guarded(() => _session.Write(_plan.Target, [new DeleteManyModel<RawDocument>(filter)], CancellationToken.None));
        }

        if (_written.IsUncertain)
        {
            _context.Warn($"The connection broke while documents with an _id of their own were added to '{_plan.Target}'; some of the last {WritesAtOnce} may be there.");
        }
    }

    /// <summary>Who commits by batches is told which rows stay when the run ends early; the others are taken back at once, while warnings are still shown.</summary>
    private void Told(Action step)
    {
        try
        {
            step();
        }
        catch
        {
            if (Counts.Committed > 0)
            {
                _context.Warn($"{Counts.Committed} rows were committed to '{_plan.Target}' before the run ended; the rows after them were not.");
            }

            Abandon();
            throw;
        }
    }

    private void WriteRows(RecordBatch rows, int from, int count, CancellationToken cancellation)
    {
        _writes.Clear();
        _writtenRows.Clear();
        for (var row = from; row < from + count; row++)
        {
            Encode(rows, row, _row + row - from);
        }

        var first = _row - from;
        _row += count;
        if (_writes.Count > 0)
        {
            Send(rows, first, cancellation);
        }
    }

    private void Encode(RecordBatch rows, int row, long number)
    {
        Span<byte> id = stackalloc byte[12];
        try
        {
            RawDocument document;
            if (_merge is not null)
            {
                document = _encoder.Staged(rows, row, number + 1, _plan.Key);
            }
            else if (_written.AreGiven)
            {
                document = _encoder.Document(rows, row, []);
            }
            else
            {
                _written.Next(id);
                document = _encoder.Document(rows, row, id);
            }

            _writes.Add(new InsertOneModel<RawDocument>(document));
            _writtenRows.Add(row);
        }
        catch (LoadFaultException e)
        {
            _context.Rejects.Add(Describe(rows, row, number, e.Fault.Column, e.Fault.Value, e.Fault.Reason));
        }
    }

    private void Send(RecordBatch rows, long first, CancellationToken cancellation)
    {
        HashSet<int> refused = [];
        _written.Sending();
        try
        {
            _session.Guarded(() => _session.Write(_plan.Waiting ?? _plan.Filled, _writes, cancellation), cancellation);
        }
        catch (DataException e) when (e.InnerException is MongoBulkWriteException { WriteConcernError: null, WriteErrors: { Count: > 0 } errors })
        {
            refused = [.. errors.Select(w => w.Index)];
            Sent(refused);
            foreach (var error in errors.OrderBy(w => w.Index))
            {
                var row = _writtenRows[error.Index];
                _context.Rejects.Add(Describe(rows, row, first + row, ColumnOf(error), null, $"is refused: {MongoFaults.Of(error).Message}"));
            }

            if (!_options.AllowsRejects)
            {
                throw;
            }

            return;
        }

        Sent(refused);
    }

    private void Sent(HashSet<int> refused)
    {
        _written.Sent(_writes, refused);
        Counts = Counts with { Loaded = Counts.Loaded + _writes.Count - refused.Count };
    }

    private void EndBatch(CancellationToken cancellation)
    {
        _sinceCommit = 0;
        Merge(cancellation);
        // What replaces a collection, or is new, shows all at once at the end.
        if (!_plan.IsBeside && !_session.InTransaction)
        {
            _written.Keep();
            Counts = Counts with { Committed = Counts.Loaded };
        }
    }

    private void Merge(CancellationToken cancellation)
    {
        if (_merge is null)
        {
            return;
        }

        try
        {
            Counts = Counts with { Duplicates = Counts.Duplicates + _merge.Run(reject => _context.Rejects.Add(reject), cancellation) };
        }
        finally
        {
            if (!_plan.IsBeside && _merge.Written > 0 && Counts.Committed < _merge.Written)
            {
                Counts = Counts with { Committed = _merge.Written };
            }
        }
    }

    private Reject Describe(RecordBatch rows, int row, long number, string? column, string? value, string reason) =>
        new(_plan.Target.ToString(), number + 1, 0, column, value, reason, rows.RowText(row));

    /// <summary>A key that is taken names the fields of the index.</summary>
    private static string? ColumnOf(WriteError error) =>
        error.Details?.GetValue("keyPattern", null) is MongoDB.Bson.BsonDocument { ElementCount: 1 } key ? key.GetElement(0).Name : null;
}
