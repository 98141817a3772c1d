using System.Text;
using DataTools.Databases;
using DataTools.Errors;
using DataTools.Schemas;

namespace DataTools.Migrations.Changes;

/// <summary>Writes changes as the sections of a migration that lets old and new applications run side by side, as far as the database can.</summary>
public sealed partial class ChangeWriter
{
    private readonly StringBuilder _text = new();
    private readonly List<string> _options = [];
    private readonly SqlDialect _sql;
    private readonly MigrationDialect _rules;
    private readonly SchemaChange _change;
    private readonly SqlSession _session;
    private readonly CancellationToken _cancellation;
    private readonly TableSchema _table;

    private ChangeWriter(SqlSession session, SchemaChange change, CancellationToken cancellation)
    {
        _session = session;
        _cancellation = cancellation;
        _sql = session.Dialect;
        _rules = _sql.Migrations ?? throw DataErrors.InvalidOption($"Migrations cannot be run on {session.Database.Name}.");
        _change = change;
        _table = session.FindTable(change.Table, cancellation) ?? throw DataErrors.TableNotFound(change.Table.ToString(), session.Address.ToString());
        _table = _table with { Name = change.Table };
        _options.Add($"database: {session.Database.Schemes[0]}");
    }

    private string Table => _sql.Quote(_change.Table);

    /// <summary>The lines of options and the sections.</summary>
    public static (IReadOnlyList<string> Options, string Sections) Write(SqlSession session, SchemaChange change, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(change);
        var writer = new ChangeWriter(session, change, cancellation);
        writer.Write();
        return (writer._options, writer._text.ToString());
    }

    private void Write()
    {
        switch (_change.Kind)
        {
            case ChangeKind.AddColumn:
                AddColumn();
                break;
            case ChangeKind.AddNotNull:
                AddNotNull();
                break;
            case ChangeKind.AddForeignKey:
                AddForeignKey();
                break;
            case ChangeKind.AddUnique:
                AddUnique();
                break;
            case ChangeKind.AddIndex:
                AddIndex();
                break;
            case ChangeKind.DropColumn:
                DropColumn();
                break;
            default:
                WriteSynced();
                break;
        }
    }

    private void AddColumn()
    {
        var type = _change.Need(_change.Type, "Type");
        if (_change.NotNull && _change.Default is null)
        {
            throw DataErrors.InvalidOption("A column that may hold no nulls needs -Default, for the rows that are there and those of the old application.");
        }

        var column = _sql.Quote(_change.Column);
        var drop = _rules.DropColumn(_change.Table, _change.Column);
        if (_change.Default is { } value && _rules.IsVolatile(value))
        {
            // A value of its own for every row would rewrite the table under a lock.
            Section("expand", [_rules.AddColumn(_change.Table, $"{column} {type}"), _rules.SetDefault(_change.Table, _change.Column, value)]);
            Fill($"UPDATE {Table} SET {column} = {value} WHERE {column} IS NULL");
            Section("contract", _change.NotNull ? NotNull(new ColumnSchema(_change.Column, type, Data.DataTypes.Text, true) { Default = value }) : [], inParts: _change.NotNull);
            Section("down", [drop]);
            Section("down completed", [drop]);
            return;
        }

        var ddl = $"{column} {type}{(_change.Default is null ? "" : $" DEFAULT {_change.Default}")}{(_change.NotNull ? " NOT NULL" : "")}";
        Section("up", [_rules.AddColumn(_change.Table, ddl)]);
        Section("down", [drop]);
    }

    private void AddNotNull()
    {
        var column = Column(_change.Column);
        var name = _sql.Quote(column.Name);
        var statements = NotNull(column with { Default = _change.Default ?? column.Default });
        var nulls = $"SELECT {KeyOrOne()} FROM {Table} WHERE {name} IS NULL";
        var back = _rules.DropNotNull(_table, column) is { } drop ? [drop] : Array.Empty<string>();
        if (_change.Default is null)
        {
            Section("check", [nulls]);
            Section("up", statements, inParts: true);
            Section("down", back);
            return;
        }

        Section("expand", [_rules.SetDefault(_change.Table, column.Name, _change.Default)]);
        Fill($"UPDATE {Table} SET {name} = {_change.Default} WHERE {name} IS NULL");
        Section("verify", [nulls]);
        Section("contract", statements, inParts: true);
        var restore = _rules.SetDefault(_change.Table, column.Name, column.Default ?? "NULL");
        Section("down", [restore]);
        Section("down completed", [.. back, restore]);
    }

