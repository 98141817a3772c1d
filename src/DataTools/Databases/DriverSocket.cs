using System.Data.Common;
using System.Net.Sockets;
using System.Reflection;

namespace DataTools.Databases;

/// <summary>
/// The only place that looks into a driver's internals. Npgsql and MySqlConnector wait for a server's answer without an end, and let no other thread break the connection
/// off: closing it waits for the same answer. Where the look fails, nothing is broken off.
/// </summary>
internal static class DriverSocket
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    /// <summary>The socket of an open connection; null where it has none, or keeps it elsewhere.</summary>
    public static Socket? Find(DbConnection connection) =>
        Values(connection).Where(part => part.GetType().Assembly == connection.GetType().Assembly).SelectMany(Values).OfType<Socket>().FirstOrDefault();

    /// <summary>Ends what the driver waits for: it finds the connection broken.</summary>
    public static void Shut(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
    }

    private static IEnumerable<object> Values(object owner) => owner.GetType().GetFields(Hidden).Select(f => f.GetValue(owner)).OfType<object>();
}
