using MongoDB.Bson;

namespace DataTools.Tests.Databases.Mongo;

/// <summary>An error that a server of MongoDB gives, with its code (https://www.mongodb.com/docs/manual/reference/error-codes).</summary>
internal sealed class WireFault(int code, string name, string message) : Exception(message)
{
    internal const int DuplicateKey = 11000;

    /// <summary>What stands beside code and message.</summary>
    internal BsonDocument Details { get; init; } = [];

    internal static WireFault UnknownField(string command, string field) => new(40415, "Location40415", $"BSON field '{command}.{field}' is an unknown field.");

    internal static WireFault BadValue(string message) => new(2, "BadValue", message);

    internal static WireFault NotFound(string name) => new(26, "NamespaceNotFound", $"ns not found: {name}");

    /// <summary>The reply of a command.</summary>
    internal BsonDocument ToReply() => new BsonDocument { { "ok", 0.0 }, { "errmsg", Message }, { "code", code }, { "codeName", name } }.AddRange(Details);

    /// <summary>An element of writeErrors.</summary>
    internal BsonDocument ToWriteError(int index) => new BsonDocument { { "index", index }, { "code", code }, { "errmsg", Message } }.AddRange(Details);
}
