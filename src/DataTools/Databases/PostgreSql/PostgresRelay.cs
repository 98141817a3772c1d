using System.Buffers.Binary;
using Apache.Arrow;
using DataTools.Databases.Writing;
using DataTools.Formats;
using DataTools.Schemas;

namespace DataTools.Databases.PostgreSql;

/// <summary>Sends rows from one server to another as COPY's binary form has them: cut into rows, never decoded.</summary>
internal static class PostgresRelay
{
    /// <summary>Whether a type has one binary form in all versions: those that are written so from values of ours, and arrays of them.</summary>
    public static bool IsSame(string from, string to) => from == to && PostgresEncoder.For(to, PostgresTypes.Map.ToDataType(to), "", LossPolicy.Stop) is not null;

    public static long Run(PostgresSession source, string select, PostgresSession target, TableSchema table, IReadOnlyList<string> columns, Action<int> moved, DatabaseContext context)
    {
        var cancellation = context.Cancellation;
        var into = columns.Select(c => table.Find(c)!).ToList();
        var rows = new RowBisector(target, table.Name.ToString(), context.Rejects, (_, _) => { });
        using var loader = new PostgresLoader(target, new LoadTarget(table.Name, into, new Schema(into.Select(c => c.Type.ToField(c.Name)), null), LossPolicy.Stop, context.Warn) { Rules = table });
        using var copy = source.Guard(() => new CopyOut(source, select, cancellation), cancellation);
        using var stopSource = source.StopOn(cancellation);
        using var stopTarget = target.StopOn(cancellation);
        while (!copy.IsEnded)
        {
            cancellation.ThrowIfCancellationRequested();
            source.Guard(copy.Fill, cancellation);
            var (count, length, isEnd) = WholeRows(copy.Bytes);
            rows.Run(() => loader.Load(copy.Bytes[..length], count), cancellation);
            copy.Take(length);
            moved(count);
            if (isEnd)
            {
                source.Guard(copy.End, cancellation);
            }
        }

        var loaded = 0L;
        rows.Run(() => loaded = loader.Flush(cancellation), cancellation);
        return loaded;
    }

    /// <summary>How many rows stand whole at the begin of some bytes, how long they are, and whether their end follows.</summary>
    private static (int Count, int Length, bool IsEnd) WholeRows(ReadOnlySpan<byte> bytes)
    {
        var (count, length) = (0, 0);
        while (bytes.Length - length >= 2)
        {
            var fields = BinaryPrimitives.ReadInt16BigEndian(bytes[length..]);
            if (fields < 0)
            {
                return (count, length, true);
            }

            var at = length + 2;
            for (var i = 0; i < fields; i++)
            {
                if (bytes.Length - at < 4)
                {
                    return (count, length, false);
                }

                at += 4 + Math.Max(BinaryPrimitives.ReadInt32BigEndian(bytes[at..]), 0);
            }

            if (at > bytes.Length)
            {
                break;
            }

            length = at;
            count++;
        }

        return (count, length, false);
    }
}
