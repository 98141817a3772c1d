using System.Management.Automation;

namespace DataTools.Module.Databases;

/// <summary>Lists the open connections to databases.</summary>
[Cmdlet(VerbsCommon.Get, "DatabaseConnection")]
[OutputType(typeof(DatabaseConnection))]
public sealed class GetDatabaseConnectionCommand : DataCmdlet
{
    /// <summary>Names of connections; wildcards are taken.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void End()
    {
        foreach (var name in Name)
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            var found = WildcardPattern.ContainsWildcardCharacters(name) ? Connections.Current.All.Where(c => pattern.IsMatch(c.Name)) : [Connections.Current.Find(name)];
            WriteObject(found, enumerateCollection: true);
        }
    }
}
