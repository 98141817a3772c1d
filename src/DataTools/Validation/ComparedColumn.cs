using DataTools.Validation.Hashing;

namespace DataTools.Validation;

/// <summary>A column of both sides.</summary>
/// <param name="Source">Its name at the source.</param>
/// <param name="Destination">Its name at the destination.</param>
/// <param name="Form">As what its values are compared.</param>
internal sealed record ComparedColumn(string Source, string Destination, CompareForm Form)
{
    /// <summary>Whether both sides are decimals with as many places, so that their texts keep the zeros at the end.</summary>
    public bool IsPlain { get; init; }

    /// <summary>Its name on one side.</summary>
    public string NameOn(bool source) => source ? Source : Destination;
}

/// <summary>What is compared: the columns that both sides have, those of the key first.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="KeyCount">How many of them, from the first, tell rows apart; 0 where whole rows are counted.</param>
/// <param name="Rules">What hashes depend on.</param>
/// <param name="Tolerance">How far floats may be apart.</param>
internal sealed record ComparePlan(IReadOnlyList<ComparedColumn> Columns, int KeyCount, HashRules Rules, double Tolerance)
{
    /// <summary>Whether rows are hashed by texts that databases can make as well, in place of the values' own bits.</summary>
    public bool HashesText { get; init; }

    /// <summary>Whether the text of a column stands behind its length in the text of a row: any text does that belongs to the key, or has another text behind it.</summary>
    public bool HasLength(int column) => Columns[column].Form == CompareForm.Text && (column < KeyCount || Columns.Skip(column + 1).Any(c => c.Form == CompareForm.Text));

    /// <summary>Whether rows are told apart by a key.</summary>
    public bool HasKey => KeyCount > 0;

    /// <summary>The columns of the key.</summary>
    public IEnumerable<ComparedColumn> Key => Columns.Take(KeyCount);

    /// <summary>The names of the columns on one side.</summary>
    public string[] Names(bool source) => [.. Columns.Select(c => c.NameOn(source))];
}
