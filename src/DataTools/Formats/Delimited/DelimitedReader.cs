using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Formats.Delimited;

/// <summary>Reads delimited text and, with a dialect of widths, fixed-width text.</summary>
internal sealed class DelimitedReader : IBatchReader
{
    /// <summary>Large enough that starting a piece costs nothing, small enough that a few of them fit the caches and the memory.</summary>
    public const int PieceBytes = 4 << 20;

    private readonly TextInput _input;
    private readonly ParallelRows? _parallel;
    private readonly SequentialRows? _sequential;

    private DelimitedReader(TextInput input, ReadPlan plan, ReadContext context, int pieceBytes)
    {
        _input = input;
        Schema = plan.Schema;
        if (plan.Dialect.IsCuttable)
        {
            _parallel = new ParallelRows(plan, input.Text, context.Rejects, pieceBytes);
        }
        else
        {
            _sequential = new SequentialRows(plan, input.Text, context.Rejects.Add);
        }
    }

    /// <inheritdoc/>
    public Schema Schema { get; }

    /// <inheritdoc/>
    public double? Progress => _input.Progress;

    /// <summary>Opens a text; <paramref name="findDialect"/> tells how it is split, and may pass over lines that tell it.</summary>
    public static DelimitedReader Open(DataSource source, ReadContext context, Func<TextInput, Dialect> findDialect, int pieceBytes = PieceBytes)
    {
        var input = TextInput.Open(source, context);
        try
        {
            var plan = new PlanBuilder(source, context, findDialect(input)).Build(input);
            input.Text.Rewind(recording: false);
            return new DelimitedReader(input, plan, context, pieceBytes);
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public RecordBatch? ReadBatch(CancellationToken cancellation) =>
        _parallel is null ? _sequential!.Read(int.MaxValue, cancellation) : _parallel.Read(cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        _parallel?.Dispose();
        _sequential?.Dispose();
        _input.Dispose();
    }
}
