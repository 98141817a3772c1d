using System.Data.Common;
using System.Globalization;
using System.Numerics;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Data.Kernels;
using DataTools.Databases;
using DataTools.Databases.Reading;
using DataTools.Errors;
using DataTools.Schemas;

namespace DataTools.Validation.Quality;

/// <summary>
/// Tests rules on a table by the database's own SQL: one statement counts the rows that break each of them. Values are compared as the database compares them, by its
/// collations too, but for those of sets. Patterns are those of .NET and need the rows themselves.
/// </summary>
internal sealed class QualitySql(SqlSession session, TableSchema table, string? where, DatabaseContext context)
{
    /// <summary>What is advised against values that cannot be read.</summary>
    public const string Remedy = "Read it as text by a cast in Import-DataTable -Query, and give the rows to Test-DataQuality through a pipe.";

    private SqlDialect Dialect => session.Dialect;

    /// <summary>Whether the database can test a rule.</summary>
    public bool CanTest(QualityRule rule) => rule.Kind switch
    {
        QualityKind.Pattern => false,
        QualityKind.Range when rule.HasNumbers => (rule.Min is null || Bound(rule, rule.Min, isLeast: true) is not null) && (rule.Max is null || Bound(rule, rule.Max, isLeast: false) is not null),
        QualityKind.Range => table.Find(rule.Columns[0]) is not { } column || IsTold(column.Type),
        QualityKind.Set => table.Find(rule.Columns[0]) is not { } column || HasLetters(column),
        QualityKind.Reference => session.FindTable(TableName.Parse(rule.Reference), context.Cancellation) is not null,
        _ => true,
    };

    /// <summary>Tests rules.</summary>
    public IEnumerable<QualityResult> Test(IReadOnlyList<QualityRule> rules, string source, int examples)
    {
        var byRow = rules.Where(r => r.Kind != QualityKind.Unique).ToList();
        var sums = byRow.Select(r => $"sum(CASE WHEN {Broken(r)} THEN 1 ELSE 0 END)");
        var counts = session.Query(
            $"SELECT {string.Join(", ", sums.Prepend("count(*)"))} FROM {From()}",
            r => Enumerable.Range(0, r.FieldCount).Select(i => Number(r, i)).ToList(),
            context.Cancellation)[0];
        foreach (var rule in rules)
        {
            var failed = rule.Kind == QualityKind.Unique ? Repeated(rule) : counts[byRow.IndexOf(rule) + 1];
            yield return new QualityResult(source, rule.Describe(), rule.ColumnText, failed == 0, counts[0], failed, failed == 0 ? [] : Examples(rule, examples));
        }
    }

    /// <summary>The condition that a row meets which breaks a rule.</summary>
    private string Broken(QualityRule rule)
    {
        var column = Column(rule.Columns[0]);
        return rule.Kind switch
        {
            QualityKind.NotNull => $"{column} IS NULL",
            QualityKind.Range => string.Join(" OR ", new[] { rule.Min is null ? null : $"{column} < {Bound(rule, rule.Min, isLeast: true)}", rule.Max is null ? null : $"{column} > {Bound(rule, rule.Max, isLeast: false)}" }.OfType<string>()),
            QualityKind.Set => $"{column} NOT IN ({string.Join(", ", rule.Values.Select(v => Literal(RowTests.Values(Type(rule), [v], rule), rule)))})",
            _ => NotThere(rule, column),
        };
    }

    /// <summary>
    /// A bound as a literal that no database rounds: with as many digits behind the point as the column has, since no value lies between the bound and that one. Null where
    /// there is none, and where the column's values are no numbers to the database: what a text is as a number, databases see each in their own way.
    /// </summary>
    private string? Bound(QualityRule rule, object value, bool isLeast)
    {
        if (!rule.HasNumbers)
        {
            return Literal(RowTests.Bound(Type(rule), value, rule, isLeast), rule);
        }

        var type = table.Find(rule.Columns[0])?.Type;
        var number = rule.Bound(value)!.Value;
        return type switch
        {
            DecimalType exact when IsTold(exact) => number.Rounded(exact.Scale, exact.Precision, isLeast),
            FloatType<double> => DoubleLiteral(number, DataTypes.TextOf(value)!),
            not null when DataTypes.IsNumber(type) && type is not (DecimalType or DecimalTextType or FloatType<float>) => number.Rounded(0, DecimalType.MaxPrecision, isLeast),
            _ => null,
        };
    }

