using Apache.Arrow;
using DataTools.Data;
using DataTools.Data.Kernels;
using DataTools.Errors;
using DataTools.Expressions;
using DataTools.Transforms;

namespace DataTools.Module.Expressions;

/// <summary>Runs an expression for every row and rejects the rows on which it fails.</summary>
internal abstract class ExpressionTransform(ColumnExpression expression, string parameter, RejectLog rejects) : ITransform
{
    private readonly SortedSet<int> _failed = [];
    private RecordBatch? _batch;
    private long _rows;

    public abstract Schema Schema { get; }

    protected ColumnExpression Expression => expression;

    public RecordBatch Apply(RecordBatch batch, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _batch = batch;
        var result = Run(batch);
        _rows += batch.Length;
        if (_failed.Count == 0)
        {
            return result;
        }

        var keep = new bool[batch.Length];
        System.Array.Fill(keep, true);
        foreach (var row in _failed)
        {
            keep[row] = false;
        }

        _failed.Clear();
        return result.Length == batch.Length ? Take.Filter(result, keep) : result;
    }

    /// <summary>The batch with the expression applied; rows that failed may still be in it.</summary>
    protected abstract RecordBatch Run(RecordBatch batch);

    /// <summary>Notes a row on which the expression failed.</summary>
    protected void Fail(int row, object? value, string reason)
    {
        _failed.Add(row);
        rejects.Add(new Reject(
            $"The expression of {parameter}", _rows + row + 1, 0, null, value is null ? null : DataTypes.TextOf(value), reason, _batch!.RowText(row)));
    }
}

/// <summary>Keeps the rows for which an expression is true.</summary>
internal sealed class WhereTransform(Schema schema, ColumnExpression expression, RejectLog rejects)
    : ExpressionTransform(expression, "-Where", rejects)
{
    public override Schema Schema => schema;

    protected override RecordBatch Run(RecordBatch batch) => Take.Filter(batch, Expression.Select(batch, Fail));
}

/// <summary>Puts the values of an expression into a column, a new one or one that is there.</summary>
internal sealed class ComputeTransform(Schema schema, string name, ColumnExpression expression, string parameter, RejectLog rejects)
    : ExpressionTransform(expression, parameter, rejects)
{
    private readonly int _at = schema.IndexOf(name);
    private Schema? _schema;
    private DataType? _type;

    public override Schema Schema => _schema ?? schema;

    protected override RecordBatch Run(RecordBatch batch)
    {
        var column = _type is null && _at >= 0 ? First(batch) : Expression.Compute(batch, _type, Fail);
        if (_schema is null)
        {
            _type = column.Type;
            var field = _at >= 0 && column.Type.Equals(DataTypes.Of(schema.GetFieldByIndex(_at))) ? schema.GetFieldByIndex(_at) : column.Type.ToField(name);
            _schema = new Schema(_at < 0 ? schema.FieldsList.Append(field) : schema.FieldsList.Select((f, i) => i == _at ? field : f), null);
        }

        var arrays = batch.Arrays;
        return new RecordBatch(_schema, _at < 0 ? arrays.Append(column.Values) : arrays.Select((a, i) => i == _at ? column.Values : a), batch.Length);
    }

    /// <summary>A column keeps its type where all values of the first batch fit it; else those values decide.</summary>
    private ComputedColumn First(RecordBatch batch)
    {
        var failures = new List<(int Row, object? Value, string Reason)>();
        var column = Expression.Compute(batch, DataTypes.Of(schema.GetFieldByIndex(_at)), (row, value, reason) => failures.Add((row, value, reason)));
        if (failures.Exists(f => f.Value is not null))
        {
            return Expression.Compute(batch, null, Fail);
        }

        failures.ForEach(f => Fail(f.Row, f.Value, f.Reason));
        return column;
    }
}
