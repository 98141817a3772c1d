using System.Text;
using System.Text.Json;

namespace DataTools.Formats.Json;

/// <summary>Follows the tokens of a JSON text and notes where its records begin and end.</summary>
internal sealed class RecordFinder(string? path)
{
    private const int NamesShown = 20;
    private const int Elsewhere = -1;

    private readonly byte[][] _path = path is null ? [] : [.. path.Split('.').Select(Encoding.UTF8.GetBytes)];
    private readonly Stack<Frame> _open = new();
    private readonly List<string> _names = [];
    private int _level;
    private int _until = -1;
    private bool _found;

    /// <summary>The records that ended since the list was last taken.</summary>
    public List<Range> Records { get; set; } = [];

    /// <summary>Where the unfinished record starts.</summary>
    public int? RecordStart { get; private set; }

    /// <summary>The names that stand where the path ends in nothing; null when it led to records.</summary>
    public IReadOnlyList<string>? Missing => _found || path is null ? null : _names;

    /// <summary>Whether there was anything at all.</summary>
    public bool SawToken { get; private set; }

    /// <summary>Takes a token. <paramref name="start"/> is where in the buffer the reader began.</summary>
    public void Take(ref Utf8JsonReader reader, int start)
    {
        SawToken = true;
        if (_until >= 0)
        {
            Close(ref reader, start);
            return;
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                TakeName(ref reader);
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                _open.Pop();
                break;
            default:
                TakeValue(ref reader, start);
                break;
        }
    }

    /// <summary>The buffer's content moved towards its start.</summary>
    public void Moved(int by) => RecordStart -= by;

    private void Close(ref Utf8JsonReader reader, int start)
    {
        if (reader.CurrentDepth != _until || reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
        {
            return;
        }

        if (RecordStart is { } from)
        {
            Records.Add(from..(start + (int)reader.BytesConsumed));
        }

        RecordStart = null;
        _until = -1;
    }

    private void TakeName(ref Utf8JsonReader reader)
    {
        var level = _open.Peek().Level;
        var matches = reader.ValueTextEquals(_path[level]);
        _level = matches ? level + 1 : Elsewhere;
        if (!matches && !_found && _names.Count < NamesShown)
        {
            _names.Add(Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }

    private void TakeValue(ref Utf8JsonReader reader, int start)
    {
        var isElement = _open.TryPeek(out var frame) && frame.IsArray;
        var level = isElement ? frame.Level : _open.Count == 0 ? 0 : _level;
        var isArray = reader.TokenType == JsonTokenType.StartArray;
        if (level == Elsewhere)
        {
            Enclose(ref reader, null);
        }
        else if (level == _path.Length && (isElement || !isArray))
        {
            TakeRecord(ref reader, start + (int)reader.TokenStartIndex, start + (int)reader.BytesConsumed, isElement);
        }
        else if (isArray || reader.TokenType == JsonTokenType.StartObject)
        {
            _found |= level == _path.Length;
            _open.Push(new Frame(isArray, level));
        }
    }

    private void TakeRecord(ref Utf8JsonReader reader, int from, int to, bool isElement)
    {
        _found = true;
        if (Enclose(ref reader, from))
        {
            return;
        }

        // A null in place of the array means that there are no records.
        if (isElement || _path.Length == 0 || reader.TokenType != JsonTokenType.Null)
        {
            Records.Add(from..to);
        }
    }

    /// <summary>Passes over all tokens up to the end of the object or array that begins here; a scalar is over already.</summary>
    private bool Enclose(ref Utf8JsonReader reader, int? recordStart)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return false;
        }

        _until = reader.CurrentDepth;
        RecordStart = recordStart;
        return true;
    }

    private readonly record struct Frame(bool IsArray, int Level);
}
