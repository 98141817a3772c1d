using System.Management.Automation;
using DataTools.Formats;
using DataTools.Transforms;

namespace DataTools.Module;

/// <summary>Reads text as typed rows: what a file would hold, in strings of the pipeline.</summary>
[Cmdlet(VerbsData.ConvertFrom, "DataText")]
[OutputType(typeof(DataRecord))]
public sealed class ConvertFromDataTextCommand : ReadCmdlet
{
    private TextSource? _text;

    /// <summary>The format of the text: Csv, Tsv, Psv, FixedWidth, Json or NdJson.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(TextFormatCompleter))]
    public string Format { get; set; } = "";

    /// <summary>The text: one string, or its lines or parts of several lines one after the other.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string[] InputObject { get; set; } = [];

    private IDataFormat SourceFormat => TextSource.FindFormat(Format);

    /// <inheritdoc/>
    protected override void Begin()
    {
        Log.Source = TextSource.Name;
        _ = SourceFormat;
    }

    /// <inheritdoc/>
    protected override void Process()
    {
        _text ??= new TextSource();
        foreach (var text in InputObject)
        {
            _text.Add(text);
        }
    }

    /// <inheritdoc/>
    protected override void End()
    {
        if (_text is not null)
        {
            WriteRows(_text.Open(SourceFormat, Context), new TransformChain([]));
        }
    }

    /// <inheritdoc/>
    protected override void CloseResources()
    {
        base.CloseResources();
        _text?.Dispose();
    }
}
