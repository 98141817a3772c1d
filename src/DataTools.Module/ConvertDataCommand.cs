using System.Collections;
using System.Globalization;
using System.Management.Automation;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Module.Expressions;
using DataTools.Module.Records;
using DataTools.Transforms;

namespace DataTools.Module;

/// <summary>Changes rows and columns on their way: filters, computes, converts, selects.</summary>
[Cmdlet(VerbsData.Convert, "Data")]
[OutputType(typeof(DataRecord))]
public sealed class ConvertDataCommand : DataInputCmdlet
{
    private TransformChain? _chain;
    private BatchOutput? _output;

    /// <summary>1. Types of columns: @{ amount = 'decimal(10,2)' }, or one type for all. A value that does not fit is a bad row.</summary>
    [Parameter]
    public object? Type { get; set; }

    /// <summary>How -Type reads numbers and dates in text, such as de-DE.</summary>
    [Parameter]
    public CultureInfo? Culture { get; set; }

    /// <summary>.NET formats by which -Type reads dates in text, such as dd.MM.yyyy.</summary>
    [Parameter]
    public string[] DateTimeFormat { get; set; } = [];

    /// <summary>2. New values: @{ state = @{ 'N.Y.' = 'NY' } } replaces whole values, @{ name = { $_.name.ToUpper() } } computes them.</summary>
    [Parameter]
    public IDictionary? Replace { get; set; }

    /// <summary>3. Text columns (wildcards) from which spaces at both ends are dropped.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] Trim { get; set; } = [];

    /// <summary>4. Values that take the place of nulls: @{ qty = 0 }.</summary>
    [Parameter]
    public IDictionary? FillNull { get; set; }

    /// <summary>5. New columns: @{ total = { $_.qty * $_.price }; source = 'shop' }. Use [ordered] to fix their order.</summary>
    [Parameter]
    public IDictionary? Add { get; set; }

    /// <summary>6. Keep the rows for which this is true: { $_.amount -gt 100 }.</summary>
    [Parameter(Position = 0)]
    public ScriptBlock? Where { get; set; }

    /// <summary>7. Keep the first of the rows that are equal in these columns; * for all.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] Distinct { get; set; } = [];

    /// <summary>8. Keep these columns, in this order; wildcards are taken.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] Select { get; set; } = [];

    /// <summary>8. Drop these columns; wildcards are taken.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] Exclude { get; set; } = [];

    /// <summary>9. Pass over this many rows.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long Skip { get; set; }

    /// <summary>9. Take this many rows, then end what comes before in the pipeline.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long First { get; set; } = -1;

    /// <summary>10. New names: @{ old = 'new' }.</summary>
    [Parameter]
    public IDictionary? Rename { get; set; }

    /// <inheritdoc/>
    protected override void Begin()
    {
        _chain = new TransformChain(Steps());
        _output = new BatchOutput(this, Cancellation);
    }

    /// <inheritdoc/>
    protected override void Take(RecordBatch batch)
    {
        if (_chain!.IsDone)
        {
            return;
        }

        Rejects.CountRows(batch.Length);
        Write(_chain.Apply(batch, Cancellation));
        if (_chain.IsDone)
        {
            StopUpstream();
        }
    }

    /// <inheritdoc/>
    protected override void Finish()
    {
        foreach (var batch in _chain!.Finish(Cancellation))
        {
            Write(batch);
        }
    }

    /// <inheritdoc/>
    protected override void CloseResources()
    {
        _chain?.Dispose();
        base.CloseResources();
    }

    private void Write(RecordBatch batch)
    {
        Log.Rows += batch.Length;
        _output!.Write(batch);
    }

    /// <summary>The operations in the order that the help gives.</summary>
    private List<Func<Schema, ITransform>> Steps()
    {
        var steps = new List<Func<Schema, ITransform>>();
        void When(bool wanted, Func<Schema, ITransform> step)
        {
            if (wanted)
            {
                steps.Add(step);
            }
        }

        var types = Arguments.ToTypes(Type);
        var rules = new TextRules { Culture = Culture, DateTimeFormats = DateTimeFormat };
        When(types.Count > 0, s => new TypeTransform(s, types, rules, Rejects));
        steps.AddRange(Arguments.ToPairs(Replace ?? new Hashtable()).Select(ReplaceStep));
        When(Trim.Length > 0, s => ValueTransform.Trim(s, Trim));
        When(FillNull is not null, s => ValueTransform.FillNull(s, Arguments.ToPairs(FillNull!)));
        steps.AddRange(Arguments.ToPairs(Add ?? new Hashtable()).Select(AddStep));
        When(Where is not null, s => new WhereTransform(s, Compile(Where!, s, "-Where"), Rejects));
        When(Distinct.Length > 0, s => new DistinctTransform(s, Distinct));
        When(Select.Length > 0, s => SelectTransform.Keep(s, Select));
        When(Exclude.Length > 0, s => SelectTransform.Drop(s, Exclude));
        When(Skip > 0 || First >= 0, s => new SliceTransform(s, Skip, First < 0 ? null : First));
        When(Rename is not null, s => new RenameTransform(s, [.. Arguments.ToPairs(Rename!).Select(p => KeyValuePair.Create(p.Key, LanguagePrimitives.ConvertTo<string>(p.Value)))]));
        return steps;
    }

    private Func<Schema, ITransform> ReplaceStep(KeyValuePair<string, object?> pair) => pair.Value switch
    {
        ScriptBlock script => s => new ComputeTransform(s, s.GetFieldByIndex(s.Require(pair.Key, "The data")).Name, Compile(script, s, "-Replace"), "-Replace", Rejects),
        IDictionary values => s => ValueTransform.Replace(s, pair.Key, [.. values.Cast<DictionaryEntry>().Select(e => KeyValuePair.Create(Plain(e.Key)!, Plain(e.Value)))]),
        _ => throw DataErrors.InvalidOption($"-Replace takes a hashtable or a script block for the column '{pair.Key}': @{{ {pair.Key} = @{{ old = 'new' }} }}."),
    };

    private Func<Schema, ITransform> AddStep(KeyValuePair<string, object?> pair) => s =>
        s.IndexOf(pair.Key) >= 0
            ? throw DataErrors.InvalidOption($"-Add: the data has a column '{pair.Key}' already. Use -Replace to change it.")
            : pair.Value is ScriptBlock script
                ? new ComputeTransform(s, pair.Key, Compile(script, s, "-Add"), "-Add", Rejects)
                : new ConstantTransform(s, pair.Key, ObjectRows.Plain(pair.Value));

    private ColumnExpression Compile(ScriptBlock script, Schema schema, string parameter)
    {
        var expression = ColumnExpression.Compile(script, schema, SessionState.PSVariable.Get, RecordRows.Rows());
        WriteVerbose(expression.Describe(parameter));
        return expression;
    }

    private static object? Plain(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
