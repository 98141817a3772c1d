using System.Globalization;

namespace DataTools.Formats.Excel.Reading;

/// <summary>The number formats of a book, by the styles of its cells.</summary>
internal sealed class XlsxStyles(CultureInfo culture)
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

    /// <summary>Reads the part of a book that holds them.</summary>
    public static XlsxStyles Read(XlsxPackage package, string path, CultureInfo culture)
    {
        var styles = new XlsxStyles(culture);
        using var reader = package.OpenHeld(path);
        reader.MoveToContent();
        while (XlsxPackage.NextChild(reader, 0))
        {
            var isFormats = reader.LocalName == "numFmts";
            if (!isFormats && reader.LocalName != "cellXfs")
            {
                continue;
            }

            while (XlsxPackage.NextChild(reader, 1))
            {
                int.TryParse(reader.GetAttribute("numFmtId"), NumberStyles.None, CultureInfo.InvariantCulture, out var id);
                if (isFormats)
                {
                    styles._codes[id] = reader.GetAttribute("formatCode") ?? "";
                }
                else
                {
                    styles._styles.Add(id);
                }
            }
        }

        return styles;
    }

    private CellFormat OfFormat(int id)
    {
        if (!_formats.TryGetValue(id, out var format))
        {
            _formats.Add(id, format = new CellFormat(_codes.TryGetValue(id, out var code) ? code : FormatCode.OfBuiltIn(id, culture)));
        }

        return format;
    }
}
