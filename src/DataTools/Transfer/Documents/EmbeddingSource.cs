using Apache.Arrow;
using DataTools.Data;
using DataTools.Data.Kernels;
using DataTools.Databases;
using DataTools.Databases.Reading;
using DataTools.Errors;
using DataTools.Formats;
using DataTools.Schemas;

namespace DataTools.Transfer;

/// <summary>A source in which the rows of a table that point to another one by a key are an array within its rows, named as the table was. Their key is left out: it is that of the row around them.</summary>
internal sealed class EmbeddingSource(ICopySource inner, CopyOptions options) : ReshapedSource(inner)
{
    private const string Rows = "datatools_rows";
    private const string Present = "datatools_present";

    private IReadOnlyList<Fold> _folds = [];

    public override DatabaseSchema Read(Func<TableName, bool> filter, CancellationToken cancellation)
    {
        var pairs = options.Embed.Select(Parse).ToList();
        var schema = Inner.Read(n => filter(n) || pairs.Exists(p => CopyOptions.IsMatch(n, p.Child)), cancellation);
        _folds = [.. pairs.Select(p => FoldOf(p.Parent, p.Child, schema.Tables))];
        return schema with { Tables = [.. schema.Tables.Where(t => !_folds.Any(f => f.Child.Name == t.Name)).Select(WithArrays)] };
    }

    public override IBatchReader Open(TableQuery query, IReadOnlyList<KeyRange> ranges, DatabaseContext context)
    {
        var folds = _folds.Where(f => f.Parent.Name == query.Table).ToList();
        return folds.Count == 0 ? Inner.Open(query, ranges, context) : Folded(query, folds, context);
    }

    public override ICopySource Fork(CancellationToken cancellation) => new EmbeddingSource(Inner.Fork(cancellation), options) { _folds = _folds };

    protected override bool IsReshaped(TableName table) => _folds.Any(f => f.Parent.Name == table);

    private static (string Parent, string Child) Parse(string text) =>
        text.LastIndexOf('.') is > 0 and var dot && dot < text.Length - 1 ? (text[..dot], text[(dot + 1)..])
            : throw DataErrors.InvalidOption($"-Embed takes names such as orders.lines, the table that stays and the one whose rows go into it: '{text}' is none.");

    private static Fold FoldOf(string parent, string child, IReadOnlyList<TableSchema> tables)
    {
        var into = tables.FirstOrDefault(t => CopyOptions.IsMatch(t.Name, parent)) ?? throw DataErrors.InvalidOption($"-Embed {parent}.{child}: no table '{parent}' is copied.");
        var from = tables.FirstOrDefault(t => CopyOptions.IsMatch(t.Name, child)) ?? throw DataErrors.InvalidOption($"-Embed {parent}.{child}: there is no table '{child}'.");
        var keys = from.ForeignKeys.Where(k => TableOrder.IsSame(k.References, into.Name)).ToList();
        if (keys is not [var key] || from.Name == into.Name || into.Find(from.Name.Name) is not null)
        {
            throw DataErrors.InvalidOption($"-Embed {parent}.{child} needs exactly one foreign key of '{child}' that points to another table, '{parent}', in which no column is called '{child}'; there are {keys.Count} keys.");
        }

        return new Fold(into, from, key.Columns, key.ReferencedColumns.Count > 0 ? key.ReferencedColumns : into.PrimaryKey!.Columns);
    }

    /// <summary>A table with the arrays that it holds.</summary>
    private TableSchema WithArrays(TableSchema table) => table with
    {
        Columns =
        [
            .. table.Columns,
            .. _folds.Where(f => f.Parent.Name == table.Name).Select(f => new ColumnSchema(
                f.Child.Name.Name, "array", new ListDataType(new StructDataType([.. Members(f).Select(c => KeyValuePair.Create(c.Name, c.Type))])), false)),
        ],
    };

    private IEnumerable<ColumnSchema> Members(Fold fold) => WithArrays(fold.Child).Columns.Where(c => !fold.Key.Contains(c.Name));

