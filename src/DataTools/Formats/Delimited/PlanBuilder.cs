using System.Text;
using System.Text.Unicode;
using Apache.Arrow;
using CsvHelper;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats.Delimited;

/// <summary>Settles the columns of a text: names from its header, types from the user or from a sample.</summary>
internal sealed class PlanBuilder(DataSource source, ReadContext context, Dialect dialect)
{
    private readonly ReadOptions _options = context.Options;

    /// <summary>The plan; the text is left at its start.</summary>
    public ReadPlan Build(TextInput input)
    {
        var names = Names(ReadFirst(input), out var original);
        var chosen = _options.Columns.Count == 0 ? [.. Enumerable.Range(0, names.Length)] : ColumnNames.Find(names, _options.Columns, source.Name);
        var given = UserTypes(names);
        var columns = System.Array.ConvertAll(chosen, n => given[n] is { } type
            ? new PlannedColumn(Position(n), names[n], original[n], type, _options.Text with { RoundFloats = true }, null)
            : new PlannedColumn(Position(n), names[n], original[n], DataTypes.Text, _options.Text, Origin()));
        var plan = Plan(input, columns, names);
        var open = System.Array.FindAll(columns, c => c.Origin is not null);
        if (open.Length == 0)
        {
            return plan;
        }

        var types = Infer(input, plan with { Columns = open, Schema = new Schema(open.Select(c => c.Type.ToField(c.Name)), null) });
        return Plan(input, System.Array.ConvertAll(columns, c => types.TryGetValue(c.Position, out var type) ? c with { Type = type } : c), names);
    }

    private int Position(int column) => dialect.Columns?[column] ?? column;

    private ReadPlan Plan(TextInput input, PlannedColumn[] columns, string[] names) => new()
    {
        Source = source.Name,
        Dialect = dialect,
        Columns = columns,
        Names = names,
        Schema = new Schema(columns.Select(ToField), null),
        HasHeader = !_options.NoHeader,
        FirstLine = input.FirstLine,
        Ragged = _options.Ragged,
        MaxRecordBytes = _options.MaxRecordBytes,
        NullValues = [.. _options.NullValues.Select(Encoding.UTF8.GetBytes)],
    };

    private static Field ToField(PlannedColumn column)
    {
        var field = column.Type.ToField(column.Name);
        return column.Original is null ? field : ColumnNames.Renamed(field, column.Name, column.Original);
    }

    private string Origin() =>
        _options.FullScan ? "" : FormattableString.Invariant($", which the first {_options.SampleRows} rows are");

    /// <summary>The fields of the first record that is not an empty line.</summary>
    private string[] ReadFirst(TextInput input)
    {
        using var reader = dialect.Open(input.Text, o => o with { MaxRecordSize = _options.MaxRecordBytes });
        try
        {
            if (!reader.Read())
            {
                throw DataErrors.EmptyFile(source.Name);
            }
        }
        catch (CsvFormatException e)
        {
            throw DataErrors.MalformedFile(source.Name, "delimited text", $"the first record cannot be read: {e.Message}", e);
        }

        var fields = new string[dialect.Columns?.Count ?? reader.FieldCount];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = Utf8.IsValid(reader.GetSpan(Position(i))) || _options.NoHeader ? reader.GetString(Position(i))
                : throw DataErrors.MalformedFile(source.Name, "text", $"column {i + 1} of the first record is not valid UTF-8. Name the encoding with -Encoding.");
        }

        input.Text.Rewind(recording: true);
        return fields;
    }

    private string[] Names(string[] first, out string?[] original)
    {
        if (_options.Header.Count > 0 && _options.Header.Count != first.Length)
        {
            throw DataErrors.InvalidOption($"-Header names {_options.Header.Count} columns, but '{source.Name}' has {first.Length}.");
        }

        if (!_options.NoHeader && first.Any(n => n.Contains('\0', StringComparison.Ordinal)))
        {
            throw DataErrors.MalformedFile(source.Name, "text", "its header holds NUL bytes; it is binary, or in an encoding to be named with -Encoding.");
        }

        var given = _options.Header.Count > 0 ? [.. _options.Header]
            : _options.NoHeader ? [.. first.Select((_, i) => $"column{i + 1}")]
            : first;
        var names = ColumnNames.MakeUnique(given, out original);
        ColumnNames.Warn(names, original, source.Name, context.Warn);
        return names;
    }

    /// <summary>The types that the user named, by position: a column's own name goes before a pattern.</summary>
    private DataType?[] UserTypes(string[] names)
    {
        if (!context.IsPart)
        {
            // Tells of a name that no column has.
            ColumnNames.Find(names, _options.Types.Keys, source.Name);
        }

        return System.Array.ConvertAll(names, n => _options.Types
            .OrderByDescending(t => string.Equals(t.Key, n, StringComparison.OrdinalIgnoreCase))
            .FirstOrDefault(t => ColumnNames.IsMatch(n, t.Key)).Value);
    }

    /// <summary>The types by position, from a sample that is read as text; bad rows do not count.</summary>
    private Dictionary<int, DataType> Infer(TextInput input, ReadPlan plan)
    {
        var inferences = System.Array.ConvertAll(plan.Columns, _ => new TypeInference(_options.Text));
        // A file that is read to its end is read again from its start, not kept in memory.
        using var whole = _options.FullScan ? TextInput.Open(source, context with { Warn = _ => { } }) : null;
        whole?.Text.Rewind(recording: false);
        using (var rows = new SequentialRows(plan, whole?.Text ?? input.Text, _ => { }))
        {
            var left = _options.FullScan ? long.MaxValue : _options.SampleRows;
            while (left > 0 && rows.Read((int)Math.Min(left, int.MaxValue), context.Cancellation) is { } batch)
            {
                left -= batch.Length;
                Observe(batch, inferences);
            }
        }

        input.Text.Rewind(recording: true);
        return plan.Columns.Zip(inferences).ToDictionary(p => p.First.Position, p => p.Second.Result());
    }

    private static void Observe(RecordBatch batch, TypeInference[] inferences)
    {
        for (var column = 0; column < inferences.Length; column++)
        {
            var array = batch.Column(column);
            for (var row = 0; row < batch.Length; row++)
            {
                if (array.Bytes(row) is { IsEmpty: false } text)
                {
                    inferences[column].Observe(text);
                }
            }
        }
    }
}
