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

    /// <summary>Whether <c>type[]</c> is an array of the type.</summary>
    public bool HasArrays { get; init; }

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

    /// <summary>The type that a type of the database becomes.</summary>
    public DataType ToDataType(string native)
    {
        ArgumentNullException.ThrowIfNull(native);
        if (HasArrays && native.EndsWith(ArraySuffix, StringComparison.Ordinal))
        {
            return new ListDataType(ToDataType(native[..^ArraySuffix.Length]));
        }

        return FindRead(native, out var parsed) is { } rule ? Parse(rule.Apply(parsed)) : DataTypes.Text;
    }

    /// <summary>The line for a type of the database, or null.</summary>
    public TypeRule? FindRead(string native, out NativeType parsed)
    {
        var type = parsed = NativeType.Parse(native);
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
        return rule.Apply(facts);
    }

    private string? SourceType(Field field, DataType type) =>
        field.HasMetadata
        && field.Metadata.TryGetValue(FieldMarks.SourceKind, out var kind) && kind == Database
        && field.Metadata.TryGetValue(FieldMarks.SourceType, out var source)
        && (FindRead(source, out _) is not null || source.EndsWith(ArraySuffix, StringComparison.Ordinal))
        && ToDataType(source).Equals(type) ? source : null;

    private static DataType Parse(string name) => DataTypes.TryParse(name, out var type) ? type : throw DataErrors.UnknownType(name);
}
