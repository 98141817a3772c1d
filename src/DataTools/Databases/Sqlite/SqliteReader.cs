using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases.Reading;
using DataTools.Errors;

namespace DataTools.Databases.Sqlite;

/// <summary>The rows of a statement, stepped over the C API.</summary>
internal sealed class SqliteReader : IBatchReader
{
    private const int SampleRows = 10_000;

    private readonly SqliteSession _session;
    private readonly TableQuery _query;
    private readonly DatabaseContext _context;
    private readonly SqliteReading[] _readings;
    private readonly BatchBuilder _builder;
    private nint _statement;
    private long _rows;
    private bool _ended;

    private unsafe SqliteReader(SqliteSession session, nint statement, TableQuery query, DatabaseContext context)
    {
        _session = session;
        _statement = statement;
        _query = query;
        _context = context;
        if (SqliteNative.IsReadOnly(statement) == 0)
        {
            // Its first rows are looked at for their types, and then read again.
            throw DataErrors.InvalidOption("-Query reads, and this statement writes. Invoke-DataQuery runs it.");
        }

        var types = session.Database.Types.With(query.TypeRules);
        var columns = Enumerable.Range(0, SqliteNative.ColumnCount(statement)).ToArray();
        if (columns.Length == 0)
        {
            throw DataErrors.InvalidOption("-Query gives no rows. Invoke-DataQuery runs such a statement.");
        }

        var declared = System.Array.ConvertAll(columns, i => Text(SqliteNative.DeclaredType(statement, i)) is { Length: > 0 } type ? type : null);
        _readings = Choose([.. declared.Select(d => SqliteCells.Of(d is null ? null : types.ToDataType(d)))], context.Cancellation);
        var fields = columns.Select(i => _readings[i].Type.ToField(Text(SqliteNative.ColumnName(statement, i))!, true, Marks(declared[i])));
        Schema = ColumnNames.MakeUnique(new Schema(fields, null), query.Source, context.Warn);
        _builder = new BatchBuilder(Schema);
    }

    public Schema Schema { get; }

    /// <summary>Opens the rows of one statement.</summary>
    public static SqliteReader Open(SqliteSession session, string text, IReadOnlyDictionary<string, object?> parameters, TableQuery query, DatabaseContext context)
    {
        var statement = session.Prepare(text);
        // The first rows tell the types, and a query may work long for its first.
        using var stop = session.StopOn(context.Cancellation);
        try
        {
            Bind(session, statement, parameters);
            return new SqliteReader(session, statement, query, context);
        }
        catch
        {
            _ = SqliteNative.Finalize(statement);
            throw;
        }
    }

    public RecordBatch? ReadBatch(CancellationToken cancellation)
    {
        using var stop = _session.StopOn(cancellation);
        while (!_ended && !(_builder.Count > 0 && _builder.IsFull))
        {
            cancellation.ThrowIfCancellationRequested();
            if (_session.Guard(() => Step(_session, _statement), cancellation))
            {
                ReadRow();
            }
            else
            {
                _ended = true;
            }
        }

        return _builder.Count == 0 ? null : _builder.Finish();
    }

    public void Dispose()
    {
        _ = SqliteNative.Finalize(_statement);
        _statement = 0;
    }

    private static bool Step(SqliteSession session, nint statement)
    {
        var code = SqliteNative.Step(statement);
        return code == SqliteNative.Row || (code == SqliteNative.Done ? false : throw session.Error(code));
    }

    private Dictionary<string, string>? Marks(string? declared) =>
        declared is null ? null : new() { [FieldMarks.SourceType] = declared, [FieldMarks.SourceKind] = _session.Database.Name };

    /// <summary>The first way to read each column that fits every value of a sample.</summary>
    private SqliteReading[] Choose(IEnumerable<SqliteReading>[] ways, CancellationToken cancellation)
    {
        var left = ways.Select(w => w.Select(r => (Reading: r, Trial: r.Type.NewBuilder())).ToList()).ToArray();
        for (var row = 0; row < SampleRows && Step(_session, _statement); row++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var i = 0; i < left.Length; i++)
            {
                if (left[i].Count > 1 && SqliteNative.ColumnType(_statement, i) != SqliteNative.Null)
                {
                    var first = left[i][0];
                    left[i].RemoveAll(t => !t.Reading.Read(_statement, i, t.Trial));
                    left[i].ForEach(t => t.Trial.Truncate(0));
                    if (left[i].Count == 0)
                    {
                        left[i].Add(first);
                    }
                }
            }
        }

        _ = SqliteNative.Reset(_statement);
        return [.. left.Select(l => l[0].Reading)];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadRow()
    {
        _rows++;
        for (var i = 0; i < _readings.Length; i++)
        {
            var column = _builder.Columns[i];
            if (SqliteNative.ColumnType(_statement, i) == SqliteNative.Null)
            {
                column.AppendNull();
            }
            else if (!_readings[i].Read(_statement, i, column))
            {
                _builder.AbandonRow();
                _context.Rejects.Add(new Reject(_query.Source, _rows, 0, Schema.GetFieldByIndex(i).Name, Shown(i), $"is not {column.Type.Describe()}", null));
                return;
            }
        }

        _builder.EndRow();
    }

    private string Shown(int column) => SqliteNative.ColumnType(_statement, column) == SqliteNative.Blob
        ? $"x'{Convert.ToHexString(SqliteNative.BytesOf(_statement, column))}'"
        : Encoding.UTF8.GetString(SqliteNative.TextOf(_statement, column));

    private static unsafe string? Text(byte* text) => Marshal.PtrToStringUTF8((nint)text);

    private static unsafe void Bind(SqliteSession session, nint statement, IReadOnlyDictionary<string, object?> parameters)
    {
        for (var i = 1; i <= SqliteNative.ParameterCount(statement); i++)
        {
            var name = Text(SqliteNative.ParameterName(statement, i))?.TrimStart('@', '$', ':', '?') is { Length: > 0 } given ? given : $"{i}";
            session.Bind(statement, i, parameters.TryGetValue(name, out var value) ? value : throw DataErrors.ParameterMissing(name, parameters.Keys));
        }
    }
}
