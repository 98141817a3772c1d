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
    public void AddRow(ReadOnlySpan<CellBuffer> cells, int cell, long row, CellBuffer into)
    {
        for (var column = 0; column < cells.Length; column++)
        {
            if (column > 0)
            {
                AddSeparator(into);
            }

            into.Append(cells[column], cell);
        }

        into.Add(_newLine);
    }

    private void AddSeparator(CellBuffer into)
    {
        if (_separator.Length == 1)
        {
            into.Append(_separator[0]);
        }
        else
        {
            into.Append(_separator);
        }
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
        AddRow(names, 0, 0, header);
        return header[0].ToArray();
    }
}
