using Apache.Arrow;
using DataTools.Errors;

namespace DataTools.Formats.Delimited;

/// <summary>Puts a row together from the texts of its columns.</summary>
internal interface IRowLayout
{
    /// <summary>What turns the values of each column into text.</summary>
    IReadOnlyList<CellFormatter> Columns { get; }

    /// <summary>Adds the text of the first <paramref name="count"/> rows of the cells; <paramref name="row"/> is the 1-based number of the first, for errors.</summary>
    void AddRows(ReadOnlySpan<CellBuffer> cells, int count, long row, CellBuffer into);

    /// <summary>How many values will not come back as they were; more than none only where the options accept that.</summary>
    long Lost => 0;
}

/// <summary>Turns a range of rows into text. Used by one thread at a time.</summary>
internal sealed class RowBlock(IRowLayout layout)
{
    /// <summary>Few enough rows that their texts stay in the cache between column and row.</summary>
    private const int BlockRows = 1024;

    private readonly CellBuffer[] _cells = [.. layout.Columns.Select(_ => new CellBuffer())];
    private readonly CellBuffer _rows = new();

    /// <summary>The text of the rows.</summary>
    public ReadOnlySpan<byte> Text => _rows.All;

    /// <summary>Formats rows; <paramref name="row"/> is the 1-based number of the first.</summary>
    public void Format(RecordBatch batch, int start, int count, long row)
    {
        _rows.Clear();
        for (var at = 0; at < count; at += BlockRows)
        {
            var size = Math.Min(BlockRows, count - at);
            FormatCells(batch, start + at, size, row + at);
            layout.AddRows(_cells, size, row + at, _rows);
        }
    }

    /// <summary>The error for the first cell that the output's encoding does not have.</summary>
    public DataException Locate(RecordBatch batch, int start, int count, long row, TextOutput output)
    {
        FormatCells(batch, start, count, row);
        for (var i = 0; i < count; i++)
        {
            for (var column = 0; column < _cells.Length; column++)
            {
                if (!output.CanEncode(_cells[column][i]))
                {
                    return output.Unencodable(batch.Schema.FieldsList[column].Name, row + i, _cells[column][i]);
                }
            }
        }

        return output.Unencodable("delimiter", row, []);
    }

    private void FormatCells(RecordBatch batch, int start, int count, long row)
    {
        for (var column = 0; column < _cells.Length; column++)
        {
            _cells[column].Clear();
            layout.Columns[column].Format(batch.Column(column), start, count, row, _cells[column]);
        }
    }
}
