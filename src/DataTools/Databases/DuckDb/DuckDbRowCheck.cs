using System.Text.RegularExpressions;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases.Writing;
using DataTools.Schemas;

namespace DataTools.Databases.DuckDb;

/// <summary>Finds the rows that a table would refuse, by questions to a temporary table of the rows: what cannot be cast, nulls, conditions, keys.</summary>
internal sealed partial class DuckDbRowCheck(DuckDbSession session, LoadTarget target)
{
    private const string Row = "datatools_check";

    private readonly TableName _rows = new(null, $"datatools_{Guid.NewGuid():N}");
    private readonly SqlDialect _sql = session.Dialect;
    private readonly Dictionary<int, LoadFault> _faults = [];

    /// <summary>The columns of the table that are loaded, without the one that numbers staged rows.</summary>
    private List<ColumnSchema> Columns => [.. target.Columns.Where(c => c.Name != MergePlan.Ordinal)];

    /// <summary>The rows that the table would refuse.</summary>
    public IReadOnlyList<LoadFault> Find(RecordBatch rows, CancellationToken cancellation)
    {
        var types = session.Database.Types;
        var staged = target.Schema.FieldsList.Select(f => new NewColumn(f.Name, DataTypes.Of(f) == DataTypes.Json ? "VARCHAR" : types.ToNative(DataTypes.Of(f), f.Name)));
        session.Run(_sql.CreateTable(_rows, staged.Append(new NewColumn(Row, "BIGINT")), [], temporary: true), cancellation);
        try
        {
            Stage(rows, cancellation);
            foreach (var fault in new ColumnLimits(target, DuckDbLoader.Limit).FindFaults(rows))
            {
                _faults[fault.Row] = fault;
            }

            Ask(rows, CastsAndNulls(), cancellation);
            Ask(rows, Conditions(), cancellation);
            Ask(rows, ForeignKeys(cancellation), cancellation);
            Ask(rows, Keys(cancellation), cancellation);
            return [.. _faults.Values.OrderBy(f => f.Row)];
        }
        finally
        {
            session.Run(_sql.Drop(_rows), CancellationToken.None);
        }
    }

    /// <summary>The row of a key that DuckDB calls duplicate: <c>Duplicate key "id: 3, name: x" violates ...</c>.</summary>
    public static LoadFault? FindKey(RecordBatch rows, string message)
    {
        if (DuplicateKey().Match(message) is not { Success: true } match)
        {
            return null;
        }

        var parts = match.Groups[1].Value.Split(", ").Select(p => p.Split(": ", 2)).ToList();
        var columns = parts.ConvertAll(p => rows.Schema.GetFieldIndex(p[0]));
        for (var row = rows.Length - 1; row >= 0 && columns.TrueForAll(c => c >= 0); row--)
        {
            if (columns.Zip(parts).All(p => p.Second.Length == 2 && Text(rows, p.First, row) == p.Second[1]))
            {
                return new LoadFault(row, parts[0][0], parts[0][1], $"is refused: {message}");
            }
        }

        return null;
    }

    private void Stage(RecordBatch rows, CancellationToken cancellation)
    {
        var numbers = (FixedColumnBuilder<long>)DataTypes.Int64.NewBuilder();
        for (var i = 0; i < rows.Length; i++)
        {
            numbers.Append(i);
        }

        var schema = new Schema(target.Schema.FieldsList.Append(DataTypes.Int64.ToField(Row)), null);
        using var appender = new DuckDbAppender(session, _rows, [], schema);
        appender.Append(new RecordBatch(schema, rows.Arrays.Append(numbers.Finish()), rows.Length), cancellation);
        appender.Flush();
    }

    /// <summary>Each question gives rows, with the column and the reason; rows that are bad already are not asked about again.</summary>
    private void Ask(RecordBatch rows, IEnumerable<(string Condition, string? Column, string Reason)> questions, CancellationToken cancellation)
    {
        foreach (var (condition, column, reason) in questions)
        {
            var bad = session.Query($"SELECT {Row} FROM {Cast()} AS s WHERE {condition}", r => (int)r.GetInt64(0), cancellation);
            foreach (var row in bad)
            {
                var at = column is null ? -1 : rows.Schema.GetFieldIndex(column);
                _faults[row] = new LoadFault(row, column, at < 0 ? null : Text(rows, at, row), reason);
            }

            if (bad.Count > 0)
            {
                session.Run($"DELETE FROM {_sql.Quote(_rows)} WHERE {Row} IN ({string.Join(", ", bad)})", cancellation);
            }
        }
    }

    private IEnumerable<(string Condition, string? Column, string Reason)> CastsAndNulls()
    {
        foreach (var column in Columns)
        {
            var name = _sql.Quote(column.Name);
            yield return ($"{name} IS NULL AND {Row} IN (SELECT {Row} FROM {_sql.Quote(_rows)} WHERE {name} IS NOT NULL)", column.Name, $"is no {column.NativeType}");
            if (!column.Nullable)
            {
                yield return ($"{name} IS NULL", column.Name, "is null, which the column cannot be");
            }
        }
    }

