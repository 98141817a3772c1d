using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Bson.Serialization.Serializers;

namespace DataTools.Databases.MongoDb.Bson;

/// <summary>A document as the bytes that the server sends and takes.</summary>
[BsonSerializer(typeof(RawDocumentSerializer))]
internal sealed class RawDocument(byte[] bytes)
{
    /// <summary>The bytes, its length first.</summary>
    public byte[] Bytes => bytes;
}

/// <summary>Lets the driver hand documents over without looking into them.</summary>
internal sealed class RawDocumentSerializer : SealedClassSerializerBase<RawDocument>
{
    protected override RawDocument DeserializeValue(BsonDeserializationContext context, BsonDeserializationArgs args)
    {
        using var slice = context.Reader.ReadRawBsonDocument();
        var bytes = GC.AllocateUninitializedArray<byte>(slice.Length);
        slice.GetBytes(0, bytes, 0, bytes.Length);
        return new RawDocument(bytes);
    }

    protected override void SerializeValue(BsonSerializationContext context, BsonSerializationArgs args, RawDocument value)
    {
        using var slice = new ByteArrayBuffer(value.Bytes, isReadOnly: true);
        context.Writer.WriteRawBsonDocument(slice);
    }
}
