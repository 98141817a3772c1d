using System.Globalization;
using System.Text;
using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Expressions;

/// <summary>
/// Two texts compared by the rules of the invariant culture, as Unicode collation has it: "é" is equal to "e" with a combining accent, and
/// characters that collation ignores do not count.
/// </summary>
internal sealed class TextCompareExpr(CompareOp op, bool ignoreCase, Expr<string> left, Expr<string> right) : Expr<bool>, ICondition
{
    /// <inheritdoc/>
    public override Vector<bool> Compute(RecordBatch batch)
    {
        var (a, b) = (left.Compute(batch), right.Compute(batch));
        var result = new bool[batch.Length];
        for (var row = 0; row < result.Length; row++)
        {
            result[row] = Comparison.Holds(op, Collation.Compare(a[row], b[row], ignoreCase));
        }

        return new Vector<bool>(result, result.Length, Comparison.Resolve(op, a, b, result, (_, leftIsNull) => Comparison.NullWithOther(op, leftIsNull)));
    }
}

/// <summary>Whether a text column equals one of some constants.</summary>
internal sealed class TextInExpr(IColumn column, IReadOnlyList<string> constants, bool ignoreCase, bool negate) : Expr<bool>, ICondition
{
    private readonly byte[][] _texts = [.. constants.Select(Encoding.UTF8.GetBytes)];
    private readonly bool _plain = constants.All(c => Collation.IsPlain(Encoding.UTF8.GetBytes(c)));

    /// <inheritdoc/>
    public override Vector<bool> Compute(RecordBatch batch)
    {
        var array = batch.Column(column.Index);
        var result = new bool[array.Length];
        if (result.Length > 0)
        {
            Fill(array.Offsets(), array.Data.Buffers[2].Span, result);
        }

        NullRows.Set(array, result, negate);
        return new Vector<bool>(result, result.Length, null);
    }

    private void Fill(ReadOnlySpan<int> offsets, ReadOnlySpan<byte> bytes, bool[] result)
    {
        // What is plain on both sides and differs in its bytes differs in collation too.
        var allPlain = _plain && Collation.IsPlain(bytes[offsets[0]..offsets[^1]]);
        for (var row = 0; row < result.Length; row++)
        {
            var text = bytes[offsets[row]..offsets[row + 1]];
            result[row] = (Contains(text) || (!allPlain && !(_plain && Collation.IsPlain(text)) && Collates(Encoding.UTF8.GetString(text)))) != negate;
        }
    }

    private bool Contains(ReadOnlySpan<byte> text)
    {
        foreach (var constant in _texts)
        {
            if (text.Length == constant.Length && (ignoreCase ? Ascii.EqualsIgnoreCase(text, constant) : text.SequenceEqual(constant)))
            {
                return true;
            }
        }

        return false;
    }

    private bool Collates(string text)
    {
        foreach (var constant in constants)
        {
            if (Collation.Compare(text, constant, ignoreCase) == 0)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>The order of texts.</summary>
internal static class Collation
{
    private static readonly CompareInfo Invariant = CultureInfo.InvariantCulture.CompareInfo;

    /// <summary>The sign of the comparison in the invariant culture.</summary>
    public static int Compare(string? a, string? b, bool ignoreCase) =>
        Invariant.Compare(a, b, ignoreCase ? CompareOptions.IgnoreCase : CompareOptions.None);

    /// <summary>Whether a text has printable ASCII only, none of which collation ignores.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> text) => !text.ContainsAnyExceptInRange((byte)' ', (byte)'~');
}
