using System.Text;
using DataTools.Databases;

namespace DataTools.Schemas.Changes;

/// <summary>
/// A schema as the statements that make it, in an order that hangs on nothing but names: by this, versions of the text differ only where the schemas do.
/// </summary>
public static class SchemaSnapshot
{
    /// <summary>The statements.</summary>
    public static IReadOnlyList<string> Statements(DatabaseSchema schema, SqlDialect dialect)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(dialect);
        var local = schema.Local();
        var tables = local.Tables.OrderBy(t => t.Name.ToString(), StringComparer.Ordinal).Select(Sorted).ToList();
        return
        [
            .. local.Schemas.Select(dialect.CreateSchema).OfType<string>(),
            .. local.Enums.OrderBy(e => e.Name.ToString(), StringComparer.Ordinal).Select(dialect.CreateEnum),
            .. local.Domains.Select(dialect.CreateDomain),
            .. tables.SelectMany(t => dialect.Create(t, dialect.KeysStandInTable ? TableParts.All : TableParts.Own)),
            .. dialect.KeysStandInTable ? [] : tables.SelectMany(t => t.ForeignKeys.Select(k => dialect.AddForeignKey(t, k))),
            .. Others(local),
        ];
    }

    /// <summary>The statements as the text of a file.</summary>
    public static string ToText(DatabaseSchema schema, SqlDialect dialect)
    {
        var text = new StringBuilder();
        foreach (var statement in Statements(schema, dialect))
        {
            // A statement that holds others needs a delimiter of its own where the client has such.
            var lines = statement.ReplaceLineEndings("\n");
            var isBlock = dialect.Splitting.DelimiterCommand && lines.Contains(";\n", StringComparison.Ordinal);
            text.Append(text.Length == 0 ? "" : "\n").Append(isBlock ? $"DELIMITER $$$\n{lines}\n$$$\nDELIMITER ;\n" : $"{lines};\n");
        }

        return text.ToString();
    }

    private static TableSchema Sorted(TableSchema table) => table with
    {
        Indexes = [.. table.Indexes.OrderBy(i => i.Name, StringComparer.Ordinal)],
        ForeignKeys = [.. table.ForeignKeys.OrderBy(k => k.Name, StringComparer.Ordinal).ThenBy(k => string.Join(',', k.Columns), StringComparer.Ordinal)],
        Checks = [.. table.Checks.OrderBy(c => c.Name, StringComparer.Ordinal).ThenBy(c => c.Expression, StringComparer.Ordinal)],
    };

    /// <summary>Routines before the views and triggers that call them, as far as the database tells how they are made.</summary>
    private static IEnumerable<string> Others(DatabaseSchema schema) =>
        schema.Others.Where(o => o.Definition is not null).OrderBy(o => o.Kind switch { "Function" => 0, "View" => 1, _ => 2 }).ThenBy(o => o.Name.ToString(), StringComparer.Ordinal).Select(o => o.Definition!.TrimEnd().TrimEnd(';'));
}
