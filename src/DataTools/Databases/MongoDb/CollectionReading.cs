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

    /// <summary>Ranges of a field, by default of the collection's key: of whole numbers evenly, of other values by a sample of them.</summary>
    public static IReadOnlyList<KeyRange> Cut(MongoSession session, TableSchema table, int count, IReadOnlyList<string> columns, CancellationToken cancellation)
    {
        var names = columns.Count == 0 ? table.PrimaryKey?.Columns : columns;
        if (columns.FirstOrDefault(c => table.Find(c) is null) is { } unknown)
        {
            throw DataErrors.ColumnNotFound(unknown, table.Name.ToString(), table.Columns.Select(c => c.Name));
        }

        return names is [var name] && table.Find(name) is { } key && Cut(session, table.Name, key, count, cancellation) is { } ranges ? ranges
            : columns.Count == 0 ? []
            : throw DataErrors.InvalidOption($"'{table.Name}' cannot be cut by {string.Join(", ", columns)}: on MongoDB that takes one field, of numbers, dates, texts, ObjectIds or UUIDs only.");
    }

    private static IReadOnlyList<KeyRange>? Cut(MongoSession session, TableName table, ColumnSchema key, int count, CancellationToken cancellation)
    {
        var column = new KeyColumn(key.Name, key.Type, key.Nullable);
        return IsPath(key.Name) ? null
            : key.Type.ValueType == typeof(long) || key.Type.ValueType == typeof(int)
                ? KeyRanges.Even(column, Bound(session, table, key.Name, 1, cancellation), Bound(session, table, key.Name, -1, cancellation), count)
            : Ordered(key.NativeType) is { } type ? KeyRange.Between([column], KeyRanges.Spread(Sample(session, table, key, type, count * KeyRanges.KeptPerRange, cancellation), count))
            : null;
    }

    /// <summary>Values of a field in the server's order, as JSON that tells their type. Those of other types lie in the first range anyhow.</summary>
    private static List<IReadOnlyList<string>> Sample(MongoSession session, TableName table, ColumnSchema key, string type, int size, CancellationToken cancellation)
    {
        BsonDocument[] stages =
        [
            new("$sample", new BsonDocument("size", size)), new("$match", new BsonDocument(key.Name, new BsonDocument("$type", type))),
            new("$project", new BsonDocument(CollectionCatalog.Id, 0) { [key.Name] = 1 }), new("$sort", new BsonDocument(key.Name, 1)),
        ];
        using var cursor = session.Aggregate(table, stages, new AggregateOptions { AllowDiskUse = true }, cancellation);
        var found = new List<IReadOnlyList<string>>();
        while (session.Guarded(() => cursor.MoveNext(cancellation), cancellation))
        {
            found.AddRange(cursor.Current.Select(d => new[] { MongoJson.Text(BsonSerializer.Deserialize<BsonDocument>(d.Bytes)[key.Name]) }));
        }

        return found;
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
        if (query.Range is not { } range || (range.From is null && range.To is null))
        {
            return filter;
        }

        // What cannot be compared to a bound, as a value of another type or none, lies in no other range: it belongs to the first.
        var bounds = range.From is null ? new BsonDocument("$not", new BsonDocument("$gte", Value(range.To!))) : new BsonDocument("$gte", Value(range.From));
        if (range is { From: not null, To: { } to })
        {
            bounds["$lt"] = Value(to);
        }

        var part = new BsonDocument(range.Columns[0].Name, bounds);
        return filter.ElementCount == 0 ? part : new BsonDocument("$and", new BsonArray { filter, part });

        static BsonValue Value(IReadOnlyList<string> bound) => MongoJson.Document($"{{ \"bound\": {bound[0]} }}", "A bound is JSON")[0];
    }

    /// <summary>What $type calls the values of a column, where one order holds for them; else null.</summary>
    private static string? Ordered(string native) => native switch
    {
        "objectId" or "string" or "date" => native,
        "uuid" => "binData",
        _ => native.Split('|').All(n => n is "int" or "long" or "double" or "decimal") ? "number" : null,
    };

    /// <summary>Whether the server takes a name for a path or an operator.</summary>
    private static bool IsPath(string name) => name.Length == 0 || name.Contains('.', StringComparison.Ordinal) || name.StartsWith('$');

    /// <summary>The fields that are wanted. The server takes a name with a dot for a path, so such names are picked out here.</summary>
    private static BsonDocument? Projection(CollectionInfo found, TableQuery query)
    {
        if (query.Columns.Count == 0)
        {
            return null;
        }

        var names = found.Shape.Members.Select(m => m.Key).ToList();
        var wanted = ColumnNames.Find(names, query.Columns, query.Source).Select(i => names[i]).ToList();
        if (wanted.Exists(IsPath))
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
