using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DataTools.Tests.Formats.Remote;

/// <summary>A web server of this process, for one test.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Action<HttpListenerContext, int> _answer;
    private readonly Task _serving;
    private int _count;

    /// <summary>Starts a server; <paramref name="answer"/> gets each request and its number, counted from 1.</summary>
    public LoopbackServer(Action<HttpListenerContext, int> answer)
    {
        _answer = answer;
        Address = Listen();
        _serving = Task.Run(Serve);
    }

    /// <summary>The address, with a slash at its end.</summary>
    public string Address { get; }

    /// <summary>The requests so far.</summary>
    public ConcurrentQueue<HttpListenerRequest> Requests { get; } = [];

    /// <summary>A server that answers every request with the same text.</summary>
    public static LoopbackServer Of(string text, string? type = null) => new((context, _) => Answer(context, Encoding.UTF8.GetBytes(text), type));

    /// <summary>Answers with a body.</summary>
    public static void Answer(HttpListenerContext context, byte[] body, string? type = null)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength64 = body.Length;
        context.Response.OutputStream.Write(body);
        context.Response.Close();
    }

    /// <summary>Begins a body and breaks the connection.</summary>
    public static void Break(HttpListenerContext context, byte[] body, int after)
    {
        context.Response.ContentLength64 = body.Length;
        context.Response.OutputStream.Write(body, 0, after);
        context.Response.OutputStream.Flush();
        Thread.Sleep(50);
        context.Response.Abort();
    }

    public void Dispose()
    {
        _listener.Close();
        // A listener that is closed just before it waits never hears of it.
        _serving.Wait(TimeSpan.FromSeconds(1));
    }

    private string Listen()
    {
        while (true)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var address = $"http://localhost:{((IPEndPoint)probe.LocalEndpoint).Port}/";
            probe.Stop();
            _listener.Prefixes.Clear();
            _listener.Prefixes.Add(address);
            try
            {
                _listener.Start();
                return address;
            }
            catch (HttpListenerException)
            {
                // Another process took the port in between.
            }
        }
    }

    private void Serve()
    {
        try
        {
            while (true)
            {
                var context = _listener.GetContext();
                Requests.Enqueue(context.Request);
                var number = Interlocked.Increment(ref _count);
                Task.Run(() => Try(context, number));
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private void Try(HttpListenerContext context, int number)
    {
        try
        {
            _answer(context, number);
        }
        catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException)
        {
            // The client has gone.
        }
    }
}
