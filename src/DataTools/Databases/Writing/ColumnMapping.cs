using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Schemas;

namespace DataTools.Databases.Writing;

/// <summary>Gives the columns of rows the names that they have in a table.</summary>
internal static class ColumnMapping
{
    /// <summary>
    /// The columns that are written, under the table's names; <paramref name="sources"/> are their positions in the rows. A column that the map sends nowhere is left out.
    /// </summary>
    public static Schema Apply(Schema schema, TableName table, IReadOnlyDictionary<string, string?> columnMap, out int[] sources)
    {
        foreach (var column in columnMap.Keys)
        {
            schema.Require(column, "The input");
        }

        var map = new Dictionary<string, string?>(columnMap, StringComparer.OrdinalIgnoreCase);
        var fields = new List<Field>();
        var kept = new List<int>();
        for (var i = 0; i < schema.FieldsList.Count; i++)
        {
            var field = schema.GetFieldByIndex(i);
            var to = map.TryGetValue(field.Name, out var mapped) ? mapped : field.Name;
            if (to is not null)
            {
                fields.Add(to == field.Name ? field : ColumnNames.Renamed(field, to));
                kept.Add(i);
            }
        }

        sources = [.. kept];
        var twice = fields.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        return twice is null ? new Schema(fields, null) : throw DataErrors.ColumnMappedTwice(table.ToString(), twice.Key);
    }
}
