using DataTools.Databases;
using DataTools.Schemas.Expressions;

namespace DataTools.Schemas;

/// <summary>Indexes and unique constraints on their way to another database.</summary>
internal sealed class IndexTranslation(
    TableSchema source, IDatabase from, IDatabase to, SqlDialect dialect, bool isBeside, Action<string, string> lose, Func<string, string?> newName, SqlExpressionWriter writer)
{
    private static readonly string[] PlainMethods = ["btree", "art", "BTREE"];

    private bool IsSameKind => from.Name == to.Name;

    /// <summary>The index for the target; null for one that it cannot hold.</summary>
    public IndexSchema? Translate(IndexSchema index, TableName table)
    {
        if (Unfit(index) is { } reason)
        {
            lose(index.Name, $"the index is not carried: {reason}");
            return null;
        }

        if (index.Deferral != Deferral.None && !dialect.HasDeferredKeys)
        {
            lose(index.Name, $"{to.Name} checks keys with every statement, never at the end of the transaction");
            index = index with { Deferral = Deferral.None };
        }

        var parts = index.Parts.Select(Part).ToList();
        var where = Condition(index);
        if (parts.Contains(null) || where is null)
        {
            lose(index.Name, $"the index is not carried: {WhyNot(where)}");
            return null;
        }

        return new IndexSchema(Name(index, table), [.. parts.Select(p => p!.ToString())], index.IsUnique)
        {
            Parts = parts!,
            Includes = Includes(index),
            Method = IsSameKind ? index.Method : null,
            Where = where is "" ? null : where,
            IsConstraint = index.IsConstraint,
            Deferral = index.Deferral,
            Exclusion = index.Exclusion,
            NullsNotDistinct = index.NullsNotDistinct,
            IsNameGenerated = IsSameKind && index.IsNameGenerated,
        };
    }

    private string WhyNot(string? where) =>
        writer.Reason ?? (where is null ? "its condition is no plain expression" : "it names a column that is left out, or an expression that is not plain");

    private string? Unfit(IndexSchema index) => IsSameKind ? null : UnfitKind(index) ?? UnfitParts(index);

    private string? UnfitKind(IndexSchema index) =>
        index.Exclusion is not null ? $"{to.Name} has no exclusion constraints"
        : index.NullsNotDistinct ? $"{to.Name} has no unique keys in which nulls are the same"
        : index.Method is not null && !PlainMethods.Contains(index.Method) ? $"{to.Name} has no index of the kind {index.Method}"
        : null;

    private string? UnfitParts(IndexSchema index) =>
        index.Where is not null && !dialect.HasPartialIndexes ? $"{to.Name} has no indexes over a part of the rows (WHERE {index.Where})"
        : index.Parts.Any(p => p.IsExpression) && !dialect.HasExpressionIndexes ? $"{to.Name} has no indexes over expressions"
        : index.IsUnique && index.Parts.Any(p => p.Prefix is not null) ? "it tells rows apart by the beginning of a text"
        : null;

    private IndexPart? Part(IndexPart part)
    {
        if (IsSameKind && newName(part.Text) == part.Text)
        {
            return part;
        }

        if (!part.IsExpression)
        {
            return newName(part.Text) is { } name ? new IndexPart(name) { Descending = part.Descending, Collation = Collation(part), Prefix = IsSameKind ? part.Prefix : null } : null;
        }

        return SqlExpression.Parse(part.Text, from) is { } parsed && writer.Write(parsed) is { } text
            ? new IndexPart(text, true) { Descending = part.Descending, Collation = Collation(part) }
            : null;
    }

    private string? Collation(IndexPart part)
    {
        if (part.Collation is not null && !IsSameKind)
        {
            lose(part.Text, $"the index's collation {part.Collation} has no counterpart");
        }

        return IsSameKind ? part.Collation : null;
    }

    /// <summary>The condition; empty for none, null for one that cannot be carried.</summary>
    private string? Condition(IndexSchema index) =>
        index.Where is null ? ""
        : IsSameKind ? index.Where
        : SqlExpression.Parse(index.Where, from) is { } parsed ? writer.Write(parsed) : null;

    private List<string> Includes(IndexSchema index)
    {
        if (index.Includes.Count > 0 && !dialect.HasIncludes)
        {
            lose(index.Name, $"the index does not carry {string.Join(", ", index.Includes)} besides");
        }

        return dialect.HasIncludes ? [.. index.Includes.Select(newName).OfType<string>()] : [];
    }

    private static bool IsPerTable(SqlDialect dialect, IndexSchema index) => index.IsConstraint ? dialect.KeyNamesPerTable : dialect.IndexNamesPerTable;

    /// <summary>Where names of indexes must be unique in the whole schema, those that were so in their table only get the table's name.</summary>
    private string Name(IndexSchema index, TableName table)
    {
        var name = index.IsNameGenerated && !IsSameKind ? $"{table.Name}_{string.Join('_', index.Columns)}_key"
            : ObjectNames.Of(index.Name, source.Name, table, (isBeside || IsPerTable(from.Dialect!, index)) && !IsPerTable(dialect, index))!;
        var fitted = ObjectNames.Fit(name, dialect.MaxNameBytes);
        if (fitted != name)
        {
            lose(index.Name, $"the name is longer than the {dialect.MaxNameBytes} bytes that {to.Name} allows; it becomes {fitted}");
        }

        return fitted;
    }
}
