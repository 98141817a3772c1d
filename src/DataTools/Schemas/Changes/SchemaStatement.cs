namespace DataTools.Schemas.Changes;

/// <summary>When a statement of a change of schemas runs.</summary>
public enum StatementPhase
{
    /// <summary>Before the transaction begins.</summary>
    Before,

    /// <summary>Within it, where the database has transactions for such.</summary>
    Within,

    /// <summary>After it.</summary>
    After,
}

/// <summary>A statement that changes a schema.</summary>
/// <param name="Sql">The statement, without what ends it.</param>
/// <param name="Destroys">What is lost by it; null for nothing.</param>
public sealed record SchemaStatement(string Sql, string? Destroys = null)
{
    /// <summary>When it runs.</summary>
    public StatementPhase Phase { get; init; } = StatementPhase.Within;
}
