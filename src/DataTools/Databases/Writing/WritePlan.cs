using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;
using DataTools.Schemas;

namespace DataTools.Databases.Writing;

/// <summary>Which table gets the rows, which of its columns get which of theirs, and what stands between.</summary>
internal sealed class WritePlan
{
    private readonly SqlSession _session;
    private readonly TableWriteOptions _options;
    private readonly DatabaseContext _context;
    private readonly TypeMap _types;

    /// <summary>Makes tables and columns as far as the options want it. The session is in a transaction where it has transactional DDL.</summary>
    public WritePlan(SqlSession session, TableName name, Schema schema, TableWriteOptions options, DatabaseContext context)
    {
        _session = session;
        _options = options;
        _context = context;
        _types = session.Types.With(options.TypeRules);
        var rows = ColumnMapping.Apply(schema, name, options.ColumnMap, out var sources);
        var found = session.FindTable(name, context.Cancellation);
        if (found is not null && options.Mode == WriteMode.Fail)
        {
            throw DataErrors.TableExists(found.Name.ToString());
        }

        Target = found ?? Create(name, rows);
        IsNew = found is null;
        Load = Target.Name;
        try
        {
            AddColumns(rows);
            Columns = Match(rows, ref sources);
            Sources = sources;
            Source = rows.Project([.. Columns.Select(c => rows.IndexOf(c.Name))]);
            Stage(rows);
        }
        catch
        {
            Undo(keepsTable: false);
            throw;
        }
    }

    /// <summary>The table that the rows are for.</summary>
    public TableSchema Target { get; private set; }

    /// <summary>Whether it was made for them.</summary>
    public bool IsNew { get; }

    /// <summary>The table that is loaded: the target itself, or one that stands beside it until the end.</summary>
    public TableName Load { get; private set; }

    /// <summary>The columns that get values.</summary>
    public IReadOnlyList<ColumnSchema> Columns { get; }

    /// <summary>The columns of the rows that they come from.</summary>
    public int[] Sources { get; }

    /// <summary>These columns of the rows, under the names of the table's.</summary>
    public Schema Source { get; }

    /// <summary>How staged rows are merged; null where they are not.</summary>
    public MergePlan? Merge { get; private set; }

    /// <summary>Whether the loaded table takes the place of the target at the end.</summary>
    public bool Swaps { get; private set; }

    /// <summary>Whether the target's rows are deleted before the first new one.</summary>
    public bool Empties { get; private set; }

    /// <summary>Drops what a rollback leaves, where the database cannot undo a CREATE TABLE; <paramref name="keepsTable"/> where rows were committed to it.</summary>
    public void Undo(bool keepsTable)
    {
        if (_session.Dialect.HasTransactionalDdl || !_session.IsOpen)
        {
            return;
        }

        if (Load != Target.Name)
        {
            _session.Run(_session.Dialect.Drop(Load, temporary: Merge is not null), CancellationToken.None);
        }

        if (IsNew && !keepsTable)
        {
            _session.Run(_session.Dialect.Drop(Target.Name), CancellationToken.None);
        }
    }

    /// <summary>Runs a statement that changes tables. Where that commits, it must not commit what a user's transaction has done.</summary>
    private void Define(Action change)
    {
        if (!_session.Dialect.HasTransactionalDdl && _session.InTransaction)
        {
            throw DataErrors.InvalidOption($"{_session.Database.Name} commits the transaction when a table is made or changed. Do that before the transaction begins.");
        }

        change();
    }

    private TableSchema Create(TableName name, Schema rows)
    {
        if (!_options.CreateTable && _options.Mode != WriteMode.Fail)
        {
            throw DataErrors.TableNotFound(name.ToString(), _session.Address.ToString(), " Use -CreateTable to make it from the columns of the rows.");
        }

        CreateTable(name, rows);
        return _session.FindTable(name, _context.Cancellation)!;
    }

    private void CreateTable(TableName name, Schema rows)
    {
        var upserts = _options.Mode is WriteMode.Upsert or WriteMode.Ignore;
        var wanted = _options.PrimaryKey.Count == 0 && upserts ? _options.Key : _options.PrimaryKey;
        var key = wanted.Select(k => rows.GetFieldByIndex(rows.Require(k, "The input")).Name).ToList();
        Define(() => _session.Run(_session.Dialect.CreateTable(name, rows.FieldsList.Select(f => NewColumn(f, key.Contains(f.Name))), key, temporary: false), _context.Cancellation));
    }

    private NewColumn NewColumn(Field field, bool isKey) => new(field.Name, NativeType(field), field.IsNullable && !isKey);

