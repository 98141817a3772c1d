using System.Data.Common;
using System.Globalization;
using DataTools.Data;
using DataTools.Databases;
using DataTools.Errors;
using DataTools.Schemas;
using DataTools.Schemas.Changes;
using DataTools.Schemas.Comparison;

namespace DataTools.Migrations;

/// <summary>Migrations of a relational database: the history is a table of it.</summary>
internal sealed class SqlMigrationTarget(SqlSession session, MigrationDialect rules, TableName history) : MigrationTarget(session)
{
    private const string Down = "down_text";

    private static readonly string[] Names =
    [
        "id", "name", "checksum", "state", "phase", "position", "batch", "applied_at", "duration_ms", "applied_by", "host",
        "statements_total", "statements_done", "statement_begun", "statement_hashes", "error", "tool_version", "backfill_cursor", Down,
    ];

    private static readonly int Duration = Array.IndexOf(Names, "duration_ms");

    private readonly string _lockName = history.ToString();
    private readonly TableName _named = history;
    private TableName _history = history;
    private TimeSpan? _limit;

    private SqlDialect Dialect => session.Dialect;

    public override string HistoryName => _lockName;

    /// <summary>The names are those of the tool, or the same in capitals.</summary>
    public override IReadOnlyList<string[]> ReadForeign(string table, IReadOnlyList<string> columns, string? order, CancellationToken cancellation)
    {
        var name = new TableName(null, table);
        var found = session.FindTable(name, cancellation) ?? session.FindTable(name with { Name = table.ToUpperInvariant() }, cancellation) ?? throw DataErrors.TableNotFound(table, session.Address.ToString());
        var names = columns.Select(c => (found.Find(c) ?? throw DataErrors.ColumnNotFound(c, table, found.Columns.Select(f => f.Name))).Name);
        var sorted = order is null ? "" : $" ORDER BY {Dialect.Quote((found.Find(order) ?? found.Columns[0]).Name)}";
        return session.Query(
            $"SELECT {Dialect.List(names)} FROM {Dialect.Quote(found.Name)}{sorted}",
            r => Enumerable.Range(0, columns.Count).Select(i => r.IsDBNull(i) ? "" : Convert.ToString(r.GetValue(i), CultureInfo.InvariantCulture)!).ToArray(),
            cancellation);
    }

    public override DatabaseSchema ReadSchema(CancellationToken cancellation) => SchemaModel.Read(session, null, cancellation);

    /// <summary>A client that cuts at every semicolon needs another delimiter for a statement that holds some.</summary>
    public override string ScriptStatement(string statement) => Dialect.Splitting.DelimiterCommand && CodeOf(statement).Exists(t => t.Kind == SqlTokenKind.End)
        ? $"DELIMITER $$$\n{statement.TrimEnd()}\n$$$\nDELIMITER ;\n" : base.ScriptStatement(statement);

    public override string SchemaText(DatabaseSchema schema) => SchemaSnapshot.ToText(schema, Dialect);

    public override string? ScriptEncoding => rules.ScriptEncoding;

    public override bool HasTransactions => Dialect.HasTransactionalDdl;

    public override string CreateHistory
    {
        get
        {
            var types = session.Database.Types;
            var text = types.ToNative(DataTypes.Text, Down);
            var number = types.ToNative(DataTypes.Int64, "position");
            return Dialect.CreateTable(
                _history,
                Names.Select(name => name switch
                {
                    "id" => new NewColumn(name, "varchar(190)", Nullable: false),
                    "name" or "checksum" or "applied_by" or "host" => new NewColumn(name, "varchar(255)", Nullable: false),
                    "state" or "phase" or "tool_version" => new NewColumn(name, "varchar(30)", Nullable: false),
                    "applied_at" => new NewColumn(name, types.ToNative(DataTypes.TimestampUtc, name), Nullable: false),
                    "position" or "batch" or "duration_ms" or "statements_total" or "statements_done" or "statement_begun" => new NewColumn(name, number, Nullable: false),
                    _ => new NewColumn(name, text),
                }),
                ["id"],
                temporary: false);
        }
    }

    public override IReadOnlyList<SqlStatement> Split(string text, string source, int line) => StatementSplitter.Split(text, Dialect.Splitting, source, line);

    public override StatementPlace PlaceOf(string statement) => rules.PlaceOf(MigrationDialect.Words(statement, Dialect.Splitting));

    public override bool ChangesSettings(string statement) => rules.ChangesSettings(MigrationDialect.Words(statement, Dialect.Splitting));

