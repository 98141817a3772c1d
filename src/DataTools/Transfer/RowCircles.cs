using System.IO.Hashing;
using System.Runtime.InteropServices;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Data.Kernels;
using DataTools.Databases;
using DataTools.Databases.Reading;
using DataTools.Errors;
using DataTools.Formats;
using DataTools.Schemas;

namespace DataTools.Transfer;

/// <summary>
/// Finds the keys of a table to itself whose rows point to themselves or to each other in a circle, so that none of them can be there before the others. Only the columns
/// of such keys are read, and of each value a hash is held in memory.
/// </summary>
internal sealed class RowCircles(ICopySource source, CopyOptions options, CancellationToken cancellation)
{
    /// <summary>The keys without which each row can come behind those to which it points.</summary>
    public IReadOnlyList<ForeignKeySchema> Find(TableSchema table)
    {
        var links = table.ForeignKeys.Where(k => TableOrder.IsSame(k.References, table.Name)).Select(k => new Links(k, table)).ToList();
        if (links.Count == 0)
        {
            return [];
        }

        Read(table, links);
        var kept = new List<int[]>();
        var found = new List<ForeignKeySchema>();
        foreach (var link in links)
        {
            var rows = link.Resolved();
            if (IsCircular([.. kept, rows]))
            {
                found.Add(link.Key);
            }
            else
            {
                kept.Add(rows);
            }
        }

        return found;
    }

    private void Read(TableSchema table, List<Links> links)
    {
        using var rejects = new RejectLog(new RejectPolicy());
        var query = new TableQuery
        {
            Table = table.Name,
            Columns = [.. links.SelectMany(l => l.Columns).Distinct()],
            Where = CopyOptions.For(options.Where, table.Name),
            TypeRules = options.TypeRules,
            OnLoss = LossPolicy.Allow,
        };
        using var reader = source.Open(query, [], new DatabaseContext(rejects, _ => { }, cancellation));
        while (reader.ReadBatch(cancellation) is { } batch)
        {
            links.ForEach(l => l.Add(batch));
        }
    }

    /// <summary>Rows to which none points that is left are taken away, until none is left or only those of circles and what they point to.</summary>
    private static bool IsCircular(IReadOnlyList<int[]> pointing)
    {
        var rows = pointing[0].Length;
        var pointers = new int[rows];
        foreach (var to in pointing.SelectMany(p => p).Where(p => p >= 0))
        {
            pointers[to]++;
        }

        var free = new Stack<int>(Enumerable.Range(0, rows).Where(r => pointers[r] == 0));
        var left = rows;
        while (free.TryPop(out var row))
        {
            left--;
            foreach (var to in pointing.Select(p => p[row]).Where(p => p >= 0 && --pointers[p] == 0))
            {
                free.Push(to);
            }
        }

        return left > 0;
    }

    /// <summary>Which row of a table points to which by one key.</summary>
    private sealed class Links(ForeignKeySchema key, TableSchema table)
    {
        private readonly IReadOnlyList<string> _referenced = key.ReferencedColumns.Count > 0 ? key.ReferencedColumns : table.PrimaryKey!.Columns;

        /// <summary>The hash of each value once, with its number.</summary>
        private readonly Dictionary<UInt128, int> _values = [];

        /// <summary>By the numbers of values: the row that has it, or -1.</summary>
        private readonly List<int> _rows = [];

        /// <summary>By rows: the number of the value to which it points, or -1.</summary>
        private readonly List<int> _pointing = [];

        public ForeignKeySchema Key => key;

        public IEnumerable<string> Columns => key.Columns.Concat(_referenced);

        public void Add(RecordBatch batch)
        {
            var (own, referenced) = (Find(batch, key.Columns), Find(batch, _referenced));
            for (var row = 0; row < batch.Length; row++)
            {
                if (NumberOf(referenced, row) is >= 0 and var value)
                {
                    _rows[value] = _pointing.Count;
                }

                _pointing.Add(NumberOf(own, row));
            }
        }

        /// <summary>By rows: the row to which it points, or -1.</summary>
        public int[] Resolved() => [.. _pointing.Select(v => v < 0 ? -1 : _rows[v])];

        private static List<(IArrowArray Values, DataType Type)> Find(RecordBatch batch, IReadOnlyList<string> columns) =>
            [.. columns.Select(c => batch.Schema.IndexOf(c)).Select(i => (batch.Column(i), DataTypes.Of(batch.Schema.GetFieldByIndex(i))))];

        private int NumberOf(List<(IArrowArray Values, DataType Type)> columns, int row)
        {
            if (columns.Exists(c => c.Values.IsNull(row)))
            {
                return -1;
            }

            var text = string.Join('\0', columns.Select(c => Cast.TextAt(c.Values, c.Type, row)));
            var hash = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(text.AsSpan()));
            if (!_values.TryGetValue(hash, out var number))
            {
                number = _rows.Count;
                _values.Add(hash, number);
                _rows.Add(-1);
            }

            return number;
        }
    }
}
