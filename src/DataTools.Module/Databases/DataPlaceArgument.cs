using System.Management.Automation;
using DataTools.Databases;
using DataTools.Errors;
using DataTools.Formats.Remote;

namespace DataTools.Module.Databases;

/// <summary>What -Source and -Destination take: a connection, the name of an open one, the URL of a database, or the path of a file.</summary>
public sealed class DataPlaceArgument
{
    private DataPlaceArgument(ConnectionArgument? connection, string? path)
    {
        Connection = connection;
        Path = path;
    }

    /// <summary>The connection; null for a file.</summary>
    public ConnectionArgument? Connection { get; }

    /// <summary>The path, which may have wildcards; null for a connection.</summary>
    public string? Path { get; }

    /// <summary>The connection's name, the URL without its secret, or the path.</summary>
    public override string ToString() => Connection?.ToString() ?? Path!;

    /// <summary>Makes the argument of what a user writes.</summary>
    internal static DataPlaceArgument Of(object? value) => value switch
    {
        PSObject wrapped => Of(wrapped.BaseObject),
        DataPlaceArgument place => place,
        ConnectionArgument or DatabaseConnection => new DataPlaceArgument(ConnectionArgument.Of(value), null),
        FileSystemInfo file => new DataPlaceArgument(null, file.FullName),
        string { Length: > 0 } text when AddressText.IsUrl(text) || IsStray(text) || Connections.Current.All.Any(c => string.Equals(c.Name, text, StringComparison.OrdinalIgnoreCase)) =>
            new DataPlaceArgument(ConnectionArgument.Of(text), null),
        string { Length: > 0 } text => new DataPlaceArgument(null, text),
        _ => throw DataErrors.InvalidOption("-Source and -Destination take what Connect-Database gives, the name of a connection, a URL such as postgres://user@host/database, or the path of a file."),
    };

    /// <summary>Whether a text is a URL of neither a database nor the web, whose password an error about a file would show.</summary>
    private static bool IsStray(string text) => AddressText.LooksLikeUrl(text) && !WebAddress.TryParse(text, out _);
}

/// <summary>Lets a parameter take a connection, a name, a URL or a file.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DataPlaceTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => DataPlaceArgument.Of(inputData);
}
