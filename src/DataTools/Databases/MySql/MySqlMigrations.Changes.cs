using System.Globalization;
using DataTools.Migrations.Changes;
using DataTools.Schemas;

namespace DataTools.Databases.MySql;

/// <summary>Changes without downtime: the server is told to refuse what it could not do while the table is used.</summary>
internal sealed partial class MySqlMigrations
{
    /// <summary>Types whose values are compared by a collation, which takes different letters for the same.</summary>
    private static readonly string[] Texts = ["char", "text", "enum", "set", "json"];

    /// <summary>A client splits the statements of a trigger unless it is told another delimiter.</summary>
    public override string Delimited(string statement)
    {
        ArgumentNullException.ThrowIfNull(statement);
        return statement.StartsWith("CREATE TRIGGER", StringComparison.Ordinal) ? $"DELIMITER //\n{statement} //\nDELIMITER ;" : base.Delimited(statement);
    }

    public override string OthersOn(TableName table, string column, IReadOnlyCollection<string> known)
    {
        var of = $"WHERE TABLE_SCHEMA = {(table.Schema is null ? "DATABASE()" : Sql.Literal(table.Schema))} AND TABLE_NAME = {Sql.Literal(table.Name)} AND COLUMN_NAME = {Sql.Literal(column)}";
        return $"SELECT INDEX_NAME AS hangs_on_the_old_column FROM information_schema.STATISTICS {of}{NoneOf("INDEX_NAME", known)}"
            + $" UNION ALL SELECT CONSTRAINT_NAME FROM information_schema.KEY_COLUMN_USAGE {of} AND REFERENCED_TABLE_NAME IS NOT NULL{NoneOf("CONSTRAINT_NAME", known)}";
    }

    public override IReadOnlyList<string> SetNotNull(TableSchema table, ColumnSchema column) => [Modify(table, column with { Nullable = false })];

    public override string DropNotNull(TableSchema table, ColumnSchema column) => Modify(table, column with { Nullable = true });

    /// <summary>CAST knows other types than columns do. Where it has none for a type, the column converts what it is given.</summary>
    public override string Cast(string expression, string type)
    {
        var native = NativeType.Parse(type);
        return native.Name switch
        {
            "tinyint" or "smallint" or "mediumint" or "int" or "integer" or "bigint" => $"CAST({expression} AS {(native.IsUnsigned ? "UNSIGNED" : "SIGNED")})",
            "decimal" or "numeric" or "date" or "datetime" or "time" => $"CAST({expression} AS {type})",
            "timestamp" => $"CAST({expression} AS {type.Replace("timestamp", "DATETIME", StringComparison.OrdinalIgnoreCase)})",
            "double" or "float" or "real" => $"({expression} + 0E0)",
            "char" or "varchar" => $"CAST({expression} AS CHAR{(native.Length is { } length ? string.Create(CultureInfo.InvariantCulture, $"({length})") : "")})",
            "tinytext" or "text" or "mediumtext" or "longtext" => $"CAST({expression} AS CHAR)",
            _ => expression,
        };
    }

    public override IReadOnlyList<string> CreateIndex(TableName table, string name, string columns, bool unique) =>
        [$"ALTER TABLE {Sql.Quote(table)} ADD {(unique ? "UNIQUE " : "")}INDEX {Sql.Quote(name)} ({columns}){Online}"];

    public override IReadOnlyList<string> DropIndex(TableName table, string name) => [$"ALTER TABLE {Sql.Quote(table)} DROP INDEX {Sql.Quote(name)}{Online}"];

    /// <summary>Without it an index of several columns would stay with the others.</summary>
    public override IReadOnlyList<string> DropIndexBeforeColumn(TableName table, string name) => DropIndex(table, name);

    public override IReadOnlyList<string> RenameIndex(TableName table, string name, string wanted, bool isConstraint) =>
        [$"ALTER TABLE {Sql.Quote(table)} RENAME INDEX {Sql.Quote(name)} TO {Sql.Quote(wanted)}{Online}"];

    /// <summary>Only unchecked can a key be added while the table is written; a query looks for rows without partner before and afterwards.</summary>
    public override IReadOnlyList<string> AddForeignKey(TableName table, string name, string definition) =>
    [
        "SET SESSION foreign_key_checks = 0",
        $"ALTER TABLE {Sql.Quote(table)} ADD CONSTRAINT {Sql.Quote(name)} {definition}{Online}",
        "SET SESSION foreign_key_checks = 1",
    ];

