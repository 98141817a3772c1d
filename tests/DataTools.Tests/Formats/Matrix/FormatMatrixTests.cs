using Apache.Arrow;
using DataTools.Data;
using DataTools.Formats;

namespace DataTools.Tests.Formats.Matrix;

/// <summary>Every format converts into every other without loss, but for what its contract says, and that is an error.</summary>
public sealed class FormatMatrixTests(PowerShellSession session) : IClassFixture<PowerShellSession>, IDisposable
{
    /// <summary>A format that keeps everything.</summary>
    private const string Lossless = "Arrow";

    private readonly TestFolder _folder = new();

    public static TheoryData<string> Both => [.. DataFormats.All.Where(f => f.OpenReader is not null && f.OpenWriter is not null).Select(f => f.Name)];

    public static MatrixTheoryData<string, string> Pairs => new(Both.Select(row => row.Data), Both.Select(row => row.Data));

    public static TheoryData<string, Trait> Losses => [.. FormatContracts.All.SelectMany(c => c.Loses.Keys.Select(t => (c.Format, t)))];

    public static TheoryData<string, Trait> Refusals => [.. FormatContracts.All.SelectMany(c => c.Refuses.Select(t => (c.Format, t)))];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_format_has_a_contract() =>
        Assert.Equal(DataFormats.All.Select(f => f.Name).Order(), FormatContracts.All.Select(c => c.Format).Order());

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Values_survive(string from, string to)
    {
        var columns = AwkwardTable.Without([.. Lost(from), .. Lost(to)]);
        var table = AwkwardTable.ToBatch(columns);
        Columns.Write(Format(from), _folder["from"], WriteOptions.Default with { Widths = Layout(from, table).Widths }, table);

        Convert(from, to, table);

        var back = Read(to, table);
        AssertSame(columns, table, back, FormatContracts.Of(from).KeepsScale && FormatContracts.Of(to).KeepsScale);
        if (FormatContracts.Of(from).KeepsTypes && FormatContracts.Of(to).KeepsTypes)
        {
            Assert.Equal(Columns.Types(table.Schema), Columns.Types(back.Schema));
        }
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Values_survive_foreign_commands(string to)
    {
        var columns = AwkwardTable.Without(Lost(to));
        var table = WriteSource(columns);

        Convert(Lossless, to, table, between: "| ForEach-Object { $_ }");

        AssertSame(columns, table, Read(to, table), FormatContracts.Of(to).KeepsScale);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void A_loss_is_an_error_unless_it_is_accepted(string to, Trait trait)
    {
        foreach (var column in AwkwardTable.All.Where(c => c.Trait == trait))
        {
            var table = WriteSource([column]);
            AssertFails("ValueLost", column, to, table, "");

            Convert(Lossless, to, table, options: "-OnLoss Allow");
            Assert.Empty(session.Warnings);
            var expected = AwkwardTable.Texts(table, column.Name).Select(v => v is null ? null : FormatContracts.Of(to).Loses[trait](v));
            Assert.Equal(expected, AwkwardTable.Texts(Read(to, table), column.Name));

            Convert(Lossless, to, table, options: "-OnLoss Warn");
            Assert.Single(session.Warnings);
            Assert.Equal(expected, AwkwardTable.Texts(Read(to, table), column.Name));
            File.Delete(_folder["to"]);
        }
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_has_no_place_is_an_error_always(string to, Trait trait)
    {
        var column = AwkwardTable.All.First(c => c.Trait == trait);
        var table = WriteSource([column]);
        foreach (var options in new[] { "", "-OnLoss Allow" })
        {
            AssertFails("ValueDoesNotFit", column, to, table, options);
        }
    }

    private static void AssertSame(IEnumerable<AwkwardColumn> columns, RecordBatch table, RecordBatch back, bool keepsScale) =>
        Assert.All(columns, column =>
        {
            string?[] Values(RecordBatch batch) => keepsScale || !DataTypes.IsNumber(column.Type) ? AwkwardTable.Texts(batch, column.Name)
                : [.. AwkwardTable.Texts(batch, column.Name).Select(PlainNumber)];
            Assert.Equal(Values(table), Values(back));
        });

    /// <summary>A number without exponent and without zeros at its end; one that is longer than a decimal as it is.</summary>
    private static string? PlainNumber(string? text) =>
        text is not null && text.Length < 28 && decimal.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number.ToString("0.############################", System.Globalization.CultureInfo.InvariantCulture)
            : text;

    private static IEnumerable<Trait> Lost(string format) => [.. FormatContracts.Of(format).Loses.Keys, .. FormatContracts.Of(format).Refuses];

    private static IDataFormat Format(string name) => DataFormats.Find(name, name);

    /// <summary>The layout of a format that needs one; each column has room for its longest value.</summary>
    private static (int[] Widths, string[] Names) Layout(string format, RecordBatch table) => FormatContracts.Of(format).NeedsLayout
        ? ([.. table.Schema.Names().Select(name => AwkwardTable.Texts(table, name).Max(text => text?.Length ?? 0) + 1)], table.Schema.Names())
        : ([], []);

    private RecordBatch WriteSource(IEnumerable<AwkwardColumn> columns)
    {
        var table = AwkwardTable.ToBatch(columns);
        Columns.Write(Format(Lossless), _folder["from"], WriteOptions.Default, table);
        return table;
    }

    private void AssertFails(string id, AwkwardColumn column, string to, RecordBatch table, string options)
    {
        var (script, arguments) = Conversion(Lossless, to, table, "", options);
        var error = session.Error(script, arguments);
        Assert.StartsWith(id + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains($"column '{column.Name}'", error.Exception.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["to"]));
    }

    private void Convert(string from, string to, RecordBatch table, string between = "", string options = "")
    {
        var (script, arguments) = Conversion(from, to, table, between, options);
        session.Run(script, arguments);
        Assert.Empty(session.Errors);
    }

    private (string Script, object[] Arguments) Conversion(string from, string to, RecordBatch table, string between, string options)
    {
        var reading = Layout(from, table);
        return (
            $"Import-DataFile $args[0] -Format {from} -Width $args[2] -Header $args[3] {between} | Export-DataFile $args[1] -Format {to} -Width $args[4] {options}",
            [_folder["from"], _folder["to"], reading.Widths, reading.Names, Layout(to, table).Widths]);
    }

    private RecordBatch Read(string format, RecordBatch table)
    {
        var (widths, names) = Layout(format, table);
        return Assert.Single(Columns.Read(Format(format), _folder["to"], ReadOptions.Default with { Widths = widths, Header = names }).Batches);
    }
}
