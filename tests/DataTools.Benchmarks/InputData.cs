using System.Globalization;
using System.Text;
using System.Xml;

namespace DataTools.Benchmarks;

/// <summary>The orders that every job works on, the same on each run: 75 bytes a row as CSV.</summary>
internal static class InputData
{
    private static readonly string[] Categories = ["books", "music", "garden", "tools", "toys", "food", "health", "sports", "office", "travel"];
    private static readonly string[] Notes = ["", "\"said \"\"hi\"\", left\"", "plain note", "\"one, two\""];

    /// <summary>Makes the file of a job's kind of input, if it is not there yet.</summary>
    public static string Make(string folder, long rows, string extension, Action<string, string> writeBook)
    {
        var path = Path.Combine(folder, $"orders-{rows}{extension}");
        if (File.Exists(path))
        {
            return path;
        }

        var part = path + ".part" + extension;
        string Csv() => Make(folder, rows, ".csv", writeBook);
        switch (extension)
        {
            case ".csv":
                WriteCsv(part, rows);
                break;
            case ".xlsx":
                writeBook(Csv(), part);
                break;
            case ".xml":
                WriteXml(part, Csv());
                break;
            default:
                var format = extension == ".parquet" ? "(FORMAT parquet, COMPRESSION snappy)" : "(FORMAT json)";
                Duck.Run($"COPY (FROM {Duck.ReadCsv(Csv())}) TO '{part}' {format}");
                break;
        }

        File.Move(part, path);
        return path;
    }

    private static void WriteXml(string path, string csv)
    {
        using var writer = XmlWriter.Create(path, new XmlWriterSettings { Indent = true });
        writer.WriteStartElement("orders");
        Duck.Read($"FROM {Duck.ReadCsv(csv)}", reader =>
        {
            writer.WriteStartElement("order");
            for (var i = 0; i < reader.FieldCount; i++)
            {
                if (!reader.IsDBNull(i))
                {
                    writer.WriteElementString(reader.GetName(i), reader.GetValue(i) switch
                    {
                        DateTime time => time.ToString("s", CultureInfo.InvariantCulture),
                        bool flag => flag ? "true" : "false",
                        var value => Convert.ToString(value, CultureInfo.InvariantCulture),
                    });
                }
            }

            writer.WriteEndElement();
        });
        writer.WriteEndElement();
    }

    private static void WriteCsv(string path, long rows)
    {
#pragma warning disable CA5394 // Any numbers do, if they are the same each time.
        var random = new Random(1);
        var time = new DateTime(2024, 1, 1);
        using var writer = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 20);
        writer.Write("id,ts,customer,category,amount,qty,active,note\n");
        for (var id = 1L; id <= rows; id++)
        {
            time = time.AddSeconds(random.Next(1, 8));
            writer.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"{id},{time:yyyy-MM-dd HH:mm:ss},customer_{random.Next(50_000)},{Categories[random.Next(10)]},{random.Next(1, 100_000) / 100m:0.00},{random.Next(1, 100)},{(random.Next(2) == 0 ? "true" : "false")},{Notes[random.Next(4)]}\n"));
        }
#pragma warning restore CA5394
    }
}
