using System.Text;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Transforms;

/// <summary>Rewrites the values of some columns; their types and the other columns stay.</summary>
public sealed class ValueTransform : ITransform
{
    private readonly Dictionary<int, Func<IArrowArray, IArrowArray>> _changes;

    private ValueTransform(Schema schema, Dictionary<int, Func<IArrowArray, IArrowArray>> changes)
    {
        Schema = schema;
        _changes = changes;
    }

    /// <inheritdoc/>
    public Schema Schema { get; }

    /// <summary>Drops white space at both ends of text.</summary>
    public static ValueTransform Trim(Schema schema, IReadOnlyList<string> patterns) =>
        new(
            schema,
            ColumnNames.Find(schema.Names(), patterns, "The data")
                .Where(i => DataTypes.Of(schema.GetFieldByIndex(i)) is TextType)
                .ToDictionary(i => i, _ => (Func<IArrowArray, IArrowArray>)TrimColumn));

    /// <summary>Puts a value in the place of nulls.</summary>
    public static ValueTransform FillNull(Schema schema, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        var changes = new Dictionary<int, Func<IArrowArray, IArrowArray>>();
        foreach (var (pattern, value) in values)
        {
            foreach (var i in ColumnNames.Find(schema.Names(), [pattern], "The data"))
            {
                var type = Require(schema, i, value, "-FillNull");
                changes[i] = array => Map(array, type, (_, row) => array.IsNull(row) ? (true, value) : (false, null));
            }
        }

        return new ValueTransform(schema, changes);
    }

    /// <summary>Puts values in the place of others: by column, new ones by old ones. Text is compared letter by letter.</summary>
    public static ValueTransform Replace(Schema schema, string column, IReadOnlyList<KeyValuePair<object, object?>> values)
    {
        var at = schema.Require(column, "The data");
        var type = DataTypes.Of(schema.GetFieldByIndex(at));
        var map = values.ToDictionary(v => TextKey(type, v.Key, column), v => { Require(schema, at, v.Value, "-Replace"); return v.Value; }, StringComparer.Ordinal);
        return new ValueTransform(schema, new() { [at] = array => Map(array, type, (_, row) => !array.IsNull(row) && map.TryGetValue(Data.Kernels.Cast.TextAt(array, type, row), out var value) ? (true, value) : (false, null)) });
    }

    /// <inheritdoc/>
    public RecordBatch Apply(RecordBatch batch, CancellationToken cancellation) =>
        new(Schema, Enumerable.Range(0, batch.ColumnCount).Select(i => _changes.TryGetValue(i, out var change) ? change(batch.Column(i)) : batch.Column(i)), batch.Length);

    /// <summary>The value's text as the column writes it, so that 1, 1.0 and '1' find the same cell.</summary>
    private static string TextKey(DataType type, object value, string column)
    {
        var builder = type.NewBuilder();
        return builder.TryAppend(value)
            ? Data.Kernels.Cast.TextAt(builder.Finish(), type, 0)
            : throw DataErrors.InvalidOption($"-Replace: '{value}' is not {type.Describe()}, the type of the column '{column}'.");
    }

    private static DataType Require(Schema schema, int column, object? value, string parameter)
    {
        var field = schema.GetFieldByIndex(column);
        var type = DataTypes.Of(field);
        return type.NewBuilder().TryAppend(value)
            ? type
            : throw DataErrors.InvalidOption($"{parameter}: '{value}' is not {type.Describe()}, the type of the column '{field.Name}'. Use -Type to change the type first.");
    }

    private static IArrowArray Map(IArrowArray array, DataType type, Func<IArrowArray, int, (bool Changed, object? Value)> map)
    {
        var builder = type.NewBuilder();
        for (var row = 0; row < array.Length; row++)
        {
            var (changed, value) = map(array, row);
            builder.TryAppend(changed ? value : type.GetValueOrNull(array, row));
        }

        return builder.Finish();
    }

    private static IArrowArray TrimColumn(IArrowArray array)
    {
        var builder = (BytesColumnBuilder)DataTypes.Text.NewBuilder();
        for (var row = 0; row < array.Length; row++)
        {
            if (array.IsNull(row))
            {
                builder.AppendNull();
                continue;
            }

            var bytes = array.Bytes(row);
            var ascii = Ascii.Trim(bytes);
            var trimmed = bytes[ascii];
            if (trimmed.IsEmpty || (trimmed[0] < 0x80 && trimmed[^1] < 0x80))
            {
                builder.Append(trimmed);
            }
            else
            {
                // Spaces beyond ASCII, such as the no-break space.
                builder.Append(Encoding.UTF8.GetString(trimmed).Trim());
            }
        }

        return builder.Finish();
    }
}
