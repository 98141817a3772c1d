using System.Text;
using System.Xml;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats.Xml;

/// <summary>Writes rows as elements of one root, an element a line.</summary>
internal sealed class XmlBatchWriter : IBatchWriter
{
    private readonly WriteContext _context;
    private readonly XmlWriter _xml;
    private readonly XmlWriteRules _rules;
    private readonly XmlGroup _record;
    private readonly string _newLine;
    private long _rows;

    /// <summary>Opens a writer.</summary>
    public XmlBatchWriter(Stream stream, Schema schema, WriteContext context)
    {
        var options = context.Options;
        if (options.NewLine is not ("\n" or "\r\n"))
        {
            throw DataErrors.InvalidOption("XML knows only two line ends: \\n and \\r\\n.");
        }

        _context = context;
        _newLine = options.NewLine;
        _rules = new XmlWriteRules(options);
        _record = XmlMember.Of(schema, _rules);
        _xml = XmlWriter.Create(stream, new XmlWriterSettings
        {
            Encoding = options.Encoding ?? new UTF8Encoding(false), Indent = options.Indented, NewLineChars = options.NewLine,
            NewLineHandling = NewLineHandling.Entitize, CheckCharacters = false, CloseOutput = false,
        });
        Guard(() => WriteStart(schema));
    }

    /// <inheritdoc/>
    public void WriteBatch(RecordBatch batch, CancellationToken cancellation)
    {
        var columns = Enumerable.Range(0, batch.ColumnCount).Select(batch.Column).ToArray();
        Guard(() =>
        {
            for (var row = 0; row < batch.Length; row++)
            {
                cancellation.ThrowIfCancellationRequested();
                WriteRow(columns, row);
            }
        });
    }

    /// <inheritdoc/>
    public void Complete(CancellationToken cancellation)
    {
        Guard(() =>
        {
            _xml.WriteEndElement();
            _xml.WriteWhitespace(_newLine);
            _xml.Flush();
        });
        if (_rules is { Lost: > 0, Options.OnLoss: LossPolicy.Warn })
        {
            _context.Warn($"{_context.Target}: {_rules.Lost} values have characters that XML cannot hold; each such character was written as U+FFFD.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // An abandoned document is not closed: its owner discards what there is of it.
    }

    private void WriteStart(Schema schema)
    {
        _xml.WriteStartDocument();
        if (!_rules.Options.Indented)
        {
            _xml.WriteWhitespace(_newLine);
        }

        _xml.WriteStartElement(XmlNames.Encode(_rules.Options.RootName));
        _xml.WriteAttributeString("xmlns", "xsi", XmlNames.Declarations, XmlNames.Instance);
        if (schema.FieldsList.Any(f => HoldsList(DataTypes.Of(f))))
        {
            // The elements of a list repeat, too: which ones are the records has to be said.
            _xml.WriteAttributeString("dt", XmlNames.List, XmlNames.Marks, XmlNames.Encode(_rules.Options.RecordName));
        }

        EndLine();
    }

    private void WriteRow(IArrowArray[] columns, int row)
    {
        _rules.Record = ++_rows;
        _record.Write(_xml, columns, row);
        EndLine();
    }

    private void EndLine()
    {
        if (!_rules.Options.Indented)
        {
            _xml.WriteWhitespace(_newLine);
        }
    }

    private static bool HoldsList(DataType type) => type switch
    {
        ListDataType => true,
        StructDataType structure => structure.Members.Any(m => HoldsList(m.Value)),
        _ => false,
    };

    private void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or EncoderFallbackException)
        {
            throw DataErrors.CannotWrite(_context.Target, e);
        }
    }
}
