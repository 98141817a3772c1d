using System.Management.Automation;
using DataTools.Databases;
using DataTools.Errors;

namespace DataTools.Module.Databases;

/// <summary>What a command does with a database, which decides about a file that is not there.</summary>
internal enum ConnectionUse
{
    /// <summary>It may write: the file is made.</summary>
    Write,

    /// <summary>It reads: that is an error.</summary>
    Read,

    /// <summary>It tells what would be done: an empty database in memory stands in its place.</summary>
    Look,
}

/// <summary>What -Connection takes: a connection, its name, or a URL. A URL is opened for the command and closed at its end.</summary>
public sealed class ConnectionArgument
{
    private readonly DatabaseConnection? _connection;
    private readonly string? _text;

    private ConnectionArgument(DatabaseConnection? connection, string? text)
    {
        _connection = connection;
        _text = text;
    }

    /// <summary>The connection's name, or the URL without its secret.</summary>
    public override string ToString() => _connection?.Name ?? (AddressText.IsUrl(_text!) ? AddressText.Parse(_text!).ToString() : _text!);

    /// <summary>The session for one command.</summary>
    internal SessionLease Open(Func<string, string> fullPath, CancellationToken cancellation, ConnectionUse use = ConnectionUse.Write)
    {
        if (_connection is null && AddressText.IsUrl(_text!))
        {
            var address = LocalFiles.Resolve(AddressText.Parse(_text!), fullPath);
            return SessionLease.Own(Connector.Open(use switch { ConnectionUse.Read => address.Kind.ForReading(address), ConnectionUse.Look => address.Kind.ForLooking(address), _ => address }, cancellation));
        }

        var connections = Connections.Current;
        return connections.Take(_connection ?? connections.Find(_text!), cancellation);
    }

    /// <summary>The file or folder that the text names, where it is neither a URL nor an open connection's name and there is one, or it ends in .sql; else null.</summary>
    internal string? FilePath(Func<string, string> fullPath)
    {
        if (_connection is not null || AddressText.IsUrl(_text!) || AddressText.LooksLikeUrl(_text!) || Connections.Current.All.Any(c => string.Equals(c.Name, _text, StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        var path = fullPath(_text!);
        return File.Exists(path) || DataTools.Schemas.Comparison.SchemaModel.IsModel(path) ? path : null;
    }

    /// <summary>The connection of an object or a name; a URL has none.</summary>
    internal DatabaseConnection Find() => _connection ?? Connections.Current.Find(_text!);

    /// <summary>Makes the argument of what a user writes.</summary>
    internal static ConnectionArgument Of(object? value) => value switch
    {
        PSObject wrapped => Of(wrapped.BaseObject),
        ConnectionArgument argument => argument,
        DatabaseConnection connection => new ConnectionArgument(connection, null),
        string { Length: > 0 } text => new ConnectionArgument(null, text),
        _ => throw DataErrors.InvalidOption("-Connection takes what Connect-Database gives, the name of a connection, or a URL such as postgres://user@host/database."),
    };
}

/// <summary>Lets -Connection take an object, a name or a URL.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConnectionTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is object[] list ? Array.ConvertAll(list, ConnectionArgument.Of) : ConnectionArgument.Of(inputData);
}

/// <summary>Completes the names of open connections.</summary>
public sealed class ConnectionCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Names(System.Collections.IDictionary bound) => Connections.Current.All.Select(c => c.Name);
}

/// <summary>Completes the kinds of databases.</summary>
public sealed class DatabaseKindCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Names(System.Collections.IDictionary bound) => KnownDatabases.All.Select(d => d.Name);
}
