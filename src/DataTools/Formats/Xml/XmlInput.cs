using System.Text;
using System.Xml;
using DataTools.Errors;

namespace DataTools.Formats.Xml;

/// <summary>
/// Reads the nodes of an XML file forward. A document type, and with it every entity and external reference, is an error; the length of what
/// stands between two calls of <see cref="Mark"/> is bounded.
/// </summary>
internal sealed class XmlInput : IDisposable
{
    private readonly string _name;
    private readonly Stream _raw;
    private readonly BoundedSpan _bytes;
    private readonly XmlReader _reader;

    private XmlInput(string name, Stream raw, ReadOptions options)
    {
        _name = name;
        _raw = raw;
        _bytes = new BoundedSpan(raw, name, options.MaxRecordBytes);
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true, CloseInput = true,
            NameTable = new BoundedNames(name),
        };
        _reader = options.Encoding is null
            ? XmlReader.Create(_bytes, settings)
            : XmlReader.Create(new StreamReader(_bytes, Strict(options.Encoding)), settings);
    }

    /// <summary>The node at hand.</summary>
    public XmlReader Node => _reader;

    /// <summary>The 1-based line of the node at hand.</summary>
    public long Line => ((IXmlLineInfo)_reader).LineNumber;

    /// <summary>How much of the file has been read, 0 to 1, where its length is known.</summary>
    public double? Progress => _raw.CanSeek && _raw.Length > 0 ? (double)_raw.Position / _raw.Length : null;

    /// <summary>Opens a file: its encoding is the one that was asked for, or the one that its mark or declaration tells.</summary>
    public static XmlInput Open(DataSource source, ReadOptions options)
    {
        var raw = source.Open(options);
        try
        {
            return new XmlInput(source.Name, raw, options);
        }
        catch (XmlException e)
        {
            raw.Dispose();
            throw Malformed(source.Name, e);
        }
        catch
        {
            raw.Dispose();
            throw;
        }
    }

    /// <summary>Moves to the next node; false at the end.</summary>
    public bool Read()
    {
        try
        {
            return _reader.Read();
        }
        catch (XmlException) when (_bytes.Total == 0)
        {
            throw DataErrors.EmptyFile(_name);
        }
        catch (XmlException e)
        {
            throw Malformed(_name, e);
        }
        catch (Exception e) when (e is IOException or DecoderFallbackException)
        {
            throw DataErrors.CannotRead(_name, e.Message, e);
        }
    }

    /// <summary>Begins to count the length of a record.</summary>
    public void Mark() => _bytes.Mark();

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private static DataException Malformed(string name, XmlException e) => DataErrors.MalformedFile(name, "XML", e.Message.TrimEnd('.'), e);

    /// <summary>A replacement character would be a silent change.</summary>
    private static Encoding Strict(Encoding encoding)
    {
        var strict = (Encoding)encoding.Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        return strict;
    }

    /// <summary>The reader keeps every name it has met; a file of nothing but names must not fill the memory.</summary>
    private sealed class BoundedNames(string source) : NameTable
    {
        private const long Most = 16 << 20;

        private long _added;

        public override string Add(char[] key, int start, int len) => Get(key, start, len) ?? Count(len) ?? base.Add(key, start, len);

        private string? Count(int length)
        {
            _added += length;
            return _added <= Most ? null : throw DataErrors.LimitExceeded(source, "its elements and attributes have too many different names.");
        }
    }

    /// <summary>Counts what is read, and ends it where a record is longer than it may be.</summary>
    private sealed class BoundedSpan(Stream inner, string name, int limit) : ForwardStream
    {
        private long _mark;

        public long Total { get; private set; }

        public void Mark() => _mark = Total;

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            Total += read;
            return Total - _mark <= limit + buffer.Length
                ? read
                : throw DataErrors.LimitExceeded(name, $"a record is longer than {limit:N0} bytes. Name the element of the records with -RecordPath, or raise -MaxRecordSize.");
        }

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
