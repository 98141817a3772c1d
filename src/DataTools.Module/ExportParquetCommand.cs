using System.Collections;
using System.Management.Automation;
using DataTools.Formats;

namespace DataTools.Module;

/// <summary>Writes rows to a Parquet file.</summary>
[Cmdlet(VerbsData.Export, "Parquet", SupportsShouldProcess = true)]
[OutputType(typeof(TransferResult))]
public sealed class ExportParquetCommand : ExportCmdlet
{
    /// <summary>The codec: snappy (the default), zstd, gzip, lz4 or none.</summary>
    [Parameter]
    [ValidateSet("none", "snappy", "zstd", "gzip", "lz4")]
    public string? Compression { get; set; }

    /// <summary>The codec's level: 1 to 22 for zstd, 1 to 9 for gzip. A higher one is smaller and slower.</summary>
    [Parameter]
    public int? CompressionLevel { get; set; }

    /// <summary>The rows of a row group; 1,000,000 by default. A reader that filters passes over whole groups.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int RowGroupSize { get; set; } = WriteOptions.Default.RowGroupSize;

    /// <summary>Write no column with a dictionary, also where values repeat.</summary>
    [Parameter]
    public SwitchParameter NoDictionary { get; set; }

    /// <summary>Key-value metadata of the file: @{ source = 'shop' }.</summary>
    [Parameter]
    public Hashtable? Metadata { get; set; }

    private protected override IDataFormat TargetFormat => DataFormats.Find("Parquet", Path);

    private protected override WriteOptions Options => WriteOptions.Default with
    {
        Compression = Compression, CompressionLevel = CompressionLevel, RowGroupSize = RowGroupSize, NoDictionary = NoDictionary, OnLoss = OnLoss,
        Metadata = Arguments.ToPairs(Metadata ?? []).ToDictionary(p => p.Key, p => LanguagePrimitives.ConvertTo<string>(p.Value)),
    };
}
