using Apache.Arrow;
using DataTools.Data;

namespace DataTools.Formats.Excel.Writing;

/// <summary>Where rows go in a sheet that is there, and what their cells are to look like.</summary>
internal sealed record Region
{
    /// <summary>The row of the header; 0 for none.</summary>
    public required int HeaderRow { get; init; }

    /// <summary>The names in the header by column of the sheet, without blank ones.</summary>
    public required IReadOnlyDictionary<int, string> Names { get; init; }

    /// <summary>The first column.</summary>
    public required int FirstColumn { get; init; }

    /// <summary>The last column.</summary>
    public required int LastColumn { get; init; }

    /// <summary>The last row that holds data; the row before <see cref="FirstRow"/> for none.</summary>
    public int LastRow { get; init; }

    /// <summary>Whether a row of totals follows, which is to stay behind the data.</summary>
    public bool HasTotals { get; init; }

    /// <summary>The table's part, where the region is that of a table.</summary>
    public DocumentFormat.OpenXml.Packaging.TableDefinitionPart? Table { get; init; }

    /// <summary>The row whose cells new ones look like; 0 for none.</summary>
    public int SampleRow { get; init; }

    /// <summary>The height of that row, where somebody set it.</summary>
    public double? SampleHeight { get; init; }

    /// <summary>The cells of that row by column.</summary>
    public IReadOnlyDictionary<int, SheetCell> Sample { get; init; } = new Dictionary<int, SheetCell>();

    /// <summary>The first row below the header.</summary>
    public int FirstRow => HeaderRow + 1;

    /// <summary>The row where data that is there ends, for ranges that go along: an empty region counts as one row.</summary>
    public int OldLast => Math.Max(FirstRow, LastRow);

    /// <summary>The column of the sheet for each column of the data; null where one has none.</summary>
    public int[]? Places(Schema schema)
    {
        var byName = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var (column, name) in Names)
        {
            byName.TryAdd(name, column);
        }

        var places = schema.Names().Select(n => byName.GetValueOrDefault(n)).ToArray();
        return places.Contains(0) ? null : places;
    }
}
