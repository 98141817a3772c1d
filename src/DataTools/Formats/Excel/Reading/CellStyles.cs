using System.Globalization;

namespace DataTools.Formats.Excel.Reading;

/// <summary>The number formats of a book, by the styles of its cells.</summary>
internal sealed class CellStyles(CultureInfo culture)
{
    private readonly Dictionary<int, string> _codes = [];
    private readonly Dictionary<int, CellFormat> _formats = [];
    private readonly List<int> _styles = [];

    /// <summary>The format of plain numbers.</summary>
    public static readonly CellFormat Plain = new("General");

    /// <summary>The format of cells that have no style.</summary>
    private CellFormat General => OfFormat(0);

    /// <summary>The format of a style, whose number the sheet may have made up.</summary>
    public CellFormat this[int style] => (uint)style < (uint)_styles.Count ? OfFormat(_styles[style]) : General;

    /// <summary>Adds a format that the book defines.</summary>
    public void AddFormat(int id, string code) => _codes[id] = code;

    /// <summary>Adds a style of cells, by its format.</summary>
    public void AddStyle(int format) => _styles.Add(format);

    private CellFormat OfFormat(int id)
    {
        if (!_formats.TryGetValue(id, out var format))
        {
            _formats.Add(id, format = new CellFormat(_codes.TryGetValue(id, out var code) ? code : FormatCode.OfBuiltIn(id, culture)));
        }

        return format;
    }
}
