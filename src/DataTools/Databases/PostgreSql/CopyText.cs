using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases.Writing;
using DataTools.Formats;

namespace DataTools.Databases.PostgreSql;

/// <summary>Writes rows as COPY's text form: values as the server's input functions take them, separated by tabs.</summary>
internal sealed class CopyText(LoadTarget target)
{
    private readonly DataType[] _types = [.. target.Schema.FieldsList.Select(DataTypes.Of)];
    private byte[] _text = new byte[256];

    public void Write(CopyBuffer into, RecordBatch batch, int from, int to)
    {
        for (var row = from; row < to; row++)
        {
            for (var i = 0; i < _types.Length; i++)
            {
                if (i > 0)
                {
                    into.Bytes("\t"u8);
                }

                var column = batch.Column(i);
                if (column.IsNull(row))
                {
                    into.Bytes("\\N"u8);
                }
                else
                {
                    Escape(into, Format(_types[i], column, row), row, i);
                }
            }

            into.Bytes("\n"u8);
            into.EndRow();
        }
    }

    /// <summary>The text that the server reads as the value.</summary>
    private ReadOnlySpan<byte> Format(DataType type, IArrowArray column, int row) => type switch
    {
        BinaryDataType => System.Text.Encoding.ASCII.GetBytes("\\x" + Convert.ToHexString(column.Bytes(row))),
        DurationType => System.Text.Encoding.ASCII.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{column.Values<long>()[row]} microseconds")),
        ListDataType list => ArrayText(list, (ListArray)column, row),
        _ => Plain(type, column, row),
    };

    private ReadOnlySpan<byte> Plain(DataType type, IArrowArray column, int row)
    {
        var most = type.MaxTextLength(column, row);
        if (_text.Length < most)
        {
            _text = new byte[most];
        }

        return type.TryFormat(column, row, _text, out var written) ? _text.AsSpan(0, written)
            : throw new InvalidOperationException($"A {type.Name} has no text.");
    }

    /// <summary>{"a","b",NULL}: every element in quotes, with a backslash before quotes and backslashes.</summary>
    private byte[] ArrayText(ListDataType list, ListArray column, int row)
    {
        using var text = new MemoryStream();
        var offsets = column.Offsets();
        text.WriteByte((byte)'{');
        for (var i = offsets[row]; i < offsets[row + 1]; i++)
        {
            text.Write(i > offsets[row] ? ","u8 : default);
            if (column.Values.IsNull(i))
            {
                text.Write("NULL"u8);
                continue;
            }

            text.WriteByte((byte)'"');
            foreach (var c in Format(list.Item, column.Values, i))
            {
                text.Write(c is (byte)'"' or (byte)'\\' ? "\\"u8 : default);
                text.WriteByte(c);
            }

            text.WriteByte((byte)'"');
        }

        text.WriteByte((byte)'}');
        return text.ToArray();
    }

    private void Escape(CopyBuffer into, ReadOnlySpan<byte> text, int row, int column)
    {
        if (text.IndexOfAny("\t\n\r\\\0"u8) < 0)
        {
            into.Bytes(text);
            return;
        }

        foreach (var c in text)
        {
            switch (c)
            {
                case (byte)'\t':
                    into.Bytes("\\t"u8);
                    break;
                case (byte)'\n':
                    into.Bytes("\\n"u8);
                    break;
                case (byte)'\r':
                    into.Bytes("\\r"u8);
                    break;
                case (byte)'\\':
                    into.Bytes("\\\\"u8);
                    break;
                case 0 when target.OnLoss != LossPolicy.Stop:
                    break;
                case 0:
                    throw new LoadFaultException(new LoadFault(row, target.Columns[column].Name, null, "holds the character NUL, which PostgreSQL has no place for; -OnLoss Warn or Allow drops it"));
                default:
                    into.Bytes([c]);
                    break;
            }
        }
    }
}