    private void AddForeignKey()
    {
        var target = _change.References ?? throw DataErrors.InvalidOption("-Kind AddForeignKey needs -References, such as users(id).");
        var name = Named("fkey");
        string? orphans = null;
        var columns = _change.Columns.Select(c => Column(c).Name).ToList();
        var referenced = _change.ReferencedColumns.Count > 0 ? $" ({_sql.List(_change.ReferencedColumns)})" : "";
        var statements = _rules.AddForeignKey(_change.Table, name, $"FOREIGN KEY ({_sql.List(columns)}) REFERENCES {_sql.Quote(target)}{referenced}") ?? throw Rebuild("a foreign key");
        if (_change.ReferencedColumns.Count == columns.Count)
        {
            var matches = columns.Zip(_change.ReferencedColumns, (c, r) => $"p.{_sql.Quote(r)} = t.{_sql.Quote(c)}");
            orphans = $"SELECT {_sql.List(columns, "t.")} FROM {Table} AS t WHERE {string.Join(" AND ", columns.Select(c => $"t.{_sql.Quote(c)} IS NOT NULL"))} AND NOT EXISTS (SELECT 1 FROM {_sql.Quote(target)} AS p WHERE {string.Join(" AND ", matches)})";
            Section("check", [orphans]);
        }

        Section("up", statements, inParts: true);
        if (orphans is not null && !_rules.ValidatesForeignKeys)
        {
            Section("verify", [orphans]);
        }

        Section("down", [_rules.DropForeignKey(_change.Table, name)]);
    }

    private void AddUnique()
    {
        var name = Named("key");
        var columns = _change.Columns.Select(c => Column(c).Name).ToList();
        Section("check", [Duplicates(columns)]);
        Section("up", _rules.AddUnique(_change.Table, name, columns), inParts: true);
        Section("down", _rules.DropUnique(_change.Table, name), inParts: true);
    }

    private void AddIndex()
    {
        var name = Named("idx");
        Section("up", _rules.CreateIndex(_change.Table, name, _sql.List(_change.Columns.Select(c => Column(c).Name)), unique: false), inParts: true);
        Section("down", _rules.DropIndex(_change.Table, name), inParts: true);
    }

    private void DropColumn()
    {
        var column = Column(_change.Column);
        CheckFree(column, forDrop: true);
        var frees = column is { Nullable: false, Default: null } ? _rules.DropNotNull(_table, column) : null;
        Section("expand", frees is null ? [] : [frees]);
        if (ViewsOn(column, keeps: false) is { Length: > 0 } views)
        {
            Section("verify", views);
        }

        Section("contract", [.. IndexesOf(column.Name).SelectMany(i => _rules.DropIndexBeforeColumn(_change.Table, i.Name)), _rules.DropColumn(_change.Table, column.Name)]);
        Section("down", frees is null ? [] : NotNull(column), inParts: frees is not null);
    }

    /// <summary>The rows of a batched backfill.</summary>
    private void Fill(string statement)
    {
        if (_table.PrimaryKey?.Columns[0] is { } key)
        {
            _options.Add($"batch: {_change.Table} by {new TableName(null, key)}, {_change.BatchSize}");
        }

        Section("backfill", [statement]);
    }

    private IReadOnlyList<string> NotNull(ColumnSchema column) => _rules.SetNotNull(_table, column) ?? throw Rebuild("NOT NULL");

    private string Duplicates(IReadOnlyCollection<string> columns) =>
        $"SELECT {_sql.List(columns)} FROM {Table} WHERE {string.Join(" AND ", columns.Select(c => $"{_sql.Quote(c)} IS NOT NULL"))} GROUP BY {_sql.List(columns)} HAVING count(*) > 1";

    private string KeyOrOne() => _table.PrimaryKey is { } key ? _sql.List(key.Columns) : "1";

    private ColumnSchema Column(string name) => _table.Find(name) ?? throw DataErrors.ColumnNotFound(name, _change.Table.ToString(), _table.Columns.Select(c => c.Name));

    private string Named(string suffix) => _change.NewName ?? Shortened($"{_change.Table.Name}_{string.Join('_', _change.Columns)}_{suffix}");

    private string Shortened(string name) => ObjectNames.Fit(name, _sql.MaxNameBytes);

    private static DataException Rebuild(string what) => DataErrors.InvalidOption(
        $"This database cannot add {what} to a table that is there; it must be rebuilt. New-DataMigration -Autogenerate writes that from the schema that you want.");

    private void Section(string name, IReadOnlyList<string> statements, bool inParts = false)
    {
        _text.Append(_text.Length == 0 ? "" : "\n").Append("-- ").Append(name).Append('\n');
        if (inParts && statements.Count > 1 && _sql.HasTransactionalDdl)
        {
            _text.Append("-- transaction: off\n");
        }

        foreach (var statement in statements)
        {
            _text.Append(_rules.Delimited(statement)).Append('\n');
        }
    }
}
