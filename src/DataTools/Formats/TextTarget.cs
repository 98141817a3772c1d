using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats;

/// <summary>Writes a string that holds what a file of the format would hold.</summary>
public sealed class TextTarget : IBatchWriter
{
    /// <summary>What .NET lets a string hold, in characters.</summary>
    private const int Longest = 0x3FFFFFDF;

    private readonly MemoryStream _bytes = new();
    private readonly IBatchWriter _writer;

    /// <summary>Opens a string for rows with the columns of <paramref name="schema"/>.</summary>
    public TextTarget(IDataFormat format, Schema schema, WriteOptions options, Action<string> warn) =>
        _writer = format.OpenWriter is { } open
            ? open(_bytes, schema, new WriteContext(options, TextSource.Name, warn))
            : throw DataErrors.FormatCannot(format.Name, "written");

    /// <summary>The text, once it is complete.</summary>
    public string Text { get; private set; } = "";

    /// <inheritdoc/>
    public void WriteBatch(RecordBatch batch, CancellationToken cancellation) => Guard(() => _writer.WriteBatch(batch, cancellation));

    /// <inheritdoc/>
    public void Complete(CancellationToken cancellation)
    {
        Guard(() => _writer.Complete(cancellation));
        Text = System.Text.Encoding.UTF8.GetString(_bytes.GetBuffer(), 0, (int)_bytes.Length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.Dispose();
        _bytes.Dispose();
    }

    private void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (IOException)
        {
            throw TooLong();
        }

        if (_bytes.Length > Longest)
        {
            throw TooLong();
        }
    }

    private static DataException TooLong() =>
        DataErrors.LimitExceeded(TextSource.Name, "the rows make more text than a string can hold. Write them to a file with Export-DataFile.");
}
