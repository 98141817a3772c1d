using System.Management.Automation;
using DataTools.Schemas;

namespace DataTools.Module.Databases;

/// <summary>Lists the tables and views of a database.</summary>
[Cmdlet(VerbsCommon.Get, "DataTable")]
[OutputType(typeof(TableListing))]
public sealed class GetDataTableCommand : ConnectionCmdlet
{
    /// <summary>Names of tables, with their schema before a dot or without; wildcards are taken.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    public string[] Table { get; set; } = ["*"];

    private protected override ConnectionUse Use => ConnectionUse.Look;

    /// <inheritdoc/>
    protected override void End()
    {
        Log.Source = Session.Address.ToString();
        var patterns = Array.ConvertAll(Table, t => WildcardPattern.Get(t, WildcardOptions.IgnoreCase));
        foreach (var table in Session.ListTables(Cancellation))
        {
            if (Array.Exists(patterns, p => p.IsMatch(table.Name) || (table.Schema is not null && p.IsMatch($"{table.Schema}.{table.Name}"))))
            {
                WriteObject(table);
            }
        }
    }
}
