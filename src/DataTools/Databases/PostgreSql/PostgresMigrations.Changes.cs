using DataTools.Migrations.Changes;
using DataTools.Schemas;

namespace DataTools.Databases.PostgreSql;

/// <summary>Changes without downtime: indexes are built concurrently, constraints are made first and validated afterwards.</summary>
internal sealed partial class PostgresMigrations
{
    protected override SqlDialect Sql => PostgresDialect.Instance;

    public override string OthersOn(TableName table, string column, IReadOnlyCollection<string> known)
    {
        var of = $"= {Sql.Literal(Sql.Quote(table))}::regclass AND a.attname = {Sql.Literal(column)}";
        return $"SELECT c.relname AS hangs_on_the_old_column FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) WHERE i.indrelid {of}{NoneOf("c.relname", known)}"
            + $" UNION ALL SELECT k.conname FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey) WHERE k.contype IN ('f', 'c') AND k.conrelid {of}{NoneOf("k.conname", known)}";
    }

    public override string ViewsOn(TableName table, string column, bool onlyFixed) => PostgresViews.On(Sql, table, column, onlyFixed);

    /// <summary>With a valid check the server need not look at the rows under its strongest lock.</summary>
    public override IReadOnlyList<string> SetNotNull(TableSchema table, ColumnSchema column)
    {
        ArgumentNullException.ThrowIfNull(table);
        var name = Sql.Quote(table.Name);
        var quoted = Sql.Quote(column.Name);
        var check = Sql.Quote(Short($"{table.Name.Name}_{column.Name}_not_null"));
        return
        [
            $"ALTER TABLE {name} ADD CONSTRAINT {check} CHECK ({quoted} IS NOT NULL) NOT VALID",
            $"ALTER TABLE {name} VALIDATE CONSTRAINT {check}",
            $"ALTER TABLE {name} ALTER COLUMN {quoted} SET NOT NULL",
            $"ALTER TABLE {name} DROP CONSTRAINT {check}",
        ];
    }

    public override string DropNotNull(TableSchema table, ColumnSchema column) => $"ALTER TABLE {Sql.Quote(table.Name)} ALTER COLUMN {Sql.Quote(column.Name)} DROP NOT NULL";

    public override IReadOnlyList<string> CreateIndex(TableName table, string name, string columns, bool unique) =>
        [$"CREATE {(unique ? "UNIQUE " : "")}INDEX CONCURRENTLY {Sql.Quote(name)} ON {Sql.Quote(table)} ({columns})"];

    public override IReadOnlyList<string> DropIndex(TableName table, string name) => [$"DROP INDEX CONCURRENTLY {Sql.Quote(table with { Name = name })}"];

    public override IReadOnlyList<string> RenameIndex(TableName table, string name, string wanted, bool isConstraint) => isConstraint
        ? [$"ALTER TABLE {Sql.Quote(table)} RENAME CONSTRAINT {Sql.Quote(name)} TO {Sql.Quote(wanted)}"]
        : [$"ALTER INDEX {Sql.Quote(table with { Name = name })} RENAME TO {Sql.Quote(wanted)}"];

    public override IReadOnlyList<string> AddUnique(TableName table, string name, IReadOnlyList<string> columns) =>
        [.. CreateIndex(table, name, Sql.List(columns), unique: true), $"ALTER TABLE {Sql.Quote(table)} ADD CONSTRAINT {Sql.Quote(name)} UNIQUE USING INDEX {Sql.Quote(name)}"];

    public override IReadOnlyList<string> DropUnique(TableName table, string name) => [$"ALTER TABLE {Sql.Quote(table)} DROP CONSTRAINT {Sql.Quote(name)}"];

    public override IReadOnlyList<string> AddForeignKey(TableName table, string name, string definition) =>
    [
        $"ALTER TABLE {Sql.Quote(table)} ADD CONSTRAINT {Sql.Quote(name)} {definition} NOT VALID",
        $"ALTER TABLE {Sql.Quote(table)} VALIDATE CONSTRAINT {Sql.Quote(name)}",
    ];

    public override IReadOnlyList<string> CreateSync(ColumnSync sync)
    {
        var function = Sql.Quote(sync.Table with { Name = sync.Name });
        var forward = Assign(sync.New, sync);
        var back = Assign(sync.Old, sync);
        var isNew = string.Join(" OR ", sync.New.Select(c => $"NEW.{Sql.Quote(c.Key)} IS NOT NULL"));
        var inStep = AreSame(sync.New.Select(c => "NEW." + Sql.Quote(c.Key)), sync.New.Select(c => Value(c.Value, sync)));
        return
        [
            $"""
            CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $datatools$
            BEGIN
                IF TG_OP = 'INSERT' THEN
                    IF {isNew} THEN
                        IF NOT ({inStep}) THEN
                            {back}
                        END IF;
                    ELSE
                        {forward}
                    END IF;
                ELSIF NOT ({Unchanged(sync.New)}) THEN
                    IF NOT ({inStep}) THEN
                        {back}
                    END IF;
                ELSIF NOT ({Unchanged(sync.Old)}) THEN
                    {forward}
                END IF;
                RETURN NEW;
            END $datatools$
            """,
            $"CREATE TRIGGER {Sql.Quote(sync.Name)} BEFORE INSERT OR UPDATE ON {Sql.Quote(sync.Table)} FOR EACH ROW EXECUTE FUNCTION {function}()",
        ];
    }

    /// <summary>The trigger before the column, or a write between the two would fail.</summary>
    public override IReadOnlyList<string> DropSync(ColumnSync sync) =>
    [
        $"DROP TRIGGER IF EXISTS {Sql.Quote(sync.Name)} ON {Sql.Quote(sync.Table)}",
        $"DROP FUNCTION IF EXISTS {Sql.Quote(sync.Table with { Name = sync.Name })}()",
    ];

    private string Assign(IEnumerable<KeyValuePair<string, string>> columns, ColumnSync sync) =>
        string.Join(' ', columns.Select(c => $"NEW.{Sql.Quote(c.Key)} := {Value(c.Value, sync)};"));

    private string Value(string expression, ColumnSync sync) => sync.Prefixed(expression, "NEW.", Sql);

    private string Unchanged(IEnumerable<KeyValuePair<string, string>> columns) =>
        AreSame(columns.Select(c => "NEW." + Sql.Quote(c.Key)), columns.Select(c => "OLD." + Sql.Quote(c.Key)));

    private string Short(string name) => name.Length <= Sql.MaxNameBytes / 2 ? name : $"{name[..(Sql.MaxNameBytes / 2)]}_{name.Length}";
}
