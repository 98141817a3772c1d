using System.Management.Automation;
using DataTools.Databases;

namespace DataTools.Module.Databases;

/// <summary>Shows which types of a database become which.</summary>
[Cmdlet(VerbsCommon.Get, "DataTypeMap")]
[OutputType(typeof(TypeMapping))]
public sealed class GetDataTypeMapCommand : DataCmdlet
{
    /// <summary>The database whose types are read; without it, our own types are listed as -To writes them.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(DatabaseKindCompleter))]
    public string? From { get; set; }

    /// <summary>The database to whose types they are written; without it, what they are when they are read.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(DatabaseKindCompleter))]
    public string? To { get; set; }

    /// <inheritdoc/>
    protected override void End() =>
        WriteObject(TypeMapping.List(From is null ? null : KnownDatabases.Find(From).Types, To is null ? null : KnownDatabases.Find(To).Types), enumerateCollection: true);
}
