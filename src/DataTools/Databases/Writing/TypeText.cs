using System.Text.RegularExpressions;
using DataTools.Errors;

namespace DataTools.Databases.Writing;

/// <summary>Types that a user writes in the database's own words. They stand unquoted in a statement, so they must look like a type and nothing else.</summary>
internal static partial class TypeText
{
    /// <summary>The type, if it is words, with numbers in parentheses and brackets of an array.</summary>
    public static string Check(string type) =>
        Pattern().IsMatch(type) ? type : throw DataErrors.InvalidOption($"'{type}' is neither a type of ours nor one that a database may have, such as varchar(20).");

    [GeneratedRegex(@"^[A-Za-z_][\w .]*(\(\s*\d+\s*(,\s*-?\d+\s*)?\))?[\w ]*(\[\])*$")]
    private static partial Regex Pattern();
}
