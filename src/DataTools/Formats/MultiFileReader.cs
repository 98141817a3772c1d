using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats;

/// <summary>One file of several that are read as one table.</summary>
/// <param name="Source">The file.</param>
/// <param name="Format">Its format.</param>
/// <param name="Constants">Columns that the whole file shares: those of a Hive folder, and the file's own name.</param>
public sealed record DataPart(DataSource Source, IDataFormat Format, IReadOnlyList<KeyValuePair<string, string>> Constants);

/// <summary>
/// Reads several files as one table whose columns are united by name. Where their types differ, the type that holds both is found, and the files
/// are read anew as that type, so that text keeps the form it has in its file.
/// </summary>
public sealed class MultiFileReader : IBatchReader
{
    private readonly IReadOnlyList<(DataPart Part, Schema Schema)> _parts;
    private readonly ReadContext _context;
    private IBatchReader? _current;
    private BatchConverter? _converter;
    private int _next;

    private MultiFileReader(IReadOnlyList<(DataPart Part, Schema Schema)> parts, ReadContext context, Schema schema)
    {
        _parts = parts;
        _context = context;
        Schema = schema;
    }

    /// <inheritdoc/>
    public Schema Schema { get; }

    /// <inheritdoc/>
    public double? Progress => (_next - 1 + (_current?.Progress ?? 0)) / _parts.Count;

    /// <summary>
    /// Opens the files. A single file without constants is its own reader. Of several, one that cannot be opened is told to
    /// <paramref name="onBadFile"/>, and the rest is read.
    /// </summary>
    public static IBatchReader Open(IReadOnlyList<DataPart> parts, ReadContext context, Action<DataException>? onBadFile = null)
    {
        if (parts is [{ Constants.Count: 0 } only])
        {
            return OpenPart(only, context);
        }

        var isPart = context.IsPart;
        // The constants are columns too: what is asked of a file is only what it can have.
        context = context with { IsPart = true };
        var good = new List<(DataPart Part, Schema Schema)>();
        foreach (var part in parts)
        {
            try
            {
                good.Add((part, SchemaOf(part, context with { Options = context.Options with { Columns = [] } })));
            }
            catch (DataException e) when (onBadFile is not null)
            {
                onBadFile(e);
            }
        }

        var united = TypeUnion.Unite([.. good.Select(g => WithConstants(g.Schema, g.Part))]);
        if (good.Count > 0 && !isPart)
        {
            // Tells of a name that no file has.
            ColumnNames.Find(united.Names(), context.Options.Types.Keys, "The files");
        }

        return new MultiFileReader(good, context, Project(united, context.Options.Columns, "The files"));
    }

    /// <inheritdoc/>
    public RecordBatch? ReadBatch(CancellationToken cancellation)
    {
        while (true)
        {
            if (_current?.ReadBatch(cancellation) is { } batch)
            {
                return _converter!.Convert(WithConstants(batch, _parts[_next - 1].Part));
            }

            _current?.Dispose();
            _current = null;
            if (_next == _parts.Count)
            {
                return null;
            }

            var (part, schema) = _parts[_next++];
            _current = OpenPart(part, Narrow(schema));
            _converter = new BatchConverter(WithConstants(_current.Schema, part), Schema, part.Source.Name, _context.Rejects, _context.Options.Text);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _current?.Dispose();

    private static IBatchReader OpenPart(DataPart part, ReadContext context) =>
        part.Format.OpenReader is { } open ? TypedReader.For(FormatSidecar.Open(open, part, context), part.Source.Name, context) : throw DataErrors.FormatCannot(part.Format.Name, "read");

    private static Schema SchemaOf(DataPart part, ReadContext context)
    {
        using var reader = OpenPart(part, context with { Warn = _ => { } });
        return reader.Schema;
    }

    /// <summary>The columns of a file and its constants; what the file has itself is not replaced.</summary>
    private static Schema WithConstants(Schema schema, DataPart part) =>
        new([.. schema.FieldsList, .. Constants(schema, part).Select(c => ConstantType(c.Value).ToField(c.Key))], null);

    private static IEnumerable<KeyValuePair<string, string>> Constants(Schema schema, DataPart part) =>
        part.Constants.Where(c => schema.IndexOf(c.Key) < 0);

    private static RecordBatch WithConstants(RecordBatch batch, DataPart part)
    {
        var constants = Constants(batch.Schema, part).Select(c => Repeat(c.Value, batch.Length));
        return new RecordBatch(WithConstants(batch.Schema, part), [.. batch.Arrays, .. constants], batch.Length);
    }

    private static IArrowArray Repeat(string value, int length)
    {
        var builder = ConstantType(value).NewBuilder();
        var text = System.Text.Encoding.UTF8.GetBytes(value);
        for (var i = 0; i < length; i++)
        {
            if (value == HivePartitions.NullName)
            {
                builder.AppendNull();
            }
            else
            {
                builder.TryAppendText(text, TextRules.Default);
            }
        }

        return builder.Finish();
    }

    private static DataType ConstantType(string value)
    {
        var inference = new TypeInference(TextRules.Default);
        if (value != HivePartitions.NullName)
        {
            inference.Observe(System.Text.Encoding.UTF8.GetBytes(value));
        }

        return inference.Result() is IntegerType<long> or DateType ? inference.Result() : DataTypes.Text;
    }

    private static Schema Project(Schema schema, IReadOnlyList<string> columns, string source) =>
        columns.Count == 0
            ? schema
            : schema.Project(ColumnNames.Find(schema.Names(), columns, source));

    /// <summary>Asks a file, by the columns of its own, for those of the table, as the table's types.</summary>
    private ReadContext Narrow(Schema own)
    {
        var wanted = Schema.FieldsList.Where(f => own.IndexOf(f.Name) >= 0).ToList();
        return _context with
        {
            Options = _context.Options with
            {
                Columns = [.. wanted.Select(f => f.Name)],
                Types = wanted.ToDictionary(f => f.Name, DataTypes.Of, StringComparer.OrdinalIgnoreCase),
            },
        };
    }
}
