using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace DataTools.Formats.Parquet;

/// <summary>
/// Writes batches as row groups. A group is encoded as its batches come, so that memory holds no more than its encoded pages; it ends at
/// the row group size, or earlier where its values are large.
/// </summary>
internal sealed class ParquetBatchWriter : IBatchWriter
{
    /// <summary>The bytes of values after which a row group ends whatever its rows: it bounds the memory of its encoded pages.</summary>
    private const long MaxGroupBytes = 256 << 20;

    /// <summary>A dictionary may grow to this; past it, the library goes on without one.</summary>
    private const int MaxDictionaryBytes = 2 << 20;

    /// <summary>Longer least and greatest values are left out of the statistics.</summary>
    private const int MaxStatisticsBytes = 4096;

    private const string ExceptionMark = "Exception: ";

    private readonly Stream _stream;
    private readonly Schema _schema;
    private readonly WriteContext _context;
    private readonly (Compression Codec, int? Level) _codec;
    private FileWriter? _writer;
    private long _groupBytes;

    public ParquetBatchWriter(Stream stream, Schema schema, WriteContext context)
    {
        _stream = stream;
        _context = context;
        _codec = ParquetCodec.Of(context.Options);
        if (context.Options.RowGroupSize < 1)
        {
            throw DataErrors.InvalidOption($"A row group of {context.Options.RowGroupSize} rows is not possible.");
        }

        _schema = schema.WithMetadata(context.Options.Metadata);
    }

    public void WriteBatch(RecordBatch batch, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Run(() =>
        {
            _writer ??= Open(batch);
            var bytes = batch.Arrays.Sum(BatchBytes.Of);
            if (_groupBytes > 0 && _groupBytes + bytes > MaxGroupBytes)
            {
                _writer.NewBufferedRowGroup();
                _groupBytes = 0;
            }

            _groupBytes += bytes;
            _writer.WriteBufferedRecordBatch(batch);
        });
    }

    public void Complete(CancellationToken cancellation) => Run(() =>
    {
        _writer ??= Open(null);
        _writer.Close();
    });

    public void Dispose() => _writer?.Dispose();

    private FileWriter Open(RecordBatch? sample)
    {
        using var builder = new WriterPropertiesBuilder();
        builder
            .Compression(_codec.Codec)
            .EnableStoreDecimalAsInteger()
            .DictionaryPagesizeLimit(MaxDictionaryBytes)
            .SetMaxStatisticsSize(MaxStatisticsBytes)
            .MaxRowGroupLength(_context.Options.RowGroupSize)
            .CreatedBy("DataTools");
        if (_codec.Level is { } level)
        {
            builder.CompressionLevel(level);
        }

        if (_context.Options.NoDictionary)
        {
            builder.DisableDictionary();
        }

        if (sample is not null)
        {
            new ParquetEncodings(sample, _context.Options, MaxDictionaryBytes).Apply(builder);
        }

        using var properties = builder.Build();
        using var arrowBuilder = new ArrowWriterPropertiesBuilder();
        using var arrow = arrowBuilder.StoreSchema().UseThreads(true).Build();
        return new FileWriter(_stream, _schema, properties, arrow, leaveOpen: true);
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
        catch (ParquetException e)
        {
            throw DataErrors.CannotWrite(_context.Target, new IOException(Reason(e.Message), e));
        }
    }

    /// <summary>What the stream said, which the library gives with the names of its own exceptions before and a stack behind.</summary>
    private static string Reason(string message)
    {
        var line = message.Split('\n')[0].TrimEnd('\r');
        var said = line.LastIndexOf(ExceptionMark, StringComparison.Ordinal);
        return said < 0 ? line : line[(said + ExceptionMark.Length)..];
    }
}
