using System.Buffers;
using System.Text;
using System.Text.Json;
using DataTools.Data;

namespace DataTools.Formats.Json;

/// <summary>
/// Takes records whose members stand in the columns' order, as nearly all of a file do, at two to three times the speed of the general way.
/// It knows only what is common (plain strings, numbers without exponent, true, false, null; the rest of a value is left to
/// <see cref="Utf8JsonReader"/>) and takes nothing else: where it says no, the general way decides, and reports what is wrong.
/// </summary>
internal sealed class JsonScanner(IReadOnlyList<string> names, IReadOnlyList<JsonCell> cells, JsonFault fault)
{
    /// <summary>How many absent members are passed over in search of a name.</summary>
    private const int LookAhead = 16;

    private static readonly SearchValues<byte> Special = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 32).Select(c => (byte)c)]);

    // The value stands one level deep in its record.
    private static readonly JsonReaderOptions Inner = new() { MaxDepth = NestedText.MaxDepth - 1, AllowMultipleValues = true };

    private readonly byte[][] _names = [.. names.Select(Quoted)];
    private readonly JsonCell[] _cells = [.. cells];

    /// <summary>Takes the members of a record that is valid UTF-8; after a false, the caller takes back what was appended.</summary>
    public bool TryAppend(ReadOnlySpan<byte> record)
    {
        var rest = record;
        if (!TryTake(ref rest, (byte)'{'))
        {
            return false;
        }

        var next = 0;
        do
        {
            next = TakeName(ref rest, next);
            if (next < 0 || !TryTake(ref rest, (byte)':') || !TryTakeValue(_cells[next], ref rest))
            {
                return false;
            }

            next++;
        }
        while (TryTake(ref rest, (byte)','));

        return TryTake(ref rest, (byte)'}') && SkipBlanks(rest).IsEmpty;
    }

    /// <summary>The name as a record has it. One that needs escapes gets a text that never matches: blanks are passed over before.</summary>
    private static byte[] Quoted(string name)
    {
        var text = Encoding.UTF8.GetBytes(name);
        return text.AsSpan().ContainsAny(Special) ? "\n"u8.ToArray() : [(byte)'"', .. text, (byte)'"'];
    }

    private static ReadOnlySpan<byte> SkipBlanks(ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty && rest[0] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            rest = rest[1..];
        }

        return rest;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, byte expected)
    {
        rest = SkipBlanks(rest);
        if (rest.IsEmpty || rest[0] != expected)
        {
            return false;
        }

        return Advance(ref rest, 1);
    }

    /// <summary>The position of the name, which must not come before <paramref name="from"/>: so no name is taken twice.</summary>
    private int TakeName(ref ReadOnlySpan<byte> rest, int from)
    {
        rest = SkipBlanks(rest);
        var end = Math.Min(_names.Length, from + LookAhead);
        for (var i = from; i < end; i++)
        {
            if (rest.StartsWith(_names[i]))
            {
                rest = rest[_names[i].Length..];
                return i;
            }
        }

        return -1;
    }

    private bool TryTakeValue(JsonCell cell, ref ReadOnlySpan<byte> rest)
    {
        rest = SkipBlanks(rest);
        return !rest.IsEmpty && (TryTakePlain(cell, ref rest) || TryTakeAny(cell, ref rest));
    }

    private static bool TryTakePlain(JsonCell cell, ref ReadOnlySpan<byte> rest) => rest[0] switch
    {
        (byte)'"' => TryTakeString(cell, ref rest),
        (byte)'t' => rest.StartsWith("true"u8) && cell.TryAppendBool(true) && Advance(ref rest, 4),
        (byte)'f' => rest.StartsWith("false"u8) && cell.TryAppendBool(false) && Advance(ref rest, 5),
        (byte)'n' => rest.StartsWith("null"u8) && Advance(ref rest, 4),
        _ => TryTakeNumber(cell, ref rest),
    };

    private static bool Advance(ref ReadOnlySpan<byte> rest, int by)
    {
        rest = rest[by..];
        return true;
    }

    private static bool TryTakeNumber(JsonCell cell, ref ReadOnlySpan<byte> rest)
    {
        if (!JsonNumber.TryRead(rest, out var number) || HasExponent(rest[number.Text.Length..]) || !cell.TryAppendNumber(number))
        {
            return false;
        }

        return Advance(ref rest, number.Text.Length);
    }

    private static bool HasExponent(ReadOnlySpan<byte> rest) => !rest.IsEmpty && (rest[0] | 0x20) == 'e';

    private static bool TryTakeString(JsonCell cell, ref ReadOnlySpan<byte> rest)
    {
        var length = rest[1..].IndexOfAny(Special);
        if (length < 0 || rest[length + 1] != (byte)'"' || !cell.TryAppendString(rest.Slice(1, length)))
        {
            return false;
        }

        return Advance(ref rest, length + 2);
    }

    private bool TryTakeAny(JsonCell cell, ref ReadOnlySpan<byte> rest)
    {
        try
        {
            var reader = new Utf8JsonReader(rest, Inner);
            if (!reader.Read() || !cell.Append(ref reader, rest, fault))
            {
                return false;
            }

            rest = rest[(int)reader.BytesConsumed..];
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The general way will meet the same fault, and knows its place in the record.
            return false;
        }
    }
}
