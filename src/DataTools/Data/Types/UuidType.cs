using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Apache.Arrow.Types;

namespace DataTools.Data;

/// <summary>The sixteen bytes of a UUID in the order of its text (RFC 9562).</summary>
[InlineArray(16)]
public struct UuidBytes
{
    private byte _first;
}

/// <summary>A UUID column, marked <c>arrow.uuid</c>.</summary>
public sealed class UuidType : FixedType<UuidBytes>
{
    /// <inheritdoc/>
    public override string Name => "uuid";

    /// <inheritdoc/>
    public override IArrowType Arrow { get; } = new FixedSizeBinaryType(16);

    /// <inheritdoc/>
    public override Type ValueType => typeof(Guid);

    /// <inheritdoc/>
    public override KeyValuePair<string, string>? Marker => new(FieldMarks.ExtensionName, "arrow.uuid");

    /// <inheritdoc/>
    public override bool TryParse(ReadOnlySpan<byte> text, TextRules rules, out UuidBytes value)
    {
        value = default;
        return text.Length == 36 && Utf8Parser.TryParse(text, out Guid guid, out var used, 'D') && used == 36 && Write(guid, ref value);
    }

    /// <inheritdoc/>
    public override bool TryConvert(object value, out UuidBytes converted)
    {
        converted = default;
        return value is Guid guid ? Write(guid, ref converted) : TryConvertText(value, out converted);
    }

    /// <inheritdoc/>
    public override object ToObject(UuidBytes value) => ToGuid(value);

    /// <inheritdoc/>
    public override bool TryFormat(UuidBytes value, Span<byte> destination, out int written) =>
        ToGuid(value).TryFormat(destination, out written, "D");

    private static Guid ToGuid(in UuidBytes value) => new(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<UuidBytes, byte>(ref Unsafe.AsRef(in value)), 16), bigEndian: true);

    private static bool Write(Guid guid, ref UuidBytes value) =>
        guid.TryWriteBytes(MemoryMarshal.CreateSpan(ref Unsafe.As<UuidBytes, byte>(ref value), 16), bigEndian: true, out _);
}
