using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MongoDB.Bson;

namespace DataTools.Tests.Databases.Mongo;

/// <summary>The server's part of SCRAM-SHA-256 (RFC 7677).</summary>
internal sealed class Scram(string user, string password)
{
    private const int Iterations = 4096;

    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(28);
    private string _first = "";
    private string _nonce = "";
    private string _challenge = "";

    /// <summary>Whether the client has shown that it knows the password.</summary>
    internal bool IsDone { get; private set; }

    /// <summary>Answers the client's first message.</summary>
    internal BsonDocument Start(BsonDocument command)
    {
        if (command["mechanism"] != "SCRAM-SHA-256")
        {
            throw new WireFault(334, "MechanismUnavailable", $"Received authentication for mechanism {command["mechanism"]} which is unknown or not enabled");
        }

        var text = Encoding.UTF8.GetString(command["payload"].AsByteArray);
        _first = text[(text.IndexOf("n=", StringComparison.Ordinal))..];
        var parts = Parts(_first);
        if (parts["n"] != user || command["$db"] != "admin")
        {
            throw Failed();
        }

        _nonce = parts["r"] + Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        _challenge = string.Create(CultureInfo.InvariantCulture, $"r={_nonce},s={Convert.ToBase64String(_salt)},i={Iterations}");
        return Answer(_challenge);
    }

    /// <summary>Checks the client's proof.</summary>
    internal BsonDocument Continue(BsonDocument command)
    {
        var text = Encoding.UTF8.GetString(command["payload"].AsByteArray);
        var parts = Parts(text);
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), _salt, Iterations, HashAlgorithmName.SHA256, 32);
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var stored = SHA256.HashData(clientKey);
        var message = Encoding.UTF8.GetBytes($"{_first},{_challenge},{text[..text.IndexOf(",p=", StringComparison.Ordinal)]}");
        var signature = HMACSHA256.HashData(stored, message);
        var proof = clientKey.Zip(signature, (a, b) => (byte)(a ^ b)).ToArray();
        if (parts["r"] != _nonce || !CryptographicOperations.FixedTimeEquals(proof, Convert.FromBase64String(parts["p"])))
        {
            throw Failed();
        }

        IsDone = true;
        var server = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), message);
        return Answer($"v={Convert.ToBase64String(server)}");
    }

    private BsonDocument Answer(string payload) =>
        new() { { "conversationId", 1 }, { "done", IsDone }, { "payload", Encoding.UTF8.GetBytes(payload) }, { "ok", 1.0 } };

    private static WireFault Failed() => new(18, "AuthenticationFailed", "Authentication failed.");

    private static Dictionary<string, string> Parts(string text) => text.Split(',').Where(p => p.Length > 1 && p[1] == '=').ToDictionary(p => p[..1], p => p[2..]);
}
