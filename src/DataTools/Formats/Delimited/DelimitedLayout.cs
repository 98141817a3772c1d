using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;

namespace DataTools.Formats.Delimited;

/// <summary>Rows with separators between their fields.</summary>
internal sealed class DelimitedLayout : IRowLayout
{
    private readonly byte[] _separator;
    private readonly byte[] _newLine;

    public DelimitedLayout(Schema schema, WriteOptions options, string separator)
    {
        var quoting = new CellQuoting(separator, options);
        _separator = Encoding.UTF8.GetBytes(separator);
        _newLine = Encoding.UTF8.GetBytes(options.NewLine);
        Columns = [.. schema.FieldsList.Select(f => CellFormatter.Create(f, options, quoting))];
        Header = options.NoHeader ? [] : HeaderOf(schema, quoting);
    }

    /// <inheritdoc/>
    public IReadOnlyList<CellFormatter> Columns { get; }

    /// <summary>The header row; empty where none is wanted.</summary>
    public byte[] Header { get; }

    /// <inheritdoc/>
    public void AddRows(ReadOnlySpan<CellBuffer> cells, int count, long row, CellBuffer into)
    {
        var length = count * (_newLine.Length + (_separator.Length * (cells.Length - 1)));
        foreach (var column in cells)
        {
            length = checked(length + column.All.Length);
        }

        ref var room = ref MemoryMarshal.GetReference(into.Reserve(length));
        var at = 0;
        for (var i = 0; i < count; i++)
        {
            for (var column = 0; column < cells.Length; column++)
            {
                at += column == 0 ? 0 : Copy(_separator, ref Unsafe.Add(ref room, at));
                at += cells[column].CopyCell(i, ref Unsafe.Add(ref room, at));
            }

            at += Copy(_newLine, ref Unsafe.Add(ref room, at));
        }

        into.Close(length);
    }

    private static int Copy(byte[] text, ref byte to)
    {
        if (text.Length == 1)
        {
            to = text[0];
        }
        else
        {
            text.CopyTo(MemoryMarshal.CreateSpan(ref to, text.Length));
        }

        return text.Length;
    }

    private byte[] HeaderOf(Schema schema, CellQuoting quoting)
    {
        var names = schema.FieldsList.Select(f =>
        {
            var cell = new CellBuffer();
            quoting.AddText(Encoding.UTF8.GetBytes(f.Name), cell, f.Name, 0);
            return cell;
        }).ToArray();
        var header = new CellBuffer();
        AddRows(names, 1, 0, header);
        return header[0].ToArray();
    }
}
