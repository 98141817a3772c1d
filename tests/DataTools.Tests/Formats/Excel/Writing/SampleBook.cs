using System.IO.Compression;

namespace DataTools.Tests.Formats.Excel.Writing;

/// <summary>
/// A book as people make them: a sheet Sales with a title, a header in row 3, two formatted rows, a formula column, a conditional format, a list to
/// choose from, a chart and names; a sheet Stock with a table that has a computed column and totals, cells beside it, and other sheets.
/// </summary>
internal static class SampleBook
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Doc = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Rels = "http://schemas.openxmlformats.org/package/2006/relationships";
    private const string Type = "application/vnd.openxmlformats-officedocument.spreadsheetml";

    internal static void Write(string path, bool is1904 = false)
    {
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach (var (name, text) in Parts(is1904))
        {
            using var writer = new StreamWriter(zip.CreateEntry(name).Open());
            writer.Write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + text.Replace("\n", "", StringComparison.Ordinal));
        }
    }

    private static IEnumerable<(string Name, string Text)> Parts(bool is1904) =>
    [
        ("[Content_Types].xml",
            $"""
            <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
            <Override PartName="/xl/workbook.xml" ContentType="{Type}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{Type}.styles+xml"/>
            <Override PartName="/xl/sharedStrings.xml" ContentType="{Type}.sharedStrings+xml"/><Override PartName="/xl/tables/table1.xml" ContentType="{Type}.table+xml"/>
            <Override PartName="/xl/worksheets/sheet1.xml" ContentType="{Type}.worksheet+xml"/><Override PartName="/xl/worksheets/sheet2.xml" ContentType="{Type}.worksheet+xml"/>
            <Override PartName="/xl/drawings/drawing1.xml" ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/>
            <Override PartName="/xl/charts/chart1.xml" ContentType="application/vnd.openxmlformats-officedocument.drawingml.chart+xml"/>
            <Override PartName="/xl/calcChain.xml" ContentType="{Type}.calcChain+xml"/></Types>
            """),
        ("_rels/.rels", Relations(("rId1", "officeDocument", "xl/workbook.xml"))),
        ("xl/workbook.xml",
            $"""
            <workbook xmlns="{Main}" xmlns:r="{Doc}"><workbookPr{(is1904 ? " date1904=\"1\"" : "")}/><sheets><sheet name="Sales" sheetId="3" r:id="rId1"/><sheet name="Stock" sheetId="7" r:id="rId2"/></sheets>
            <definedNames><definedName name="Amounts">Sales!$C$4:$C$5</definedName><definedName name="Fixed">Sales!$C$4</definedName></definedNames></workbook>
            """),
        ("xl/_rels/workbook.xml.rels", Relations(("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "worksheet", "worksheets/sheet2.xml"), ("rId3", "styles", "styles.xml"), ("rId4", "sharedStrings", "sharedStrings.xml"), ("rId5", "calcChain", "calcChain.xml"))),
        ("xl/sharedStrings.xml", $"<sst xmlns=\"{Main}\" count=\"4\" uniqueCount=\"4\"><si><t>day</t></si><si><r><t>it</t></r><r><t>em</t></r></si><si><t>amount</t></si><si><t>double</t></si></sst>"),
        ("xl/calcChain.xml", $"<calcChain xmlns=\"{Main}\"><c r=\"D4\" i=\"3\"/><c r=\"D5\" i=\"3\"/></calcChain>"),
        ("xl/styles.xml",
            $"""
            <styleSheet xmlns="{Main}"><numFmts count="1"><numFmt numFmtId="170" formatCode="dd\.mm\.yyyy"/></numFmts>
            <fonts count="2"><font><sz val="10"/><name val="Arial"/></font><font><b/><sz val="10"/><color rgb="FFFF0000"/><name val="Arial"/></font></fonts>
            <fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFFFFF00"/></patternFill></fill></fills>
            <borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>
            <cellXfs count="5"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="170" applyNumberFormat="1"/><xf numFmtId="4" fillId="2" applyNumberFormat="1" applyFill="1"><alignment horizontal="right"/></xf><xf fillId="2" applyFill="1"/></cellXfs>
            <dxfs count="1"><dxf><font><b/></font></dxf></dxfs></styleSheet>
            """),
        ("xl/worksheets/sheet1.xml",
            $"""
            <x:worksheet xmlns:x="{Main}" xmlns:r="{Doc}"><x:dimension ref="A1:F5"/><x:sheetViews><x:sheetView workbookViewId="0"><x:pane ySplit="3" topLeftCell="A4" state="frozen"/></x:sheetView></x:sheetViews><x:cols><x:col min="1" max="3" width="15" customWidth="1"/></x:cols>
            <x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>Sales of the year</x:t></x:is></x:c></x:row>
            <x:row r="3" ht="30" customHeight="1"><x:c r="A3" s="1" t="s"><x:v>0</x:v></x:c><x:c r="B3" s="1" t="s"><x:v>1</x:v></x:c><x:c r="C3" s="1" t="s"><x:v>2</x:v></x:c><x:c r="D3" s="1" t="s"><x:v>3</x:v></x:c></x:row>
            <x:row r="4"><x:c r="A4" s="2"><x:v>46000</x:v></x:c><x:c r="B4" t="inlineStr"><x:is><x:t>pen</x:t></x:is></x:c><x:c r="C4" s="3"><x:v>1</x:v></x:c><x:c r="D4" s="4"><x:f t="shared" ref="D4:D5" si="0">C4*2+$C$4</x:f><x:v>3</x:v></x:c></x:row>
            <x:row r="5"><x:c r="A5" s="2"><x:v>46001</x:v></x:c><x:c r="B5" t="inlineStr"><x:is><x:t>ink</x:t></x:is></x:c><x:c r="C5" s="3"><x:v>2</x:v></x:c><x:c r="D5" s="4"><x:f t="shared" si="0"/><x:v>5</x:v></x:c><x:c r="F5"><x:v>7</x:v></x:c></x:row></x:sheetData>
            <x:autoFilter ref="A3:D5"/><x:conditionalFormatting sqref="C4:C5"><x:cfRule type="cellIs" dxfId="0" priority="1" operator="greaterThan"><x:formula>1</x:formula></x:cfRule></x:conditionalFormatting>
            <x:dataValidations count="1"><x:dataValidation type="list" sqref="B4:B5"><x:formula1>"pen,ink"</x:formula1></x:dataValidation></x:dataValidations><x:drawing r:id="rId1"/></x:worksheet>
            """),
        ("xl/worksheets/_rels/sheet1.xml.rels", Relations(("rId1", "drawing", "../drawings/drawing1.xml"))),
        ("xl/drawings/drawing1.xml",
            $"""
            <xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:twoCellAnchor><xdr:from><xdr:col>6</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>12</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>16</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>
            <xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="Chart 1"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:r="{Doc}" r:id="rId1"/></a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>
            """),
        ("xl/drawings/_rels/drawing1.xml.rels", Relations(("rId1", "chart", "../charts/chart1.xml"))),
        ("xl/charts/chart1.xml",
            """
            <c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:chart><c:plotArea><c:layout/><c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/><c:ser><c:idx val="0"/><c:order val="0"/>
            <c:tx><c:strRef><c:f>Sales!$C$3</c:f></c:strRef></c:tx><c:cat><c:strRef><c:f>Sales!$B$4:$B$5</c:f></c:strRef></c:cat><c:val><c:numRef><c:f>Sales!$C$4:$C$5</c:f><c:numCache><c:ptCount val="2"/><c:pt idx="0"><c:v>1</c:v></c:pt><c:pt idx="1"><c:v>2</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser><c:axId val="1"/><c:axId val="2"/></c:barChart>
            <c:catAx><c:axId val="1"/><c:scaling/><c:delete val="0"/><c:axPos val="b"/><c:crossAx val="2"/></c:catAx><c:valAx><c:axId val="2"/><c:scaling/><c:delete val="0"/><c:axPos val="l"/><c:crossAx val="1"/></c:valAx></c:plotArea></c:chart></c:chartSpace>
            """),
        ("xl/worksheets/sheet2.xml",
            $"""
            <worksheet xmlns="{Main}" xmlns:r="{Doc}"><sheetData><row r="2"><c r="B2" s="1" t="inlineStr"><is><t>item</t></is></c><c r="C2" s="1" t="inlineStr"><is><t>pieces</t></is></c><c r="D2" s="1" t="inlineStr"><is><t>twice</t></is></c><c r="G2"><v>1</v></c></row>
            <row r="3"><c r="B3" t="inlineStr"><is><t>pen</t></is></c><c r="C3" s="3"><v>5</v></c><c r="D3" s="3"><f>Stock[[#This Row],[pieces]]*2</f><v>10</v></c></row>
            <row r="4"><c r="B4" s="4" t="inlineStr"><is><t>Total</t></is></c><c r="C4" s="3"><f>SUBTOTAL(109,Stock[pieces])</f><v>5</v></c><c r="D4" s="3"/><c r="G4"><v>2</v></c></row><row r="9"><c r="G9"><v>3</v></c></row></sheetData><tableParts count="1"><tablePart r:id="rId1"/></tableParts></worksheet>
            """),
        ("xl/worksheets/_rels/sheet2.xml.rels", Relations(("rId1", "table", "../tables/table1.xml"))),
        ("xl/tables/table1.xml",
            $"""
            <table xmlns="{Main}" id="1" name="Stock" displayName="Stock" ref="B2:D4" totalsRowCount="1"><autoFilter ref="B2:D3"/><tableColumns count="3"><tableColumn id="1" name="item" totalsRowLabel="Total"/><tableColumn id="2" name="pieces" totalsRowFunction="sum"/>
            <tableColumn id="3" name="twice"><calculatedColumnFormula>Stock[[#This Row],[pieces]]*2</calculatedColumnFormula></tableColumn></tableColumns><tableStyleInfo name="TableStyleMedium4" showFirstColumn="0" showLastColumn="0" showRowStripes="1" showColumnStripes="0"/></table>
            """),
    ];

    private static string Relations(params (string Id, string Kind, string Target)[] relations) =>
        $"<Relationships xmlns=\"{Rels}\">{string.Concat(relations.Select(r => $"<Relationship Id=\"{r.Id}\" Type=\"{Doc}/{r.Kind}\" Target=\"{r.Target}\"/>"))}</Relationships>";
}
