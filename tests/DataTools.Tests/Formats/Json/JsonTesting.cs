using System.Text;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Formats;

namespace DataTools.Tests.Formats.Json;

/// <summary>Reads texts as files and shows values as a user would see them.</summary>
internal static class JsonTesting
{
    public static DataSource Source(string text) => Source(Encoding.UTF8.GetBytes(text));

    public static DataSource Source(byte[] bytes) => new("test", () => new MemoryStream(bytes));

    public static JsonRead Read(string format, string text, ReadOptions? options = null, long maxErrors = 0) =>
        Read(format, Source(text), options, maxErrors);

    public static JsonRead Read(string format, DataSource source, ReadOptions? options = null, long maxErrors = 0)
    {
        var warnings = new List<string>();
        var path = Path.GetTempFileName();
        try
        {
            using var log = new RejectLog(new RejectPolicy { MaxErrors = maxErrors, Path = path });
            using var reader = DataFormats.Find(format, "").OpenReader!(source, new ReadContext(options ?? ReadOptions.Default, log, warnings.Add));
            var batches = new List<RecordBatch>();
            while (reader.ReadBatch(TestContext.Current.CancellationToken) is { } batch)
            {
                batches.Add(batch);
            }

            log.Complete();
            log.Dispose();
            return new JsonRead(reader.Schema, batches, warnings, File.ReadAllLines(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static string Write(string format, IReadOnlyList<RecordBatch> batches, WriteOptions? options = null, List<string>? warnings = null) =>
        (options?.Encoding ?? new UTF8Encoding(false)).GetString(WriteBytes(format, batches, options, warnings));

    public static byte[] WriteBytes(string format, IReadOnlyList<RecordBatch> batches, WriteOptions? options = null, List<string>? warnings = null)
    {
        using var stream = new MemoryStream();
        var schema = batches.Count == 0 ? new Schema([], null) : batches[0].Schema;
        using (var writer = DataFormats.Find(format, "").OpenWriter!(stream, schema, new WriteContext(options ?? WriteOptions.Default, "test", (warnings ?? []).Add)))
        {
            foreach (var batch in batches)
            {
                writer.WriteBatch(batch, TestContext.Current.CancellationToken);
            }

            writer.Complete(TestContext.Current.CancellationToken);
        }

        return stream.ToArray();
    }

    /// <summary>A batch of one row.</summary>
    public static RecordBatch Batch(params (string Name, DataType Type, object? Value)[] columns)
    {
        var batch = new BatchBuilder(new Schema([.. columns.Select(c => c.Type.ToField(c.Name))], null));
        for (var i = 0; i < columns.Length; i++)
        {
            Assert.True(batch.Columns[i].TryAppend(columns[i].Value), columns[i].Name);
        }

        batch.EndRow();
        return batch.Finish();
    }

    public static DataException Fails(string format, string text, ReadOptions? options = null) =>
        Assert.Throws<DataException>(() => Read(format, text, options));
}

/// <summary>What was read.</summary>
internal sealed record JsonRead(Schema Schema, List<RecordBatch> Batches, List<string> Warnings, string[] Rejects)
{
    public string Columns => string.Join("; ", Schema.FieldsList.Select(f => $"{f.Name} {DataTypes.Of(f).Name}"));

    public string[] Rows => [.. Batches.SelectMany(b => Enumerable.Range(0, b.Length).Select(r => Row(b, r)))];

    private static string Row(RecordBatch batch, int row) =>
        string.Join("|", batch.Schema.FieldsList.Select((f, i) => Text(DataTypes.Of(f), batch.Column(i), row)));

    private static string Text(DataType type, IArrowArray array, int row)
    {
        if (array.IsNull(row))
        {
            return "∅";
        }

        var text = new byte[type.MaxTextLength(array, row)];
        Assert.True(type.TryFormat(array, row, text, out var written));
        return Encoding.UTF8.GetString(text, 0, written);
    }
}
