using Apache.Arrow;

namespace DataTools.Expressions;

/// <summary>What a condition may come to over a range of rows.</summary>
[Flags]
internal enum Outcomes
{
    /// <summary>There is no row.</summary>
    None = 0,

    /// <summary>It may be true.</summary>
    True = 1,

    /// <summary>It may be false.</summary>
    False = 2,

    /// <summary>It may be either.</summary>
    Both = 3,
}

/// <summary>An expression over the columns of a batch, of one type that is known beforehand.</summary>
internal abstract class Expr
{
    /// <summary>The .NET type of its values.</summary>
    public abstract Type Type { get; }

    /// <summary>Its values for the rows of a batch.</summary>
    public abstract Vector Evaluate(RecordBatch batch);

    /// <summary>What it may come to, as a condition, where the columns lie within ranges.</summary>
    public virtual Outcomes Within(Func<string, (object Min, object Max)?> range) => Outcomes.Both;
}

/// <summary>An expression of type <typeparamref name="T"/>.</summary>
internal abstract class Expr<T> : Expr
{
    /// <inheritdoc/>
    public override Type Type => typeof(T);

    /// <inheritdoc/>
    public sealed override Vector Evaluate(RecordBatch batch) => Compute(batch);

    /// <summary>Its values for the rows of a batch.</summary>
    public abstract Vector<T> Compute(RecordBatch batch);
}

/// <summary>An expression whose value is the same in all rows.</summary>
internal interface IConstant
{
    /// <summary>The value.</summary>
    object? Value { get; }
}

/// <summary>A value that is the same in all rows; null when it has none.</summary>
internal sealed class ConstantExpr<T>(T? value) : Expr<T>, IConstant
{
    private readonly byte[]? _flags = value is null ? [Cell.Null] : null;
    private readonly T[] _values = [value!];

    /// <inheritdoc/>
    public object? Value => value;

    /// <inheritdoc/>
    public override Vector<T> Compute(RecordBatch batch) => new(_values, batch.Length, _flags, constant: true);

    /// <inheritdoc/>
    public override Outcomes Within(Func<string, (object Min, object Max)?> range) => value switch
    {
        true => Outcomes.True,
        false => Outcomes.False,
        _ => Outcomes.Both,
    };
}

/// <summary>A condition: true or false in every row, never null.</summary>
internal interface ICondition;
