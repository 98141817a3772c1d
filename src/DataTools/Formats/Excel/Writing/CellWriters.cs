using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Formats.Excel.Writing;

/// <summary>Which cells the values of a type become.</summary>
internal static class CellWriters
{
    /// <summary>The writer for a field.</summary>
    public static CellWriter New(Field field, int place, uint style, CellRules rules)
    {
        var type = DataTypes.Of(field);
        var name = field.Name;
        return type switch
        {
            BoolType => new FlagCellWriter(place, style),
            FloatType<double> number => new FloatCellWriter<double>(number, name, place, style, rules),
            FloatType<float> number => new FloatCellWriter<float>(number, name, place, style, rules),
            DateType date => new DateCellWriter(date, name, place, style, rules),
            TimestampType or TimeType or DurationType => new MicrosecondCellWriter((FixedType<long>)type, name, place, style, rules),
            FixedType<sbyte> number => new ExactCellWriter<sbyte>(number, name, place, style, rules),
            FixedType<short> number => new ExactCellWriter<short>(number, name, place, style, rules),
            FixedType<int> number => new ExactCellWriter<int>(number, name, place, style, rules),
            FixedType<long> number => new ExactCellWriter<long>(number, name, place, style, rules),
            FixedType<ulong> number => new ExactCellWriter<ulong>(number, name, place, style, rules),
            FixedType<Int128> number => new ExactCellWriter<Int128>(number, name, place, style, rules),
            _ => new TextCellWriter(type, name, place, style, rules),
        };
    }
}

/// <summary>The styles of columns: from the user's number formats, what the column looked like where it comes from, the row above, and the type.</summary>
internal sealed class ColumnStyles(StyleBook book, ExcelWriteOptions options, Region? region, SheetFrame frame)
{
    /// <summary>The style of a title.</summary>
    public uint Title => book.Bold(0, size: 14);

    /// <summary>The style of the cells of a column.</summary>
    public uint Of(Field field, int place)
    {
        var type = DataTypes.Of(field);
        var named = ExcelWriteOptions.Of(options.NumberFormats, field.Name);
        var (basis, isGiven) = Basis(field, place);
        var own = book.FormatOf(basis);
        // General is right for a column that shows it already, but never for a date.
        var usual = own == NumberFormats.General && !isGiven ? NumberFormats.Of(type) : NumberFormats.Fitting(own, type);
        return (named ?? usual) == own ? basis : book.With(basis, CellLook.None with { NumberFormat = named ?? usual });
    }

    /// <summary>The style of the header of a column.</summary>
    public uint OfHeader(Field field, int place)
    {
        var style = ColumnLook.Of(field.Metadata)?.Header is { } look ? book.With(0, look) : frame.StyleOf(place);
        return options.BoldTopRow ? book.Bold(style) : style;
    }

    /// <summary>The style that cells have of their own, and whether they come with one.</summary>
    private (uint Style, bool IsGiven) Basis(Field field, int place)
    {
        if (region is null)
        {
            return ColumnLook.Of(field.Metadata)?.Cells is { } look ? (book.With(0, look), true) : (frame.StyleOf(place), false);
        }

        return region.Sample.TryGetValue(place, out var sample) && sample.Style > 0 ? (sample.Style, true) : (frame.StyleOf(place), false);
    }
}
