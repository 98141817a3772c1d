using System.Net;
using System.Net.Sockets;

namespace DataTools.Tests.Databases;

/// <summary>Stands between a client and a server of the loopback and cuts the connection after a number of bytes that either sent.</summary>
internal sealed class CuttingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _port;
    private readonly long _most;

    private CuttingProxy(int port, long most)
    {
        _port = port;
        _most = most;
        _listener.Start();
        _ = Accept();
    }

    /// <summary>The URL of a server by way of a proxy, which the caller disposes.</summary>
    internal static string Url(string url, long most, out CuttingProxy proxy)
    {
        var address = DataTools.Databases.AddressText.Parse(url);
        proxy = new CuttingProxy(address.Port!.Value, most);
        return url.Replace($":{address.Port}/", $":{((IPEndPoint)proxy._listener.LocalEndpoint).Port}/", StringComparison.Ordinal);
    }

    public void Dispose() => _listener.Stop();

    private async Task Accept()
    {
        while (true)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync();
                var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, _port);
                _ = Pass(client, server);
                _ = Pass(server, client);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task Pass(TcpClient from, TcpClient to)
    {
        try
        {
            var buffer = new byte[16 << 10];
            for (var passed = 0L; passed < _most;)
            {
                var read = await from.GetStream().ReadAsync(buffer);
                if (read == 0)
                {
                    break;
                }

                await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
                passed += read;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The other direction has cut it.
        }

        from.Close();
        to.Close();
    }
}