    /// <summary>The rows of a table with its arrays: those are made first, in a file, for what the source reads it reads one after the other.</summary>
    private WithoutOrphans Folded(TableQuery query, List<Fold> folds, DatabaseContext context)
    {
        var file = new TemporaryFile();
        try
        {
            for (var i = 0; i < folds.Count; i++)
            {
                var children = Open(query with { Table = folds[i].Child.Name, Columns = [], First = null, Where = CopyOptions.For(options.Where, folds[i].Child.Name) }, [], context);
                using var made = new QueriedRows(Arrays(folds[i], Table(i)), Input, children, file.Path, context);
            }

            var parents = Inner.Open(query with { Columns = [] }, [], context);
            return new WithoutOrphans(new QueriedRows(Join(query, folds), Input, parents, file.Path, context), file, query, folds, context);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static string Table(int fold) => $"datatools_fold_{fold}";

    private string Arrays(Fold fold, string table)
    {
        var members = string.Join(", ", Members(fold).Select(c => $"{Query.DuckSession.Quote(c.Name, '\'')}: {Quote(c.Name)}"));
        var order = fold.Child.PrimaryKey is { } key ? $" ORDER BY {List(key.Columns)}" : "";
        return $"CREATE TABLE {table} AS SELECT {List(fold.Key)}, list({{{members}}}{order}) AS datatools_list, count(*) AS {Rows} FROM {Input} GROUP BY {List(fold.Key)}";
    }

    private static string Join(TableQuery query, List<Fold> folds)
    {
        var own = folds[0].Parent.Columns.Select(c => c.Name);
        var wanted = query.Columns.Count == 0 ? own.Concat(folds.Select(f => f.Child.Name.Name)) : query.Columns;
        var columns = wanted.Select(w => folds.FindIndex(f => f.Child.Name.Name == w) is >= 0 and var at ? $"coalesce({Table(at)}.datatools_list, []) AS {Quote(w)}" : $"p.{Quote(w)} AS {Quote(w)}");
        var joins = folds.Select((f, i) => $" FULL JOIN {Table(i)} ON {string.Join(" AND ", f.Key.Zip(f.References, (k, r) => $"{Table(i)}.{Quote(k)} = p.{Quote(r)}"))}");
        var orphans = string.Join(" + ", folds.Select((_, i) => $"coalesce({Table(i)}.{Rows}, 0)"));
        return $"SELECT {string.Join(", ", columns)}, p.{Present} IS NOT NULL AS {Present}, {orphans} AS {Rows} FROM (SELECT *, true AS {Present} FROM {Input}) AS p{string.Concat(joins)}";
    }

    /// <summary>The rows of one table go into those of another.</summary>
    /// <param name="Parent">The table that holds them.</param>
    /// <param name="Child">Their table.</param>
    /// <param name="Key">Their columns that point to it.</param>
    /// <param name="References">Its columns that they point to.</param>
    private sealed record Fold(TableSchema Parent, TableSchema Child, IReadOnlyList<string> Key, IReadOnlyList<string> References);

    /// <summary>A database file that goes with its reader.</summary>
    private sealed class TemporaryFile : IDisposable
    {
        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"datatools-fold-{Guid.NewGuid():N}.duckdb");

        public void Dispose()
        {
            File.Delete(Path);
            File.Delete($"{Path}.wal");
        }
    }

    /// <summary>The rows that are there; those of the other tables that found none would be lost, which is an error unless it is allowed.</summary>
    private sealed class WithoutOrphans(QueriedRows rows, TemporaryFile file, TableQuery query, List<Fold> folds, DatabaseContext context) : IBatchReader
    {
        private readonly int _present = rows.Schema.FieldsList.Count - 2;
        private long _lost;

        public Schema Schema { get; } = rows.Schema.Project([.. Enumerable.Range(0, rows.Schema.FieldsList.Count - 2)]);

        public RecordBatch? ReadBatch(CancellationToken cancellation)
        {
            if (rows.ReadBatch(cancellation) is not { } batch)
            {
                Tell();
                return null;
            }

            var present = (BooleanArray)batch.Column(_present);
            var counts = (Int64Array)batch.Column(_present + 1);
            var kept = new bool[batch.Length];
            for (var row = 0; row < batch.Length; row++)
            {
                kept[row] = present.GetValue(row) == true;
                _lost += kept[row] ? 0 : counts.GetValue(row)!.Value;
            }

            if (_lost > 0 && query.OnLoss == LossPolicy.Stop)
            {
                Tell();
            }

            return Take.Filter(batch.Project(Schema, [.. Enumerable.Range(0, _present)]), kept);
        }

        public void Dispose()
        {
            rows.Dispose();
            file.Dispose();
        }

        private void Tell()
        {
            if (_lost == 0)
            {
                return;
            }

            var error = DataErrors.RowsWithoutParent(string.Join(", ", folds.Select(f => f.Child.Name)), query.Table!.ToString(), _lost);
            if (query.OnLoss == LossPolicy.Stop)
            {
                throw error;
            }

            if (query.OnLoss == LossPolicy.Warn)
            {
                context.Warn(error.Message);
            }
        }
    }
}
