namespace DataTools.Errors;

/// <summary>The errors of schema migrations.</summary>
public static partial class DataErrors
{
    /// <summary>A text of SQL cannot be cut into statements.</summary>
    public static DataException SqlUnclear(string source, int line, string reason) =>
        Make(DataErrorCategory.InvalidData, $"{source}, line {line}: {reason}.", source);
}
