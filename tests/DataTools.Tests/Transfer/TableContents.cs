using DataTools.Data;
using DataTools.Data.Kernels;
using DataTools.Databases;
using DataTools.Databases.Reading;
using DataTools.Errors;
using DataTools.Schemas;

namespace DataTools.Tests.Transfer;

/// <summary>The rows of tables as sorted lines of text, so that two tables can be compared whatever databases they are in.</summary>
internal static class TableContents
{
    internal static List<string> Of(string url, string table, params string[] columns)
    {
        using var session = Connector.Open(AddressText.Parse(url), CancellationToken.None);
        using var rejects = new RejectLog(new RejectPolicy());
        using var reader = session.Read(new TableQuery { Table = TableName.Parse(table), Columns = columns }, new DatabaseContext(rejects, _ => { }, CancellationToken.None));
        var types = reader.Schema.FieldsList.Select(DataTypes.Of).ToArray();
        var lines = new List<string>();
        while (reader.ReadBatch(CancellationToken.None) is { } batch)
        {
            for (var row = 0; row < batch.Length; row++)
            {
                lines.Add(string.Join('|', batch.Arrays.Select((a, i) => a.IsNull(row) ? "~" : Cast.TextAt(a, types[i], row))));
            }
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    /// <summary>The tables of a database but for the ledger.</summary>
    internal static List<string> Tables(string url)
    {
        using var session = Connector.Open(AddressText.Parse(url), CancellationToken.None);
        return [.. session.ListTables(CancellationToken.None).Where(t => t.Type == TableKind.Table && !t.Name.StartsWith("datatools_", StringComparison.Ordinal)).Select(t => t.Name).Order(StringComparer.Ordinal)];
    }

    /// <summary>The definition of a table.</summary>
    internal static TableSchema Schema(string url, string table)
    {
        using var session = Connector.Open(AddressText.Parse(url), CancellationToken.None);
        return session.FindTable(TableName.Parse(table), CancellationToken.None)!;
    }
}
