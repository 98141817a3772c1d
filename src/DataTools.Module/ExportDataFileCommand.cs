using System.Management.Automation;
using DataTools.Formats;

namespace DataTools.Module;

/// <summary>Writes rows to a file of any format.</summary>
[Cmdlet(VerbsData.Export, "DataFile", SupportsShouldProcess = true)]
[OutputType(typeof(TransferResult))]
public sealed class ExportDataFileCommand : BookExportCmdlet, IDynamicParameters
{
    private readonly TextWriteParameters _text = new();

    /// <summary>The format, where the extension does not tell it: Csv, Tsv, Psv, FixedWidth, Json, NdJson, Xml, Parquet, Arrow, ArrowStream or Xlsx.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(WriteFormatCompleter))]
    public string? Format { get; set; }

    /// <summary>Add rows to a file that exists: delimited text, fixed-width text, NDJSON, and the sheet or table of a book. The columns must be the same.</summary>
    [Parameter]
    public SwitchParameter Append { get; set; }

    /// <summary>The character encoding; UTF-8 without a mark by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public string? Encoding { get; set; }

    /// <summary>The codec within Arrow and Parquet files.</summary>
    [Parameter]
    [ValidateSet("none", "snappy", "zstd", "gzip", "lz4")]
    public string? Compression { get; set; }

    /// <summary>Write what -KeepFormat of Import-DataFile kept of a sheet (number formats, widths, styles) into a file beside the target: its name and .format.json.</summary>
    [Parameter]
    public SwitchParameter KeepFormat { get; set; }

    private protected override IDataFormat TargetFormat => DataFormats.Find(Format, Path);

    private protected override bool Appends => Append;

    private protected override WriteOptions Options =>
        _text.ToOptions(FullPath) with { Encoding = Arguments.ToEncoding(Encoding), Compression = Compression, OnLoss = OnLoss, Excel = BookOptions, KeepFormat = KeepFormat };

    /// <inheritdoc/>
    public object GetDynamicParameters() => _text;
}
