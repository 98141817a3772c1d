using DataTools.Errors;

namespace DataTools.Migrations;

/// <summary>Limits the statement of a backfill to the rows of a batch.</summary>
internal static class BackfillStatement
{
    private const string From = "${from}";
    private const string To = "${to}";

    /// <summary>
    /// The statement for the keys behind <paramref name="from"/> up to <paramref name="to"/>. Where it says itself where the bounds go (<c>${from}</c> and <c>${to}</c>),
    /// they go there; else its condition is joined with one.
    /// </summary>
    public static string Of(SqlStatement statement, MigrationTarget target, BackfillOptions batch, string? from, string to)
    {
        if (statement.Text.Contains(To, StringComparison.Ordinal))
        {
            return statement.Text.Replace(From, from ?? target.LeastKey(batch), StringComparison.Ordinal).Replace(To, to, StringComparison.Ordinal);
        }

        var key = target.QuoteKey(batch);
        var range = from is null ? $"{key} <= {to}" : $"{key} > {from} AND {key} <= {to}";
        var tokens = target.CodeOf(statement.Text);
        if (tokens.Count == 0 || !(tokens[0].Is(statement.Text, "UPDATE") || tokens[0].Is(statement.Text, "DELETE")))
        {
            throw DataErrors.InvalidOption($"A backfill by batches is an UPDATE or DELETE, or says with {From} and {To} where the bounds of a batch go: {Reject.Shorten(statement.Text)}");
        }

        return WhereOf(statement.Text, tokens) is { } where
            ? $"{statement.Text[..where.End]} ({statement.Text[where.End..]}\n) AND {range}"
            : $"{statement.Text}\nWHERE {range}";
    }

    /// <summary>The WHERE of the statement itself, not that of a query within.</summary>
    private static SqlToken? WhereOf(string text, List<SqlToken> tokens)
    {
        var depth = 0;
        foreach (var token in tokens)
        {
            depth += token.Is(text, "(") ? 1 : token.Is(text, ")") ? -1 : 0;
            if (depth == 0 && token.Is(text, "WHERE"))
            {
                return token;
            }
        }

        return null;
    }
}
