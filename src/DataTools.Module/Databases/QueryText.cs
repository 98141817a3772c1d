using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using DataTools.Data;
using DataTools.Module.Records;

namespace DataTools.Module.Databases;

/// <summary>
/// Lets a query be given as hashtables where the database's queries are JSON: @{ aggregate = 'orders'; pipeline = @(@{ '$match' = @{ qty = 5 } }) }. Values that JSON has not get
/// the forms of Extended JSON.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class QueryTextTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        var isDocument = value is IDictionary || (value is object?[] { Length: > 0 } list && Array.TrueForAll(list, i => (i is PSObject item ? item.BaseObject : i) is IDictionary));
        return isDocument ? Encoding.UTF8.GetString(NestedText.ToJson(Extended(ObjectRows.Plain(value)))) : inputData;
    }

    private static object? Extended(object? value) => value switch
    {
        IDictionary entries => Members(entries),
        byte[] bytes => Form("$binary", new OrderedDictionary { ["base64"] = Convert.ToBase64String(bytes), ["subType"] = "00" }),
        string or null => value,
        IEnumerable items => items.Cast<object?>().Select(Extended).ToArray(),
        DateTime time => Date(time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time),
        DateTimeOffset time => Date(time.UtcDateTime),
        Guid guid => Form("$uuid", guid.ToString("D")),
        decimal number => Form("$numberDecimal", number.ToString(CultureInfo.InvariantCulture)),
        _ => value,
    };

    private static OrderedDictionary Date(DateTime time) => Form("$date", time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    private static OrderedDictionary Form(string name, object value) => new() { [name] = value };

    private static OrderedDictionary Members(IDictionary entries)
    {
        var result = new OrderedDictionary(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in entries)
        {
            result[entry.Key] = Extended(entry.Value);
        }

        return result;
    }
}
