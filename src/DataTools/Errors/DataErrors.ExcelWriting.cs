namespace DataTools.Errors;

/// <summary>The errors of writing books. The name of the method is the error's stable id.</summary>
public static partial class DataErrors
{
    /// <summary>There are more rows than a sheet holds.</summary>
    public static DataException SheetFull(string sheet) =>
        Make(DataErrorCategory.LimitsExceeded, $"The sheet '{sheet}' is full: it holds 1,048,576 rows. Use -OnRowLimit NewSheet to go on in a further sheet.", sheet);

    /// <summary>A sheet that is there has other columns.</summary>
    public static DataException SheetMismatch(string sheet, IEnumerable<string> columns) =>
        Make(DataErrorCategory.InvalidData, $"The sheet '{sheet}' has no row with the names of all columns: {string.Join(", ", columns)}. Use -Force without -Append to replace all of its rows.", sheet);

    /// <summary>A table that is there has other columns.</summary>
    public static DataException TableMismatch(string table, IEnumerable<string> has, IEnumerable<string> columns) =>
        Make(DataErrorCategory.InvalidData, $"The table '{table}' has the columns {string.Join(", ", has)}; the data has {string.Join(", ", columns)}, and the table lacks one of them.", table);

    /// <summary>Cells below a table are in the way of new rows.</summary>
    public static DataException NoRoom(string sheet, int row) =>
        Make(DataErrorCategory.ResourceExists, $"The sheet '{sheet}' has cells in row {row}, below the table, which new rows would overwrite.", sheet);

    /// <summary>A book has no table of a name.</summary>
    public static DataException BookTableNotFound(string table, string sheet) =>
        Make(DataErrorCategory.ObjectNotFound, $"The sheet '{sheet}' has no table '{table}', and a table cannot be laid over rows that are there.", table);

    /// <summary>Several tables could be meant.</summary>
    public static DataException TableUnclear(string sheet, IEnumerable<string> tables) =>
        Make(DataErrorCategory.InvalidArgument, $"The sheet '{sheet}' has several tables: {string.Join(", ", tables)}. Name one with -TableName.", sheet);

    /// <summary>A book cannot be used as it is.</summary>
    public static DataException UnfitBook(string path, string reason, Exception? inner = null) =>
        Make(DataErrorCategory.InvalidData, $"The book '{path}' cannot be written into: {reason}", path, inner);
}
