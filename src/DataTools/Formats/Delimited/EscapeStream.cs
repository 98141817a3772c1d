namespace DataTools.Formats.Delimited;

/// <summary>
/// Rewrites a dialect that has quotes and an escape character, as <c>"say \"hi\""</c>, to doubled quotes. In a quoted field the escape
/// makes the character after it text; outside of quotes it is text itself.
/// </summary>
internal sealed class EscapeStream(Stream inner, Dialect dialect) : ForwardStream
{
    private readonly byte _quote = (byte)dialect.Quote!.Value;
    private readonly byte _escape = (byte)dialect.Escape!.Value;
    private readonly byte _separatorEnd = (byte)dialect.Separator[^1];
    private readonly byte[] _block = new byte[64 << 10];
    private readonly byte[] _output = new byte[128 << 10];
    private int _at;
    private int _length;
    private State _state = State.FieldStart;

    private enum State
    {
        FieldStart,
        Unquoted,
        Quoted,
        Escaped,
    }

    public override int Read(Span<byte> buffer)
    {
        while (_at == _length)
        {
            var read = inner.Read(_block);
            if (read == 0)
            {
                return 0;
            }

            Rewrite(_block.AsSpan(0, read));
        }

        var count = Math.Min(buffer.Length, _length - _at);
        _output.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }

    private void Rewrite(ReadOnlySpan<byte> text)
    {
        _at = _length = 0;
        foreach (var c in text)
        {
            switch (_state)
            {
                case State.Escaped:
                    Escaped(c);
                    break;
                case State.Quoted when c == _escape:
                    _state = State.Escaped;
                    break;
                default:
                    _output[_length++] = c;
                    _state = Next(c);
                    break;
            }
        }
    }

    private void Escaped(byte c)
    {
        if (c == _quote)
        {
            _output[_length++] = _quote;
        }

        _output[_length++] = c;
        _state = State.Quoted;
    }

    /// <summary>A doubled quote leaves and enters the quotes, which comes to the same.</summary>
    private State Next(byte c)
    {
        if (c == _quote)
        {
            return _state switch
            {
                State.FieldStart => State.Quoted,
                State.Quoted => State.FieldStart,
                _ => _state,
            };
        }

        if (_state == State.Quoted)
        {
            return State.Quoted;
        }

        var startsField = c == _separatorEnd || c is (byte)'\n' or (byte)'\r' || (dialect.Trim && c is (byte)' ' or (byte)'\t' && _state == State.FieldStart);
        return startsField ? State.FieldStart : State.Unquoted;
    }
}
