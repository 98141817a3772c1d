using System.Globalization;
using System.Text.RegularExpressions;
using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Databases;

/// <summary>What the guards of type rules ask of a type.</summary>
/// <param name="Name">The name without arguments, in lower case: <c>numeric</c>, <c>timestamp with time zone</c>, <c>int</c>.</param>
public sealed partial record NativeType(string Name)
{
    /// <summary>The length in characters or bytes, or the only argument; null for none.</summary>
    public int? Length { get; init; }

    /// <summary>The digits in all; null for none.</summary>
    public int? Precision { get; init; }

    /// <summary>The digits behind the point; null for none.</summary>
    public int? Scale { get; init; }

    /// <summary>Whether numbers below zero are left out.</summary>
    public bool IsUnsigned { get; init; }

    /// <summary>Reads a type as databases write it: <c>numeric(10,2)</c>, <c>int(11) unsigned</c>, <c>timestamp(3) without time zone</c>.</summary>
    public static NativeType Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var arguments = Parentheses().Match(text);
        var words = Parentheses().Replace(text, " ").ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var numbers = arguments.Groups[1].Value.Split(',').Select(ToNumber).ToArray();
        return new NativeType(string.Join(' ', words.Where(w => w is not ("unsigned" or "zerofill"))))
        {
            Length = numbers is [var length] ? length : null,
            Precision = numbers[0],
            Scale = numbers is [_, var scale] ? scale : numbers[0] is null ? null : 0,
            IsUnsigned = words.Contains("unsigned"),
        };
    }

    /// <summary>The facts of a column of ours; the length is the one that its source had, which is kept in its metadata.</summary>
    public static NativeType Of(Field field)
    {
        ArgumentNullException.ThrowIfNull(field);
        var type = DataTypes.Of(field);
        var source = field.HasMetadata && field.Metadata.TryGetValue(FieldMarks.SourceType, out var text) ? Parse(text) : null;
        return new NativeType(NameOf(type))
        {
            Precision = (type as DecimalType)?.Precision,
            Scale = (type as DecimalType)?.Scale,
            Length = source is not null && type is TextType && source.Name.Contains("char", StringComparison.Ordinal) ? source.Length : null,
            IsUnsigned = type.Equals(DataTypes.UInt64),
        };
    }

    /// <summary>A type of ours without what it is made of: decimal, list, struct.</summary>
    public static string NameOf(DataType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var end = type.Name.AsSpan().IndexOfAny('(', '<');
        return end < 0 ? type.Name : type.Name[..end];
    }

    private static int? ToNumber(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(@"\(([^)]*)\)")]
    private static partial Regex Parentheses();
}
