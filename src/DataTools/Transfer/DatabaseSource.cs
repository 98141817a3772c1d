using System.Globalization;
using DataTools.Data;
using DataTools.Databases;
using DataTools.Databases.Reading;
using DataTools.Errors;
using DataTools.Schemas;

namespace DataTools.Transfer;

/// <summary>A database that is read, within one transaction that only reads, at one state where the database offers it.</summary>
internal sealed class DatabaseSource : ICopySource
{
    private readonly IDatabaseSession _session;
    private readonly bool _ownsSession;
    private readonly bool _ownsTransaction;
    private readonly string? _snapshot;
    private List<TableListing>? _listing;

    /// <summary>A source over a session; <paramref name="isTarget"/> where the copy writes over the same one.</summary>
    public DatabaseSource(IDatabaseSession session, bool isTarget, string? snapshot = null, bool ownsSession = false)
    {
        _session = session;
        _ownsSession = ownsSession;
        if (session is not SqlSession sql || isTarget || sql.InTransaction)
        {
            return;
        }

        _ownsTransaction = true;
        if (sql is not ISnapshots snapshots)
        {
            sql.BeginReading();
        }
        else if (snapshot is null)
        {
            _snapshot = snapshots.ExportSnapshot();
        }
        else
        {
            snapshots.UseSnapshot(snapshot);
            _snapshot = snapshot;
        }
    }

    public string Name => _session.Address.ToString();

    public IDatabase Kind => _session.Database;

    public bool IsParallel => !_session.IsShared;

    public DatabaseSchema Read(Func<TableName, bool> filter, CancellationToken cancellation)
    {
        if (_session is SqlSession sql)
        {
            CheckRights(filter, cancellation);
            var schema = DatabaseSchema.Read(sql, filter, cancellation);
            return schema with { Tables = [.. schema.Tables.Select(t => sql.AsRead(t, cancellation))] };
        }

        var names = Listing(cancellation).Where(t => t.Type == TableKind.Table).Select(t => new TableName(t.Schema, t.Name)).Where(filter);
        return new DatabaseSchema([.. names.Select(n => _session.FindTable(n, cancellation)).OfType<TableSchema>()]);
    }

    public long? Count(TableSchema table, string? where, CancellationToken cancellation)
    {
        var known = Listing(cancellation).Find(t => t.Name == table.Name.Name && (t.Schema is null || table.Name.Schema is null || t.Schema == table.Name.Schema))?.Rows;
        return known is not null || _session is not SqlSession sql ? known
            : sql.Query(
                $"SELECT count(*) FROM {sql.Dialect.Quote(table.Name)}{(where is null ? "" : $" WHERE ({where}\n)")}",
                r => Convert.ToInt64(r.GetValue(0), CultureInfo.InvariantCulture),
                cancellation)[0];
    }

    public string? Greatest(TableSchema table, ColumnSchema column, string? after, CancellationToken cancellation)
    {
        var sql = _session as SqlSession ?? throw DataErrors.InvalidOption($"-Since is not offered for {Kind.Name}.");
        CheckOrder(sql, table, column, cancellation);
        var inOrder = sql.Dialect.InOrder(column.Type, sql.Dialect.Quote(column.Name));
        var (greatest, from) = ($"max({inOrder})", $"FROM {sql.Dialect.Quote(table.Name)}{(after is null ? "" : $" WHERE {inOrder} > {sql.Dialect.InOrder(column.Type, after)}")}");
        if (sql.Dialect.StoredLiteral(greatest) is { } stored)
        {
            var literal = sql.Query($"SELECT {stored} {from}", r => r.GetString(0), cancellation)[0];
            return literal == "NULL" ? null
                : literal[0] != '\'' || column.Type is not (DecimalType or DecimalTextType or DurationType) ? literal
                : throw DataErrors.InvalidOption($"-Since {column.Name}: {Kind.Name} keeps these values as text, whose order is not that of {column.Type.Describe()}.");
        }

        using var rejects = new RejectLog(new RejectPolicy());
        var query = new TableQuery { Text = $"SELECT {greatest} AS m {from}" };
        using var reader = _session.Read(query, new DatabaseContext(rejects, _ => { }, cancellation));
        var type = DataTypes.Of(reader.Schema.GetFieldByIndex(0));
        return reader.ReadBatch(cancellation) is { Length: 1 } row && !row.Column(0).IsNull(0) ? sql.Dialect.Literal(type, Data.Kernels.Cast.TextAt(row.Column(0), type, 0)) : null;
    }

