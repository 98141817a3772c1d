using Apache.Arrow;
using Apache.Arrow.Types;

namespace DataTools.Data;

/// <summary>
/// What a column holds: the Arrow layout, the .NET value that PowerShell sees, and the UTF-8 text form, each way.
/// One instance per type; everything that depends on a type asks it, so no other place lists the types.
/// </summary>
public abstract class DataType : IEquatable<DataType>
{
    /// <summary>The type's name as users write it in -Type: <c>int64</c>, <c>decimal(10,2)</c>, <c>timestamp</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The Arrow type that stores it.</summary>
    public abstract IArrowType Arrow { get; }

    /// <summary>The .NET type of a value as PowerShell gets it.</summary>
    public abstract Type ValueType { get; }

    /// <summary>Field metadata that marks the type where Arrow has none of its own (uuid, json, decimal kept as text).</summary>
    public virtual KeyValuePair<string, string>? Marker => null;

    /// <summary>An empty builder for a column of this type.</summary>
    public abstract ColumnBuilder NewBuilder();

    /// <summary>The value at <paramref name="row"/> (not null there) as PowerShell sees it.</summary>
    public abstract object GetValue(IArrowArray array, int row);

    /// <summary>
    /// Writes the value at <paramref name="row"/> (not null there) as invariant UTF-8 text: numbers as numbers, ISO 8601 dates, bytes as
    /// Base64, nested values as JSON. False when <paramref name="destination"/> is too small.
    /// </summary>
    public abstract bool TryFormat(IArrowArray array, int row, Span<byte> destination, out int written);

    /// <summary>An upper bound of the bytes that <see cref="TryFormat"/> writes for the value at <paramref name="row"/>.</summary>
    public abstract int MaxTextLength(IArrowArray array, int row);

    /// <summary>A field of this type.</summary>
    public Field ToField(string name, bool nullable = true, IReadOnlyDictionary<string, string>? metadata = null)
    {
        if (Marker is not { } marker)
        {
            return new Field(name, Arrow, nullable, metadata);
        }

        var all = metadata is null ? [] : new Dictionary<string, string>(metadata);
        all[marker.Key] = marker.Value;
        return new Field(name, Arrow, nullable, all);
    }

    /// <inheritdoc/>
    public bool Equals(DataType? other) => other is not null && other.Name == Name;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DataType);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
