using System.Text;
using System.Text.Json;
using Apache.Arrow;
using DataTools.Errors;

namespace DataTools.Data;

/// <summary>What schemas and batches are asked for all the time.</summary>
public static class SchemaExtensions
{
    private const int ShownRow = 4000;

    /// <summary>The names of the columns.</summary>
    public static string[] Names(this Schema schema) => [.. schema.FieldsList.Select(f => f.Name)];

    /// <summary>The position of a column, case aside; -1 where there is none.</summary>
    public static int IndexOf(this Schema schema, string name)
    {
        var fields = schema.FieldsList;
        for (var i = 0; i < fields.Count; i++)
        {
            if (string.Equals(fields[i].Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The position of a column that must exist.</summary>
    public static int Require(this Schema schema, string name, string source)
    {
        var index = schema.IndexOf(name);
        return index >= 0 ? index : throw DataErrors.ColumnNotFound(name, source, schema.Names());
    }

    /// <summary>Whether two schemas have the same names and types in the same order.</summary>
    public static bool HasSameColumns(this Schema schema, Schema other) =>
        ReferenceEquals(schema, other)
        || (schema.FieldsList.Count == other.FieldsList.Count
            && schema.FieldsList.Zip(other.FieldsList).All(p => p.First.Name == p.Second.Name && DataTypes.Of(p.First).Equals(DataTypes.Of(p.Second))));

    /// <summary>Some columns of a batch, without a copy.</summary>
    public static RecordBatch Project(this RecordBatch batch, Schema schema, IReadOnlyList<int> columns) =>
        new(schema, columns.Select(batch.Column), batch.Length);

    /// <summary>The fields at some positions.</summary>
    public static Schema Project(this Schema schema, IReadOnlyList<int> columns) =>
        new(columns.Select(schema.GetFieldByIndex), schema.HasMetadata ? schema.Metadata : null);

    /// <summary>A column of nulls.</summary>
    public static IArrowArray Nulls(this DataType type, int length)
    {
        var builder = type.NewBuilder();
        for (var i = 0; i < length; i++)
        {
            builder.AppendNull();
        }

        return builder.Finish();
    }

    /// <summary>The type's name with its article, for messages.</summary>
    public static string Describe(this DataType type) => $"{("aeiou".Contains(type.Name[0], StringComparison.Ordinal) ? "an" : "a")} {type.Name}";

    /// <summary>A row as JSON, cut at 4,000 characters, for the list of rejects.</summary>
    public static string RowText(this RecordBatch batch, int row)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            for (var i = 0; i < batch.ColumnCount; i++)
            {
                json.WritePropertyName(batch.Schema.GetFieldByIndex(i).Name);
                NestedText.Write(json, DataTypes.Of(batch.Schema.GetFieldByIndex(i)), batch.Column(i), row);
            }

            json.WriteEndObject();
        }

        return Shown(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    /// <summary>As much of a row's text as the list of rejects holds.</summary>
    internal static string Shown(string row) => row.Length <= ShownRow ? row : row[..ShownRow];
}
