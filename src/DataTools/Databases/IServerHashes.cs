using DataTools.Schemas;
using DataTools.Validation;

namespace DataTools.Databases;

/// <summary>
/// How a database hashes rows by itself: the MD5 of the fields' texts as about_DataTools_Comparing gives them, joined by <c>|</c>, of which the first 16
/// hexadecimal digits are summed up as signed numbers of 64 bits.
/// </summary>
public interface IServerHashes
{
    /// <summary>The text of a column's value in a form, <c>~</c> for null; null where the database cannot make that text.</summary>
    string? Field(CompareForm form, ColumnSchema column, string name);

    /// <summary>Texts put together, with <c>|</c> between them.</summary>
    string Join(IReadOnlyList<string> fields);

    /// <summary>The bucket of a key by its distance from a number, shifted by some bits, at most <paramref name="last"/>; 0 for null and for what lies below.</summary>
    string RangeBucket(string column, long least, int shift, int last);

    /// <summary>The first three hexadecimal digits of the MD5 of a text, as a number.</summary>
    string TextBucket(string text);

    /// <summary>A query that gives for each bucket: it, its rows, and the sum as text.</summary>
    string Sums(string table, string? condition, string bucket, string row);
}
