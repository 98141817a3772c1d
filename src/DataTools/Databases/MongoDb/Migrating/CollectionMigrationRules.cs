using MongoDB.Bson;

namespace DataTools.Databases.MongoDb.Migrating;

/// <summary>What must hold of a change of documents, so that a batch can be run again without changing anything a second time.</summary>
internal static class CollectionMigrationRules
{
    /// <summary>An error where something does not hold.</summary>
    public static void Check(CollectionMigration migration)
    {
        if (migration.Rename.Count + migration.Convert.Count + migration.Split.Count + migration.Set.ElementCount + migration.Unset.Count == 0 && (migration.Version ?? migration.DownTo) is null)
        {
            throw CollectionMigration.Bad("says what changes");
        }

        if (migration.Version is not null && migration.DownTo is not null)
        {
            throw CollectionMigration.Bad("has a 'version' or a 'downTo', not both");
        }

        var fields = migration.Paths.Concat(migration.Set.Names).Concat(migration.Unset).ToList();
        if (fields.Find(f => !IsField(f)) is { } bad)
        {
            throw CollectionMigration.Bad($"changes fields by their paths, such as \"address.city\", and neither _id nor '{bad}'");
        }

        CheckSet(migration);
    }

    private static bool IsField(string path) => path.Split('.') is var parts && parts[0] != CollectionCatalog.Id && parts.All(p => p.Length > 0 && p[0] != '$');

    /// <summary>A version tells which documents are done. Without it the values of a second time must be those of the first.</summary>
    private static void CheckSet(CollectionMigration migration)
    {
        if ((migration.Version ?? migration.DownTo) is not null || !migration.HasExpressions)
        {
            return;
        }

        var changed = migration.Set.Names.Concat(migration.Unset).ToList();
        if (migration.Set.SelectMany(s => References(s.Value)).FirstOrDefault(r => changed.Exists(c => IsWithin(r, c) || IsWithin(c, r))) is { } twice)
        {
            throw CollectionMigration.Bad($"sets what it reads from '{twice}' and changes that, too, so that a second time would give another value; a 'version' tells which documents are done");
        }
    }

    private static bool IsWithin(string path, string outer) => path == outer || path.StartsWith(outer + ".", StringComparison.Ordinal);

    /// <summary>The fields that an expression reads; of $$ROOT.name and $$CURRENT.name the rest.</summary>
    private static IEnumerable<string> References(BsonValue value) => value switch
    {
        BsonString { Value: ['$', '$', .. var variable] } => variable.Split('.', 2) is ["ROOT" or "CURRENT", var path] ? [path] : [],
        BsonString { Value: ['$', .. var path] } => [path],
        BsonDocument document when document.Contains("$literal") => [],
        BsonDocument document => document.Values.SelectMany(References),
        BsonArray items => items.SelectMany(References),
        _ => [],
    };
}