    private string? DoubleLiteral(ExactNumber number, string text)
    {
        var nearest = double.Parse(text, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);
        return number.IsFinite && ExactNumber.TryParse(nearest, out var there) && there.CompareTo(number) == 0 ? Dialect.Literal(DataTypes.Double, nearest) : null;
    }

    /// <summary>Whether the database knows the values of a column for what they are and has an order of them: a decimal, a date or a bool may be a text there, written in several ways.</summary>
    private bool IsTold(DataType type) =>
        Dialect.HasFixedTypes ? type is not (NestedDataType or JsonType) : type is TextType or FloatType<double> || type.ValueType == typeof(long) || type.ValueType == typeof(int);

    /// <summary>Whether the database finds a column's values among literals as they are: not by a collation, and not where a literal is a double beside a float of 32 bits.</summary>
    private bool HasLetters(ColumnSchema column) =>
        IsTold(column.Type) && column.Type is not FloatType<float> && column.Values.Count == 0 && (column.Type is not TextType || Dialect.ComparesLetters(column));

    private string NotThere(QualityRule rule, string column)
    {
        var there = session.FindTable(TableName.Parse(rule.Reference), context.Cancellation)!;
        var name = rule.ReferenceColumn ?? rule.Columns[0];
        var referenced = there.Find(name) ?? throw DataErrors.ColumnNotFound(name, rule.Reference, there.Columns.Select(c => c.Name));
        return $"{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {Dialect.Quote(there.Name)} AS r WHERE r.{Dialect.Quote(referenced.Name)} = {Dialect.Quote(table.Name)}.{column})";
    }

    private long Repeated(QualityRule rule) => session.Query(
        $"SELECT sum(n - 1) FROM (SELECT count(*) AS n FROM {From(rule)} GROUP BY {List(rule)} HAVING count(*) > 1) AS q",
        r => Number(r, 0),
        context.Cancellation)[0];

    /// <summary>A sum of integers, for which DuckDB has a type of its own; of no rows it is null.</summary>
    private static long Number(DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? 0 : reader.GetValue(column) is BigInteger number ? (long)number : Convert.ToInt64(reader.GetValue(column), CultureInfo.InvariantCulture);

    private List<object?> Examples(QualityRule rule, int most)
    {
        var query = rule.Kind == QualityKind.Unique
            ? new TableQuery { Text = $"SELECT {List(rule)} FROM {From(rule)} GROUP BY {List(rule)} HAVING count(*) > 1", Remedy = Remedy }
            : new TableQuery { Table = table.Name, Columns = [Find(rule.Columns[0])], Where = where is null ? Broken(rule) : $"({where}\n) AND ({Broken(rule)})", First = most, Remedy = Remedy };
        using var reader = session.Read(query, context);
        var found = new List<object?>();
        while (found.Count < most && reader.ReadBatch(context.Cancellation) is { } batch)
        {
            for (var row = 0; row < batch.Length && found.Count < most; row++)
            {
                found.Add(Value(batch, row));
            }
        }

        return found;
    }

    private static object? Value(RecordBatch batch, int row)
    {
        var values = batch.Schema.FieldsList.Select((f, i) => DataTypes.Of(f).GetValueOrNull(batch.Column(i), row)).ToList();
        return values.Count == 1 ? values[0] : string.Join(", ", values.Select(ShownValue.Of));
    }

    private string From(QualityRule? notNull = null)
    {
        var conditions = (where is null ? [] : new[] { $"({where}\n)" }).Concat(notNull?.Columns.Select(c => $"{Column(c)} IS NOT NULL") ?? []).ToList();
        return Dialect.Quote(table.Name) + (conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}");
    }

    private string List(QualityRule rule) => string.Join(", ", rule.Columns.Select(Column));

    private string Column(string name) => Dialect.Quote(Find(name));

    private string Find(string name) => table.Find(name)?.Name ?? throw DataErrors.ColumnNotFound(name, table.ToString(), table.Columns.Select(c => c.Name));

    private DataType Type(QualityRule rule) => table.Find(Find(rule.Columns[0]))!.Type;

    /// <summary>A value of a rule as a literal of its column's type: between others, databases compare each in their own way, or not at all.</summary>
    private string Literal(IArrowArray value, QualityRule rule) => Dialect.Literal(Type(rule), Cast.TextAt(value, Type(rule), 0));
}