    public override IReadOnlyList<MigrationRecord>? ReadHistory(CancellationToken cancellation)
    {
        if (session.FindTable(_history, cancellation) is not { } found)
        {
            return null;
        }

        // With its schema, for a migration may change where names are looked for.
        _history = found.Name;
        return session.Query($"SELECT {Dialect.List(Names[..^1])} FROM {Dialect.Quote(_history)} ORDER BY {Dialect.Quote("position")}, {Dialect.Quote("id")}", Record, cancellation);
    }

    public override string? ReadDownText(string id, CancellationToken cancellation) => session.Query(
        $"SELECT {Dialect.Quote(Down)} FROM {Dialect.Quote(_history)} WHERE {Dialect.Quote("id")} = {Dialect.Parameter(1)}", r => r.IsDBNull(0) ? null : r.GetString(0), cancellation, id).FirstOrDefault();

    public override void Save(MigrationRecord record, bool isNew, CancellationToken cancellation)
    {
        var values = Values(record);
        session.Run(Statement(_history, record, isNew, i => Dialect.Parameter(i + 1), out var count), cancellation, values[..count]);
    }

    public override string SaveText(MigrationRecord record, bool isNew)
    {
        var values = Values(record);
        return Statement(Dialect.SchemasAreDatabases ? _named : _history, record, isNew, i => Dialect.ValueLiteral(values[i]), out _);
    }

    public override void Run(string statement, CancellationToken cancellation) => session.Run(statement, cancellation);

    public override bool RunsAtOnce => HasTransactions && rules.Elapsed is not null && session.RunsAtOnce;

    public override IReadOnlyList<MigrationRecord> RunAtOnce(IReadOnlyList<StepAtOnce> steps, CancellationToken cancellation)
    {
        var done = steps.Take(session.RunAtOnce([.. steps.Select(Transaction)], cancellation)).Select(s => s.Record).ToList();
        if (done.Count == 0)
        {
            return done;
        }

        var took = session.Query(
            $"SELECT {Dialect.Quote("id")}, {Dialect.Quote(Names[Duration])} FROM {Dialect.Quote(_history)} WHERE {Dialect.Quote("id")} IN ({string.Join(", ", done.Select(r => Dialect.ValueLiteral(r.Id)))})",
            r => (Id: r.GetString(0), Time: TimeSpan.FromMilliseconds(Number(r, 1))),
            cancellation).ToDictionary(r => r.Id, r => r.Time);
        return [.. done.Select(r => r with { Duration = took[r.Id] })];
    }

    public override void CommitLate(CancellationToken cancellation)
    {
        if (rules.LateFlush is { } late)
        {
            session.Run(late.Begin, cancellation);
        }
    }

    public override void Flush(CancellationToken cancellation)
    {
        if (rules.LateFlush is { } late)
        {
            session.Run(late.Flush, cancellation);
        }
    }

    public override long RunCounted(string statement, CancellationToken cancellation) => session.Run(statement, cancellation);

    public override string? FirstRow(string query, CancellationToken cancellation)
    {
        using var command = session.NewCommand(query, new Dictionary<string, object?>());
        using var stop = session.StopOn(cancellation, command.Cancel);
        return session.Guard(
            () =>
            {
                using var reader = command.ExecuteReader();
                return reader.Read() ? string.Join(", ", Enumerable.Range(0, reader.FieldCount).Select(i => Shown(reader, i))) : null;
            },
            cancellation);
    }

    private static string Shown(DbDataReader reader, int column)
    {
        try
        {
            return $"{reader.GetName(column)} {(reader.IsDBNull(column) ? "null" : Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture))}";
        }
        catch (Exception e) when (e is InvalidCastException or OverflowException or FormatException)
        {
            // Not every value of a database has a place in a type of the driver's.
            return reader.GetName(column);
        }
    }

    public override void LimitLocks(TimeSpan? limit, CancellationToken cancellation)
    {
        if (limit != _limit)
        {
            foreach (var statement in rules.LimitLocks(limit))
            {
                session.Run(statement, cancellation);
            }

            _limit = limit;
        }
    }

    public override IEnumerable<string> LimitLocksText(TimeSpan? limit) => rules.LimitLocks(limit);

    public override RunnerLock OpenLock(CancellationToken cancellation) => rules.OpenLock(session, _lockName, cancellation);

    public override IReadOnlyList<string> ReadSettings(CancellationToken cancellation) => [.. rules.ReadSettings(session, cancellation)];

