using System.Globalization;
using System.Management.Automation;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Expressions;

namespace DataTools.Module.Expressions;

/// <summary>
/// A script block over the rows of batches (<c>{ $_.amount -gt 100 }</c>), run over whole columns where it can be translated. The rows that columns
/// cannot decide, among them those that fail, run through PowerShell, so that the result is always PowerShell's own.
/// Used by one thread at a time: that of the pipeline.
/// </summary>
internal sealed class ColumnExpression : IRangeFilter
{
    private readonly ScriptBlock _script;
    private readonly RowScript _rows;
    private readonly Expr? _values;
    private readonly Expr<bool>? _condition;

    private ColumnExpression(ScriptBlock script, RowScript rows, Expr? values, string? whyNot)
    {
        _script = script;
        _rows = rows;
        _values = values;
        _condition = values is null ? null : Casts.Condition(values);
        WhyNot = whyNot;
        var columns = new HashSet<string>(StringComparer.Ordinal);
        _condition?.Within(name =>
        {
            columns.Add(name);
            return null;
        });
        Columns = columns;
    }

    /// <summary>Takes a row that gives no value, with the raw value where there is one, and why: a clause, as in <see cref="Errors.Reject"/>.</summary>
    public delegate void Failure(int row, object? value, string reason);

    /// <summary>Whether the expression runs over columns.</summary>
    public bool IsColumnar => _values is not null;

    /// <summary>The part that has no column form, where the expression runs row by row.</summary>
    public string? WhyNot { get; }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Columns { get; }

    /// <summary>
    /// Translates a script block.
    /// </summary>
    /// <param name="script">The script block.</param>
    /// <param name="schema">The schema of the batches.</param>
    /// <param name="variables">The caller's variable of a name (with its scope, if it has one), or null; asked now, so that its value is that of the start.</param>
    /// <param name="row">Gives the object that <c>$_</c> is, for a row of a batch.</param>
    public static ColumnExpression Compile(ScriptBlock script, Schema schema, Func<string, PSVariable?> variables, Func<RecordBatch, int, object> row)
    {
        var rows = new RowScript(script, row);
        try
        {
            var values = Casts.Plain(new Translator(schema, new Constants(variables)).Translate(script));
            return new ColumnExpression(script, rows, values, null);
        }
        catch (NotTranslatedException refusal)
        {
            return new ColumnExpression(script, rows, null, refusal.Message);
        }
    }

    /// <summary>Which way the expression goes, for -Verbose.</summary>
    /// <param name="parameter">The parameter that it was given to: <c>-Where</c>.</param>
    public string Describe(string parameter) => IsColumnar
        ? $"{parameter} runs on columns: {{{_script}}}"
        : $"{parameter} runs row by row through PowerShell because {WhyNot}: {{{_script}}}";

    /// <inheritdoc/>
    public bool MayMatch(Func<string, (object Min, object Max)?> range) => _condition?.Within(range).HasFlag(Outcomes.True) != false;

    /// <summary>Whether each row satisfies the expression. A row that fails does not, and is reported.</summary>
    public bool[] Select(RecordBatch batch, Failure failure)
    {
        if (_condition is null)
        {
            return [.. Enumerable.Range(0, batch.Length).Select(row => Test(batch, row, failure))];
        }

        var vector = _condition.Compute(batch);
        var selection = vector.IsConstant ? [.. Enumerable.Repeat(vector.Values[0], batch.Length)] : vector.Values;
        foreach (var row in Undecided(vector))
        {
            selection[row] = Test(batch, row, failure);
        }

        return selection;
    }

    /// <summary>
    /// The expression's values, each as PowerShell computes it, as a column. A column that is taken as it stands keeps its type; any other gets the
    /// widest of the first batch: int64 for integers, double where one value is a double, a decimal with the most digits behind the point.
    /// Give null for <paramref name="type"/> with the first batch, and the type that came out with all later ones: what does not fit it without
    /// loss, and a row that fails, is reported and has null.
    /// </summary>
    public ComputedColumn Compute(RecordBatch batch, DataType? type, Failure failure)
    {
        if (_values is IColumn column && (type is null || type.Equals(column.DataType)))
        {
            return new ComputedColumn(column.DataType, batch.Column(column.Index));
        }

        void Misfit(int row, object value, DataType wanted) =>
            failure(row, value, string.Create(CultureInfo.InvariantCulture, $"does not fit the type {wanted.Name} of the column"));

        if (_values?.Evaluate(batch) is not { } vector)
        {
            return ComputedColumn.Of([.. Enumerable.Range(0, batch.Length).Select(row => Value(batch, row, failure))], type, Misfit);
        }

        var undecided = Undecided(vector);
        if (undecided.Count == 0)
        {
            return ComputedColumn.Of(vector, type, Misfit);
        }

        var values = Enumerable.Range(0, batch.Length).Select(vector.Box).ToArray();
        foreach (var row in undecided)
        {
            values[row] = Value(batch, row, failure);
        }

        return ComputedColumn.Of(values, type, Misfit);
    }

    private static List<int> Undecided(Vector vector) =>
        vector.Flags?.AsSpan().Contains(Cell.Undecided) == true
            ? [.. Enumerable.Range(0, vector.Length).Where(row => vector.Flag(row) == Cell.Undecided)]
            : [];

    private bool Test(RecordBatch batch, int row, Failure failure) => LanguagePrimitives.IsTrue(Value(batch, row, failure));

    private object? Value(RecordBatch batch, int row, Failure failure)
    {
        if (!_rows.TryRun(batch, row, out var value, out var error))
        {
            failure(row, null, "fails in the expression: " + error!.TrimEnd('.'));
        }

        return value;
    }
}
