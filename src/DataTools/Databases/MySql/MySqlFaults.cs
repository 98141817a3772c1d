using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using MySqlConnector;

namespace DataTools.Databases.MySql;

/// <summary>What the numbers of errors mean (https://mariadb.com/kb/en/mariadb-error-codes/, https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html).</summary>
internal static partial class MySqlFaults
{
    /// <summary>The server forbids LOAD DATA LOCAL: 5.6 to 5.7, 8.0, MariaDB.</summary>
    private static readonly int[] LocalForbidden = [1148, 3948, 4166];

    private static readonly Dictionary<int, FaultKind> Kinds = Map(
        (FaultKind.Row, [1022, 1048, 1062, 1136, 1153, 1169, 1216, 1217, 1264, 1265, 1292, 1301, 1366, 1367, 1406, 1411, 1416, 1425, 1451, 1452, 1526, 1557, 1586, 1644, 1690, 1761, 1762, 1977, 3140, 3141, 3144, 3156, 3157, 3819, 4025, 4038]),
        (FaultKind.NotFound, [1049, 1051, 1054, 1109, 1146, 1932]),
        (FaultKind.Permission, [1044, 1142, 1143, 1227, 1290, 1370, 1836]),
        (FaultKind.Authentication, [1045, 1130, 1251, 1275, 1524, 1698, 1820, 1862, 3118, 4151]),
        (FaultKind.Connection, [1042, 1043, 1047, 1053, 1077, 1079, 1080, 1152, 1154, 1155, 1156, 1157, 1158, 1159, 1160, 1161, 1184, 1927, 2002, 2003, 2006, 2013, 4031]),
        (FaultKind.Resources, [1021, 1037, 1038, 1040, 1041, 1114, 1135, 1203, 1206, 1226]),
        (FaultKind.Conflict, [1020, 1205, 1213, 1637, 1689, 3058, 3572]),
        (FaultKind.Timeout, [1969, 3024]),
        (FaultKind.Cancelled, [1317, 1968]));

    /// <summary>What an exception of the driver means; null where it is not one of the driver's.</summary>
    public static DatabaseFault? Classify(Exception exception) => exception switch
    {
        MySqlException error => Classify(error),
        SocketException or EndOfStreamException => new DatabaseFault(FaultKind.Connection, exception.Message),
        _ => null,
    };

    /// <summary>Whether an error says that LOAD DATA LOCAL is forbidden.</summary>
    public static bool IsLocalForbidden(MySqlException error) => LocalForbidden.Contains(error.Number);

    /// <summary>The row that a message names, from 1, and the column; 0 and null where it does not.</summary>
    public static (long Row, string? Column) Place(string message)
    {
        var row = RowPattern().Match(message);
        var column = ColumnPattern().Match(message);
        return (row.Success ? long.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture) : 0, column.Success ? column.Groups[1].Value.Split('.')[^1].Trim('`') : null);
    }

    private static DatabaseFault Classify(MySqlException error)
    {
        var (row, column) = Place(error.Message);
        var kind = KindOf(error);
        return new DatabaseFault(kind, error.InnerException is { } inner && kind == FaultKind.Connection ? $"{error.Message}: {inner.Message}" : error.Message)
        {
            Code = error.Number.ToString(CultureInfo.InvariantCulture),
            Row = kind == FaultKind.Row && row > 0 ? row : null,
            Column = column,
        };
    }

    private static FaultKind KindOf(MySqlException error)
    {
        // The server's disk, whatever statement met it: error 28 of the system.
        if (DiskFull().IsMatch(error.Message))
        {
            return FaultKind.Resources;
        }

        return error.ErrorCode switch
        {
            MySqlErrorCode.CommandTimeoutExpired => FaultKind.Timeout,
            MySqlErrorCode.UnableToConnectToHost => FaultKind.Connection,
            MySqlErrorCode.None when error.InnerException is not null => FaultKind.Connection,
            MySqlErrorCode.QueryInterrupted => FaultKind.Cancelled,
            _ => Kinds.GetValueOrDefault(error.Number),
        };
    }

    private static Dictionary<int, FaultKind> Map(params (FaultKind Kind, int[] Numbers)[] kinds) =>
        kinds.SelectMany(k => k.Numbers.Select(n => (n, k.Kind))).ToDictionary(p => p.n, p => p.Kind);

    [GeneratedRegex(@"at row (\d+)")]
    private static partial Regex RowPattern();

    [GeneratedRegex(@"[Cc]olumn '([^']+)'|for column ([`\w.]+)")]
    private static partial Regex ColumnPattern();

    [GeneratedRegex(@"errno: 28\b|[Ee]rrcode: 28\b|error (number )?28\b|No space left")]
    private static partial Regex DiskFull();
}
