using System.Text;
using DataTools.Errors;

namespace DataTools.Schemas;

/// <summary>The name of a table, with the schema (on MySQL the database) that holds it where it is told.</summary>
/// <param name="Schema">The schema, or null for the connection's own.</param>
/// <param name="Name">The table.</param>
public sealed record TableName(string? Schema, string Name)
{
    /// <summary>
    /// Reads <c>orders</c>, <c>sales.orders</c> or <c>"odd.schema"."odd table"</c>: a dot parts unless it stands in quotes (", ` or []), which are
    /// doubled within. Case stays as it is written.
    /// </summary>
    public static TableName Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = new List<string>();
        var rest = text.AsSpan().Trim();
        do
        {
            parts.Add(TakePart(ref rest, text));
        }
        while (TakeDot(ref rest, text));

        return parts switch
        {
            [var name] => new TableName(null, name),
            [var schema, var name] => new TableName(schema, name),
            _ => throw Bad(text),
        };
    }

    /// <summary>The name as <see cref="Parse"/> reads it.</summary>
    public override string ToString() => Schema is null ? Shown(Name) : $"{Shown(Schema)}.{Shown(Name)}";

    private static string Shown(string part) =>
        part.AsSpan().IndexOfAny(".\"`[ ") < 0 ? part : '"' + part.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';

    private static string TakePart(ref ReadOnlySpan<char> rest, string text)
    {
        if (rest.IsEmpty || rest[0] == '.')
        {
            throw Bad(text);
        }

        if (rest[0] is not ('"' or '`' or '['))
        {
            var end = rest.IndexOf('.');
            var plain = end < 0 ? rest : rest[..end];
            rest = rest[plain.Length..];
            return plain.ToString();
        }

        return TakeQuoted(ref rest, text);
    }

    private static string TakeQuoted(ref ReadOnlySpan<char> rest, string text)
    {
        var close = rest[0] == '[' ? ']' : rest[0];
        var part = new StringBuilder();
        for (var i = 1; i < rest.Length; i++)
        {
            if (rest[i] != close)
            {
                part.Append(rest[i]);
            }
            else if (i + 1 < rest.Length && rest[i + 1] == close)
            {
                part.Append(rest[i++]);
            }
            else
            {
                rest = rest[(i + 1)..];
                return part.Length == 0 ? throw Bad(text) : part.ToString();
            }
        }

        throw Bad(text);
    }

    private static bool TakeDot(ref ReadOnlySpan<char> rest, string text)
    {
        if (rest.IsEmpty)
        {
            return false;
        }

        rest = rest[0] == '.' ? rest[1..] : throw Bad(text);
        return true;
    }

    private static DataException Bad(string text) => DataErrors.InvalidOption($"'{text}' is no table's name: write table, schema.table or \"odd schema\".\"odd table\".");
}
