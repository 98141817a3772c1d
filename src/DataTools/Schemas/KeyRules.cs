namespace DataTools.Schemas;

/// <summary>What a key does to the rows that point to a row when that one goes or gets another key.</summary>
internal static class KeyRules
{
    /// <summary>The rule of a key that does nothing.</summary>
    public const string NoAction = "NO ACTION";

    /// <summary>
    /// The key without the rules that a database refuses, by which it would refuse the whole key; <paramref name="whyNot"/> gives the reason against a rule (the second
    /// argument is true for ON UPDATE), and <paramref name="lose"/> is told of each.
    /// </summary>
    public static ForeignKeySchema Fit(ForeignKeySchema key, Func<string, bool, string?> whyNot, Action<string, string> lose)
    {
        return key with { OnDelete = Fitted(key.OnDelete, false), OnUpdate = Fitted(key.OnUpdate, true) };

        string Fitted(string rule, bool isUpdate)
        {
            if (whyNot(rule, isUpdate) is not { } reason)
            {
                return rule;
            }

            lose(key.Name ?? $"key to {key.References}", $"ON {(isUpdate ? "UPDATE" : "DELETE")} {rule} is refused, for {reason}; {NoAction} takes its place");
            return NoAction;
        }
    }

    /// <summary>Whether a rule gives the rows that point elsewhere another value.</summary>
    public static bool Changes(string rule, bool isUpdate) => rule.StartsWith("SET ", StringComparison.Ordinal) || (isUpdate && rule == "CASCADE");

    /// <summary>The column of a key that the database computes, and which no rule can change; null where there is none.</summary>
    public static ColumnSchema? Generated(TableSchema table, ForeignKeySchema key) => key.Columns.Select(table.Find).FirstOrDefault(c => c?.Generated is not null);
}