    public override void Prepare(string statement, CancellationToken cancellation) => rules.Prepare(session, statement, cancellation);

    public override void CheckBeforeCommit(CancellationToken cancellation) => rules.CheckBeforeCommit(session, cancellation);

    internal override string? KeyAt(BackfillOptions batch, string? from, string? upper, int skip, bool descending, CancellationToken cancellation)
    {
        var key = Dialect.Quote(batch.Key);
        string?[] conditions = [from is null ? $"{key} IS NOT NULL" : $"{key} > {from}", upper is null ? null : $"{key} <= {upper}"];
        var query = string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT {key} FROM {Dialect.Quote(batch.Table)} WHERE {string.Join(" AND ", conditions.OfType<string>())} ORDER BY {key}{(descending ? " DESC" : "")} LIMIT 1 OFFSET {skip}");
        return session.Query(query, r => Dialect.ValueLiteral(r.GetValue(0)), cancellation).FirstOrDefault();
    }

    internal override string QuoteKey(BackfillOptions batch) => Dialect.Quote(batch.Key);

    internal override string LeastKey(BackfillOptions batch) => KeyAt(batch, null, null, 0, false, CancellationToken.None) is { } least && long.TryParse(least, CultureInfo.InvariantCulture, out var number)
        ? (number - 1).ToString(CultureInfo.InvariantCulture)
        : "''";

    internal override List<SqlToken> CodeOf(string statement) => SqlLexer.CodeOf(statement, Dialect.Splitting);

    private SqlTransaction Transaction(StepAtOnce step)
    {
        var values = Values(step.Record).ToList();
        values.RemoveAt(Duration);
        var row = Statement(_history, step.Record, step.IsNew, i => i == Duration ? rules.Elapsed! : Dialect.Parameter(i < Duration ? i + 1 : i), out var count);
        return new SqlTransaction(rules.LateFlush is { } late ? step.Statements.Prepend(late.Begin) : step.Statements, row, values[..(count - 1)]);
    }

    /// <summary>The text that undoes it stays as it is where the row does not bring one.</summary>
    private string Statement(TableName table, MigrationRecord record, bool isNew, Func<int, string> value, out int count)
    {
        count = isNew || record.DownText is not null ? Names.Length : Names.Length - 1;
        var columns = Names[..count];
        return isNew
            ? $"INSERT INTO {Dialect.Quote(table)} ({Dialect.List(columns)}) VALUES ({string.Join(", ", columns.Select((_, i) => value(i)))})"
            : $"UPDATE {Dialect.Quote(table)} SET {string.Join(", ", columns.Select((c, i) => $"{Dialect.Quote(c)} = {value(i)}"))} WHERE {Dialect.Quote("id")} = {value(0)}";
    }

    private static object?[] Values(MigrationRecord record) =>
    [
        record.Id, record.Name, record.Checksum, record.State.ToString(), record.Phase.ToString(), record.Position, record.Batch, record.AppliedAt, (long)record.Duration.TotalMilliseconds,
        record.AppliedBy, record.Host, (long)record.StatementsTotal, (long)record.StatementsDone, (long)record.StatementBegun, record.StatementHashes, record.Error, record.ToolVersion, record.Cursor, record.DownText,
    ];

    private static MigrationRecord Record(DbDataReader r) => new(r.GetString(0), r.GetString(1))
    {
        Checksum = r.GetString(2),
        State = Enum.Parse<RecordState>(r.GetString(3)),
        Phase = Enum.Parse<SectionKind>(r.GetString(4)),
        Position = Number(r, 5),
        Batch = Number(r, 6),
        AppliedAt = Time(r.GetValue(7)),
        Duration = TimeSpan.FromMilliseconds(Number(r, 8)),
        AppliedBy = r.GetString(9),
        Host = r.GetString(10),
        StatementsTotal = (int)Number(r, 11),
        StatementsDone = (int)Number(r, 12),
        StatementBegun = (int)Number(r, 13),
        StatementHashes = r.IsDBNull(14) ? "" : r.GetString(14),
        Error = r.IsDBNull(15) ? null : r.GetString(15),
        ToolVersion = r.GetString(16),
        Cursor = r.IsDBNull(17) ? null : r.GetString(17),
    };

    private static long Number(DbDataReader reader, int column) => Convert.ToInt64(reader.GetValue(column), CultureInfo.InvariantCulture);

    private static DateTime Time(object value) => value is DateTime time
        ? DateTime.SpecifyKind(time, DateTimeKind.Utc)
        : DateTime.Parse((string)value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