    public override bool ValidatesForeignKeys => false;

    public override string DropForeignKey(TableName table, string name) => $"ALTER TABLE {Sql.Quote(table)} DROP FOREIGN KEY {Sql.Quote(name)}{Online}";

    /// <summary>What a cascade changes fires no trigger here.</summary>
    public override void CheckSync(ColumnSync sync, TableSchema table, ColumnSchema old)
    {
        var key = table.ForeignKeys.FirstOrDefault(k => k.Columns.Contains(old.Name) && (k.OnUpdate is "CASCADE" or "SET NULL" || k.OnDelete is "SET NULL"));
        if (key is not null)
        {
            throw CannotSync(old, $"the foreign key {key.Name} changes it by ON UPDATE {key.OnUpdate} or ON DELETE {key.OnDelete}, and such changes fire no triggers on this database.");
        }
    }

    public override IReadOnlyList<string> CreateSync(ColumnSync sync)
    {
        var isNew = string.Join(" OR ", sync.New.Select(c => $"NEW.{Sql.Quote(c.Key)} IS NOT NULL"));
        var inStep = string.Join(" AND ", sync.New.Select(c => Same(sync, c.Key, "NEW." + Sql.Quote(c.Key), Value(c.Value, sync))));
        var back = Assign(sync.Old, sync);
        var forward = Assign(sync.New, sync);
        return
        [
            $"""
            CREATE TRIGGER {Sql.Quote($"{sync.Name}_insert")} BEFORE INSERT ON {Sql.Quote(sync.Table)} FOR EACH ROW
            BEGIN
                IF {isNew} THEN
                    IF NOT ({inStep}) THEN
                        {back}
                    END IF;
                ELSE
                    {forward}
                END IF;
            END
            """,
            $"""
            CREATE TRIGGER {Sql.Quote($"{sync.Name}_update")} BEFORE UPDATE ON {Sql.Quote(sync.Table)} FOR EACH ROW
            BEGIN
                IF NOT ({Unchanged(sync.New, sync)}) THEN
                    IF NOT ({inStep}) THEN
                        {back}
                    END IF;
                ELSEIF NOT ({Unchanged(sync.Old, sync)}) THEN
                    {forward}
                END IF;
            END
            """,
        ];
    }

    public override IReadOnlyList<string> DropSync(ColumnSync sync) =>
    [
        $"DROP TRIGGER IF EXISTS {Sql.Quote(sync.Table with { Name = $"{sync.Name}_insert" })}",
        $"DROP TRIGGER IF EXISTS {Sql.Quote(sync.Table with { Name = $"{sync.Name}_update" })}",
    ];

    /// <summary>The whole definition, for what it leaves out is gone.</summary>
    private string Modify(TableSchema table, ColumnSchema column) => Sql.AlterColumn(table, column, column).Single() + Online;

    private string Assign(IEnumerable<KeyValuePair<string, string>> columns, ColumnSync sync) =>
        "SET " + string.Join(", ", columns.Select(c => $"NEW.{Sql.Quote(c.Key)} = {Value(c.Value, sync)}")) + ";";

    private string Value(string expression, ColumnSync sync) => sync.Prefixed(expression, "NEW.", Sql);

    private string Unchanged(IEnumerable<KeyValuePair<string, string>> columns, ColumnSync sync) =>
        string.Join(" AND ", columns.Select(c => Same(sync, c.Key, "NEW." + Sql.Quote(c.Key), "OLD." + Sql.Quote(c.Key))));

    protected override string Same(string left, string right) => $"BINARY CAST({left} AS CHAR) <=> BINARY CAST({right} AS CHAR)";

    /// <summary>To the letter: 'a' and 'A' are equal for most collations, and a change of one into the other would be lost.</summary>
    private static string Same(ColumnSync sync, string column, string left, string right) =>
        sync.Types.TryGetValue(column, out var type) && Array.Exists(Texts, t => type.Contains(t, StringComparison.OrdinalIgnoreCase)) ? $"(BINARY {left} <=> BINARY ({right}))" : $"({left} <=> ({right}))";
}
