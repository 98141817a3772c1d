using System.Globalization;
using System.Text;
using DataTools.Data;
using DataTools.Databases.MongoDb.Bson;
using DataTools.Schemas;
using MongoDB.Bson;

namespace DataTools.Databases.MongoDb;

/// <summary>What the values of one field (or the elements of its arrays) were in the sampled documents.</summary>
internal sealed class FieldShape
{
    /// <summary>A document with more members than this is one whose names are data.</summary>
    private const int MostMembers = 200;

    /// <summary>With at most so many digits a decimal is one of .NET, which people like to count with.</summary>
    private const int EasyDigits = 28;

    private static readonly HashSet<string> Whole = ["int", "long"];
    private static readonly HashSet<string> Binary = ["int", "long", "double"];
    private static readonly HashSet<string> Decimals = ["int", "long", "decimal"];

    private readonly Dictionary<string, (long Documents, long Last)> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FieldShape> _byName = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];
    private ColumnBuilder? _declaredBuilder;
    private BsonCell? _declaredCell;
    private string? _declaredNative;
    private FieldShape? _items;
    private int _whole = 1;
    private int _scale;
    private bool _hasOddDecimal;

    /// <summary>The fields in order of first appearance.</summary>
    public IEnumerable<KeyValuePair<string, FieldShape>> Members => _order.Select(n => KeyValuePair.Create(n, _byName[n]));

    /// <summary>The type that the collection itself names for the field, where all values are of it.</summary>
    public DataType? Declared { get; private set; }

    /// <summary>The types of the values, as one name.</summary>
    public string NativeType => string.Join('|', Kinds().DefaultIfEmpty(_declaredNative ?? "null"));

    /// <summary>The field of a name, which is made if there is none.</summary>
    public FieldShape Member(string name)
    {
        if (!_byName.TryGetValue(name, out var member))
        {
            _byName.Add(name, member = new FieldShape());
            _order.Add(name);
        }

        return member;
    }

    /// <summary>The collection names a type; it holds as long as every value is of it.</summary>
    public void Declare(DataType type, string native)
    {
        _declaredNative = native;
        Declared = type;
        _declaredBuilder = type.NewBuilder();
        _declaredCell = BsonCell.For(_declaredBuilder, isDeclared: true);
    }

    /// <summary>Looks at a document of its own.</summary>
    public void ObserveMembers(ReadOnlySpan<byte> document, long number)
    {
        var cursor = new BsonCursor(document);
        while (cursor.Next())
        {
            Member(Encoding.UTF8.GetString(cursor.Name)).Observe(cursor.Type, cursor.Value, number);
        }
    }

    /// <summary>The type of the column.</summary>
    public DataType Resolve(TypeMap types)
    {
        if (Declared is { } declared)
        {
            return declared;
        }

        var kinds = Kinds().ToHashSet();
        return kinds.Count switch
        {
            0 => DataTypes.Text,
            1 => ResolveOne(kinds.First(), types),
            _ when kinds.IsSubsetOf(Whole) => DataTypes.Int64,
            _ when kinds.IsSubsetOf(Binary) => DataTypes.Double,
            _ when kinds.IsSubsetOf(Decimals) && !_hasOddDecimal => types.ToDataType(DecimalName()),
            _ => DataTypes.Json,
        };
    }

    /// <summary>Every path below, with its types and how many documents have it.</summary>
    public IEnumerable<SampledPath> Paths(string path, long documents)
    {
        foreach (var (type, (count, _)) in _types)
        {
            yield return new SampledPath(path, type, count, documents == 0 ? 0 : (double)count / documents);
        }

        foreach (var below in Members.SelectMany(m => m.Value.Paths(path.Length == 0 ? m.Key : $"{path}.{m.Key}", documents)))
        {
            yield return below;
        }

        foreach (var below in _items?.Paths($"{path}[]", documents) ?? [])
        {
            yield return below;
        }
    }

    private void Observe(BsonType type, ReadOnlySpan<byte> value, long number)
    {
        var name = NameOf(type, value);
        if (!_types.TryGetValue(name, out var seen) || seen.Last != number)
        {
            _types[name] = (seen.Documents + 1, number);
        }

        switch (type)
        {
            case BsonType.Document:
                ObserveMembers(value, number);
                break;
            case BsonType.Array:
                ObserveItems(value, number);
                break;
            case BsonType.Decimal128 or BsonType.Int32 or BsonType.Int64:
                ObserveDigits(type, value);
                break;
        }

        CheckDeclared(type, value);
    }

    private void ObserveItems(ReadOnlySpan<byte> value, long number)
    {
        _items ??= new FieldShape();
        var cursor = new BsonCursor(value);
        while (cursor.Next())
        {
            _items.Observe(cursor.Type, cursor.Value, number);
        }
    }

    private void ObserveDigits(BsonType type, ReadOnlySpan<byte> value)
    {
        if (type != BsonType.Decimal128)
        {
            var whole = type == BsonType.Int32 ? BsonValues.ToInt32(value) : BsonValues.ToInt64(value);
            _whole = Math.Max(_whole, whole.ToString(CultureInfo.InvariantCulture).TrimStart('-').Length);
        }
        else if (DecimalBits.TryRead(value, out var bits))
        {
            var size = bits.Size();
            _whole = Math.Max(_whole, size.Whole);
            _scale = Math.Max(_scale, size.Scale);
        }
        else
        {
            _hasOddDecimal = true;
        }
    }

    private void CheckDeclared(BsonType type, ReadOnlySpan<byte> value)
    {
        if (Declared is null || type is BsonType.Null or BsonType.Undefined)
        {
            return;
        }

        if (!_declaredCell!.TryAppend(type, value))
        {
            Declared = null;
        }

        _declaredBuilder!.Truncate(0);
    }

    private IEnumerable<string> Kinds() => _types.Keys.Where(t => t is not ("null" or "undefined")).Order(StringComparer.Ordinal);

    private DataType ResolveOne(string kind, TypeMap types)
    {
        var rule = types.FindRead(kind, out _);
        return kind switch
        {
            // binData(5) and other kinds of bytes are more than bytes.
            _ when rule is null || kind.EndsWith(')') => DataTypes.Json,
            "decimal" => _hasOddDecimal ? DataTypes.Json : types.ToDataType(DecimalName()),
            "object" when rule.To == "struct" => ResolveStruct(types),
            "array" when rule.To == "list" => new ListDataType(_items?.Resolve(types) ?? DataTypes.Text),
            _ => types.ToDataType(kind),
        };
    }

    private DataType ResolveStruct(TypeMap types) =>
        _order.Count is 0 or > MostMembers || _order.Distinct(StringComparer.OrdinalIgnoreCase).Count() != _order.Count
            ? DataTypes.Json
            : new StructDataType([.. Members.Select(m => KeyValuePair.Create(m.Key, m.Value.Resolve(types)))]);

    private string DecimalName()
    {
        var digits = _whole + _scale;
        return digits <= DecimalType.MaxPrecision
            ? string.Create(CultureInfo.InvariantCulture, $"decimal({(digits <= EasyDigits ? EasyDigits : DecimalType.MaxPrecision)},{_scale})")
            : "decimal";
    }

    /// <summary>The name that $type has for the type of a value.</summary>
    private static string NameOf(BsonType type, ReadOnlySpan<byte> value) => type switch
    {
        BsonType.Double => "double",
        BsonType.String => "string",
        BsonType.Document => "object",
        BsonType.Array => "array",
        BsonType.Binary => NameOfBinary(value),
        BsonType.ObjectId => "objectId",
        BsonType.Boolean => "bool",
        BsonType.DateTime => "date",
        BsonType.Int32 => "int",
        BsonType.Int64 => "long",
        BsonType.Decimal128 => "decimal",
        _ => NameOfRare(type),
    };

    private static string NameOfRare(BsonType type) => type switch
    {
        BsonType.Null => "null",
        BsonType.Undefined => "undefined",
        BsonType.RegularExpression => "regex",
        BsonType.JavaScript => "javascript",
        BsonType.JavaScriptWithScope => "javascriptWithScope",
        BsonType.Symbol => "symbol",
        BsonType.Timestamp => "timestamp",
        BsonType.MinKey => "minKey",
        BsonType.MaxKey => "maxKey",
        _ => "dbPointer",
    };

    private static string NameOfBinary(ReadOnlySpan<byte> value)
    {
        var bytes = BsonValues.ToBytes(value, out var subtype);
        return subtype switch
        {
            BsonBinarySubType.Binary => "binData",
            BsonBinarySubType.UuidStandard when bytes.Length == 16 => "uuid",
            _ => string.Create(CultureInfo.InvariantCulture, $"binData({(int)subtype})"),
        };
    }
}
