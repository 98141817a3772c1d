using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Databases;

/// <summary>The types of a database and ours, both ways, as lines that people read. Of several lines for a type the first whose guard holds counts.</summary>
/// <param name="Database">The database's name.</param>
/// <param name="Reads">Its types, and what they become here. A type without a line becomes text.</param>
/// <param name="Writes">Our types, and the ones that columns made for them get.</param>
public sealed record TypeMap(string Database, IReadOnlyList<TypeRule> Reads, IReadOnlyList<TypeRule> Writes)
{
    private const string ArraySuffix = "[]";
    private const string ListName = "list";
    private const string StructName = "struct";

    /// <summary>Whether <c>type[]</c> is an array of the type.</summary>
    public bool HasArrays { get; init; }

    /// <summary>Takes a type apart that is made of others, and gives null for any other; null where the database has none but arrays.</summary>
    public Func<string, NestedType?>? ParseNested { get; init; }

    /// <summary>The map with rules before its own: those whose name is one of our types or not known here are for writing too.</summary>
    public TypeMap With(IEnumerable<TypeRule> rules)
    {
        var added = rules.ToList();
        return added.Count == 0 ? this : this with
        {
            Reads = [.. added.Where(r => DataTypes.TryParse(r.To, out _) || r.To.Contains('{', StringComparison.Ordinal)), .. Reads],
            Writes = [.. added.Where(r => Writes.Any(w => w.Name == r.Name)), .. Writes],
        };
    }

    /// <summary>Types, by their names without arguments, that are read but never written: a column made for one gets another type.</summary>
    public IReadOnlyCollection<string> ReadOnly { get; init; } = [];

    /// <summary>The type that a type of the database becomes.</summary>
    public DataType ToDataType(string native)
    {
        ArgumentNullException.ThrowIfNull(native);
        if (HasArrays && native.EndsWith(ArraySuffix, StringComparison.Ordinal))
        {
            return new ListDataType(ToDataType(native[..^ArraySuffix.Length]));
        }

        return FindRead(native, out var parsed) is not { } rule ? DataTypes.Text : rule.To is ListName or StructName ? ToDataType(ParseNested!(native)!) : ToDataTypeByName(rule.Apply(parsed));
    }

    /// <summary>What rules ask of a type of the database.</summary>
    public NativeType Parse(string native) => ParseNested?.Invoke(native) is { } nested ? new NativeType(nested.Name) : NativeType.Parse(native);

    /// <summary>The line for a type of the database, or null.</summary>
    public TypeRule? FindRead(string native, out NativeType parsed)
    {
        var type = parsed = Parse(native);
        return Reads.FirstOrDefault(r => r.IsMatch(type));
    }

    /// <summary>The line by which a column is made for a field; null where the source's own type is kept, or for an array.</summary>
    public TypeRule? FindWrite(Field field)
    {
        ArgumentNullException.ThrowIfNull(field);
        var type = DataTypes.Of(field);
        var facts = NativeType.Of(field);
        return SourceType(field, type) is not null || (HasArrays && type is ListDataType { Item: not NestedDataType }) ? null : Writes.FirstOrDefault(r => r.IsMatch(facts));
    }

    /// <summary>
    /// The type of a column made for a field: the source's own where that was a built-in type of the same kind of database and the values are still those,
    /// else by the lines.
    /// </summary>
    public string ToNative(Field field)
    {
        ArgumentNullException.ThrowIfNull(field);
        var type = DataTypes.Of(field);
        return SourceType(field, type) ?? ToNative(type, NativeType.Of(field), field.Name);
    }

    /// <summary>The type of a column made for a type.</summary>
    public string ToNative(DataType type, string column) => ToNative(type, NativeType.Of(type.ToField(column)), column);

    private string ToNative(DataType type, NativeType facts, string column)
    {
        if (HasArrays && type is ListDataType { Item: not NestedDataType } list)
        {
            return ToNative(list.Item, column) + ArraySuffix;
        }

        var rule = Writes.FirstOrDefault(r => r.IsMatch(facts)) ?? throw DataErrors.TypeNotSupported(column, type.Name, Database);
        return rule.Apply(facts)
            .Replace("{item}", type is ListDataType { Item: var item } && rule.To.Contains("{item}", StringComparison.Ordinal) ? ToNative(item, column) : "", StringComparison.Ordinal)
            .Replace("{members}", type is StructDataType structure && rule.To.Contains("{members}", StringComparison.Ordinal) ? Members(structure, column) : "", StringComparison.Ordinal);
    }

    private string Members(StructDataType structure, string column) =>
        string.Join(", ", structure.Members.Select(m => $"\"{m.Key.Replace("\"", "\"\"", StringComparison.Ordinal)}\" {ToNative(m.Value, column)}"));

    private DataType ToDataType(NestedType type) => type.Name switch
    {
        "list" or "array" => new ListDataType(ToDataType(type.Members[0].Value)),
        "map" => new ListDataType(new StructDataType([new("key", ToDataType(type.Members[0].Value)), new("value", ToDataType(type.Members[1].Value))])),
        _ => new StructDataType([.. ColumnNames.MakeUnique([.. type.Members.Select(m => m.Key)], out _).Zip(type.Members, (name, m) => KeyValuePair.Create(name, ToDataType(m.Value)))]),
    };

    private string? SourceType(Field field, DataType type) =>
        field.HasMetadata
        && field.Metadata.TryGetValue(FieldMarks.SourceKind, out var kind) && kind == Database
        && field.Metadata.TryGetValue(FieldMarks.SourceType, out var source)
        && !ReadOnly.Contains(Parse(source).Name)
        && (FindRead(source, out _) is not null || source.EndsWith(ArraySuffix, StringComparison.Ordinal))
        && ToDataType(source).Equals(type) ? source : null;

    private static DataType ToDataTypeByName(string name) => DataTypes.TryParse(name, out var type) ? type : throw DataErrors.UnknownType(name);
}

/// <summary>A type of a database that is made of others.</summary>
/// <param name="Name">What it is: list, array, map, struct, or a name that the type map has a line for.</param>
/// <param name="Members">Its parts as the database writes them, with their names where they have such.</param>
public sealed record NestedType(string Name, IReadOnlyList<KeyValuePair<string, string>> Members);
