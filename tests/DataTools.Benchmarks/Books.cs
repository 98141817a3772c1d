using System.Data;
using System.Globalization;
using System.Text;
using ExcelDataReader;
using MiniExcelLibs;

namespace DataTools.Benchmarks;

/// <summary>The .NET libraries that write and read Excel books: peers in a process of their own, and here the judge of what was written.</summary>
internal static class Books
{
    /// <summary>The peer's process: writes a CSV file as a book by MiniExcel, or reads all cells of a book by ExcelDataReader.</summary>
    public static int Child(string job, string source, string target, int times) => Measured.Child(
        job == Jobs.WriteBook
            ? () => Duck.Open($"FROM {Duck.ReadCsv(source)}", reader => MiniExcel.SaveAs(target, reader, overwriteFile: true))
            : () => Read(source, reader =>
            {
                for (var i = 0; i < reader.FieldCount; i++)
                {
                    reader.GetValue(i);
                }
            }),
        times);

    /// <summary>What must be the same in every contender's book: how many rows, and the sums of numbers.</summary>
    public static string Digest(string path)
    {
        var rows = 0L;
        var (id, amount, quantity) = (0m, 0m, 0m);
        Read(path, reader =>
        {
            if (rows++ > 0)
            {
                id += Number(reader, 0);
                amount += Number(reader, 4);
                quantity += Number(reader, 5);
            }
        });
        return string.Create(CultureInfo.InvariantCulture, $"{rows}|{id:0}|{amount:0.00}|{quantity:0}");
    }

    private static decimal Number(IDataReader reader, int column) => Convert.ToDecimal(reader.GetValue(column), CultureInfo.InvariantCulture);

    private static void Read(string path, Action<IExcelDataReader> row)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        using var stream = File.OpenRead(path);
        using var reader = ExcelReaderFactory.CreateReader(stream);
        while (reader.Read())
        {
            row(reader);
        }
    }
}