    public IReadOnlyList<KeyRange> Cut(TableSchema table, int count, CancellationToken cancellation) =>
        _session is SqlSession sql && count > 1 ? KeyRanges.Cut(sql, table, count, [], cancellation) : [];

    public IBatchReader Open(TableQuery query, IReadOnlyList<KeyRange> ranges, DatabaseContext context) => ranges switch
    {
        [] => _session.Read(query, context),
        [var only] => _session.Read(query with { Range = only }, context),
        _ when !IsParallel => _session.Read(query, context),
        _ => PartitionedReader.Open(_session.Address, query, ranges, _snapshot, context),
    };

    public IRowRelay? Relay => _session as IRowRelay;

    public ICopySource Fork(CancellationToken cancellation)
    {
        try
        {
            return Fork(_snapshot, cancellation);
        }
        catch (DataException e) when (_snapshot is not null && e.Id is nameof(DataErrors.StatementFailed) or nameof(DataErrors.RowRefused))
        {
            // The state that the first session held is gone with it when its connection broke.
            return Fork(null, cancellation);
        }
    }

    public void Dispose()
    {
        try
        {
            if (_ownsTransaction && _session is SqlSession { InTransaction: true } sql)
            {
                End(sql);
            }
        }
        catch (DataException)
        {
            // The connection is gone, and its transaction with it.
        }

        if (_ownsSession)
        {
            _session.Dispose();
        }
    }

    private static void CheckOrder(SqlSession sql, TableSchema table, ColumnSchema column, CancellationToken cancellation)
    {
        if (sql.Dialect.IsUnordered(column.Type, sql.Dialect.Quote(column.Name)) is { } unordered
            && sql.Query($"SELECT {unordered} FROM {sql.Dialect.Quote(table.Name)}", r => r.GetBoolean(0), cancellation)[0])
        {
            throw DataErrors.InvalidOption($"-Since {column.Name}: the values are written in several ways (as numbers and texts, with a space or a T before the time, or with several zones), whose order is not that of {column.Type.Describe()}.");
        }
    }

    /// <summary>Nothing was written here; but a session that others use at the same time may have been written to by them, as a transformation's commands may do.</summary>
    private static void End(SqlSession session)
    {
        if (session.IsShared)
        {
            session.Commit();
        }
        else
        {
            session.Rollback();
        }
    }

    private DatabaseSource Fork(string? snapshot, CancellationToken cancellation)
    {
        var session = Connector.Open(_session.Address, cancellation);
        try
        {
            return new DatabaseSource(session, isTarget: false, snapshot, ownsSession: true);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Tables that cannot even be looked at are no less wanted than others.</summary>
    private void CheckRights(Func<TableName, bool> filter, CancellationToken cancellation)
    {
        var shut = Listing(cancellation).Where(t => t is { Type: TableKind.Table, IsShut: true } && filter(new TableName(t.Schema, t.Name))).ToLookup(t => t.Schema);
        if (shut.Count > 0)
        {
            var (names, patterns) = (string.Join(", ", shut.Select(s => s.Key)), string.Join(", ", shut.Select(s => $"'{s.Key}.*'")));
            throw DataErrors.PermissionDenied(Name, $"permission denied for schema {names}, with tables that are to be copied, such as {shut.First().First().Name}. -Exclude {patterns} leaves them out.", null);
        }
    }

    private List<TableListing> Listing(CancellationToken cancellation) => _listing ??= [.. _session.ListTables(cancellation)];
}
