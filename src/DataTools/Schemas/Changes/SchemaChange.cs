using System.Text;
using DataTools.Databases;
using DataTools.Schemas.Comparison;

namespace DataTools.Schemas.Changes;

/// <summary>The statements that turn one schema of a database into another, and those that turn it back.</summary>
/// <param name="Comparison">What differs.</param>
/// <param name="Up">The statements that make the wanted schema.</param>
/// <param name="Down">The statements that bring back the present one, without the rows that were lost.</param>
public sealed record SchemaChange(SchemaComparison Comparison, IReadOnlyList<SchemaStatement> Up, IReadOnlyList<SchemaStatement> Down)
{
    /// <summary>The change from <paramref name="present"/> to <paramref name="wanted"/>, both of the kind of database of <paramref name="session"/>.</summary>
    public static SchemaChange Between(DatabaseSchema present, DatabaseSchema wanted, SqlSession session, IReadOnlyDictionary<string, string> renames)
    {
        ArgumentNullException.ThrowIfNull(present);
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(session);
        var (left, right) = (present.Local(), wanted.Local());
        var options = new ComparisonOptions { Left = session.Dialect, Right = session.Dialect, LeftKind = session.Database, RightKind = session.Database, Renames = renames };
        var up = SchemaComparer.Compare(left, right, options);
        // The way back begins with the names, views and triggers that are there now.
        var down = SchemaComparer.Compare(up.After, left, options with { Renames = Reversed(up.Renames) });
        return new SchemaChange(up, session.Dialect.Changes(up), session.Dialect.Changes(down));
    }

    /// <summary>Statements as the text of a script; those that run outside of the transaction bring its BEGIN and COMMIT with them.</summary>
    public static string ToText(IReadOnlyList<SchemaStatement> statements)
    {
        ArgumentNullException.ThrowIfNull(statements);
        var text = new StringBuilder();
        var hasOutside = NeedsOwnTransaction(statements);
        var phase = StatementPhase.Before;
        foreach (var statement in statements)
        {
            if (hasOutside && statement.Phase != phase)
            {
                text.Append(phase == StatementPhase.Before ? "BEGIN;\n" : "COMMIT;\n");
                phase = statement.Phase;
            }

            text.Append(Line(statement));
        }

        return text.ToString();
    }

    /// <summary>A statement with its end, and with a comment before it that tells what it destroys.</summary>
    public static string Line(SchemaStatement statement)
    {
        ArgumentNullException.ThrowIfNull(statement);
        return $"{(statement.Destroys is null ? "" : $"-- destroys {statement.Destroys.ReplaceLineEndings(" ")}\n")}{statement.Sql};\n";
    }

    /// <summary>Whether some statement must run outside of a transaction.</summary>
    public static bool NeedsOwnTransaction(IEnumerable<SchemaStatement> statements) => statements.Any(s => s.Phase != StatementPhase.Within);

    private static Dictionary<string, string> Reversed(IReadOnlyList<SchemaRename> renames)
    {
        var reversed = new Dictionary<string, string>();
        foreach (var rename in renames)
        {
            if (rename.Column is null)
            {
                reversed[(rename.Table with { Name = rename.To }).ToString()] = rename.Table.Name;
            }
            else
            {
                // The table has its old name again when columns get theirs.
                var old = renames.FirstOrDefault(r => r.Column is null && r.To == rename.Table.Name)?.Table ?? rename.Table;
                reversed[$"{old}.{new TableName(null, rename.To)}"] = rename.Column;
            }
        }

        return reversed;
    }
}
