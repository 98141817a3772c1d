using DataTools.Databases;
using DataTools.Schemas;
using DataTools.Schemas.Changes;
using DataTools.Tests.Databases;

namespace DataTools.Tests.Schemas;

/// <summary>A session on an empty database of a kind.</summary>
internal sealed class TestSession : IDisposable
{
    private readonly TestDatabase _database;

    internal TestSession(string kind)
    {
        _database = TestDatabase.Make(kind);
        Sql = Open(_database.Url);
    }

    internal SqlSession Sql { get; }

    internal string Url => _database.Url;

    public void Dispose()
    {
        Sql.Dispose();
        _database.Dispose();
    }

    /// <summary>Opens a URL.</summary>
    internal static SqlSession Open(string url) => (SqlSession)Connector.Open(AddressText.Parse(url), CancellationToken.None);

    internal void Run(params string[] statements)
    {
        foreach (var statement in statements)
        {
            try
            {
                Sql.Run(statement, CancellationToken.None);
            }
            catch (DataTools.Errors.DataException e)
            {
                throw new InvalidOperationException($"{e.Message}: {statement}; among\n{string.Join(";\n", statements)}", e);
            }
        }
    }

    /// <summary>Drops all that the database has.</summary>
    internal void Clear() => Run(Sql.Database.Name switch
    {
        "PostgreSql" => ["DROP SCHEMA public CASCADE", "CREATE SCHEMA public"],
        "Sqlite" => ["PRAGMA writable_schema = 1", "DELETE FROM sqlite_master", "PRAGMA writable_schema = 0", "VACUUM"],
        _ => ["SET foreign_key_checks = 0", .. Sql.ListTables(CancellationToken.None).Select(t => $"DROP TABLE {Sql.Dialect.Quote(new TableName(null, t.Name))}"), "SET foreign_key_checks = 1"],
    });

    /// <summary>Runs a change as a migration does.</summary>
    internal void Apply(IReadOnlyList<SchemaStatement> statements)
    {
        Run([.. statements.Where(s => s.Phase == StatementPhase.Before).Select(s => s.Sql)]);
        Sql.Begin();
        try
        {
            Run([.. statements.Where(s => s.Phase == StatementPhase.Within).Select(s => s.Sql)]);
            Sql.Commit();
        }
        catch
        {
            Sql.Rollback();
            throw;
        }
        finally
        {
            Run([.. statements.Where(s => s.Phase == StatementPhase.After).Select(s => s.Sql)]);
        }
    }

    internal DatabaseSchema Read() => DatabaseSchema.Read(Sql, null, CancellationToken.None);

    internal TableSchema Table(string name) => Sql.FindTable(TableName.Parse(name), CancellationToken.None)!;

    /// <summary>Makes the tables, translated for this database; gives what was lost.</summary>
    internal List<SchemaLoss> Make(DatabaseSchema source, IDatabase from)
    {
        var made = source.Tables.Select(t => SchemaTranslator.Translate(t, from, Sql.Database, new TranslationOptions { Dialect = Sql.Dialect })).ToList();
        var order = TableOrder.Of(made.Select(m => m.Table));
        foreach (var table in order.Tables)
        {
            Run([.. Sql.Dialect.Create(table, Sql.Dialect.KeysStandInTable ? TableParts.All : TableParts.Own)]);
        }

        foreach (var table in Sql.Dialect.KeysStandInTable ? [] : order.Tables)
        {
            Run([.. table.ForeignKeys.Select(k => Sql.Dialect.AddForeignKey(table, k))]);
        }

        return [.. made.SelectMany(m => m.Losses)];
    }
}
