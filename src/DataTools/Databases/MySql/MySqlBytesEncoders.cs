using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using DataTools.Data;
using DataTools.Databases.Writing;

namespace DataTools.Databases.MySql;

/// <summary>Bytes of any kind: what LOAD DATA would take for its own characters is escaped.</summary>
internal abstract class EscapedEncoder : MySqlEncoder
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("\t\n\\\0"u8);

    /// <summary>Writes bytes, escaped.</summary>
    public static void Escape(ByteBuffer into, ReadOnlySpan<byte> bytes)
    {
        for (var at = bytes.IndexOfAny(Special); at >= 0; at = bytes.IndexOfAny(Special))
        {
            into.Bytes(bytes[..at]);
            into.Byte((byte)'\\');
            into.Byte(bytes[at] switch
            {
                (byte)'\t' => (byte)'t',
                (byte)'\n' => (byte)'n',
                0 => (byte)'0',
                var other => other,
            });
            bytes = bytes[(at + 1)..];
        }

        into.Bytes(bytes);
    }
}

/// <summary>Text. A column of fixed length would lose spaces at the end.</summary>
internal sealed class TextEncoder(bool isPadded) : EscapedEncoder
{
    protected override void WriteField(ByteBuffer into, int row) => Escape(into, Checked(row));

    protected override object ToParameter(int row) => Encoding.UTF8.GetString(Checked(row));

    private ReadOnlySpan<byte> Checked(int row)
    {
        var text = Values.Bytes(row);
        if (isPadded && text.Length > 0 && text[^1] == (byte)' ')
        {
            Column.Lose(row, Encoding.UTF8.GetString(text), "ends in a space, which a column of fixed length does not keep");
        }

        return text;
    }
}

/// <summary>Values of an enumeration or a set. The server takes any that its collation calls the same, those of a set in any order, and of a number the values at its places.</summary>
internal sealed class EnumEncoder(byte[][] values, bool isSet) : EscapedEncoder
{
    protected override void WriteField(ByteBuffer into, int row) => Escape(into, Checked(row));

    protected override object ToParameter(int row) => Encoding.UTF8.GetString(Checked(row));

    private ReadOnlySpan<byte> Checked(int row)
    {
        var text = Values.Bytes(row);
        if (isSet ? !IsSet(text) : !IsValue(text))
        {
            Column.Lose(row, Encoding.UTF8.GetString(text), isSet ? "is not made of the values of the set, in their order" : "is none of the values of the enumeration");
        }

        return text;
    }

    private bool IsValue(ReadOnlySpan<byte> text)
    {
        foreach (var value in values)
        {
            if (text.SequenceEqual(value))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsSet(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return true;
        }

        var at = 0;
        foreach (var part in text.Split((byte)','))
        {
            while (at < values.Length && !text[part].SequenceEqual(values[at]))
            {
                at++;
            }

            if (at++ >= values.Length)
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>Decimals kept as text, for a column of a scale.</summary>
internal sealed class NumberTextEncoder(int scale) : EscapedEncoder
{
    protected override void WriteField(ByteBuffer into, int row) => into.Bytes(Checked(row));

    protected override object ToParameter(int row) => Encoding.ASCII.GetString(Checked(row));

    private ReadOnlySpan<byte> Checked(int row)
    {
        var text = Values.Bytes(row);
        if (NumberText.FractionDigits(text) > scale)
        {
            Column.Lose(row, Encoding.ASCII.GetString(text), $"has more than {scale} digits behind the point");
        }

        return text;
    }
}

/// <summary>JSON, lists and structs as JSON: the text that the type gives, which may hold any character.</summary>
internal sealed class NestedEncoder(DataType type) : EscapedEncoder
{
    protected override void WriteField(ByteBuffer into, int row) => Escape(into, Format(row));

    protected override object ToParameter(int row) => Encoding.UTF8.GetString(Format(row));

    private byte[] Format(int row)
    {
        var text = new byte[type.MaxTextLength(Values, row)];
        return type.TryFormat(Values, row, text, out var written) ? text[..written] : throw new InvalidOperationException($"A {type.Name} has no text.");
    }
}

/// <summary>Bytes as they are, or as hexadecimal digits where the statement turns them back. A column of fixed length would fill them up with zeros.</summary>
internal sealed class BinaryEncoder(int? fixedLength, bool asHex) : EscapedEncoder
{
    protected override void WriteField(ByteBuffer into, int row)
    {
        var bytes = Checked(row);
        if (asHex)
        {
            Hex(into, bytes);
        }
        else
        {
            Escape(into, bytes);
        }
    }

    /// <summary>Writes bytes as hexadecimal digits.</summary>
    public static void Hex(ByteBuffer into, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            Utf8Formatter.TryFormat(b, into.Take(2), out _, new StandardFormat('X', 2));
        }
    }

    protected override object ToParameter(int row) => Checked(row).ToArray();

    private ReadOnlySpan<byte> Checked(int row)
    {
        var bytes = Values.Bytes(row);
        if (fixedLength is { } length && bytes.Length < length)
        {
            Column.Lose(row, Convert.ToHexString(bytes), $"is shorter than the {length} bytes of the column, which fills it up with zeros");
        }

        return bytes;
    }
}

/// <summary>Bits, as the bytes of a number.</summary>
internal sealed class BitEncoder(bool isFlag, bool asHex) : EscapedEncoder
{
    protected override void WriteField(ByteBuffer into, int row)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Number(row));
        if (asHex)
        {
            BinaryEncoder.Hex(into, bytes);
        }
        else
        {
            Escape(into, bytes);
        }
    }

    protected override object ToParameter(int row) => Number(row);

    private ulong Number(int row) => isFlag ? (Values.Bit(row) ? 1UL : 0UL) : Values.Values<ulong>()[row];
}
