namespace DataTools.Errors;

/// <summary>The errors of XML.</summary>
public static partial class DataErrors
{
    /// <summary>Several elements of an XML file repeat, and each could be the record.</summary>
    public static DataException RecordsNotClear(string path, IEnumerable<string> candidates) =>
        Make(DataErrorCategory.InvalidArgument, $"'{path}': several elements repeat. Name that of the records with -RecordPath: {string.Join(", ", candidates)}.", path);
}
