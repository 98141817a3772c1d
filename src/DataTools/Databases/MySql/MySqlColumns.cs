using System.Data.Common;
using System.Globalization;
using System.Text;
using DataTools.Schemas;
using MySqlConnector;

namespace DataTools.Databases.MySql;

/// <summary>The columns of tables and of results.</summary>
internal static class MySqlColumns
{
    private const string Columns =
        "SELECT * FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = @1 AND TABLE_NAME = @2 ORDER BY ORDINAL_POSITION";

    private static readonly string[] GeneratedMarks = ["VIRTUAL", "STORED", "PERSISTENT"];

    /// <summary>The columns of a table.</summary>
    public static IReadOnlyList<ColumnSchema> Of(MySqlSession session, TableName name, IReadOnlyList<CheckSchema> checks, CancellationToken cancellation) =>
        session.Query(Columns, r => Column(session, r, checks), cancellation, name.Schema, name.Name);

    /// <summary>Whether a check is the one that makes a longtext MariaDB's json.</summary>
    public static bool IsJsonCheck(CheckSchema check, string column) => check.Name == column && check.Expression == $"json_valid(`{column}`)";

    /// <summary>The type of a column of a result as the catalogue would write it.</summary>
    public static string NativeType(MySqlDbColumn column, MySqlServer server)
    {
        var size = column.ColumnSize ?? 0;
        return column.ProviderType switch
        {
            MySqlDbType.Bool => "tinyint(1)",
            MySqlDbType.Byte => size == 1 ? "tinyint(1)" : "tinyint",
            MySqlDbType.UByte => "tinyint unsigned",
            MySqlDbType.Int16 => "smallint",
            MySqlDbType.UInt16 => "smallint unsigned",
            MySqlDbType.Int24 => "mediumint",
            MySqlDbType.UInt24 => "mediumint unsigned",
            MySqlDbType.Int32 => "int",
            MySqlDbType.UInt32 => "int unsigned",
            MySqlDbType.Int64 => "bigint",
            MySqlDbType.UInt64 => "bigint unsigned",
            MySqlDbType.NewDecimal or MySqlDbType.Decimal => string.Create(CultureInfo.InvariantCulture, $"decimal({column.NumericPrecision},{column.NumericScale})"),
            MySqlDbType.Bit => string.Create(CultureInfo.InvariantCulture, $"bit({size})"),
            MySqlDbType.Newdate => "date",
            MySqlDbType.VarString => "varchar",
            MySqlDbType.String => "char",
            MySqlDbType.Null => "varchar",
            MySqlDbType.Guid => "char(36)",
            var other => other.ToString().ToLowerInvariant(),
        };
    }

    private static ColumnSchema Column(MySqlSession session, DbDataReader r, IReadOnlyList<CheckSchema> checks)
    {
        var name = MySqlCatalog.Text(r, "COLUMN_NAME")!;
        var comment = MySqlCatalog.Text(r, "COLUMN_COMMENT");
        var mark = Array.Find(MySqlTypes.Marks, m => m == comment);
        var text = MySqlCatalog.Text(r, "COLUMN_TYPE")!;
        var native = checks.Any(c => IsJsonCheck(c, name)) ? "json" : mark is null ? text : $"{text} comment '{mark}'";
        var extra = MySqlCatalog.Text(r, "EXTRA") ?? "";
        var generated = Generated(r, extra);
        return new ColumnSchema(name, native, session.Types.ToDataType(native), MySqlCatalog.Text(r, "IS_NULLABLE") == "YES")
        {
            Default = generated is null ? Default(r, extra, session.Server.IsMariaDb) : null,
            Generated = generated,
            IsVirtual = extra.Contains("VIRTUAL", StringComparison.OrdinalIgnoreCase),
            Identity = extra.Contains("auto_increment", StringComparison.OrdinalIgnoreCase) ? new IdentitySchema(IdentityKind.AutoIncrement) : null,
            // MariaDB's json has one of its own, and takes no other.
            Collation = native == "json" ? null : MySqlCatalog.Text(r, "COLLATION_NAME"),
            // A set holds any of its own together, so that its values are more than these.
            Values = text.StartsWith("enum(", StringComparison.OrdinalIgnoreCase) ? Members(text) : [],
            Comment = mark is null && !string.IsNullOrEmpty(comment) ? comment : null,
        };
    }

    /// <summary>The expression of a column that the database computes; of the first versions that had such, only that it is one.</summary>
    private static string? Generated(DbDataReader r, string extra) =>
        !GeneratedMarks.Any(m => extra.Contains(m, StringComparison.OrdinalIgnoreCase)) ? null
        : MySqlCatalog.Text(r, "GENERATION_EXPRESSION") is { Length: > 0 } expression ? expression : "?";

    /// <summary>MariaDB gives the expression, MySQL the value of a literal.</summary>
    private static string? Default(DbDataReader r, string extra, bool isMariaDb)
    {
        var value = MySqlCatalog.Text(r, "COLUMN_DEFAULT");
        if (value is null || (isMariaDb && value == "NULL"))
        {
            return null;
        }

        var isExpression = isMariaDb || extra.Contains("DEFAULT_GENERATED", StringComparison.OrdinalIgnoreCase) || value.StartsWith("CURRENT_TIMESTAMP", StringComparison.OrdinalIgnoreCase);
        var text = isExpression || IsBare(MySqlCatalog.Text(r, "DATA_TYPE")!) ? value : $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
        var update = extra.IndexOf("on update ", StringComparison.OrdinalIgnoreCase);
        return update < 0 ? text : $"{text} {extra[update..]}";
    }

    /// <summary>Whether literals of a type stand without quotes.</summary>
    private static bool IsBare(string type) => type.ToLowerInvariant() is "tinyint" or "smallint" or "mediumint" or "int" or "bigint" or "decimal" or "float" or "double" or "bit" or "year";

    /// <summary>The values of enum('a','b''c') and set('a','b''c').</summary>
    public static IReadOnlyList<string> Members(string type)
    {
        var values = new List<string>();
        for (var at = type.IndexOf('\'', StringComparison.Ordinal); at >= 0 && at < type.Length; at = type.IndexOf('\'', at))
        {
            values.Add(Quoted(type, ref at));
            if (at >= type.Length)
            {
                break;
            }
        }

        return values;
    }

    private static string Quoted(string type, ref int at)
    {
        var value = new StringBuilder();
        for (at++; at < type.Length; at++)
        {
            if (type[at] != '\'')
            {
                value.Append(type[at]);
            }
            else if (at + 1 < type.Length && type[at + 1] == '\'')
            {
                value.Append(type[at++]);
            }
            else
            {
                at++;
                break;
            }
        }

        return value.ToString();
    }
}
