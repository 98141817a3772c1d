using System.Collections;
using System.Management.Automation;
using System.Runtime.InteropServices;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Module.Records;

/// <summary>
/// Makes batches of whatever comes down the pipeline: our own batches pass, records that nobody changed are taken from their batch again by row number,
/// everything else is collected value by value. All batches have the columns of the first.
/// </summary>
internal sealed class BatchInput(RejectLog rejects, bool widen, Action<RecordBatch> emit)
{
    private readonly List<object> _first = [];
    private readonly List<int> _run = [];
    private RecordRows? _runOf;
    private RowCollector? _collector;
    private Schema? _schema;
    private long _row;

    /// <summary>Takes one object, or each of an array or list; nulls are passed over.</summary>
    public void AddAll(object? items)
    {
        switch (items is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : items)
        {
            case null:
                break;
            case IEnumerable list and (object?[] or ArrayList or List<object>):
                foreach (var item in list)
                {
                    if (item is not null)
                    {
                        Add(item);
                    }
                }

                break;
            default:
                Add(items!);
                break;
        }
    }

    /// <summary>Takes one object of the pipeline.</summary>
    public void Add(object item)
    {
        switch (item is PSObject wrapped ? wrapped.BaseObject : item)
        {
            case RecordBatch batch:
                Flush();
                Emit(batch);
                break;
            case DataRecord record when !DataRecord.IsChanged(record) && !EngineInternals.HasInstanceMembers(record):
                Take(record);
                break;
            default:
                foreach (var row in ObjectRows.Of(item))
                {
                    Take(row);
                }

                break;
        }
    }

    /// <summary>Emits what is still held.</summary>
    public void Complete() => Flush();

    private void Take(object row)
    {
        if (_collector is not null)
        {
            Dispatch(row);
            return;
        }

        _first.Add(row);
        if (!widen && _first.Count >= BatchBuilder.DefaultRows)
        {
            Start();
        }
    }

    /// <summary>Fixes the columns by the first rows.</summary>
    private void Start()
    {
        var schema = _first[0] is DataRecord head && _first.TrueForAll(r => r is DataRecord record && ColumnsOf(record).Batch.Schema.HasSameColumns(ColumnsOf(head).Batch.Schema))
            ? ColumnsOf(head).Batch.Schema
            : RowCollector.FindSchema(_first.SelectMany(r => r is IRow row ? [row] : ObjectRows.Of(r)));
        _collector = new RowCollector(schema, rejects);
        foreach (var row in _first)
        {
            Dispatch(row);
        }

        _first.Clear();
        _first.TrimExcess();
    }

    private void Dispatch(object row)
    {
        _row++;
        if (row is DataRecord record && _collector!.Count == 0 && ColumnsOf(record).Batch.Schema.HasSameColumns(_collector.Schema))
        {
            Run(record);
            return;
        }

        FlushRun();
        if (_collector!.Add(row as IRow ?? ObjectRows.Of(row).Single(), _row) is { } batch)
        {
            Emit(batch);
        }
    }

    private void Run(DataRecord record)
    {
        var columns = ColumnsOf(record);
        if (!ReferenceEquals(columns, _runOf))
        {
            FlushRun();
            _runOf = columns;
        }

        _run.Add(DataRecord.RowOf(record));
        if (_run.Count >= BatchBuilder.DefaultRows)
        {
            FlushRun();
        }
    }

    private void FlushRun()
    {
        if (_run.Count > 0)
        {
            Emit(Data.Kernels.Take.Rows(_runOf!.Batch, CollectionsMarshal.AsSpan(_run)));
            _run.Clear();
        }
    }

    private void Flush()
    {
        if (_first.Count > 0)
        {
            Start();
        }

        FlushRun();
        if (_collector?.Flush() is { } batch)
        {
            Emit(batch);
        }
    }

    private void Emit(RecordBatch batch)
    {
        _schema ??= batch.Schema;
        if (batch.Schema.HasSameColumns(_schema))
        {
            emit(ReferenceEquals(batch.Schema, _schema) ? batch : new RecordBatch(_schema, batch.Arrays, batch.Length));
            return;
        }

        var late = batch.Schema.FieldsList.FirstOrDefault(f => _schema.IndexOf(f.Name) < 0);
        emit(late is null
            ? new BatchConverter(batch.Schema, _schema, "The pipeline", rejects, TextRules.Default).Convert(batch)
            : throw DataErrors.LateColumn(late.Name, _row));
    }

    private static RecordRows ColumnsOf(DataRecord record) => (RecordRows)DataRecord.ColumnsOf(record);
}
