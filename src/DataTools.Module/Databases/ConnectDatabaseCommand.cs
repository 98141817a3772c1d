using System.Management.Automation;
using DataTools.Databases;
using DataTools.Errors;

namespace DataTools.Module.Databases;

/// <summary>Opens a connection to a database.</summary>
[Cmdlet(VerbsCommunications.Connect, "Database")]
[OutputType(typeof(DatabaseConnection))]
public sealed class ConnectDatabaseCommand : DataCmdlet
{
    /// <summary>
    /// A URL, such as postgres://user@host/database or sqlite:file.db, or with -Kind a connection string of the database's .NET driver. Special characters in user,
    /// password and database are written with percent signs.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("ConnectionString")]
    [ValidateNotNullOrEmpty]
    public string Url { get; set; } = "";

    /// <summary>The kind of database, for a connection string: PostgreSql, Sqlite or MongoDb.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DatabaseKindCompleter))]
    public string? Kind { get; set; }

    /// <summary>The name by which -Connection finds the connection; by default that of the database. An open connection of the name is closed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>User and password.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>The name of a secret (a password or a credential) that Get-Secret of the module SecretManagement finds.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SecretName { get; set; }

    /// <summary>How far the connection is protected: Disable, Prefer, Require, VerifyCA or VerifyFull.</summary>
    [Parameter]
    public TlsMode? Tls { get; set; }

    /// <summary>A file with the certificates of trusted authorities (PEM).</summary>
    [Parameter]
    public string? RootCertificate { get; set; }

    /// <summary>A file with the certificate that shows who the client is (PEM).</summary>
    [Parameter]
    public string? ClientCertificate { get; set; }

    /// <summary>A file with the key of -ClientCertificate (PEM).</summary>
    [Parameter]
    public string? ClientKey { get; set; }

    /// <summary>How many seconds to wait for the connection; 15 by default.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int? ConnectTimeout { get; set; }

    /// <summary>How many seconds a statement may take; without it there is no limit.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? CommandTimeout { get; set; }

    /// <summary>What the server's lists call the connection; DataTools by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ApplicationName { get; set; }

    /// <inheritdoc/>
    protected override void End()
    {
        var address = AddressText.Parse(Url, Kind is null ? null : KnownDatabases.Find(Kind));
        address = WithSecret(address) with
        {
            Tls = Tls ?? address.Tls,
            RootCertificate = File(RootCertificate) ?? address.RootCertificate,
            ClientCertificate = File(ClientCertificate) ?? address.ClientCertificate,
            ClientKey = File(ClientKey) ?? address.ClientKey,
            ConnectTimeout = Seconds(ConnectTimeout) ?? address.ConnectTimeout,
            CommandTimeout = Seconds(CommandTimeout) ?? address.CommandTimeout,
            ApplicationName = ApplicationName ?? address.ApplicationName,
        };
        address = LocalFiles.Resolve(address, FullPath);
        Log.Target = address.ToString();
        WriteObject(Connections.Current.Add(Name, Connector.Open(address, Cancellation)));
    }

    private static TimeSpan? Seconds(int? seconds) => seconds is { } given ? TimeSpan.FromSeconds(given) : null;

    private string? File(string? path) => path is null ? null : FullPath(path);

    private DatabaseAddress WithSecret(DatabaseAddress address)
    {
        if (SecretName is not null && Credential is not null)
        {
            throw DataErrors.InvalidOption("-Credential and -SecretName both give a password; use one.");
        }

        return Secrets.Apply(address, SecretName is null ? Credential : Secrets.Find(this, SecretName));
    }
}
