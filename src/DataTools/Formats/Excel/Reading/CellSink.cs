using DataTools.Data;

namespace DataTools.Formats.Excel.Reading;

/// <summary>Takes the cells of one column. A cell that does not fit is refused, never bent.</summary>
internal class CellSink
{
    private readonly ColumnBuilder _builder;
    private readonly PlannedColumn _column;
    private readonly CellTyper _typer;
    private readonly NumberMeaning _meaning;

    /// <summary>A sink for any type.</summary>
    protected CellSink(ColumnBuilder builder, PlannedColumn column, CellTyper typer)
    {
        (_builder, _column, _typer) = (builder, column, typer);
        _meaning = !column.IsNamed ? NumberMeaning.Number : column.Type switch
        {
            DateType => NumberMeaning.Date,
            TimestampType time => time.IsUtc ? NumberMeaning.Instant : NumberMeaning.Timestamp,
            TimeType => NumberMeaning.Time,
            DurationType => NumberMeaning.Duration,
            _ => NumberMeaning.Number,
        };
    }

    /// <summary>The sink for a column.</summary>
    public static CellSink New(ColumnBuilder builder, PlannedColumn column, CellTyper typer) => builder switch
    {
        FixedColumnBuilder<long> whole when KindOf(column.Type) is { } kind => new LongSink(whole, kind, column, typer),
        FixedColumnBuilder<int> days when column.Type == DataTypes.Date => new DateSink(days, column, typer),
        FixedColumnBuilder<double> real => new NumberSink(real, column, typer),
        BytesColumnBuilder text when column.Type == DataTypes.Text => new TextSink(text, column, typer),
        _ => new CellSink(builder, column, typer),
    };

    /// <summary>Takes a cell; false, and nothing taken, where it is not a value of the column's type.</summary>
    public virtual bool TryAppend(ref SheetCell cell)
    {
        switch (cell.Kind)
        {
            case CellKind.None:
            case CellKind.Text when cell.Text.IsEmpty:
                _builder.AppendNull();
                return true;
            case CellKind.Text:
                return _column.IsNamed && _builder.TryAppendText(cell.Text.Span, _column.Rules);
            case CellKind.Integer or CellKind.Number when _meaning != NumberMeaning.Number:
                // The user says that these numbers are dates whose format got lost.
                return _typer.TryMean(ref cell, _meaning) && _builder.TryAppend(ValueOf(cell));
            default:
                return _builder.TryAppend(ValueOf(cell));
        }
    }

    /// <summary>The cells whose value a column of a type stores as it is.</summary>
    private static CellKind? KindOf(DataType type) =>
        type == DataTypes.Int64 ? CellKind.Integer
        : type == DataTypes.Timestamp ? CellKind.Timestamp
        : type == DataTypes.TimestampUtc ? CellKind.Instant
        : type == DataTypes.Time ? CellKind.Time
        : type == DataTypes.Duration ? CellKind.Duration
        : null;

    /// <summary>Appends a null.</summary>
    public void AppendNull() => _builder.AppendNull();

    private static object ValueOf(in SheetCell cell) => cell.Kind switch
    {
        CellKind.Integer => cell.Value,
        CellKind.Number => cell.Number,
        CellKind.Bool => cell.Value != 0,
        CellKind.Date => DataTypes.Date.ToObject((int)cell.Value),
        CellKind.Timestamp => DataTypes.Timestamp.ToObject(cell.Value),
        CellKind.Instant => DataTypes.TimestampUtc.ToObject(cell.Value),
        CellKind.Time => DataTypes.Time.ToObject(cell.Value),
        _ => DataTypes.Duration.ToObject(cell.Value),
    };

    private sealed class LongSink(FixedColumnBuilder<long> builder, CellKind kind, PlannedColumn column, CellTyper typer) : CellSink(builder, column, typer)
    {
        public override bool TryAppend(ref SheetCell cell)
        {
            // A time of day is a length of time too: that since midnight.
            if (cell.Kind != kind && !(kind == CellKind.Duration && cell.Kind == CellKind.Time))
            {
                return base.TryAppend(ref cell);
            }

            builder.Append(cell.Value);
            return true;
        }
    }

    private sealed class DateSink(FixedColumnBuilder<int> builder, PlannedColumn column, CellTyper typer) : CellSink(builder, column, typer)
    {
        public override bool TryAppend(ref SheetCell cell)
        {
            if (cell.Kind != CellKind.Date)
            {
                return base.TryAppend(ref cell);
            }

            builder.Append((int)cell.Value);
            return true;
        }
    }

    private sealed class NumberSink(FixedColumnBuilder<double> builder, PlannedColumn column, CellTyper typer) : CellSink(builder, column, typer)
    {
        public override bool TryAppend(ref SheetCell cell)
        {
            if (cell.Kind != CellKind.Number && !(cell.Kind == CellKind.Integer && CellTyper.IsExact(cell.Value)))
            {
                return base.TryAppend(ref cell);
            }

            builder.Append(cell.Number);
            return true;
        }
    }

    private sealed class TextSink(BytesColumnBuilder builder, PlannedColumn column, CellTyper typer) : CellSink(builder, column, typer)
    {
        public override bool TryAppend(ref SheetCell cell)
        {
            if (cell.Kind == CellKind.None)
            {
                builder.AppendNull();
            }
            else if (cell.Kind == CellKind.Text)
            {
                builder.Append(cell.Text.Span);
            }
            else
            {
                Span<byte> room = stackalloc byte[CellText.MaxLength];
                builder.Append(new CellText(cell).Get(room));
            }

            return true;
        }
    }
}
