using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace DataTools.Tests.Databases.Mongo;

/// <summary>
/// A server of MongoDB's wire protocol on the loopback, with collections in memory, for the real driver (https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol). It
/// knows the commands, fields, operators and stages that the product uses, and refuses all others: what it does not know is no test.
/// </summary>
internal sealed class WireServer : IDisposable
{
    private const int OpReply = 1;
    private const int OpQuery = 2004;
    private const int OpMsg = 2013;
    private const uint ChecksumPresent = 1;
    private const uint MoreToCome = 2;
    private const int HeaderLength = 16;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _clients = [];
    private readonly Store _store = new();
    private int _reply;

    /// <summary>Starts to listen; with <paramref name="user"/> a client must say who it is.</summary>
    internal WireServer(string? user, string? password)
    {
        User = user;
        Password = password;
        _listener.Start();
        new Thread(Accept) { IsBackground = true, Name = "MongoDB test server" }.Start();
    }

    /// <summary>The port on 127.0.0.1.</summary>
    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    internal string? User { get; }

    internal string? Password { get; }

    /// <summary>The name of the replica set whose only member, and primary, the server is; null for a standalone server. Only the first has transactions.</summary>
    internal string? ReplicaSet { get; init; }

    /// <summary>What the server shows of itself, where it speaks TLS.</summary>
    internal X509Certificate2? Certificate { get; init; }

    /// <summary>The certificate that a client must show; null for none. A server with it speaks TLS.</summary>
    internal X509Certificate2? ClientCertificate { get; init; }

    /// <summary>The names of the commands that came, without those of the driver's own housekeeping.</summary>
    internal List<string> Seen { get; } = [];

    /// <summary>Called before a command runs; may throw, or end the server.</summary>
    internal Action<string, BsonDocument>? OnCommand { get; set; }

    /// <summary>Called when a command has run and its reply has not been sent; may throw, so that it never is.</summary>
    internal Action<string, BsonDocument>? OnReply { get; set; }

    /// <summary>The connections that are open.</summary>
    internal int Connections
    {
        get
        {
            lock (_clients)
            {
                return _clients.Count;
            }
        }
    }

    /// <summary>Whether a collection has indexes besides that of _id.</summary>
    internal bool HasIndexes(string database, string collection)
    {
        lock (_store.Gate)
        {
            return _store.Find(database, collection) is { Indexes.Count: > 1 };
        }
    }

    public void Dispose()
    {
        _listener.Stop();
        lock (_clients)
        {
            _clients.ToList().ForEach(c => c.Dispose());
        }
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                var client = _listener.AcceptTcpClient();
                client.NoDelay = true;
                lock (_clients)
                {
                    _clients.Add(client);
                }

                new Thread(() => Serve(client)) { IsBackground = true, Name = "MongoDB test client" }.Start();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The server was stopped.
        }
    }

    private void Serve(TcpClient client)
    {
        var session = new WireSession(this, _store);
        try
        {
            using var stream = Secured(client.GetStream());
            var header = new byte[HeaderLength];
            while (stream.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) == HeaderLength)
            {
                var body = new byte[BinaryPrimitives.ReadInt32LittleEndian(header) - HeaderLength];
                stream.ReadExactly(body);
                var opcode = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12));
                var id = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4));
                var answer = opcode switch
                {
                    OpQuery => Reply(id, session.Run(FromQuery(body))),
                    OpMsg => Message(id, session.Run(FromMessage(body))),
                    _ => throw new InvalidDataException($"The opcode {opcode} is not known."),
                };
                stream.Write(answer);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException or AuthenticationException)
        {
            // The client is gone, or the server was stopped.
        }
        finally
        {
            client.Dispose();
            lock (_clients)
            {
                _clients.Remove(client);
            }
        }
    }

    private Stream Secured(NetworkStream stream)
    {
        if (Certificate is null)
        {
            return stream;
        }

        var secured = new SslStream(stream, leaveInnerStreamOpen: false, (_, shown, _, _) => ClientCertificate is null || shown?.GetCertHashString() == ClientCertificate.GetCertHashString());
        secured.AuthenticateAsServer(Certificate, clientCertificateRequired: ClientCertificate is not null, checkCertificateRevocation: false);
        return secured;
    }

    /// <summary>The form of old, in which the driver says hello.</summary>
    private static BsonDocument FromQuery(byte[] body)
    {
        var end = Array.IndexOf(body, (byte)0, 4);
        var name = Encoding.UTF8.GetString(body, 4, end - 4);
        var document = Document(body, end + 9, out _);
        document["$db"] = name.Split('.')[0];
        return document;
    }

    private static BsonDocument FromMessage(byte[] body)
    {
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(body);
        if ((flags & (ChecksumPresent | MoreToCome)) != 0)
        {
            throw new InvalidDataException($"Messages with the flags {flags} are not known.");
        }

        BsonDocument? command = null;
        var sequences = new List<BsonElement>();
        for (var at = 4; at < body.Length;)
        {
            if (body[at++] == 0)
            {
                command = Document(body, at, out at);
            }
            else
            {
                sequences.Add(Sequence(body, ref at));
            }
        }

        command!.AddRange(sequences);
        return command;
    }

    private static BsonElement Sequence(byte[] body, ref int at)
    {
        var end = at + BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(at));
        var nameEnd = Array.IndexOf(body, (byte)0, at + 4);
        var name = Encoding.UTF8.GetString(body, at + 4, nameEnd - at - 4);
        var documents = new BsonArray();
        for (at = nameEnd + 1; at < end;)
        {
            documents.Add(Document(body, at, out at));
        }

        return new BsonElement(name, documents);
    }

    private static BsonDocument Document(byte[] bytes, int at, out int end)
    {
        end = at + BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
        using var reader = new MongoDB.Bson.IO.BsonBinaryReader(new MemoryStream(bytes, at, end - at));
        var context = BsonDeserializationContext.CreateRoot(reader, b => b.AllowDuplicateElementNames = true);
        return MongoDB.Bson.Serialization.Serializers.BsonDocumentSerializer.Instance.Deserialize(context);
    }

    private byte[] Reply(int to, BsonDocument document)
    {
        var bytes = document.ToBson();
        var message = Header(OpReply, to, 20 + bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(HeaderLength), 8);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(HeaderLength + 16), 1);
        bytes.CopyTo(message, HeaderLength + 20);
        return message;
    }

    private byte[] Message(int to, BsonDocument document)
    {
        var bytes = document.ToBson();
        var message = Header(OpMsg, to, 5 + bytes.Length);
        bytes.CopyTo(message, HeaderLength + 5);
        return message;
    }

    private byte[] Header(int opcode, int to, int length)
    {
        var message = new byte[HeaderLength + length];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(4), Interlocked.Increment(ref _reply));
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(8), to);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(12), opcode);
        return message;
    }
}
