using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace DataTools.Formats.Excel.Writing;

/// <summary>The styles of a book: found by what they look like, added where there is none yet.</summary>
internal sealed class StyleBook
{
    /// <summary>Books number their own formats from here on.</summary>
    private const uint FirstOwnFormat = 164;

    private readonly Stylesheet _sheet;
    private readonly Dictionary<(uint Basis, CellLook Look), uint> _made = [];

    /// <summary>The styles of a part, which gets the usual ones where it has none.</summary>
    public StyleBook(WorkbookPart workbook)
    {
        var part = workbook.WorkbookStylesPart ?? workbook.AddNewPart<WorkbookStylesPart>();
        _sheet = part.Stylesheet ??= new Stylesheet();
        Complete(_sheet.Fonts ??= new Fonts(), () => [new Font(new FontSize { Val = 11 }, new FontName { Val = "Calibri" }, new FontFamilyNumbering { Val = 2 })]);
        // The first two fills are Excel's own, whatever they say.
        Complete(_sheet.Fills ??= new Fills(), () => [new Fill(new PatternFill { PatternType = PatternValues.None }), new Fill(new PatternFill { PatternType = PatternValues.Gray125 })]);
        Complete(_sheet.Borders ??= new Borders(), () => [new Border(new LeftBorder(), new RightBorder(), new TopBorder(), new BottomBorder(), new DiagonalBorder())]);
        Complete(_sheet.CellStyleFormats ??= new CellStyleFormats(), () => [new CellFormat { NumberFormatId = 0, FontId = 0, FillId = 0, BorderId = 0 }]);
        Complete(_sheet.CellFormats ??= new CellFormats(), () => [new CellFormat { NumberFormatId = 0, FontId = 0, FillId = 0, BorderId = 0, FormatId = 0 }]);
        Complete(_sheet.CellStyles ??= new CellStyles(), () => [new CellStyle { Name = "Normal", FormatId = 0, BuiltinId = 0 }]);
    }

    /// <summary>The number of the style that is <paramref name="basis"/> with what the look names in place of its own.</summary>
    public uint With(uint basis, CellLook look)
    {
        if (look == CellLook.None)
        {
            return basis;
        }

        if (_made.TryGetValue((basis, look), out var known))
        {
            return known;
        }

        var format = (CellFormat)At(basis).CloneNode(deep: true);
        if (look.NumberFormat is { } code)
        {
            format.NumberFormatId = IdOf(code);
            format.ApplyNumberFormat = true;
        }

        SetParts(format, look);
        return _made[(basis, look)] = Add(_sheet.CellFormats!, format);
    }

    /// <summary>What a style looks like.</summary>
    public CellLook LookOf(uint style)
    {
        var format = At(style);
        return new CellLook(
            FormatOf(style) is var code && code != NumberFormats.General ? code : null,
            Part(_sheet.Fonts!, format.FontId),
            Part(_sheet.Fills!, format.FillId),
            Part(_sheet.Borders!, format.BorderId),
            format.Alignment?.OuterXml);
    }

    /// <summary>The number format of a style.</summary>
    public string FormatOf(uint style)
    {
        var id = At(style).NumberFormatId?.Value ?? 0;
        return _sheet.NumberingFormats?.Elements<NumberingFormat>().FirstOrDefault(f => f.NumberFormatId?.Value == id)?.FormatCode?.Value
            ?? NumberFormats.BuiltIn.GetValueOrDefault(id, NumberFormats.General);
    }

    /// <summary>The bold form of a style.</summary>
    public uint Bold(uint basis, double? size = null)
    {
        var font = (Font)_sheet.Fonts!.ElementAt((int)(At(basis).FontId?.Value ?? 0)).CloneNode(deep: true);
        font.Bold = new Bold();
        if (size is { } points)
        {
            font.FontSize = new FontSize { Val = points };
        }

        return With(basis, CellLook.None with { Font = font.OuterXml });
    }

    private static void Complete(OpenXmlCompositeElement list, Func<OpenXmlElement[]> usual)
    {
        if (!list.HasChildren)
        {
            list.Append(usual());
        }
    }

    private static uint Add(OpenXmlCompositeElement list, OpenXmlElement element)
    {
        list.AppendChild(element);
        // The count is a hint that some readers trust.
        list.SetAttribute(new OpenXmlAttribute("count", "", $"{list.ChildElements.Count}"));
        return (uint)list.ChildElements.Count - 1;
    }

    /// <summary>The XML of a part of a style; null for the book's first, which every cell has.</summary>
    private static string? Part(OpenXmlCompositeElement list, UInt32Value? index) =>
        index?.Value is > 0 and var at && at < list.ChildElements.Count ? list.ChildElements[(int)at].OuterXml : null;

    private static uint Find(OpenXmlCompositeElement list, OpenXmlElement wanted)
    {
        for (var i = 0; i < list.ChildElements.Count; i++)
        {
            if (list.ChildElements[i].OuterXml == wanted.OuterXml)
            {
                return (uint)i;
            }
        }

        return Add(list, wanted);
    }

    private CellFormat At(uint style)
    {
        var formats = _sheet.CellFormats!;
        return (CellFormat)formats.ChildElements[style < formats.ChildElements.Count ? (int)style : 0];
    }

    private void SetParts(CellFormat format, CellLook look)
    {
        if (look.Font is { } font)
        {
            format.FontId = Find(_sheet.Fonts!, new Font(font));
            format.ApplyFont = true;
        }

        if (look.Fill is { } fill)
        {
            format.FillId = Find(_sheet.Fills!, new Fill(fill));
            format.ApplyFill = true;
        }

        if (look.Border is { } border)
        {
            format.BorderId = Find(_sheet.Borders!, new Border(border));
            format.ApplyBorder = true;
        }

        if (look.Alignment is { } alignment)
        {
            format.Alignment = (Alignment)new CellFormat($"<xf xmlns=\"{SheetFrame.Main}\">{alignment}</xf>").Alignment!.CloneNode(deep: true);
            format.ApplyAlignment = true;
        }
    }

    private uint IdOf(string code)
    {
        if (NumberFormats.BuiltIn.FirstOrDefault(f => f.Value == code) is { Value: not null } builtIn)
        {
            return builtIn.Key;
        }

        var formats = _sheet.NumberingFormats ??= new NumberingFormats();
        var own = formats.Elements<NumberingFormat>().ToList();
        if (own.Find(f => f.FormatCode?.Value == code) is { } known)
        {
            return known.NumberFormatId!.Value;
        }

        var id = Math.Max(FirstOwnFormat, own.Select(f => f.NumberFormatId!.Value + 1).DefaultIfEmpty().Max());
        Add(formats, new NumberingFormat { NumberFormatId = id, FormatCode = code });
        return id;
    }
}
