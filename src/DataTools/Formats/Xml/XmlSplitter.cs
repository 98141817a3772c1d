using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Formats.Json;

namespace DataTools.Formats.Xml;

/// <summary>
/// Finds the records of an XML file of any length and hands them on as JSON objects, whose reader knows nested values, columns and rejects. Only the
/// records of a chunk are held.
/// </summary>
internal sealed class XmlSplitter : IJsonSplitter
{
    private const int ChunkBytes = 1 << 20;
    private const int NamesShown = 20;
    private const int ChecksEvery = 4096;

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true, MaxDepth = int.MaxValue };

    private readonly XmlInput _input;
    private readonly XmlPath _path;
    private readonly ReadOptions _options;
    private readonly string _source;
    private readonly XmlRecordReader _records;
    private readonly XmlTexts _texts;
    private readonly ArrayBufferWriter<byte> _text = new(2 * ChunkBytes);
    private readonly Utf8JsonWriter _json;
    private readonly Stack<XmlPathState> _open = new();
    private readonly HashSet<string> _names = [];
    private bool _found;
    private bool _ended;

    /// <summary>Opens a file; <paramref name="path"/> leads to the records.</summary>
    public XmlSplitter(DataSource source, ReadOptions options, XmlPath path)
    {
        _path = path;
        _options = options;
        _source = source.Name;
        _input = XmlInput.Open(source, options);
        _records = new XmlRecordReader(_input, source.Name, options);
        _texts = new XmlTexts(options);
        _json = new Utf8JsonWriter(_text, Writing);
    }

    /// <inheritdoc/>
    public double? Progress => _input.Progress;

    /// <summary>A file without a root element is an error of its own.</summary>
    public bool IsEmpty => false;

    /// <inheritdoc/>
    public JsonChunk? Next(CancellationToken cancellation)
    {
        YoungMemory.Collect();
        _text.ResetWrittenCount();
        var ranges = new List<Range>();
        var lines = new List<long>();
        while (!_ended && _text.WrittenCount < ChunkBytes && FindRecord(cancellation))
        {
            var start = _text.WrittenCount;
            lines.Add(_input.Line);
            _records.Read().WriteRecord(_json, _texts);
            _json.Flush();
            _json.Reset();
            _input.Mark();
            ranges.Add(start.._text.WrittenCount);
        }

        if (ranges.Count == 0)
        {
            return _found || _options.RecordPath is null ? null : throw DataErrors.ColumnNotFound(_options.RecordPath, $"The path to the records: {_source}", _names);
        }

        _found = true;
        var buffer = ArrayPool<byte>.Shared.Rent(_text.WrittenCount);
        _text.WrittenSpan.CopyTo(buffer);
        return new JsonChunk(buffer, _text.WrittenCount, 0, ranges) { Lines = lines };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _json.Dispose();
        _input.Dispose();
    }

    /// <summary>Moves to the next record; false at the end.</summary>
    private bool FindRecord(CancellationToken cancellation)
    {
        for (var nodes = 1; ; nodes++)
        {
            if (nodes % ChecksEvery == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            if (!_input.Read())
            {
                _ended = true;
                return false;
            }

            if (_input.Node.NodeType == XmlNodeType.Element && Enter())
            {
                cancellation.ThrowIfCancellationRequested();
                return true;
            }

            if (_input.Node.NodeType == XmlNodeType.EndElement)
            {
                _open.Pop();
            }

            _input.Mark();
        }
    }

    /// <summary>Whether the element is a record; one that is none is followed inwards.</summary>
    private bool Enter()
    {
        var node = _input.Node;
        var state = _path.Enter(_open.TryPeek(out var parent) ? parent : XmlPathState.Start, node.Name);
        if (_path.IsEnd(state))
        {
            return true;
        }

        if (_names.Count < NamesShown)
        {
            _names.Add(Reject.Shorten(node.Name));
        }

        if (!node.IsEmptyElement)
        {
            _open.Push(state);
        }

        return _open.Count <= NestedText.MaxDepth
            ? false
            : throw DataErrors.LimitExceeded(_source, $"the elements at line {_input.Line} are nested more than {NestedText.MaxDepth} levels deep.");
    }
}
