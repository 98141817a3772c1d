using System.Collections;
using System.Management.Automation;
using DataTools.Errors;
using DataTools.Formats;
using DataTools.Formats.Remote;

namespace DataTools.Module;

/// <summary>The parameters by which a command is told which files to read, and how.</summary>
public abstract partial class FileInputCmdlet : ReadCmdlet
{
    private readonly List<(string Path, bool Literal)> _paths = [];
    private RemoteAccess? _remote;

    /// <summary>The format, where the extension does not tell it: Csv, Tsv, Psv, FixedWidth, Json, NdJson, Xml, Parquet, Arrow, ArrowStream, Xlsx, Xlsb or Xls.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ReadFormatCompleter))]
    public string? Format { get; set; }

    /// <summary>The character encoding: a name such as utf8 or windows-1252, or a code page number. Without it, it is detected.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public string? Encoding { get; set; }

    /// <summary>Adds a column SourceFile that names the file of each row, and for Excel books a column SourceSheet.</summary>
    [Parameter]
    public SwitchParameter IncludeSource { get; set; }

    /// <summary>How many times its size a compressed file may expand to; 1,000 by default. Up to 100 MB are always taken.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxExpansion { get; set; } = ReadOptions.Default.MaxExpansion;

    /// <summary>Keep what a sheet looks like (number formats, widths, styles) with its columns, so that a book written from them looks the same. In other formats it is read from the file that Export-DataFile -KeepFormat wrote.</summary>
    [Parameter]
    public SwitchParameter KeepFormat { get; set; }

    /// <summary>Headers of requests to http and https addresses: @{ Authorization = 'Bearer ...' }. No other host gets them, also where a redirect leads to one.</summary>
    [Parameter]
    public IDictionary? Headers { get; set; }

    /// <summary>The name and password for http and https addresses. They are sent over https only, and to no other host.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>The most bytes that are taken from an address; 100 GB by default.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long MaxDownloadSize { get; set; } = RemoteOptions.Default.MaxBytes;

    /// <summary>Where each page of JSON names the address of the next one: property names joined by dots. All pages are read as one table.</summary>
    [Parameter]
    public string? NextLink { get; set; }

    /// <summary>The parameter of the address that numbers pages of JSON, counted from the address's own number or 1, up to a page without records.</summary>
    [Parameter]
    public string? PageParameter { get; set; }

    /// <summary>The parameter of the address that says how many records to pass over, up to a page without records.</summary>
    [Parameter]
    public string? OffsetParameter { get; set; }

    /// <summary>The records of a full page: with it, a page with fewer is the last.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int PageSize { get; set; }

    /// <inheritdoc/>
    private protected override ReadOptions Options => base.Options with { Encoding = Arguments.ToEncoding(Encoding), MaxExpansion = MaxExpansion, KeepFormat = KeepFormat, Excel = ExcelOptions };

    /// <summary>Adds paths as the user gave them; literal ones have no wildcards.</summary>
    private protected void AddPaths(IEnumerable<string> paths, bool literal) => _paths.AddRange(paths.Select(p => (p, literal)));

    /// <inheritdoc/>
    protected override void CloseResources()
    {
        // What waits for another machine or another process keeps its reader from being closed.
        _remote?.Stop();
        base.CloseResources();
        _remote?.Dispose();
    }

    /// <summary>
    /// The files that the paths name. A path that names none, and a file that cannot be opened, is an error of its own: the rest goes on.
    /// </summary>
    private protected List<DataPart> FindParts()
    {
        var parts = new List<DataPart>();
        foreach (var (path, literal) in _paths)
        {
            try
            {
                parts.AddRange(FileFinder.Find(Resolve(path, literal), Format, IncludeSource, Remote));
            }
            catch (DataException e) when (_paths.Count > 1)
            {
                ReportError(e);
            }
        }

        Log.Source = string.Join(", ", parts.Take(3).Select(p => p.Source.Name)) + (parts.Count > 3 ? $" and {parts.Count - 3} more" : "");
        return parts;
    }

    private RemoteAccess Remote => _remote ??= new RemoteAccess(
        new RemoteOptions
        {
            Headers = Arguments.ToPairs(Headers ?? new Hashtable()).ToDictionary(h => h.Key, h => LanguagePrimitives.ConvertTo<string>(h.Value), StringComparer.OrdinalIgnoreCase),
            Credential = Credential?.GetNetworkCredential(),
            MaxBytes = MaxDownloadSize,
            Paging = NextLink is null && PageParameter is null && OffsetParameter is null ? null
                : new PagingOptions { NextLink = NextLink, PageParameter = PageParameter, OffsetParameter = OffsetParameter, PageSize = PageSize },
        },
        Options,
        Cancellation);

    private IEnumerable<string> Resolve(string path, bool literal)
    {
        if (RemoteAccess.IsRemote(path))
        {
            return [path];
        }

        if (!ZipEntries.TrySplit(path, out var file, out var entries))
        {
            return ResolveFiles(path, literal);
        }

        return ResolveFiles(file, literal).Select(archive => $"{archive}!{entries}");
    }

    private IEnumerable<string> ResolveFiles(string path, bool literal)
    {
        if (literal || !WildcardPattern.ContainsWildcardCharacters(path))
        {
            return [FullPath(path)];
        }

        var found = SessionState.Path.GetResolvedProviderPathFromPSPath(path, out var provider);
        return found.Count == 0 || provider.Name != "FileSystem" ? throw DataErrors.FileNotFound(path) : found.Order(StringComparer.Ordinal);
    }
}
