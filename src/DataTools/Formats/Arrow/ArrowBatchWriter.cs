using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using DataTools.Data;
using DataTools.Data.Normalizing;
using DataTools.Errors;

namespace DataTools.Formats.Arrow;

/// <summary>Writes batches as they are to an Arrow file or stream.</summary>
internal sealed class ArrowBatchWriter : IBatchWriter
{
    private readonly ArrowStreamWriter _writer;
    private readonly ArrowNormalizer _compact;
    private readonly WriteContext _context;

    private ArrowBatchWriter(ArrowStreamWriter writer, Schema schema, WriteContext context)
    {
        _writer = writer;
        _context = context;
        _compact = new ArrowNormalizer(schema, context.Target);
    }

    public static ArrowBatchWriter OfFile(Stream stream, Schema schema, WriteContext context)
    {
        var all = schema.WithMetadata(context.Options.Metadata);
        return new ArrowBatchWriter(new ArrowFileWriter(stream, all, leaveOpen: true, Options(context.Options)), schema, context);
    }

    public static ArrowBatchWriter OfStream(Stream stream, Schema schema, WriteContext context)
    {
        var all = schema.WithMetadata(context.Options.Metadata);
        return new ArrowBatchWriter(new ArrowStreamWriter(stream, all, leaveOpen: true, Options(context.Options)), schema, context);
    }

    public void WriteBatch(RecordBatch batch, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();

        // A slice would be written with all that it is a slice of.
        var whole = Enumerable.Range(0, batch.ColumnCount).All(i => IsWhole(batch.Column(i).Data)) ? batch : _compact.Normalize(batch);
        Run(() => _writer.WriteRecordBatch(whole));
    }

    public void Complete(CancellationToken cancellation) => Run(() =>
    {
        _writer.WriteStart();
        _writer.WriteEnd();
    });

    public void Dispose() => _writer.Dispose();

    private static bool IsWhole(ArrayData data) => data.Offset == 0 && (data.Children is null || data.Children.All(IsWhole));

    private static IpcOptions Options(WriteOptions options)
    {
        CompressionCodecType? codec = options.Compression?.ToLowerInvariant() switch
        {
            null or "none" => null,
            "zstd" => CompressionCodecType.Zstd,
            "lz4" => CompressionCodecType.Lz4Frame,
            _ => throw DataErrors.InvalidOption($"'{options.Compression}' is no codec of Arrow. Codecs are none, zstd and lz4."),
        };
        if (options.CompressionLevel is not null && codec != CompressionCodecType.Zstd)
        {
            throw DataErrors.InvalidOption("In Arrow only zstd has levels.");
        }

        return new IpcOptions { CompressionCodec = codec, CompressionCodecFactory = new CompressionCodecFactory(), CompressionLevel = options.CompressionLevel };
    }

    private void Run(Action action)
    {
        try
        {
            action();
        }
        catch (IOException e)
        {
            throw DataErrors.CannotWrite(_context.Target, e);
        }
    }
}
