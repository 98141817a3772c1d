using System.Text;
using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Formats.Excel.Writing;

/// <summary>How wide columns are, in characters.</summary>
internal sealed class ColumnWidths(ExcelWriteOptions options, RecordBatch? sample, bool hasButtons)
{
    private const int SampleRows = 5000;
    private const double Least = 8.43;
    private const double Most = 80;
    private const double Margin = 1.7;
    private const double Button = 2;

    /// <summary>The width of a column; null for the sheet's own. In a sheet that is there only what was asked for changes.</summary>
    public double? Of(Field field, int column, bool isNew)
    {
        if (ExcelWriteOptions.Of(options.ColumnWidths, field.Name) is > 0 and var named)
        {
            return named;
        }

        var format = FormatOf(field);
        if (options.AutoSize)
        {
            return Math.Clamp(Math.Max(Length(field.Name) + (hasButtons ? Button : 0), Longest(field, column, format)) + Margin, Least, Most);
        }

        return !isNew ? null
            : ColumnLook.Of(field.Metadata)?.Width is { } kept ? kept
            // Dates that do not fit are shown as ####.
            : NumberFormats.IsDate(format) ? Math.Max(Least, format.Length + Margin)
            : null;
    }

    private string FormatOf(Field field) => ExcelWriteOptions.Of(options.NumberFormats, field.Name)
        ?? ColumnLook.Of(field.Metadata)?.Cells?.NumberFormat
        ?? NumberFormats.Of(DataTypes.Of(field));

    private int Longest(Field field, int column, string format)
    {
        if (sample is null)
        {
            return 0;
        }

        var type = DataTypes.Of(field);
        var array = sample.Column(column);
        var longest = 0;
        for (var row = 0; row < Math.Min(sample.Length, SampleRows); row++)
        {
            if (!array.IsNull(row))
            {
                longest = Math.Max(longest, NumberFormats.IsDate(format) ? format.Length : Length(Encoding.UTF8.GetString(TextCellWriter.TextOf(type, array, row))));
            }
        }

        return longest;
    }

    /// <summary>The longest line, wide characters (those of East Asia) as two.</summary>
    private static int Length(string text) => text.Split('\n').Max(line => line.Sum(c => c >= '\u1100' ? 2 : 1));
}
