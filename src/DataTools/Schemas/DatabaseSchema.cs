using DataTools.Databases;

namespace DataTools.Schemas;

/// <summary>The tables of a database, and what it has besides.</summary>
/// <param name="Tables">The tables by name, without views.</param>
public sealed record DatabaseSchema(IReadOnlyList<TableSchema> Tables)
{
    /// <summary>The enumerations that have names of their own.</summary>
    public IReadOnlyList<EnumSchema> Enums { get; init; } = [];

    /// <summary>Views, triggers, routines and sequences, which are told of but neither compared nor translated.</summary>
    public IReadOnlyList<DatabaseObject> Others { get; init; } = [];

    /// <summary>Reads the tables that <paramref name="filter"/> wants; null for all.</summary>
    public static DatabaseSchema Read(SqlSession session, Func<TableName, bool>? filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        var names = session.ListTables(cancellation).Where(t => t.Type == TableKind.Table).Select(t => new TableName(t.Schema, t.Name)).Where(n => filter?.Invoke(n) != false);
        return new DatabaseSchema([.. names.Select(n => session.FindTable(n, cancellation)).OfType<TableSchema>()])
        {
            Enums = session.ListEnums(cancellation),
            Others = session.ListOthers(cancellation),
        };
    }

    /// <summary>The table of a name; null where there is none.</summary>
    public TableSchema? Find(TableName name) => Tables.FirstOrDefault(t => t.Name == name) ?? Tables.FirstOrDefault(t => TableOrder.IsSame(t.Name, name));
}
