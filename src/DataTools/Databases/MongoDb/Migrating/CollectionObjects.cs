using DataTools.Schemas;
using MongoDB.Bson;

namespace DataTools.Databases.MongoDb.Migrating;

/// <summary>What a database has besides documents: collections with their validators, views and indexes, each with the command that makes it.</summary>
internal static class CollectionObjects
{
    /// <summary>The objects in the order of their names, views behind the collections that they may read.</summary>
    public static IEnumerable<DatabaseObject> List(MongoSession session, Func<string, bool> isWanted, CancellationToken cancellation)
    {
        var tables = session.ListTables(cancellation).Where(t => isWanted(t.Name)).OrderBy(t => t.Type == TableKind.View).ThenBy(t => t.Name, StringComparer.Ordinal);
        foreach (var table in tables)
        {
            var name = new TableName(null, table.Name);
            var options = CollectionCatalog.Entry(session, name, cancellation)?.GetValue("options", new BsonDocument()).AsBsonDocument ?? [];
            yield return new DatabaseObject(table.Type == TableKind.View ? "View" : "Collection", name, null, MongoJson.Text(new BsonDocument("create", table.Name).AddRange(options)));
            var indexes = table.Type == TableKind.View ? [] : CollectionCatalog.IndexDefinitions(session, name, cancellation);
            foreach (var index in indexes.OrderBy(i => i["name"].AsString, StringComparer.Ordinal))
            {
                var command = new BsonDocument { { "createIndexes", table.Name }, { "indexes", new BsonArray { index } } };
                yield return new DatabaseObject("Index", new TableName(null, index["name"].AsString), name, MongoJson.Text(command));
            }
        }
    }
}
