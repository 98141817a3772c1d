namespace DataTools.Data;

/// <summary>The keys of field metadata that travel with the schema.</summary>
public static class FieldMarks
{
    /// <summary>Arrow's own key for extension types: <c>arrow.uuid</c>, <c>arrow.json</c>.</summary>
    public const string ExtensionName = "ARROW:extension:name";

    /// <summary>The column's name in its source, where it had to be changed to be unique.</summary>
    public const string OriginalName = "datatools:original-name";

    /// <summary>The source's own name of the type, such as <c>numeric(10,2)</c>.</summary>
    public const string SourceType = "datatools:source-type";

    /// <summary>The kind of database whose type <see cref="SourceType"/> is.</summary>
    public const string SourceKind = "datatools:source-kind";

    /// <summary>Marks text that holds decimals too long or too free in scale for decimal128.</summary>
    public const string LogicalType = "datatools:type";

    /// <summary>The time zone that the source's instants were shown in; the values themselves are in UTC.</summary>
    public const string TimeZone = "datatools:time-zone";
}
