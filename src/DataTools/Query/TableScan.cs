using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Apache.Arrow;
using DataTools.Data;
using DuckDB.NET.Native;

namespace DataTools.Query;

/// <summary>A table that DuckDB reads through us: its columns, how many rows to expect, and a reader of the columns that a query needs.</summary>
/// <param name="Schema">All columns.</param>
/// <param name="Open">Opens a reader; it may give more columns than were asked for.</param>
/// <param name="Rows">The expected rows, for the order of joins.</param>
internal sealed record ScanSource(Schema Schema, Func<IReadOnlyList<string>, IBatchReader> Open, long Rows);

/// <summary>Finds the sources of one query, and keeps the error that ended a scan: DuckDB carries only its text.</summary>
internal sealed class ScanHost(Func<string, ScanSource> find, int threads)
{
    private Exception? _error;

    public int Threads => threads;

    public CancellationToken Cancellation { get; set; }

    public ScanSource Find(string name) => find(name);

    public void Fail(Exception error) => Interlocked.CompareExchange(ref _error, error, null);

    /// <summary>The error that ended a scan, if one did; once.</summary>
    public Exception? TakeError() => Interlocked.Exchange(ref _error, null);
}

/// <summary>A table function of DuckDB over a <see cref="ScanHost"/>. Its one parameter is the name of the source.</summary>
internal static unsafe class TableScan
{
    /// <summary>Registers the function.</summary>
    public static void Register(DuckDBNativeConnection connection, string name, ScanHost host)
    {
        var function = NativeMethods.TableFunction.DuckDBCreateTableFunction();
        try
        {
            NativeMethods.TableFunction.DuckDBTableFunctionSetName(function, name);
            using var text = NativeMethods.LogicalType.DuckDBCreateLogicalType(DuckDBType.Varchar);
            NativeMethods.TableFunction.DuckDBTableFunctionAddParameter(function, text);
            NativeMethods.TableFunction.DuckDBTableFunctionSupportsProjectionPushdown(function, true);
            DuckNative.SetExtraInfo(function, DuckNative.Hold(host), &DuckNative.Release);
            DuckNative.SetBind(function, &Bind);
            DuckNative.SetInit(function, &Init);
            DuckNative.SetLocalInit(function, &InitThread);
            DuckNative.SetFunction(function, &Fill);
            NativeMethods.TableFunction.DuckDBRegisterTableFunction(connection, function);
        }
        finally
        {
            NativeMethods.TableFunction.DuckDBDestroyTableFunction(ref function);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Bind(nint info)
    {
        var host = DuckNative.Held<ScanHost>(NativeMethods.TableFunction.DuckDBBindGetExtraInfo(info));
        try
        {
            using var parameter = NativeMethods.TableFunction.DuckDBBindGetParameter(info, 0);
            var source = host.Find(parameter.GetValue<string>());
            foreach (var field in source.Schema.FieldsList)
            {
                using var type = DuckTypes.ToDuck(DataTypes.Of(field));
                NativeMethods.TableFunction.DuckDBBindAddResultColumn(info, field.Name, type);
            }

            NativeMethods.TableFunction.DuckDBBindSetCardinality(info, (ulong)source.Rows, false);
            DuckNative.SetBindData(info, DuckNative.Hold(new BoundScan(host, source)), &DuckNative.Release);
        }
        catch (Exception e)
        {
            host.Fail(e);
            NativeMethods.TableFunction.DuckDBBindSetError(info, e.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Init(nint info)
    {
        var bound = DuckNative.Held<BoundScan>(NativeMethods.TableFunction.DuckDBInitGetBindData(info));
        try
        {
            var columns = new int[NativeMethods.TableFunction.DuckDBInitGetColumnCount(info)];
            for (var i = 0; i < columns.Length; i++)
            {
                var index = NativeMethods.TableFunction.DuckDBInitGetColumnIndex(info, (ulong)i);
                columns[i] = index < (ulong)bound.Source.Schema.FieldsList.Count ? (int)index : -1;
            }

            DuckNative.SetInitData(info, DuckNative.Hold(new OpenScan(bound, columns)), &DuckNative.Release);
            DuckNative.SetMaxThreads(info, (ulong)bound.Host.Threads);
        }
        catch (Exception e)
        {
            bound.Host.Fail(e);
            NativeMethods.TableFunction.DuckDBInitSetError(info, e.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void InitThread(nint info) => DuckNative.SetInitData(info, DuckNative.Hold(new ThreadScan()), &DuckNative.Release);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Fill(nint info, nint chunk)
    {
        var scan = DuckNative.Held<OpenScan>(NativeMethods.TableFunction.DuckDBFunctionGetInitData(info));
        try
        {
            DuckNative.SetChunkSize(chunk, (ulong)scan.Fill(DuckNative.Held<ThreadScan>(DuckNative.LocalInitData(info)), chunk));
        }
        catch (Exception e)
        {
            scan.Bound.Host.Fail(e);
            NativeMethods.TableFunction.DuckDBFunctionSetError(info, e.Message);
        }
    }

    private sealed record BoundScan(ScanHost Host, ScanSource Source);

    /// <summary>Where a thread is in its batch.</summary>
    private sealed class ThreadScan
    {
        public RecordBatch? Batch { get; set; }

        public int Row { get; set; }
    }

    /// <summary>One run over a source. DuckDB's threads share its reader and take a batch each.</summary>
    private sealed class OpenScan : IDisposable
    {
        private static readonly int VectorSize = (int)NativeMethods.Helpers.DuckDBVectorSize();

        private readonly Lock _lock = new();
        private readonly IBatchReader _reader;
        private bool _ended;
        private readonly (int Column, VectorWriter Writer, int Vector)[] _columns;

        public OpenScan(BoundScan bound, int[] columns)
        {
            Bound = bound;
            var fields = bound.Source.Schema.FieldsList;
            _reader = bound.Source.Open([.. columns.Where(c => c >= 0).Select(c => fields[c].Name)]);
            var positions = _reader.Schema.FieldsList.Select((f, i) => (f.Name, i)).ToDictionary(p => p.Name, p => p.i, StringComparer.Ordinal);
            _columns = [.. columns.Index().Where(c => c.Item >= 0)
                .Select(c => (positions[fields[c.Item].Name], VectorWriter.For(DataTypes.Of(fields[c.Item])), c.Index))];
        }

        public BoundScan Bound { get; }

        /// <summary>Writes the next rows of the thread's batch; 0 at the end.</summary>
        public int Fill(ThreadScan thread, nint chunk)
        {
            if ((thread.Batch is null || thread.Row == thread.Batch.Length) && !MoveNext(thread))
            {
                return 0;
            }

            var batch = thread.Batch!;
            var rows = Math.Min(VectorSize, batch.Length - thread.Row);
            foreach (var (column, writer, vector) in _columns)
            {
                writer.Write(DuckNative.ChunkVector(chunk, (ulong)vector), batch.Column(column), thread.Row, rows);
            }

            thread.Row += rows;
            return rows;
        }

        public void Dispose() => _reader.Dispose();

        private bool MoveNext(ThreadScan thread)
        {
            lock (_lock)
            {
                do
                {
                    // Threads ask again after the end, which a reader need not bear.
                    thread.Batch = _ended ? null : _reader.ReadBatch(Bound.Host.Cancellation);
                    _ended = thread.Batch is null;
                }
                while (thread.Batch is { Length: 0 });
            }

            thread.Row = 0;
            return thread.Batch is not null;
        }
    }
}
