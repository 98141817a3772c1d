using DataTools.Data;
using DataTools.Databases;
using DataTools.Schemas;

namespace DataTools.Validation;

/// <summary>Values of rows as text: for people, and for statements.</summary>
internal static class ShownValue
{
    /// <summary>A value as people read it; bytes in hexadecimal digits.</summary>
    public static string Of(object? value) => value switch
    {
        null => "null",
        byte[] bytes => $"0x{Convert.ToHexString(bytes)}",
        _ => DataTypes.TextOf(value) ?? "",
    };

    /// <summary>A value as people read it in a table, where spaces at its end and an empty text must be seen.</summary>
    public static string Quoted(object? value) => value switch
    {
        null => "<null>",
        string text => $"'{Errors.Reject.Shorten(text)}'",
        _ => Of(value),
    };

    /// <summary>A value as a literal of a database's SQL.</summary>
    public static string Literal(SqlDialect dialect, object? value) => value switch
    {
        null => "NULL",
        byte[] bytes => dialect.BytesLiteral(Convert.ToHexString(bytes)),
        _ => dialect.Literal(DataTypes.OfValue(value) ?? DataTypes.Text, DataTypes.TextOf(value)!),
    };
}

/// <summary>Conditions that leave the rows of some keys.</summary>
internal static class KeyConditions
{
    /// <summary>More keys than these are looked for among all rows.</summary>
    private const int MostKeys = 500;

    /// <summary>The condition for one side in its own SQL; null where all rows must be read: it has none, there are too many keys, or it may not find a value by a literal.</summary>
    public static string? Of(CompareSource source, ComparePlan plan, bool side, IReadOnlyList<DifferentRow> rows)
    {
        if (source.Sql is not { Dialect: var dialect } || !plan.HasKey || rows.Count > MostKeys || !plan.Key.All(k => rows.All(r => IsFound(dialect, source.Table!.Find(k.NameOn(side)), k.Form, r.Key[k.Destination]))))
        {
            return null;
        }

        return $"({string.Join(" OR ", rows.Select(r => $"({string.Join(" AND ", plan.Key.Select(k => Equal(k, r)))})"))})";

        string Equal(ComparedColumn column, DifferentRow row)
        {
            var name = dialect.Quote(column.NameOn(side));
            return row.Key[column.Destination] is { } value ? $"{name} = {ShownValue.Literal(dialect, value)}" : $"{name} IS NULL";
        }
    }

    /// <summary>
    /// Whether a column has a value wherever it equals its literal: floats and points in time may have been rounded, texts of SQLite's days and UUIDs be written in several ways, and
    /// what is another type on the other side need not be one here.
    /// </summary>
    private static bool IsFound(SqlDialect dialect, ColumnSchema? column, CompareForm form, object? value) =>
        form is CompareForm.Number or CompareForm.Text or CompareForm.Uuid or CompareForm.Date
        && column is { Values.Count: 0, Type: not DecimalTextType and var type } && CompareForms.Of(type) == form
        && (dialect.HasFixedTypes || type.ValueType == typeof(long) || type.ValueType == typeof(int))
        && (value is null || CompareForms.Of(DataTypes.OfValue(value) ?? DataTypes.Text) == form);
}
