using System.Globalization;
using DataTools.Data;
using DataTools.Databases.MongoDb.Bson;
using DataTools.Databases.Reading;
using DataTools.Errors;
using DataTools.Schemas;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;

namespace DataTools.Databases.MongoDb;

/// <summary>Reads a collection or view: filter, projection, limit and range are the server's work.</summary>
internal static class CollectionReading
{
    public static DocumentReader Open(MongoSession session, TableQuery query, DatabaseContext context)
    {
        var found = CollectionCatalog.Describe(session, query.Table!, query.Sample, MongoTypes.Map.With(query.TypeRules), context.Cancellation)
            ?? throw DataErrors.TableNotFound(query.Table!.ToString(), session.Address.ToString(), query.Table.Schema is null ? "" : " What stands before the dot is a database; a name with a dot in it is written in quotes.");
        var filter = Filter(query);
        var options = new FindOptions<RawDocument, RawDocument> { Projection = Projection(found, query) };
        // A limit of 0 is none for the server.
        if (query.First is > 0 and <= int.MaxValue and var first)
        {
            options.Limit = (int)first;
        }

        var cursor = session.Find(query.Table!, filter, options, context.Cancellation);
        return new DocumentReader(found.Shape, new DocumentStream(session, cursor, query.First), query, context);
    }

    /// <summary>Ranges of a field of whole numbers, by default of the collection's key; none where it holds others.</summary>
    public static IReadOnlyList<KeyRange> Cut(MongoSession session, TableSchema table, int count, IReadOnlyList<string> columns, CancellationToken cancellation)
    {
        var names = columns.Count == 0 ? table.PrimaryKey?.Columns : columns;
        if (columns.FirstOrDefault(c => table.Find(c) is null) is { } unknown)
        {
            throw DataErrors.ColumnNotFound(unknown, table.Name.ToString(), table.Columns.Select(c => c.Name));
        }

        return names is [var name] && table.Find(name) is { } key && (key.Type.ValueType == typeof(long) || key.Type.ValueType == typeof(int))
            ? KeyRanges.Even(new KeyColumn(key.Name, key.Type, key.Nullable), Bound(session, table.Name, key.Name, 1, cancellation), Bound(session, table.Name, key.Name, -1, cancellation), count)
            : [];
    }

    /// <summary>The first whole number of a field in an order; 0 where there is none.</summary>
    private static long Bound(MongoSession session, TableName table, string field, int direction, CancellationToken cancellation)
    {
        var options = new FindOptions<RawDocument, RawDocument> { Sort = new BsonDocument(field, direction), Limit = 1 };
        using var cursor = session.Find(table, new BsonDocument(field, new BsonDocument("$type", new BsonArray { "int", "long" })), options, cancellation);
        return session.Guarded(() => cursor.MoveNext(cancellation), cancellation) && cursor.Current.FirstOrDefault() is { } found
            ? BsonSerializer.Deserialize<BsonDocument>(found.Bytes)[field].ToInt64()
            : 0;
    }

    /// <summary>The condition of a query with its range.</summary>
    public static BsonDocument Filter(TableQuery query)
    {
        var filter = query.Where is null ? [] : Bindings.Apply(MongoJson.Document(query.Where, "-Where takes a filter of MongoDB, such as { \"price\": { \"$gt\": 100 } }"), query.Parameters);
        if (query.Range is not { } range)
        {
            return filter;
        }

        var bounds = new BsonDocument();
        if (range.From is { } from)
        {
            bounds["$gte"] = Number(from);
        }

        if (range.To is { } to)
        {
            bounds["$lt"] = Number(to);
        }

        var field = range.Columns[0].Name;
        var part = new BsonDocument(field, bounds);
        // What is no number lies in no range; it belongs to the first.
        var whole = range.From is null ? new BsonDocument("$or", new BsonArray { part, new BsonDocument(field, new BsonDocument("$not", new BsonDocument("$type", "number"))) }) : part;
        return filter.ElementCount == 0 ? whole : new BsonDocument("$and", new BsonArray { filter, whole });

        static long Number(IReadOnlyList<string> bound) => long.Parse(bound[0], CultureInfo.InvariantCulture);
    }

    /// <summary>The fields that are wanted. The server takes a name with a dot for a path, so such names are picked out here.</summary>
    private static BsonDocument? Projection(CollectionInfo found, TableQuery query)
    {
        if (query.Columns.Count == 0)
        {
            return null;
        }

        var names = found.Shape.Members.Select(m => m.Key).ToList();
        var wanted = ColumnNames.Find(names, query.Columns, query.Source).Select(i => names[i]).ToList();
        if (wanted.Exists(n => n.Length == 0 || n.Contains('.', StringComparison.Ordinal) || n.StartsWith('$')))
        {
            return null;
        }

        var projection = new BsonDocument(wanted.Select(n => new BsonElement(n, 1)));
        if (!wanted.Contains(CollectionCatalog.Id))
        {
            projection[CollectionCatalog.Id] = 0;
        }

        return projection;
    }
}
