using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Transforms;

/// <summary>Chooses and orders columns.</summary>
public sealed class SelectTransform : ITransform
{
    private readonly int[] _columns;

    private SelectTransform(Schema schema, int[] columns)
    {
        _columns = columns;
        Schema = schema.Project(columns);
    }

    /// <inheritdoc/>
    public Schema Schema { get; }

    /// <summary>Keeps the columns that the patterns name, in their order.</summary>
    public static SelectTransform Keep(Schema schema, IReadOnlyList<string> patterns) =>
        new(schema, ColumnNames.Find(schema.Names(), patterns, "The data"));

    /// <summary>Keeps all columns but those that the patterns name.</summary>
    public static SelectTransform Drop(Schema schema, IReadOnlyList<string> patterns)
    {
        var dropped = ColumnNames.Find(schema.Names(), patterns, "The data");
        return dropped.Length < schema.FieldsList.Count
            ? new SelectTransform(schema, [.. Enumerable.Range(0, schema.FieldsList.Count).Except(dropped)])
            : throw DataErrors.InvalidOption("-Exclude leaves no column.");
    }

    /// <inheritdoc/>
    public RecordBatch Apply(RecordBatch batch, CancellationToken cancellation) => batch.Project(Schema, _columns);
}

/// <summary>Renames columns.</summary>
public sealed class RenameTransform : ITransform
{
    /// <summary>New names by old ones.</summary>
    public RenameTransform(Schema schema, IReadOnlyList<KeyValuePair<string, string>> names)
    {
        var fields = schema.FieldsList.ToList();
        foreach (var (old, name) in names)
        {
            var at = schema.Require(old, "The data");
            fields[at] = string.IsNullOrWhiteSpace(name)
                ? throw DataErrors.InvalidOption($"-Rename gives the column '{old}' no name.")
                : ColumnNames.Renamed(fields[at], name);
        }

        var twice = fields.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        Schema = twice is null
            ? new Schema(fields, schema.HasMetadata ? schema.Metadata : null)
            : throw DataErrors.InvalidOption($"-Rename gives two columns the name '{twice.Key}'.");
    }

    /// <inheritdoc/>
    public Schema Schema { get; }

    /// <inheritdoc/>
    public RecordBatch Apply(RecordBatch batch, CancellationToken cancellation) => new(Schema, batch.Arrays, batch.Length);
}

/// <summary>Passes over rows at the start, and takes a number of those that follow.</summary>
public sealed class SliceTransform(Schema schema, long skip, long? first) : ITransform
{
    private long _skip = skip;
    private long _left = first ?? long.MaxValue;

    /// <inheritdoc/>
    public Schema Schema => schema;

    /// <inheritdoc/>
    public bool IsDone => _left == 0;

    /// <inheritdoc/>
    public RecordBatch Apply(RecordBatch batch, CancellationToken cancellation)
    {
        var start = (int)Math.Min(_skip, batch.Length);
        var length = (int)Math.Min(_left, batch.Length - start);
        _skip -= start;
        _left -= length;
        return length == batch.Length ? batch : batch.Slice(start, length);
    }
}

/// <summary>Converts columns to other types; a value that does not fit is a reject.</summary>
public sealed class TypeTransform : ITransform
{
    private readonly BatchConverter _converter;

    /// <summary>Types by column pattern; the last that matches a column holds.</summary>
    public TypeTransform(Schema schema, IReadOnlyDictionary<string, DataType> types, TextRules rules, RejectLog rejects)
    {
        ColumnNames.Find(schema.Names(), types.Keys, "The data");
        var fields = schema.FieldsList.Select(f => types.LastOrDefault(t => ColumnNames.IsMatch(f.Name, t.Key)).Value is { } type ? type.ToField(f.Name) : f);
        _converter = new BatchConverter(schema, new Schema(fields, null), "The data", rejects, rules with { RoundFloats = true });
    }

    /// <inheritdoc/>
    public Schema Schema => _converter.Schema;

    /// <inheritdoc/>
    public RecordBatch Apply(RecordBatch batch, CancellationToken cancellation) => _converter.Convert(batch);
}

/// <summary>Adds a column that has the same value in every row.</summary>
public sealed class ConstantTransform : ITransform
{
    private readonly DataType _type;
    private readonly object? _value;

    /// <summary>Adds the column <paramref name="name"/>; its type is that of the value, text for null.</summary>
    public ConstantTransform(Schema schema, string name, object? value)
    {
        var shape = new ValueShape();
        shape.Observe(value);
        _type = shape.Result();
        _value = value;
        Schema = new Schema(schema.FieldsList.Append(_type.ToField(name)), null);
    }

    /// <inheritdoc/>
    public Schema Schema { get; }

    /// <inheritdoc/>
    public RecordBatch Apply(RecordBatch batch, CancellationToken cancellation)
    {
        var builder = _type.NewBuilder();
        for (var row = 0; row < batch.Length; row++)
        {
            builder.TryAppend(_value);
        }

        return new RecordBatch(Schema, batch.Arrays.Append(builder.Finish()), batch.Length);
    }
}
