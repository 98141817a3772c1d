using DataTools.Schemas;
using DataTools.Validation;

namespace DataTools.Databases;

/// <summary>
/// How a database hashes rows by itself: the SHA-256 of the rows' texts as about_DataTools_Comparing gives them, of which the first 16 hexadecimal digits are summed up as signed
/// numbers of 64 bits. The texts are put together by <c>concat_ws</c>, which leaves nulls out, <c>octet_length</c> and <c>CASE</c>.
/// </summary>
public interface IServerHashes
{
    /// <summary>The text of a column's value that is not null, and null for null; null where the database cannot make that text.</summary>
    /// <param name="form">As what it is compared.</param>
    /// <param name="isPlain">Whether decimals keep the zeros at the end of their fraction, of which both sides have as many.</param>
    /// <param name="column">The column.</param>
    /// <param name="name">Its quoted name.</param>
    string? Field(CompareForm form, bool isPlain, ColumnSchema column, string name);

    /// <summary>The bucket of a key, which may be null, by its distance from a number, shifted by some bits; any bucket may be given for what lies below.</summary>
    string RangeBucket(string column, long least, int shift);

    /// <summary>The first three hexadecimal digits of the SHA-256 of a text, as a number.</summary>
    string TextBucket(string text);

    /// <summary>A query that gives for each bucket: it, its rows, and the sum as text.</summary>
    string Sums(string table, string? condition, string bucket, string row);

    /// <summary>Over how many connections it makes sums at once, unless that was told: one for each processor that it takes, where one connection never has more than one.</summary>
    int Connections { get; }

    /// <summary>Whether the rows of a table lie in the order of a column, so that to sum up its ranges one after the other takes less than to group the rows.</summary>
    bool LieInOrder(TableSchema table, string column);
}
