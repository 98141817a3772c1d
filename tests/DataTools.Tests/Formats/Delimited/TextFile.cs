using System.Text;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Formats;
using DataTools.Formats.Delimited;

namespace DataTools.Tests.Formats.Delimited;

/// <summary>Text in memory, read as a table of .NET values.</summary>
internal sealed class TextFile(byte[] bytes)
{
    public TextFile(string text)
        : this(Encoding.UTF8.GetBytes(text))
    {
    }

    public ReadOptions Options { get; init; } = ReadOptions.Default;

    public RejectPolicy Policy { get; init; } = new();

    public int PieceBytes { get; init; } = DelimitedReader.PieceBytes;

    public DelimitedFormat Format { get; init; } = DelimitedFormat.Csv;

    /// <summary>Opens another format than delimited text.</summary>
    public Func<DataSource, ReadContext, IBatchReader>? Open { get; init; }

    public List<string> Warnings { get; } = [];

    public DataSource Source => new("test.csv", () => new MemoryStream(bytes));

    public static Table Read(string text, ReadOptions? options = null) => new TextFile(text) { Options = options ?? ReadOptions.Default }.Read();

    /// <summary>Reads on with bad rows set aside.</summary>
    public static Table ReadLenient(string text, ReadOptions? options = null) =>
        new TextFile(text) { Options = options ?? ReadOptions.Default, Policy = new() { MaxErrors = long.MaxValue } }.Read();

    public Table Read()
    {
        var path = Path.GetTempFileName();
        try
        {
            using var log = new RejectLog(Policy with { Path = path });
            List<object?[]> rows = [];
            Schema schema;
            var context = new ReadContext(Options, log, Warnings.Add);
            using (var reader = Open?.Invoke(Source, context) ?? Format.Open(Source, context, PieceBytes))
            {
                schema = reader.Schema;
                while (reader.ReadBatch(TestContext.Current.CancellationToken) is { } batch)
                {
                    rows.AddRange(Rows(batch));
                }
            }

            log.Complete();
            log.Dispose();
            return new Table(schema, rows, [.. File.ReadLines(path)]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static IEnumerable<object?[]> Rows(RecordBatch batch)
    {
        var types = batch.Schema.FieldsList.Select(DataTypes.Of).ToArray();
        return Enumerable.Range(0, batch.Length).Select(row => types.Select((t, c) => t.GetValueOrNull(batch.Column(c), row)).ToArray());
    }
}

internal sealed record Table(Schema Schema, List<object?[]> Rows, List<string> Rejects)
{
    public string[] Names => [.. Schema.FieldsList.Select(f => f.Name)];

    public string[] Types => [.. Schema.FieldsList.Select(f => DataTypes.Of(f).Name)];

    public object?[] Column(int index) => [.. Rows.Select(r => r[index])];
}
