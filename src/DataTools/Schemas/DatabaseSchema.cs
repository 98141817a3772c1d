using DataTools.Databases;

namespace DataTools.Schemas;

/// <summary>The tables of a database, and what it has besides.</summary>
/// <param name="Tables">The tables by name, without views.</param>
public sealed record DatabaseSchema(IReadOnlyList<TableSchema> Tables)
{
    /// <summary>The enumerations that have names of their own.</summary>
    public IReadOnlyList<EnumSchema> Enums { get; init; } = [];

    /// <summary>The domains, those that are made of others behind them.</summary>
    public IReadOnlyList<DomainSchema> Domains { get; init; } = [];

    /// <summary>Views, triggers, routines and sequences, which are told of but neither compared nor translated.</summary>
    public IReadOnlyList<DatabaseObject> Others { get; init; } = [];

    /// <summary>The schema (on MySQL the database) in which the connection works, so that its name need not be said; null where there is none.</summary>
    public string? DefaultSchema { get; init; }

    /// <summary>Reads the tables that <paramref name="filter"/> wants, null for all, of the schemas that the user may use.</summary>
    public static DatabaseSchema Read(SqlSession session, Func<TableName, bool>? filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        var names = session.ListTables(cancellation).Where(t => t is { Type: TableKind.Table, IsShut: false }).Select(t => new TableName(t.Schema, t.Name)).Where(n => filter?.Invoke(n) != false);
        return new DatabaseSchema([.. names.Select(n => session.FindTable(n, cancellation)).OfType<TableSchema>()])
        {
            Enums = session.ListEnums(cancellation),
            Domains = session.ListDomains(cancellation),
            Others = session.ListOthers(cancellation),
            DefaultSchema = session.DefaultSchema(cancellation),
        };
    }

    /// <summary>The schemas besides the default one that tables, enumerations and domains are in.</summary>
    public IEnumerable<string> Schemas => Enums.Select(e => e.Name.Schema).Concat(Domains.Select(d => d.Name.Schema)).Concat(Tables.Select(t => t.Name.Schema)).OfType<string>().Where(s => s != DefaultSchema).Distinct().Order(StringComparer.Ordinal);

    /// <summary>The table of a name; null where there is none.</summary>
    public TableSchema? Find(TableName name) => TableOrder.Find(Tables, name);

    /// <summary>The schema without the name of the default one, so that it serves for another connection.</summary>
    public DatabaseSchema Local() => DefaultSchema is null ? this : this with
    {
        DefaultSchema = null,
        Enums = [.. Enums.Select(e => e with { Name = Local(e.Name) })],
        Domains = [.. Domains.Select(d => d with { Name = Local(d.Name) })],
        Tables =
        [
            .. Tables.Select(t => t with
            {
                Name = Local(t.Name),
                Columns = [.. t.Columns.Select(c => c with
                {
                    EnumType = c.EnumType is null ? null : Local(c.EnumType),
                    Identity = c.Identity is { Sequence: { } sequence } ? c.Identity with { Sequence = Local(sequence) } : c.Identity,
                })],
                ForeignKeys = [.. t.ForeignKeys.Select(k => k with { References = Local(k.References) })],
            }),
        ],
    };

    private TableName Local(TableName name) => name.Schema == DefaultSchema ? name with { Schema = null } : name;
}
