using System.Globalization;
using DataTools.Errors;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Servers;

namespace DataTools.Databases.MongoDb;

/// <summary>Opens connections: the address becomes settings of the driver, and a server is asked for its version.</summary>
internal static class MongoConnector
{
    private const int DefaultSeconds = 15;

    /// <summary>How often is looked whether a server that is waited for has refused.</summary>
    private const int PollMilliseconds = 20;

    /// <summary>Options that are the driver's own; it reads them from its URLs.</summary>
    private static readonly string[] DriverOptions =
    [
        "replicaSet", "directConnection", "loadBalanced", "readPreference", "readPreferenceTags", "maxStalenessSeconds", "readConcernLevel", "w", "wtimeoutMS", "journal", "retryReads",
        "retryWrites", "compressors", "zlibCompressionLevel", "minPoolSize", "maxPoolSize", "maxIdleTimeMS", "waitQueueTimeoutMS", "srvServiceName", "srvMaxHosts",
        "appName", "connectTimeoutMS", "serverSelectionTimeoutMS", "socketTimeoutMS", "heartbeatFrequencyMS",
    ];

    /// <summary>The options of a URL.</summary>
    public static IReadOnlyCollection<string> OptionNames { get; } = ["authSource", "authMechanism", .. MongoSecurity.OptionNames, .. DriverOptions];

    /// <summary>Opens a connection and asks for the version, for the driver itself connects when it is first used.</summary>
    public static MongoSession Open(MongoDatabase kind, DatabaseAddress address, CancellationToken cancellation)
    {
        var client = new MongoClient(Settings(address));
        try
        {
            var info = Task.Run(() => client.GetDatabase(address.Database).RunCommandAsync<BsonDocument>(new BsonDocument("buildInfo", 1), cancellationToken: cancellation), cancellation);
            while (!info.IsCompleted && !IsRefused(client))
            {
                Task.WaitAny([info], PollMilliseconds, CancellationToken.None);
            }

            cancellation.ThrowIfCancellationRequested();
            return info.IsCompleted
                ? new MongoSession(kind, address, client, info.GetAwaiter().GetResult()["version"].AsString)
                : throw Refusal(client);
        }
        catch (Exception e) when (kind.Classify(e) is { } fault)
        {
            Close(client);
            throw fault.ToException(address, e);
        }
        catch
        {
            Close(client);
            throw;
        }
    }

    /// <summary>Ends a client with its connections, which the driver would keep for others until the process ends.</summary>
    public static void Close(MongoClient client)
    {
        ClusterRegistry.Instance.UnregisterAndDisposeCluster(client.Cluster);
        client.Dispose();
    }

    /// <summary>Whether every server that the URL names could not be reached. The driver would go on trying until the time is up.</summary>
    private static bool IsRefused(MongoClient client)
    {
        var servers = client.Cluster.Description.Servers;
        return servers.Count > 0 && servers.All(s => s.State == ServerState.Disconnected && s.HeartbeatException is not null);
    }

    private static Exception Refusal(MongoClient client) => client.Cluster.Description.Servers.Select(s => s.HeartbeatException).OfType<Exception>().First();

    private static MongoClientSettings Settings(DatabaseAddress address)
    {
        var options = address.Options.Where(o => DriverOptions.Contains(o.Key, StringComparer.OrdinalIgnoreCase)).Select(o => $"{o.Key}={Uri.EscapeDataString(o.Value)}").ToList();
        MongoClientSettings settings;
        try
        {
            settings = MongoClientSettings.FromConnectionString($"{address.Scheme ?? "mongodb"}://{Hosts(address)}/{(options.Count == 0 ? "" : "?")}{string.Join('&', options)}");
        }
        catch (Exception e) when (e is MongoConfigurationException or ArgumentException or FormatException)
        {
            throw DataErrors.InvalidOption($"That is no address of MongoDB: {e.Message}");
        }

        settings.ConnectTimeout = Wait("connectTimeoutMS", settings.ConnectTimeout);
        settings.ServerSelectionTimeout = Wait("serverSelectionTimeoutMS", settings.ServerSelectionTimeout);
        settings.ApplicationName ??= address.ApplicationName;
        settings.Credential = MongoSecurity.Credential(address);
        MongoSecurity.Protect(settings, address);
        // The driver shares connections, and what it knows of servers that were away a moment ago, among clients of the same settings.
        var own = new object();
        settings.ClusterConfigurator = _ => GC.KeepAlive(own);
        return settings;

        TimeSpan Wait(string option, TimeSpan given) => address.ConnectTimeout ?? (address.Options.ContainsKey(option) ? given : TimeSpan.FromSeconds(DefaultSeconds));
    }

    private static string Hosts(DatabaseAddress address) =>
        (address.Host!.Contains(':', StringComparison.Ordinal) && !address.Host.Contains(',', StringComparison.Ordinal) && address.Host.Count(c => c == ':') > 1 ? $"[{address.Host}]" : address.Host)
        + (address.Port is { } port ? string.Create(CultureInfo.InvariantCulture, $":{port}") : "");
}
