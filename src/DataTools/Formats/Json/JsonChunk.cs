using System.Buffers;

namespace DataTools.Formats.Json;

/// <summary>A piece of the input that holds whole records.</summary>
/// <param name="Buffer">A rented buffer; <see cref="Release"/> gives it back.</param>
/// <param name="Length">The bytes in use.</param>
/// <param name="FirstLine">The 1-based line of the first byte.</param>
/// <param name="Records">Where the records are, or null when each line is one.</param>
internal sealed record JsonChunk(byte[] Buffer, int Length, long FirstLine, IReadOnlyList<Range>? Records)
{
    /// <summary>The lines of the source on which the records start, where these bytes are not the source's own.</summary>
    public IReadOnlyList<long>? Lines { get; init; }

    /// <summary>The 1-based line on which a record starts.</summary>
    public long LineOf(Range record) =>
        Lines is null ? FirstLine + Bytes[..record.Start.Value].Count((byte)'\n') : Lines[Records!.ToList().IndexOf(record)];

    /// <summary>The bytes in use.</summary>
    public ReadOnlySpan<byte> Bytes => Buffer.AsSpan(0, Length);

    /// <summary>Gives the buffer back. Nobody may use the chunk after that.</summary>
    public void Release() => ArrayPool<byte>.Shared.Return(Buffer);
}

/// <summary>Cuts a file into chunks of whole records.</summary>
internal interface IJsonSplitter : IDisposable
{
    /// <summary>How much of the file has been read, 0 to 1, or null.</summary>
    double? Progress { get; }

    /// <summary>Whether the file held nothing but blanks; known at its end.</summary>
    bool IsEmpty { get; }

    /// <summary>The next chunk, or null at the end.</summary>
    JsonChunk? Next(CancellationToken cancellation);
}
