using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using DataTools.Data;
using DataTools.Databases;
using DataTools.Errors;

namespace DataTools.Module;

/// <summary>Turns what users write as arguments into what the engine takes.</summary>
internal static class Arguments
{
    /// <summary>The names that -Encoding completes; every other name or code page number of .NET is taken too.</summary>
    public static readonly string[] EncodingNames =
        ["utf8", "utf8BOM", "unicode", "bigendianunicode", "utf32", "ascii", "ansi", "windows-1252", "windows-1250", "windows-1254", "iso-8859-1", "iso-8859-15", "ibm850", "shift_jis", "gb18030", "big5", "euc-kr"];

    static Arguments() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>An encoding by name or code page; null for null.</summary>
    public static Encoding? ToEncoding(string? name)
    {
        switch (name?.ToUpperInvariant())
        {
            case null:
                return null;
            case "UTF8" or "UTF8NOBOM" or "UTF-8":
                return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
            case "UTF8BOM":
                return new UTF8Encoding(encoderShouldEmitUTF8Identifier: true);
            case "UNICODE":
                return Encoding.Unicode;
            case "BIGENDIANUNICODE":
                return Encoding.BigEndianUnicode;
            case "ANSI":
                return Encoding.GetEncoding(CultureInfo.CurrentCulture.TextInfo.ANSICodePage is > 0 and var page ? page : 1252);
            default:
                return Named(name);
        }
    }

    /// <summary>Types by column: a hashtable of names (wildcards) and types, or one type for all.</summary>
    public static IReadOnlyDictionary<string, DataType> ToTypes(object? types)
    {
        var result = new Dictionary<string, DataType>(StringComparer.OrdinalIgnoreCase);
        switch (types is PSObject wrapped ? wrapped.BaseObject : types)
        {
            case null:
                break;
            case IDictionary entries:
                foreach (DictionaryEntry entry in entries)
                {
                    result.Add(Text(entry.Key), ToType(Text(entry.Value)));
                }

                break;
            case var all:
                result.Add("*", ToType(Text(all)));
                break;
        }

        return result;
    }

    /// <summary>Values by column: a hashtable of names (wildcards) and values, or one value for all.</summary>
    public static IReadOnlyDictionary<string, T> ToColumns<T>(object? values) => (values is PSObject wrapped ? wrapped.BaseObject : values) switch
    {
        null => new Dictionary<string, T>(),
        IDictionary entries => ToPairs(entries).ToDictionary(p => p.Key, p => LanguagePrimitives.ConvertTo<T>(p.Value), StringComparer.OrdinalIgnoreCase),
        var all => new Dictionary<string, T> { ["*"] = LanguagePrimitives.ConvertTo<T>(all) },
    };

    /// <summary>The entries of a hashtable in its order, values unwrapped.</summary>
    public static List<KeyValuePair<string, object?>> ToPairs(IDictionary entries) =>
        [.. entries.Cast<DictionaryEntry>().Select(e => KeyValuePair.Create(Text(e.Key), e.Value is PSObject { BaseObject: not PSCustomObject } value ? value.BaseObject : e.Value))];

    /// <summary>Values of a query's parameters: a hashtable by name, an array (or one value) by position.</summary>
    public static Dictionary<string, object?> ToParameters(object? values) => (values is PSObject wrapped ? wrapped.BaseObject : values) switch
    {
        null => [],
        IDictionary entries => new(ToPairs(entries), StringComparer.OrdinalIgnoreCase),
        object?[] list => list.Select((v, i) => (Key: $"{i + 1}", Value: v is PSObject item ? item.BaseObject : v)).ToDictionary(p => p.Key, p => p.Value),
        var one => new() { ["1"] = one },
    };

    /// <summary>Texts by name.</summary>
    public static Dictionary<string, string> ToTexts(IDictionary entries) => ToPairs(entries).ToDictionary(p => p.Key, p => Text(p.Value), StringComparer.OrdinalIgnoreCase);

    /// <summary>Rules for types: @{ 'numeric when precision > 38' = 'text' }.</summary>
    public static List<TypeRule> ToTypeRules(IDictionary entries) => [.. ToPairs(entries).Select(p => new TypeRule(p.Key, Text(p.Value)))];

    /// <summary>One character, or none for an empty string.</summary>
    public static char? ToChar(string? text, string parameter) => text?.Length switch
    {
        null or 0 => null,
        1 => text[0],
        _ => throw DataErrors.InvalidOption($"-{parameter} takes one character, not '{text}'."),
    };

    private static string Text(object? value) => LanguagePrimitives.ConvertTo<string>(value);

    private static DataType ToType(string name) => DataTypes.TryParse(name, out var type) ? type : throw DataErrors.UnknownType(name);

    private static Encoding Named(string name)
    {
        try
        {
            return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var page) ? Encoding.GetEncoding(page) : Encoding.GetEncoding(name);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw DataErrors.InvalidOption($"-Encoding '{name}' is not known. Known names are {string.Join(", ", EncodingNames)}, and every code page number.");
        }
    }
}
