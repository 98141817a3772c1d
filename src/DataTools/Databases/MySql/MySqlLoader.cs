using System.Globalization;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases.Writing;
using MySqlConnector;

namespace DataTools.Databases.MySql;

/// <summary>
/// Loads rows by LOAD DATA LOCAL, or by INSERTs of many rows where the server forbids that. LOCAL makes warnings of errors, even in the strict mode, and drops rows
/// whose key is taken: where the server warns or took another number of rows, the batch is undone and inserted strictly, which finds the rows at fault.
/// </summary>
internal sealed class MySqlLoader : IBulkLoader
{
    private const string Savepoint = "datatools_load";

    /// <summary>Warnings that are not about values: of replication, and of what will be gone in a later version.</summary>
    private static readonly int[] Harmless = [1287, 1592, 1681, 3719, 3778, 4079];

    private readonly MySqlSession _session;
    private readonly LoadTarget _target;
    private readonly MySqlTargetColumn[] _columns;
    private readonly MySqlEncoder[] _encoders;
    private readonly MySqlInserter _inserter;
    private readonly MySqlBulkLoader? _bulk;
    private readonly ByteBuffer _buffer = new(1 << 19);
    private readonly List<MySqlError> _warnings = [];
    private long _loaded;

    private MySqlLoader(MySqlSession session, LoadTarget target, MySqlTargetColumn[] columns)
    {
        _session = session;
        _target = target;
        _columns = columns;
        var isUtf8 = System.Array.TrueForAll(columns, c => c.TakesUtf8) && !System.Array.Exists(columns, c => IsServerJson(session, c));
        _encoders = [.. columns.Select((c, i) => c.Encoder(DataTypes.Of(target.Schema.GetFieldByIndex(i)), asHex: !isUtf8))];
        _inserter = new MySqlInserter(session, target.Table, columns, _encoders, _warnings);
        _bulk = session.Server.AllowsLocal ? Bulk(isUtf8) : null;
        session.Driver.InfoMessage += OnWarning;
    }

    /// <summary>Opens a table that the session may undo, or rows on the way to another.</summary>
    public static IBulkLoader Open(MySqlSession session, LoadTarget target) =>
        MySqlCatalog.IsTransactional(session, target.Table) ? new MySqlLoader(session, target, Columns(session, target)) : MySqlStagedLoader.Open(session, target);

    /// <summary>The columns as the loaded table has them, which may be one of the session's that no catalogue lists.</summary>
    public static MySqlTargetColumn[] Columns(MySqlSession session, LoadTarget target)
    {
        var charsets = session.Query(
            $"SHOW FULL COLUMNS FROM {session.Dialect.Quote(target.Table)}",
            r => (Name: r.GetString(0), Type: r.GetString(1), Charset: r.IsDBNull(2) ? null : r.GetString(2).Split('_')[0], Nullable: r.GetString(3) == "YES"),
            CancellationToken.None).ToDictionary(c => c.Name, StringComparer.Ordinal);
        return [.. target.Columns.Select(c => charsets[c.Name] is var found ? new MySqlTargetColumn(c.Name, c.NativeType == "json" ? "json" : found.Type, found.Nullable, found.Charset, target.OnLoss) : null!)];
    }

    /// <summary>Whether a warning is not about values.</summary>
    public static bool IsHarmless(MySqlError warning) => Harmless.Contains((int)warning.ErrorCode);

    public void Load(RecordBatch batch, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        for (var i = 0; i < _encoders.Length; i++)
        {
            _encoders[i].Open(batch.Column(i));
        }

        _session.Run($"SAVEPOINT {Savepoint}", cancellation);
        if (_bulk is not null && TryBulk(batch, cancellation))
        {
            _loaded += batch.Length;
            return;
        }

        _session.Run($"ROLLBACK TO SAVEPOINT {Savepoint}", cancellation);
        _loaded += _inserter.Insert(batch.Length, _target.Reject, cancellation);
    }

    public long Flush(CancellationToken cancellation)
    {
        var loaded = _loaded;
        _loaded = 0;
        return loaded;
    }

    public void Dispose()
    {
        _session.Driver.InfoMessage -= OnWarning;
        _target.WarnOfLoss(_columns.Sum(c => c.Lost));
    }

    /// <summary>Whether the server took the rows as they are.</summary>
    private bool TryBulk(RecordBatch batch, CancellationToken cancellation)
    {
        _warnings.Clear();
        using var stream = new LoadStream(_encoders, batch, _buffer, cancellation);
        // The driver leaves its own name of the last stream there.
        _bulk!.FileName = null;
        _bulk.SourceStream = stream;
        // The server may wait for a lock, and the driver then for the server.
        using var stop = _session.StopOn(cancellation);
        var rows = 0;
        try
        {
            rows = _bulk.Load();
        }
        catch (MySqlException e) when (stream.Error is not null || MySqlFaults.Classify(e) is { Kind: FaultKind.Row })
        {
            // The strict inserts say the same, with the row.
            return false;
        }

        if (stream.Error is OperationCanceledException)
        {
            throw new OperationCanceledException(cancellation);
        }

        return stream.Error is null && rows == batch.Length && _warnings.TrueForAll(IsHarmless);
    }

    /// <summary>
    /// The statement. Text goes as it is, without a look at each character, where all columns hold UTF-8; else the server converts it, and bytes, which must not be
    /// converted, are sent as digits.
    /// </summary>
    private MySqlBulkLoader Bulk(bool isUtf8)
    {
        var bulk = new MySqlBulkLoader(_session.Driver)
        {
            Local = true,
            TableName = _session.Dialect.Quote(_target.Table),
            CharacterSet = isUtf8 ? "binary" : "utf8mb4",
            FieldTerminator = "\t",
            LineTerminator = "\n",
            EscapeCharacter = '\\',
            Timeout = (int)(_session.Address.CommandTimeout ?? TimeSpan.Zero).TotalSeconds,
        };
        for (var i = 0; i < _columns.Length; i++)
        {
            var name = _session.Dialect.Quote(_columns[i].Name);
            var turned = !isUtf8 && _columns[i].IsBinary;
            bulk.Columns.Add(turned ? string.Create(CultureInfo.InvariantCulture, $"@c{i}") : name);
            if (turned)
            {
                bulk.Expressions.Add(string.Create(CultureInfo.InvariantCulture, $"{name} = UNHEX(@c{i})"));
            }
        }

        return bulk;
    }

    private void OnWarning(object sender, MySqlInfoMessageEventArgs e) => _warnings.AddRange(e.Errors);

    /// <summary>MySQL's own json, which takes no text of unknown characters.</summary>
    private static bool IsServerJson(MySqlSession session, MySqlTargetColumn column) => column.NativeType == "json" && !session.Server.IsMariaDb;
}
