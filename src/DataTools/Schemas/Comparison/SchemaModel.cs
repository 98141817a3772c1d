using System.Text.RegularExpressions;
using DataTools.Databases;
using DataTools.Errors;
using DataTools.Migrations;

namespace DataTools.Schemas.Comparison;

/// <summary>A schema that is written as SQL: a file, a folder of files, or a folder of migrations.</summary>
public static partial class SchemaModel
{
    private const string Extension = ".sql";

    /// <summary>The tables in which tools keep what they have done, which belong to no schema.</summary>
    private static readonly string[] Histories =
        [MigrationTarget.DefaultHistory, Transfer.LedgerTable.Name, "alembic_version", "flyway_schema_history", "schema_migrations", "goose_db_version", "databasechangelog", "databasechangeloglock"];

    /// <summary>Whether a path is one of a model: a folder, or a file of SQL.</summary>
    public static bool IsModel(string path) => Directory.Exists(path) || Path.GetExtension(path).Equals(Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>Columns by which a history of ours is known under any name.</summary>
    private static readonly string[] HistoryColumns = ["statement_hashes", "backfill_cursor", "down_text"];

    /// <summary>The schema of a database, without the tables in which tools keep what they have done.</summary>
    public static DatabaseSchema Read(SqlSession session, Func<TableName, bool>? filter, CancellationToken cancellation)
    {
        var schema = DatabaseSchema.Read(session, name => filter?.Invoke(name) != false && !IsBookkeeping(name), cancellation);
        return schema with { Tables = [.. schema.Tables.Where(t => !HistoryColumns.All(c => t.Columns.Any(o => o.Name == c)))] };
    }

    /// <summary>Whether a table keeps the history of migrations, of ours or of another tool's.</summary>
    public static bool IsBookkeeping(TableName table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return Histories.Contains(table.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Runs a model in an empty database: migrations all, to the end of their phases; else the files in the order of their names, each in a transaction where there are such
    /// for it. A file that fails because another must come before it has its turn again after that.
    /// </summary>
    public static void Run(string path, SqlSession session, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (Directory.Exists(path) && MigrationFolder.Read(path) is { Count: > 0 } migrations)
        {
            var engine = new MigrationEngine(MigrationTarget.Of(session), migrations, MigrationRunOptions.Default);
            _ = engine.Invoke("heads", cancellation).Count() + engine.Complete(null, cancellation).Count();
            return;
        }

        var rest = Files(path);
        while (rest.Count > 0)
        {
            DataException? error = null;
            var failed = rest.Where(file =>
            {
                var wrong = TryRun(file, session, cancellation);
                error ??= wrong;
                return wrong is not null;
            }).ToList();
            rest = failed.Count < rest.Count ? failed : throw error!;
        }
    }

    private static List<string> Files(string path)
    {
        List<string> files = Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "*" + Extension, SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : File.Exists(path) ? [path] : [];
        return files.Count > 0 ? files : throw DataErrors.FileNotFound(path);
    }

    private static DataException? TryRun(string file, SqlSession session, CancellationToken cancellation)
    {
        // Dumps begin and end with commands of psql that lock it.
        var text = PsqlCommand().Replace(MigrationFolder.ReadText(file), "");
        var rules = session.Dialect.Migrations;
        var settings = rules?.ReadSettings(session, cancellation).ToList() ?? [];
        try
        {
            var statements = StatementSplitter.Split(text, session.Dialect.Splitting, file);
            var isOwn = rules is not null && statements.Any(s => rules.PlaceOf(MigrationDialect.Words(s.Text, session.Dialect.Splitting)) != StatementPlace.Inside);
            Run(statements, session, !isOwn, cancellation);
            return null;
        }
        catch (DataException e)
        {
            return DataErrors.ModelFailed(file, e);
        }
        finally
        {
            // A dump sets where names are looked for, which must not reach those who read what it made.
            settings.ForEach(s => session.Run(s, CancellationToken.None));
        }
    }

    private static void Run(IEnumerable<SqlStatement> statements, SqlSession session, bool inTransaction, CancellationToken cancellation)
    {
        if (inTransaction)
        {
            session.Begin();
        }

        try
        {
            foreach (var statement in statements)
            {
                session.Run(statement.Text, cancellation);
            }
        }
        catch when (inTransaction)
        {
            session.Rollback();
            throw;
        }

        if (inTransaction)
        {
            session.Commit();
        }
    }

    [GeneratedRegex(@"^\\(un)?restrict\b.*$", RegexOptions.Multiline)]
    private static partial Regex PsqlCommand();
}
