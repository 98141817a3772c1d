using DataTools.Databases;
using DataTools.Data;
using DataTools.Schemas;

namespace DataTools.Tests.Schemas;

/// <summary>Schemas made by chance from few names, so that two of them share some tables and columns.</summary>
internal sealed class RandomSchema(int seed, IDatabase kind)
{
    private static readonly string[] Tables = ["alpha", "Be ta", "gamma"];
    private static readonly string[] Names = ["a", "b", "C c", "d", "e"];
    private readonly Random _random = new(seed);

    private bool IsPostgres => kind.Name == "PostgreSql";

    private string[] Types => kind.Name switch
    {
        "PostgreSql" => ["integer", "bigint", "text", "character varying(20)", "numeric(10,2)", "boolean", "timestamp without time zone", "mood"],
        "Sqlite" => ["INTEGER", "TEXT", "VARCHAR(20)", "DECIMAL_TEXT(10,2)", "BOOLEAN", "TIMESTAMP"],
        _ => ["int(11)", "bigint(20)", "varchar(20)", "varchar(50)", "decimal(10,2)", "tinyint(1)", "datetime(6)", .. kind.Name == "MariaDb" ? ["json"] : Array.Empty<string>()],
    };

    internal DatabaseSchema Make()
    {
        var tables = new List<TableSchema>();
        foreach (var name in Tables.Where(_ => Chance(70)))
        {
            tables.Add(WithForeignKeys(Table(name), tables));
        }

        string[][] moods = [["sad", "it's ok", "happy"], ["sad", "happy"], ["sad", "so so", "it's ok", "happy"], ["happy", "sad", "it's ok"]];
        return new DatabaseSchema(tables) { Enums = IsPostgres ? [new EnumSchema(new TableName(null, "mood"), moods[_random.Next(moods.Length)])] : [] };
    }

    private bool Chance(int percent) => _random.Next(100) < percent;

    private TableSchema Table(string name)
    {
        var hasIdentity = Chance(60);
        List<ColumnSchema> columns = [Id(hasIdentity), .. Names.Where(_ => Chance(60)).Select(Column)];
        var plain = columns.ToList();
        return new TableSchema(new TableName(null, name), TableKind.Table, [.. columns, .. Generated()])
        {
            PrimaryKey = hasIdentity || Chance(50) ? new KeySchema(!IsMySql && Chance(30) ? $"{name} key" : null, ["id"]) : null,
            Indexes = [.. Indexes(name, plain)],
            Checks = [.. Checks(name, plain)],
            Comment = IsPostgres && Chance(20) ? "it's a table" : null,
        };
    }

    /// <summary>MariaDB checks no column that it numbers.</summary>
    private IEnumerable<CheckSchema> Checks(string table, List<ColumnSchema> columns) => columns.Where(c => IsNumber(c) && !(IsMySql && c.IsIdentity) && Chance(30))
        .Select(c => kind.Name == "MariaDb" && Chance(40) ? new CheckSchema(c.Name, $"{Quoted(c.Name)} > {_random.Next(3)}") { Column = c.Name } : new CheckSchema(Chance(50) ? $"{table} {c.Name} positive" : null, $"{Quoted(c.Name)} > {_random.Next(3)}"));

    private bool IsMySql => kind.Name is "MariaDb" or "MySql";

    /// <summary>MySQL computes nothing from a column that it numbers.</summary>
    private ColumnSchema[] Generated() => IsMySql || !Chance(30) ? []
        : [new ColumnSchema("g", Whole, DataTypes.Int64, true) { Generated = Quoted("id") + " * " + (Chance(50) ? "2" : "3"), IsVirtual = kind.Name == "Sqlite" && Chance(50) }];

    private string Whole => kind.Name switch { "PostgreSql" => "bigint", "Sqlite" => "INTEGER", _ => "bigint(20)" };

    private ColumnSchema Id(bool hasIdentity) => new("id", Whole, DataTypes.Int64, false)
    {
        Identity = !hasIdentity ? null : new IdentitySchema(
            IsPostgres ? Pick(IdentityKind.ByDefault, IdentityKind.Always, IdentityKind.Serial) : kind.Name == "Sqlite" ? Pick(IdentityKind.AutoIncrement, IdentityKind.RowId) : IdentityKind.AutoIncrement),
    };

    private ColumnSchema Column(string name)
    {
        var native = Pick(Types);
        var type = kind.Types.ToDataType(native);
        return new ColumnSchema(name, native, type, Chance(60))
        {
            Default = native == "json" || Chance(60) ? null : Default(type, native),
            Comment = IsPostgres && Chance(20) ? $"the {name}" : null,
            EnumType = native == "mood" ? new TableName(null, "mood") : null,
        };
    }

    private string Default(DataType type, string native) =>
        native == "mood" ? "'happy'" : type is BoolType ? IsPostgres ? "true" : "1" : type is TimestampType ? kind.Name is "MariaDb" or "MySql" ? "CURRENT_TIMESTAMP(6)" : "CURRENT_TIMESTAMP" : type is TextType ? Pick("'x'", "'it''s'", "''") : Pick("0", "7");

    private IEnumerable<IndexSchema> Indexes(string table, List<ColumnSchema> columns)
    {
        foreach (var column in columns.Where(c => c.NativeType != "json" && Chance(40)))
        {
            var isUnique = Chance(50);
            var isConstraint = isUnique && (IsMySql || Chance(50));
            yield return new IndexSchema($"{table} {column.Name} {Pick("x", "y")}", [column.Name], isUnique)
            {
                IsConstraint = isConstraint,
                Where = isConstraint || IsMySql || Chance(70) ? null : $"{Quoted("id")} > {_random.Next(5)}",
                Parts = [new IndexPart(column.Name) { Descending = !isUnique && IsPostgres && Chance(30) }],
            };
        }
    }

    private TableSchema WithForeignKeys(TableSchema table, List<TableSchema> others)
    {
        var to = others.Where(o => o.PrimaryKey is not null && Chance(60)).ToList();
        return to.Count == 0 ? table : table with
        {
            Columns = [.. table.Columns, .. to.Select(o => new ColumnSchema($"{o.Name.Name}_id", Whole, DataTypes.Int64, true))],
            ForeignKeys = [.. to.Select(o => new ForeignKeySchema(Chance(50) ? $"{table.Name.Name} to {o.Name.Name}" : null, [$"{o.Name.Name}_id"], o.Name, ["id"]) { OnDelete = Pick("NO ACTION", "CASCADE", "SET NULL") })],
        };
    }

    private static bool IsNumber(ColumnSchema column) => column.Type.Name is "int32" or "int64";

    private string Quoted(string name) => kind.Name is "MariaDb" or "MySql" ? $"`{name}`" : $"\"{name}\"";

    private T Pick<T>(params T[] of) => of[_random.Next(of.Length)];
}
