using DataTools.Errors;

namespace DataTools.Formats.Json;

/// <summary>The records of a chunk: those that a splitter found, or its lines that are not blank.</summary>
internal struct JsonRecords(JsonChunk chunk, string source, int maxRecordBytes)
{
    private int _at;

    /// <summary>Where the record is.</summary>
    public Range Current { get; private set; }

    /// <summary>For foreach.</summary>
    public readonly JsonRecords GetEnumerator() => this;

    /// <summary>Moves to the next record.</summary>
    public bool MoveNext()
    {
        if (chunk.Records is null ? !NextLine() : _at == chunk.Records.Count)
        {
            return false;
        }

        if (chunk.Records is not null)
        {
            Current = chunk.Records[_at++];
        }

        if (Current.End.Value - Current.Start.Value > maxRecordBytes)
        {
            throw DataErrors.LimitExceeded(source, $"the record at line {chunk.LineOf(Current)} is longer than {maxRecordBytes:N0} bytes. Raise -MaxRecordSize if that is right.");
        }

        return true;
    }

    private bool NextLine()
    {
        var bytes = chunk.Bytes;
        while (_at < bytes.Length)
        {
            var rest = bytes[_at..];
            var end = rest.IndexOf((byte)'\n');
            var length = end < 0 ? rest.Length : end;
            var start = _at;
            _at += length + 1;
            if (rest[..length].ContainsAnyExcept(" \t\r"u8))
            {
                Current = start..(start + length);
                return true;
            }
        }

        return false;
    }
}
