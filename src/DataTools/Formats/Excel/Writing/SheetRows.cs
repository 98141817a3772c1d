using System.Text;
using System.Xml;
using System.Xml.Linq;
using DataTools.Errors;

namespace DataTools.Formats.Excel.Writing;

/// <summary>
/// Writes the rows of one sheet in their order: new ones as they are, and among them those that the sheet has already. A row that has cells beside
/// the region keeps them.
/// </summary>
internal sealed class SheetRows : IDisposable
{
    private readonly Stream _stream;
    private readonly SheetFrame _frame;
    private readonly XmlWriter _writer;
    private readonly SheetXml? _old;
    private readonly Region? _region;
    private readonly bool _appends;
    private readonly string _name;
    private readonly List<XElement> _late = [];
    private XElement? _totals;
    private bool _hasOld;

    /// <summary>Starts the sheet's XML. <paramref name="old"/> are the rows that it has; null for a new one.</summary>
    public SheetRows(Stream stream, SheetFrame frame, string name, SheetXml? old = null, Region? region = null, bool appends = false)
    {
        (_stream, _frame, _name, _old, _region, _appends) = (stream, frame, name, old, region, appends);
        _writer = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(false), CloseOutput = false });
        _writer.WriteStartDocument(standalone: true);
        frame.WriteHead(_writer);
        _writer.Flush();
        _hasOld = _old?.MoveToRow() ?? false;
    }

    /// <summary>Writes rows, the first of which is row <paramref name="place"/> of the sheet.</summary>
    public void Write(RowBlock block, int place)
    {
        for (var i = 0; i < block.Count; i++)
        {
            CopyTo(place + i);
            if (!_hasOld || _old!.Row >= place + block.Count)
            {
                _writer.Flush();
                _stream.Write(block.From(i));
                return;
            }

            if (_old.Row == place + i)
            {
                Merge(XElement.Parse($"<row xmlns=\"{_frame.Ns}\">{Encoding.UTF8.GetString(block[i])}</row>", LoadOptions.PreserveWhitespace).Elements().Single(), TakeOld());
            }
            else
            {
                _writer.Flush();
                _stream.Write(block[i]);
            }
        }
    }

    /// <summary>Writes rows that stand before all others.</summary>
    public void Write(string head)
    {
        _writer.Flush();
        _stream.Write(Encoding.UTF8.GetBytes(head));
    }

    /// <summary>Writes the rest. <paramref name="last"/> is the last row of the region.</summary>
    public void Complete(int last)
    {
        if (_region is { HasTotals: true })
        {
            CopyTo(last + 1);
            PutTotals(last + 1);
        }

        CopyTo(int.MaxValue);
        _frame.WriteTail(_writer);
        _writer.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.Dispose();
        _old?.Dispose();
    }

    /// <summary>Copies the rows before one; what is replaced is left out.</summary>
    private void CopyTo(int place)
    {
        while (_hasOld && _old!.Row < place)
        {
            if (_region is not null && IsReplaced(_region, _old.Row))
            {
                Put(TakeOld());
            }
            else
            {
                _writer.WriteNode(_old.Reader, defattr: false);
                _hasOld = _old.MoveToRow();
            }
        }
    }

    /// <summary>The next row that is there, without the cells that are replaced.</summary>
    private XElement TakeOld()
    {
        var number = _old!.Row;
        var row = (XElement)XNode.ReadFrom(_old.Reader);
        _hasOld = _old.MoveToRow();
        row.SetAttributeValue("r", number);
        row.SetAttributeValue("spans", null);
        if (_region is not { } region || !IsReplaced(region, number))
        {
            return row;
        }

        var own = CellsOf(row).Where(c => c.Column >= region.FirstColumn && c.Column <= region.LastColumn).Select(c => c.Cell).ToList();
        var isTotals = region.HasTotals && number == region.LastRow + 1;
        if (number > region.LastRow && !isTotals && own.Exists(c => c.HasElements))
        {
            throw DataErrors.NoRoom(_name, number);
        }

        own.Remove();
        _totals = isTotals ? new XElement(row.Name, own) : _totals;
        return row;
    }

    /// <summary>Whether the cells of a row in the region make room for new ones.</summary>
    private bool IsReplaced(Region region, int row) => row >= region.FirstRow && (!_appends || row > region.LastRow);

    /// <summary>The row of totals, below the data.</summary>
    private void PutTotals(int place)
    {
        // Where the data is shorter than it was, the totals have not been met yet.
        while (_totals is null && _hasOld && _old!.Row <= _region!.LastRow + 1)
        {
            var row = TakeOld();
            if (row.HasElements)
            {
                _late.Add(row);
            }
        }

        var totals = _totals ?? new XElement(_frame.Ns + "row");
        totals.SetAttributeValue("r", place);
        foreach (var (column, cell) in CellsOf(totals))
        {
            cell.SetAttributeValue("r", CellRange.Cell(place, column));
        }

        if (_late.Find(r => (int)r.Attribute("r")! == place) is { } there)
        {
            _late.Remove(there);
            Merge(totals, there);
        }
        else if (_hasOld && _old!.Row == place)
        {
            Merge(totals, TakeOld());
        }
        else
        {
            Put(totals);
        }

        _late.ForEach(Put);
    }

    /// <summary>Writes a row that has the cells of two.</summary>
    private void Merge(XElement fresh, XElement old)
    {
        var cells = CellsOf(old).Concat(CellsOf(fresh)).OrderBy(c => c.Column).Select(c => c.Cell).ToList();
        cells.Remove();
        old.Add(cells);
        foreach (var attribute in fresh.Attributes())
        {
            old.SetAttributeValue(attribute.Name, attribute.Value);
        }

        Put(old);
    }

    private void Put(XElement row)
    {
        if (row.HasElements || row.Attributes().Any(a => a.Name != "r"))
        {
            row.WriteTo(_writer);
        }
    }

    private static List<(int Column, XElement Cell)> CellsOf(XElement row)
    {
        var cells = new List<(int Column, XElement Cell)>();
        foreach (var cell in row.Elements().Where(e => e.Name.LocalName == "c"))
        {
            var next = cells.Count > 0 ? cells[^1].Column + 1 : 1;
            cells.Add((CellRange.TryCell((string?)cell.Attribute("r"), out _, out var column) ? column : next, cell));
        }

        return cells;
    }
}
