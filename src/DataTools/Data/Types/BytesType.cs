using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace DataTools.Data;

/// <summary>A type of any length: text, JSON, long decimals as text, bytes.</summary>
public abstract class BytesType : DataType
{
    /// <summary>Whether any UTF-8 text is a value as it stands.</summary>
    public virtual bool IsVerbatim => false;

    /// <inheritdoc/>
    public sealed override ColumnBuilder NewBuilder() => new BytesColumnBuilder(this);

    /// <inheritdoc/>
    public override bool TryFormat(IArrowArray array, int row, Span<byte> destination, out int written)
    {
        var text = array.Bytes(row);
        written = text.Length;
        return text.TryCopyTo(destination);
    }

    /// <inheritdoc/>
    public override int MaxTextLength(IArrowArray array, int row) => array.Bytes(row).Length;

    /// <summary>Checks and adds a value given as text.</summary>
    internal abstract bool TryParse(ReadOnlySpan<byte> text, BytesColumnBuilder into);

    /// <summary>Adds a .NET value if nothing is lost.</summary>
    internal abstract bool TryConvert(object value, BytesColumnBuilder into);

    /// <summary>Adds bytes that have been checked.</summary>
    protected static bool Add(ReadOnlySpan<byte> bytes, BytesColumnBuilder into)
    {
        into.Add(bytes);
        return true;
    }
}

/// <summary>Text in UTF-8.</summary>
public sealed class TextType : BytesType
{
    /// <inheritdoc/>
    public override string Name => "text";

    /// <inheritdoc/>
    public override IArrowType Arrow => StringType.Default;

    /// <inheritdoc/>
    public override Type ValueType => typeof(string);

    /// <inheritdoc/>
    public override bool IsVerbatim => true;

    /// <inheritdoc/>
    public override object GetValue(IArrowArray array, int row) => Encoding.UTF8.GetString(array.Bytes(row));

    /// <inheritdoc/>
    internal override bool TryParse(ReadOnlySpan<byte> text, BytesColumnBuilder into) => Add(text, into);

    /// <inheritdoc/>
    internal override bool TryConvert(object value, BytesColumnBuilder into)
    {
        var text = value switch
        {
            string s => s,
            char c => c.ToString(),
            byte[] or System.Collections.IEnumerable => null,
            _ => DataTypes.TextOf(value),
        };
        if (text is null || HasLoneSurrogate(text))
        {
            return false;
        }

        into.AddString(text);
        return true;
    }

    /// <summary>Half of a surrogate pair has no UTF-8 form; encoding it would put a question mark there.</summary>
    private static bool HasLoneSurrogate(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[++i])))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>JSON text, marked <c>arrow.json</c>.</summary>
public sealed class JsonType : BytesType
{
    /// <inheritdoc/>
    public override string Name => "json";

    /// <inheritdoc/>
    public override IArrowType Arrow => StringType.Default;

    /// <inheritdoc/>
    public override Type ValueType => typeof(string);

    /// <inheritdoc/>
    public override KeyValuePair<string, string>? Marker => new(FieldMarks.ExtensionName, "arrow.json");

    /// <inheritdoc/>
    public override object GetValue(IArrowArray array, int row) => Encoding.UTF8.GetString(array.Bytes(row));

    /// <inheritdoc/>
    internal override bool TryParse(ReadOnlySpan<byte> text, BytesColumnBuilder into) => IsJson(text) && Add(text, into);

    /// <inheritdoc/>
    internal override bool TryConvert(object value, BytesColumnBuilder into) =>
        value is string text ? TryParse(Encoding.UTF8.GetBytes(text), into) : Add(NestedText.ToJson(value), into);

    private static bool IsJson(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = NestedText.MaxDepth });
        try
        {
            return reader.Read() && reader.TrySkip() && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

/// <summary>Decimals as text: unscaled ones, and those of more than 38 digits.</summary>
public sealed class DecimalTextType : BytesType
{
    /// <inheritdoc/>
    public override string Name => "decimal";

    /// <inheritdoc/>
    public override IArrowType Arrow => StringType.Default;

    /// <inheritdoc/>
    public override Type ValueType => typeof(string);

    /// <inheritdoc/>
    public override KeyValuePair<string, string>? Marker => new(FieldMarks.LogicalType, "decimal");

    /// <inheritdoc/>
    public override object GetValue(IArrowArray array, int row) => Encoding.UTF8.GetString(array.Bytes(row));

    /// <inheritdoc/>
    internal override bool TryParse(ReadOnlySpan<byte> text, BytesColumnBuilder into) => IsNumber(text) && Add(text, into);

    /// <inheritdoc/>
    internal override bool TryConvert(object value, BytesColumnBuilder into) =>
        DataTypes.TextOf(value) is { } text && TryParse(Encoding.UTF8.GetBytes(text), into);

    private static bool IsNumber(ReadOnlySpan<byte> text)
    {
        var digits = text.StartsWith("-"u8) ? text[1..] : text;
        var point = digits.IndexOf((byte)'.');
        return digits.Length > 0
            && point != 0
            && point != digits.Length - 1
            && !digits[..Math.Max(point, 0)].ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && !digits[(point + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }
}

/// <summary>Bytes; as text, Base64.</summary>
public sealed class BinaryDataType : BytesType
{
    /// <inheritdoc/>
    public override string Name => "binary";

    /// <inheritdoc/>
    public override IArrowType Arrow => BinaryType.Default;

    /// <inheritdoc/>
    public override Type ValueType => typeof(byte[]);

    /// <inheritdoc/>
    public override object GetValue(IArrowArray array, int row) => array.Bytes(row).ToArray();

    /// <inheritdoc/>
    public override bool TryFormat(IArrowArray array, int row, Span<byte> destination, out int written) =>
        Base64.EncodeToUtf8(array.Bytes(row), destination, out _, out written) == System.Buffers.OperationStatus.Done;

    /// <inheritdoc/>
    public override int MaxTextLength(IArrowArray array, int row) => Base64.GetMaxEncodedToUtf8Length(array.Bytes(row).Length);

    /// <inheritdoc/>
    internal override bool TryParse(ReadOnlySpan<byte> text, BytesColumnBuilder into)
    {
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        return Base64.DecodeFromUtf8(text, bytes, out _, out var written) == System.Buffers.OperationStatus.Done && Add(bytes.AsSpan(0, written), into);
    }

    /// <inheritdoc/>
    internal override bool TryConvert(object value, BytesColumnBuilder into) =>
        value is byte[] bytes && Add(bytes, into);
}
