using System.Text.RegularExpressions;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats.Excel.Writing;

/// <summary>What sheets and tables may be called, and what else a book does not take.</summary>
internal static partial class ExcelNames
{
    /// <summary>The sheet of rows that have no value in the column of -SheetBy.</summary>
    public const string Blank = "(blank)";

    private const int MaxSheetName = 31;

    /// <summary>Throws where the options ask for what no book can have.</summary>
    public static void Check(WriteOptions options, Schema schema)
    {
        var excel = options.Excel;
        if (excel.WorksheetName is { } sheet && sheet != Usable(sheet))
        {
            throw DataErrors.InvalidOption($"-WorksheetName '{sheet}': a sheet's name has 1 to {MaxSheetName} characters, none of : \\ / ? * [ ] and no apostrophe at its ends.");
        }

        if (excel.TableName is { } table && (!TableName().IsMatch(table) || CellRange.TryCell(table, out _, out _)))
        {
            throw DataErrors.InvalidOption($"-TableName '{table}': a table's name begins with a letter or _ and has letters, digits, dots and _ only; it must not look like a cell.");
        }

        CheckTogether(options);
        if (schema.FieldsList.Count is 0 or > CellRange.MaxColumns)
        {
            throw DataErrors.InvalidOption($"A sheet has 1 to {CellRange.MaxColumns} columns, and the data has {schema.FieldsList.Count}.");
        }

        ColumnNames.Find(schema.Names(), excel.NumberFormats.Keys.Concat(excel.ColumnWidths.Keys), "The data");
    }

    private static void CheckTogether(WriteOptions options)
    {
        var excel = options.Excel;
        if (excel.TableName is not null && options.NoHeader)
        {
            throw DataErrors.InvalidOption("A table has a header: -TableName and -NoHeader exclude each other.");
        }

        if (excel.SheetBy is not null && excel.WorksheetName is not null)
        {
            throw DataErrors.InvalidOption("-SheetBy names the sheets by the values of a column, so -WorksheetName cannot name them.");
        }
    }

    /// <summary>A name made fit for a sheet.</summary>
    public static string Usable(string name)
    {
        var plain = Unusable().Replace(name, "_");
        plain = plain.Length > MaxSheetName ? Cut(plain, MaxSheetName) : plain;
        plain = plain.Trim('\'');
        return string.IsNullOrWhiteSpace(plain) ? Blank : plain.Equals("History", StringComparison.OrdinalIgnoreCase) ? plain + "_" : plain;
    }

    /// <summary>A name for a sheet that no other has.</summary>
    public static string Unique(string name, IEnumerable<string> taken)
    {
        var all = taken.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var unique = name;
        for (var n = 2; all.Contains(unique); n++)
        {
            var suffix = $" ({n})";
            unique = Cut(name, MaxSheetName - suffix.Length) + suffix;
        }

        return unique;
    }

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    [GeneratedRegex(@"[\x00-\x1F:\\/?*\[\]]")]
    private static partial Regex Unusable();

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{N}_.]{0,254}$")]
    private static partial Regex TableName();
}
