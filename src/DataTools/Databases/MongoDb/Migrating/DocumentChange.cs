using DataTools.Databases.MongoDb.Bson;
using DataTools.Errors;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DataTools.Databases.MongoDb.Migrating;

/// <summary>
/// The change of one document. It is reckoned here, from what was read, and written only where the document is still so: what an application writes meanwhile is not lost, but
/// read again. A value that cannot be had without loss is an error that names the document.
/// </summary>
internal sealed class DocumentChange
{
    private readonly CollectionMigration _migration;
    private readonly BsonDocument _before;
    private readonly BsonDocument _after;

    /// <summary>Reckons the change of a document of which the fields were read that it looks at.</summary>
    public DocumentChange(CollectionMigration migration, BsonDocument document)
    {
        _migration = migration;
        _before = document;
        _after = document.DeepClone().AsBsonDocument;
        Apply();
    }

    private BsonValue Id => _before[CollectionCatalog.Id];

    /// <summary>The fields of a document that must be read for a change, as a projection.</summary>
    public static BsonDocument Projection(CollectionMigration migration) => new(Fields(migration).Prepend(CollectionCatalog.Id).Select(f => new BsonElement(f, 1)));

    /// <summary>What is written; null where the document is as it should be.</summary>
    public WriteModel<RawDocument>? ToWrite()
    {
        var set = new BsonDocument(_after.Where(e => !_before.TryGetValue(e.Name, out var old) || !old.Equals(e.Value)));
        var unset = _before.Names.Where(n => !_after.Contains(n)).ToList();
        if (_migration.HasExpressions)
        {
            return new UpdateOneModel<RawDocument>(Guard(), Builders<RawDocument>.Update.Pipeline(PipelineDefinition<RawDocument, RawDocument>.Create(Stages(set, unset))));
        }

        var update = new BsonDocument();
        Add(update, "$set", set);
        Add(update, "$unset", new BsonDocument(unset.Select(n => new BsonElement(n, ""))));
        return update.ElementCount == 0 ? null : new UpdateOneModel<RawDocument>(Guard(), update);
    }

    private static List<string> Fields(CollectionMigration migration) => [.. migration.Paths.Select(p => p.Split('.')[0]).Distinct()];

    private static void Add(BsonDocument update, string name, BsonDocument fields)
    {
        if (fields.ElementCount > 0)
        {
            update.Add(name, fields);
        }
    }

    /// <summary>The document as it was read.</summary>
    private BsonDocument Guard()
    {
        var guard = new BsonDocument(CollectionCatalog.Id, new BsonDocument("$eq", Id));
        foreach (var field in Fields(_migration))
        {
            guard[field] = _before.TryGetValue(field, out var value) ? new BsonDocument("$eq", value) : new BsonDocument("$exists", false);
        }

        return guard;
    }

    /// <summary>What is known already, then what the server reckons of it, then what goes.</summary>
    private IEnumerable<BsonDocument> Stages(BsonDocument set, List<string> unset) => new[]
    {
        ("$set", new BsonDocument(set.Select(e => new BsonElement(e.Name, Literal(e.Value))))),
        ("$unset", new BsonArray(unset)),
        ("$set", new BsonDocument(_migration.Set.Select(e => new BsonElement(e.Name, CollectionMigration.IsExpression(e.Value) ? e.Value : Literal(e.Value))))),
        ("$unset", (BsonValue)new BsonArray(_migration.Unset)),
    }.Where(s => s.Item2 is BsonDocument { ElementCount: > 0 } or BsonArray { Count: > 0 }).Select(s => new BsonDocument(s.Item1, s.Item2));

    private static BsonDocument Literal(BsonValue value) => new("$literal", value);

    private void Apply()
    {
        foreach (var (from, to) in _migration.Rename)
        {
            Rename(from, to);
        }

        foreach (var (field, type) in _migration.Convert)
        {
            if (Get(field) is { IsBsonNull: false } value)
            {
                Put(field, BsonConversion.Convert(value, type) ?? throw Unfit($"the value {Reject.Shorten(MongoJson.Shown(value))} of '{field}' is no {type}, or would lose something as one"));
            }
        }

        foreach (var split in _migration.Split)
        {
            Split(split);
        }

        if (!_migration.HasExpressions)
        {
            _migration.Set.ToList().ForEach(e => Put(e.Name, e.Value));
            _migration.Unset.ToList().ForEach(Remove);
        }

        if ((_migration.Version ?? _migration.DownTo) is { } version)
        {
            _after[CollectionMigration.VersionField] = version;
        }
    }

    private void Rename(string from, string to)
    {
        if (Get(from) is not { } value)
        {
            return;
        }

        if (Get(to) is { } other && !other.Equals(value))
        {
            throw Unfit($"it has '{from}' and '{to}', with different values");
        }

        Remove(from);
        Put(to, value);
    }

    private void Split(FieldSplit split)
    {
        if (Get(split.Field) is not { IsBsonNull: false } value)
        {
            return;
        }

        var there = split.Into.Count(i => Get(i) is not null);
        if (there == split.Into.Count)
        {
            return;
        }

        var parts = value is BsonString text ? text.Value.Split(split.Separator, split.Into.Count) : throw Unfit($"the value {Reject.Shorten(MongoJson.Shown(value))} of '{split.Field}' is no text");
        if (there > 0 || (parts.Length < split.Into.Count && split.Default is null))
        {
            throw Unfit(there > 0 ? $"it has some of {string.Join(", ", split.Into)}, and not all" : $"'{Reject.Shorten(text.Value)}' in '{split.Field}' has {parts.Length} of {split.Into.Count} parts");
        }

        for (var i = 0; i < split.Into.Count; i++)
        {
            Put(split.Into[i], i < parts.Length ? parts[i] : split.Default!);
        }
    }

    /// <summary>The value at a path; null where there is none.</summary>
    private BsonValue? Get(string path) => Parent(path, makes: false, out var name)?.GetValue(name, null);

    private void Put(string path, BsonValue value) => Parent(path, makes: true, out var name)![name] = value;

    private void Remove(string path) => Parent(path, makes: false, out var name)?.Remove(name);

    /// <summary>The document that holds the last name of a path.</summary>
    private BsonDocument? Parent(string path, bool makes, out string name)
    {
        var parts = path.Split('.');
        name = parts[^1];
        var parent = _after;
        foreach (var part in parts[..^1])
        {
            if (!parent.TryGetValue(part, out var below))
            {
                if (!makes)
                {
                    return null;
                }

                parent[part] = below = new BsonDocument();
            }

            if (below is not BsonDocument inner)
            {
                return makes || below is BsonArray ? throw Unfit($"'{part}' in '{path}' is no document") : null;
            }

            parent = inner;
        }

        return parent;
    }

    private DataException Unfit(string reason) => DataErrors.DocumentUnfit(_migration.Collection, MongoJson.Shown(Id), reason);
}
