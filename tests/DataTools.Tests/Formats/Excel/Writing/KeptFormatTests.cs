using DataTools.Data;
using DataTools.Formats;
using DataTools.Formats.Excel;
using DataTools.Formats.Excel.Writing;

namespace DataTools.Tests.Formats.Excel.Writing;

/// <summary>The look of a sheet on its way through other formats and back.</summary>
public sealed class KeptFormatTests(PowerShellSession session) : IClassFixture<PowerShellSession>, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_sheet_is_the_same_after_a_stay_in_delimited_text()
    {
        SampleBook.Write(_folder["book.xlsx"]);
        WriteMarked("Sales", 3, [1, 2, 3]);

        session.Run("Import-DataFile $args[0] -KeepFormat | Export-DataFile $args[1]", _folder["a.csv"], _folder["again.xlsx"]);

        using var book = new WrittenBook(_folder["again.xlsx"]);
        Assert.Equal(["Sales"], book.Sheets);
        Assert.Equal("t day | t item | t amount", book.Row(1));
        Assert.Equal("n 46023 | t 007 | n 1.50", book.Row(2));
        Assert.Equal([@"dd\.mm\.yyyy", "0", "4"], new[] { "A2", "B2", "C2" }.Select(c => book.Format(c)));
        Assert.Equal(("FFFF0000", 30.0), (book.Font("A1").Color!.Rgb!.Value, book.Sheet().Descendants<DocumentFormat.OpenXml.Spreadsheet.Row>().First().Height!.Value));
        Assert.Equal("right", book.Style("C2").Alignment!.Horizontal!.InnerText);
        Assert.Equal(15.0, book.Sheet().Descendants<DocumentFormat.OpenXml.Spreadsheet.Column>().First().Width!.Value);
        Assert.Equal("A1:C2", book.Sheet().Elements<DocumentFormat.OpenXml.Spreadsheet.AutoFilter>().Single().Reference!.Value);
        Assert.Equal("A4", book.Sheet().Descendants<DocumentFormat.OpenXml.Spreadsheet.Pane>().Single().TopLeftCell!.Value);
    }

    [Fact]
    public void Types_come_from_the_file_beside_the_data_unless_they_are_named()
    {
        SampleBook.Write(_folder["book.xlsx"]);
        WriteMarked("Sales", 3, [1, 2, 3]);
        File.WriteAllText(_folder["a.csv"], "day,item\n2026-01-01,5\n");

        Assert.Equal([typeof(string), typeof(long)], session.Values(
            "(Import-DataFile $args[0] -KeepFormat).item.GetType(); (Import-DataFile $args[0] -KeepFormat -Type @{ item = 'int64' }).item.GetType()", _folder["a.csv"]));
        Assert.Equal(typeof(long), session.Values("(Import-DataFile $args[0]).item.GetType()", _folder["a.csv"])[0]);
    }

    [Fact]
    public void The_marks_stay_with_columns_that_are_picked_and_renamed()
    {
        SampleBook.Write(_folder["book.xlsx"]);
        WriteMarked("Sales", 3, [1, 2, 3]);
        session.Run("Import-DataFile $args[0] -KeepFormat | Convert-Data -Select amount -Rename @{ amount = 'sum' } | Export-DataFile $args[1]", _folder["a.csv"], _folder["again.xlsx"]);
        using var book = new WrittenBook(_folder["again.xlsx"]);
        Assert.Equal("4", book.Format("A2"));
    }

    [Fact]
    public void A_table_keeps_its_name_and_style()
    {
        SampleBook.Write(_folder["book.xlsx"]);
        var schema = Read("Stock", 2, [2, 3], Columns.Batch(("item", DataTypes.Text, ["x"]), ("pieces", DataTypes.Int64, [1L])).Schema);
        Assert.Equal(("Stock", "Stock", "TableStyleMedium4"), SheetLook.Of(schema.Metadata) is { } look ? (look.Name, look.Table, look.TableStyle) : default);
    }

    [Fact]
    public void A_broken_file_beside_the_data_is_an_error()
    {
        _folder.Write("a.csv", "a\n1\n");
        _folder.Write("a.csv.format.json", "{");
        Assert.StartsWith("CannotRead,", session.Error("Import-DataFile $args[0] -KeepFormat", _folder["a.csv"]).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(1L, session.Values("(Import-DataFile $args[0]).a", _folder["a.csv"])[0]);
    }

    private void WriteMarked(string sheet, int header, int[] columns)
    {
        var batch = Columns.Batch(
            ("day", DataTypes.Date, [new DateOnly(2026, 1, 1)]), ("item", DataTypes.Text, ["007"]), ("amount", new DecimalType(18, 2), [1.5m]));
        var schema = Read(sheet, header, columns, batch.Schema);
        var context = new WriteContext(WriteOptions.Default with { KeepFormat = true }, _folder["a.csv"], _ => { });
        using var target = FileTarget.Create(_folder["a.csv"], DataFormats.Find(null, "a.csv"), schema, context, new TargetMode());
        target.WriteBatch(new Apache.Arrow.RecordBatch(schema, batch.Arrays, batch.Length), TestContext.Current.CancellationToken);
        target.Complete(TestContext.Current.CancellationToken);
    }

    private Apache.Arrow.Schema Read(string sheet, int header, int[] columns, Apache.Arrow.Schema schema)
    {
        using var stream = File.OpenRead(_folder["book.xlsx"]);
        return LookReader.Mark(stream, sheet, header, columns, schema);
    }
}
