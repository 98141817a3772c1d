using System.Text.RegularExpressions;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases.Reading;

namespace DataTools.Databases.PostgreSql;

/// <summary>The columns of a result: as what they come, and what has to be asked of the server so that they come as something that is read without loss.</summary>
internal sealed partial class PostgresColumns
{
    private readonly string[] _natives;

    public PostgresColumns(SqlSession session, IReadOnlyList<(string Name, string NativeType, bool Nullable)> columns, TableQuery query, Action<string> warn)
    {
        Schema = session.ToSchema(columns, query, warn);
        _natives = [.. columns.Select(c => c.NativeType)];
        var builder = new BatchBuilder(Schema);
        IsBinary = [.. builder.Columns.Select((b, i) => PostgresDecoder.For(_natives[i], b) is not null)];
    }

    public Schema Schema { get; }

    /// <summary>Whether each is read in the binary form of its own type.</summary>
    public bool[] IsBinary { get; }

    /// <summary>What stands behind SELECT for a column.</summary>
    public string Expression(int column, string name) => _natives[column] == "money" ? $"{name}::numeric" : IsBinary[column] ? name : DataTypes.Of(Schema.GetFieldByIndex(column)) is ListDataType ? $"{name}::text[]" : $"{name}::text";

    /// <summary>What stands behind SELECT for a column that the driver reads, whose decimals and intervals hold less than the server's.</summary>
    public string DriverExpression(int column, string name) => _natives[column].StartsWith("numeric", StringComparison.Ordinal) ? $"{name}::text" : Expression(column, name);

    /// <summary>Decoders for the columns of a builder.</summary>
    public PostgresDecoder[] Decoders(BatchBuilder builder) =>
        [.. builder.Columns.Select((b, i) => PostgresDecoder.For(_natives[i], b) ?? PostgresDecoder.ForText(b))];

    /// <summary>A query around another, in which columns are asked for as they are to be read; the query itself where nothing has to be done.</summary>
    public string Wrap(string query, Func<int, string, string> expression, SqlDialect dialect)
    {
        var names = Enumerable.Range(0, _natives.Length).Select(i => $"c{i}").ToList();
        var all = names.Select((n, i) => expression(i, n)).ToList();
        // The line break ends a comment that may stand at the query's end.
        return all.SequenceEqual(names) ? query : $"SELECT {string.Join(", ", all)} FROM ({query}\n) AS q({dialect.List(names)})";
    }

    /// <summary>Whether a statement only reads, so that it may stand within another; the query is cut of its end.</summary>
    public static bool IsQuery(string text, out string query)
    {
        query = text.TrimEnd(' ', '\t', '\r', '\n', ';');
        return ReadingVerb().IsMatch(query);
    }

    [GeneratedRegex(@"^\s*(--[^\n]*\n\s*|/\*.*?\*/\s*|\()*(SELECT|VALUES|TABLE|WITH(?!.*\b(INSERT|UPDATE|DELETE|MERGE)\b))\b", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex ReadingVerb();
}
