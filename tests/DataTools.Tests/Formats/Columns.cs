using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Formats;

namespace DataTools.Tests.Formats;

/// <summary>Batches from .NET values, and back.</summary>
internal static class Columns
{
    public static RecordBatch Batch(params (string Name, DataType Type, object?[] Values)[] columns)
    {
        var arrays = new List<IArrowArray>();
        foreach (var (name, type, values) in columns)
        {
            var builder = type.NewBuilder();
            foreach (var value in values)
            {
                Assert.True(builder.TryAppend(value), $"{name} does not take {value}");
            }

            arrays.Add(builder.Finish());
        }

        return new RecordBatch(new Schema(columns.Select(c => c.Type.ToField(c.Name)).ToList(), null), arrays, columns[0].Values.Length);
    }

    public static object?[] Values(RecordBatch batch, int column)
    {
        var type = DataTypes.Of(batch.Schema.GetFieldByIndex(column));
        return [.. Enumerable.Range(0, batch.Length).Select(row => type.GetValueOrNull(batch.Column(column), row))];
    }

    public static string[] Types(Schema schema) => [.. schema.FieldsList.Select(f => DataTypes.Of(f).Name)];

    public static void Write(IDataFormat format, string path, WriteOptions options, params RecordBatch[] batches)
    {
        using var stream = File.Create(path);
        using var writer = format.OpenWriter!(stream, batches[0].Schema, new WriteContext(options, path, _ => { }));
        foreach (var batch in batches)
        {
            writer.WriteBatch(batch, CancellationToken.None);
        }

        writer.Complete(CancellationToken.None);
    }

    public static (Schema Schema, List<RecordBatch> Batches) Read(IDataFormat format, string path, ReadOptions? options = null, Action<string>? warn = null, DataTools.Expressions.IRangeFilter? filter = null)
    {
        using var rejects = new RejectLog(new RejectPolicy());
        var context = new ReadContext(options ?? ReadOptions.Default, rejects, warn ?? (_ => { })) { Filter = filter };
        using var reader = format.OpenReader!(DataSource.FromFile(path), context);
        var batches = new List<RecordBatch>();
        while (reader.ReadBatch(CancellationToken.None) is { } batch)
        {
            batches.Add(batch);
        }

        return (reader.Schema, batches);
    }
}