    /// <summary>Conditions on columns that the rows lack are left to DuckDB where rows are merged: they hold on what is in the table.</summary>
    private IEnumerable<(string Condition, string? Column, string Reason)> Conditions() =>
        target.Rules.Checks
            .Where(c => target.Merge is null || !target.Rules.Columns.Except(Columns).Any(other => c.Expression.Contains(other.Name, StringComparison.OrdinalIgnoreCase)))
            .Select(c => ($"NOT coalesce(TRY({c.Expression}), true)", (string?)null, $"is refused: CHECK constraint failed: {c.Expression}"));

    private IEnumerable<(string Condition, string? Column, string Reason)> ForeignKeys(CancellationToken cancellation)
    {
        foreach (var key in target.Rules.ForeignKeys.Where(k => k.Columns.All(c => Columns.Exists(l => l.Name == c)) && session.FindTable(k.References, cancellation) is not null))
        {
            var match = string.Join(" AND ", key.Columns.Zip(key.ReferencedColumns, (own, theirs) => $"r.{_sql.Quote(theirs)} = s.{_sql.Quote(own)}"));
            var own = key.References.Name == target.Rules.Name.Name ? $" AND NOT EXISTS (SELECT 1 FROM {Cast()} AS r WHERE {match})" : "";
            yield return ($"{AllThere(key.Columns)} AND NOT EXISTS (SELECT 1 FROM {_sql.Quote(key.References)} AS r WHERE {match}){own}", key.Columns[0], $"is refused: '{key.References}' has no such row");
        }
    }

    private IEnumerable<(string Condition, string? Column, string Reason)> Keys(CancellationToken cancellation)
    {
        var keys = target.Rules.Indexes.Where(i => i.IsUnique).Select(i => i.Columns).ToList();
        if (target.Rules.PrimaryKey is { } primary)
        {
            keys.Add(primary.Columns);
        }

        var table = target.Merge?.Target ?? target.Table;
        var isThere = session.FindTable(table, cancellation) is not null;
        foreach (var key in keys.Where(k => k.All(c => Columns.Exists(l => l.Name == c)) && !(target.Merge is { } merge && merge.Key.ToHashSet().SetEquals(k))))
        {
            var reason = $"is refused: another row has the same {string.Join(", ", key)}, which is unique";
            yield return ($"{AllThere(key)} AND EXISTS (SELECT 1 FROM {_sql.Quote(_rows)} AS e WHERE e.{Row} < s.{Row} AND {string.Join(" AND ", key.Select(c => $"e.{_sql.Quote(c)} = s.{_sql.Quote(c)}"))})", key[0], reason);
            if (isThere)
            {
                var same = string.Join(" AND ", key.Select(c => $"t.{_sql.Quote(c)} = s.{_sql.Quote(c)}"));
                var other = target.Merge is { } plan ? $" AND NOT ({string.Join(" AND ", plan.Key.Select(c => $"t.{_sql.Quote(c)} = s.{_sql.Quote(c)}"))})" : "";
                yield return ($"{AllThere(key)} AND EXISTS (SELECT 1 FROM {_sql.Quote(table)} AS t WHERE {same}{other})", key[0], reason);
            }
        }
    }

    /// <summary>The rows with the types that they will have in the table, and the defaults of the columns that they lack.</summary>
    private string Cast()
    {
        var loaded = Columns;
        var columns = loaded.Select(c => $"TRY_CAST({_sql.Quote(c.Name)} AS {c.NativeType}) AS {_sql.Quote(c.Name)}");
        var others = target.Rules.Columns.Where(c => c.Generated is null && !loaded.Exists(l => l.Name == c.Name))
            .Select(c => $"CAST({(c.Default is null || c.IsIdentity ? "NULL" : c.Default)} AS {c.NativeType}) AS {_sql.Quote(c.Name)}");
        var generated = target.Rules.Columns.Where(c => c.Generated is not null).Select(c => $", {c.Generated} AS {_sql.Quote(c.Name)}");
        return $"(SELECT *{string.Concat(generated)} FROM (SELECT {string.Join(", ", columns.Concat(others).Append(Row))} FROM {_sql.Quote(_rows)}))";
    }

    private string AllThere(IEnumerable<string> columns) => string.Join(" AND ", columns.Select(c => $"s.{_sql.Quote(c)} IS NOT NULL"));

    private static string? Text(RecordBatch rows, int column, int row) =>
        rows.Column(column).IsNull(row) ? null : Data.Kernels.Cast.TextAt(rows.Column(column), DataTypes.Of(rows.Schema.GetFieldByIndex(column)), row);

    [GeneratedRegex("Duplicate key \"(.*)\" violates", RegexOptions.Singleline)]
    private static partial Regex DuplicateKey();
}