    private string NativeType(Field field)
    {
        var given = _options.Types.FirstOrDefault(t => ColumnNames.IsMatch(field.Name, t.Key)).Value;
        return given is null ? _types.ToNative(field)
            : DataTypes.TryParse(given, out var type) ? _types.ToNative(type, field.Name)
            : TypeText.Check(given);
    }

    private void AddColumns(Schema rows)
    {
        var missing = rows.FieldsList.Where(f => Target.Find(f.Name) is null).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        if (!_options.AddColumns)
        {
            throw DataErrors.ColumnsMissing(Target.Name.ToString(), missing.Select(f => f.Name), Target.Columns.Select(c => c.Name), "Use -AddColumn to add what is missing, -ColumnMap to rename, or Convert-Data -Exclude to leave it out.");
        }

        foreach (var field in missing)
        {
            // Rows that are there have no value for it.
            Define(() => _session.Run(_session.Dialect.AddColumn(Target.Name, NewColumn(field, isKey: false) with { Nullable = true }), _context.Cancellation));
        }

        Target = _session.FindTable(Target.Name, _context.Cancellation)!;
    }

    private List<ColumnSchema> Match(Schema rows, ref int[] sources)
    {
        var columns = new List<ColumnSchema>();
        var kept = new List<int>();
        for (var i = 0; i < rows.FieldsList.Count; i++)
        {
            var column = Target.Find(rows.GetFieldByIndex(i).Name)!;
            if (column.Generated is not null)
            {
                _context.Warn($"'{Target.Name}' computes the column '{column.Name}' by itself; the rows' values are not written.");
                continue;
            }

            columns.Add(column);
            kept.Add(sources[i]);
        }

        if (columns.Count == 0)
        {
            throw DataErrors.InvalidOption($"'{Target.Name}' has no column that takes a value of the rows: it computes all that they have.");
        }

        sources = [.. kept];
        var required = Target.Columns.Except(columns).Where(c => c is { Nullable: false, Default: null, IsIdentity: false, Generated: null }).ToList();
        return required.Count == 0 ? columns : throw DataErrors.ColumnsRequired(Target.Name.ToString(), required.Select(c => c.Name));
    }

    private void Stage(Schema rows)
    {
        switch (_options.Mode)
        {
            case WriteMode.Truncate:
                Empties = !IsNew;
                break;
            case WriteMode.Replace when !IsNew:
                Swaps = (_session.Dialect.HasTransactionalDdl || !_session.InTransaction) && _session.CanSwap(Target, _context.Cancellation);
                Empties = !Swaps;
                if (Swaps)
                {
                    CreateReplacement(rows);
                }

                break;
            case WriteMode.Upsert or WriteMode.Ignore when !IsNew || _options.Key.Count > 0 || _options.PrimaryKey.Count > 0:
                StageMerge();
                break;
            case WriteMode.Upsert or WriteMode.Ignore:
                throw DataErrors.KeyRequired(Target.Name.ToString(), _options.Mode.ToString());
        }
    }

    private void CreateReplacement(Schema rows)
    {
        var name = Beside();
        if (_options.CreateTable)
        {
            CreateTable(name, rows);
        }
        else
        {
            Define(() => _session.CreateLike(Target, name, _context.Cancellation));
        }

        Load = name;
    }

    private void StageMerge()
    {
        var key = (_options.Key.Count > 0 ? _options.Key : Target.PrimaryKey?.Columns)
            ?? throw DataErrors.KeyRequired(Target.Name.ToString(), _options.Mode.ToString());
        var names = key.Select(k => (Columns.FirstOrDefault(c => c.Name == k) ?? Columns.FirstOrDefault(c => string.Equals(c.Name, k, StringComparison.OrdinalIgnoreCase)))?.Name
            ?? throw DataErrors.ColumnNotFound(k, "The input", Columns.Select(c => c.Name))).ToList();
        var staging = new TableName(null, Beside().Name);
        _session.CreateStaging(Target, staging, Columns, _context.Cancellation);
        Merge = new MergePlan(Target.Name, staging, [.. Columns.Select(c => c.Name)], names, _options.Mode == WriteMode.Upsert, IsOnlyKey(names));
        Load = staging;
    }

    /// <summary>A name for a table beside the target, which no one else has.</summary>
    private TableName Beside() => Target.Name with { Name = $"datatools_{Guid.NewGuid():N}" };

    private bool IsOnlyKey(List<string> key)
    {
        var unique = Target.Indexes.Where(i => i.IsUnique).Select(i => (i.Columns, i.Where)).ToList();
        if (Target.PrimaryKey is { } primary)
        {
            unique.Add((primary.Columns, null));
        }

        return unique is [var (only, where)] && where is null && only.ToHashSet().SetEquals(key);
    }
}
