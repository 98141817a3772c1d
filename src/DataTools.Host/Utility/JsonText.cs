using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace DataTools.Host;

/// <summary>JSON as PowerShell writes and reads it, by the library that PowerShell itself uses.</summary>
/// <param name="depth">How many levels of objects are written; what is deeper becomes text.</param>
/// <param name="enumsAsStrings">Names of enumeration values instead of numbers.</param>
/// <param name="compress">Without line breaks.</param>
public sealed class JsonText(int depth, bool enumsAsStrings, bool compress)
{
    /// <summary>Whether something was deeper than the depth.</summary>
    public bool Truncated { get; private set; }

    /// <summary>The JSON of a value.</summary>
    public string Write(object? value) =>
        JsonConvert.SerializeObject(Convert(value, 0), compress ? Formatting.None : Formatting.Indented);

    /// <summary>The value of a JSON text: objects become PSCustomObject, or ordered dictionaries.</summary>
    /// <exception cref="ArgumentException">The text is not JSON.</exception>
    public static object? Read(string text, bool asHashtable, int depth)
    {
        try
        {
            using var reader = new JsonTextReader(new StringReader(text)) { MaxDepth = depth, Culture = CultureInfo.InvariantCulture };
            var value = Convert(JToken.ReadFrom(reader), asHashtable);
            return reader.Read() ? throw new JsonReaderException("There is more text behind the value.") : value;
        }
        catch (JsonException exception)
        {
            throw new ArgumentException($"Conversion from JSON failed with error: {exception.Message}", nameof(text), exception);
        }
    }

    /// <summary>Whether a text is JSON by itself.</summary>
    public static bool IsWhole(string text, int depth)
    {
        try
        {
            Read(text, asHashtable: true, depth);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static object? Convert(JToken token, bool asHashtable) => token switch
    {
        JObject item when asHashtable => Dictionary(item),
        JObject item => Custom(item),
        JArray list => list.Select(element => Convert(element, asHashtable)).ToArray(),
        JValue value => value.Value,
        _ => throw new JsonReaderException($"There is no value for {token.Type}."),
    };

    private static OrderedDictionary Dictionary(JObject item)
    {
        var dictionary = new OrderedDictionary(StringComparer.Ordinal);
        foreach (var (name, value) in item)
        {
            dictionary.Add(name, Convert(value!, asHashtable: true));
        }

        return dictionary;
    }

    private static PSObject Custom(JObject item)
    {
        var custom = new PSObject();
        foreach (var (name, value) in item)
        {
            custom.Properties.Add(new PSNoteProperty(name, Convert(value!, asHashtable: false)));
        }

        return custom;
    }

    private object? Convert(object? value, int level)
    {
        var wrapped = value as PSObject;
        var plain = wrapped?.BaseObject ?? value;
        if (plain is null || ReferenceEquals(value, System.Management.Automation.Internal.AutomationNull.Value))
        {
            return null;
        }

        return IsScalar(plain) ? Scalar(plain)
            : level > depth ? Truncate(value!)
            : plain is IDictionary dictionary ? Members(dictionary, level)
            : plain is IEnumerable list ? list.Cast<object?>().Select(element => Convert(element, level + 1)).ToList()
            : Members(wrapped ?? PSObject.AsPSObject(plain), level);
    }

    private static bool IsScalar(object value) =>
        value is string or decimal or DateTime or DateTimeOffset or Guid or Uri or DateOnly or TimeOnly or Enum or System.Numerics.BigInteger
        || value.GetType().IsPrimitive;

    private object Scalar(object value) => value switch
    {
        Enum name when enumsAsStrings => name.ToString(),
        Enum number => System.Convert.ChangeType(number, Enum.GetUnderlyingType(number.GetType()), CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("O", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("O", CultureInfo.InvariantCulture),
        _ => value,
    };

    private string Truncate(object value)
    {
        Truncated = true;
        return LanguagePrimitives.ConvertTo<string>(value);
    }

    private Dictionary<string, object?> Members(IDictionary dictionary, int level)
    {
        var members = new Dictionary<string, object?>();
        foreach (DictionaryEntry entry in dictionary)
        {
            members[LanguagePrimitives.ConvertTo<string>(entry.Key)] = Convert(entry.Value, level + 1);
        }

        return members;
    }

    private Dictionary<string, object?> Members(PSObject item, int level)
    {
        var members = new Dictionary<string, object?>();
        foreach (var property in item.Properties.Where(property => property.IsGettable && property.MemberType != PSMemberTypes.ScriptProperty))
        {
            members[property.Name] = Convert(ValueOf(property), level + 1);
        }

        return members;
    }

    // A property that throws has no value, here as in PowerShell.
    private static object? ValueOf(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException)
        {
            return null;
        }
    }
}
