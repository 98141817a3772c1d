using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases.Writing;
using DataTools.Errors;
using DataTools.Schemas;
using MongoDB.Bson;
using MongoDB.Driver;

namespace DataTools.Databases.MongoDb;

/// <summary>Where rows wait that the ledger of a copy lets bring to the target.</summary>
/// <param name="Waiting">The collection that takes them.</param>
/// <param name="Place">Where they will be brought: the target, or a collection like it, which is made where there is none; null where they are matched by a key.</param>
internal sealed record BesideTarget(TableName Waiting, TableName? Place);

/// <summary>
/// Which collection gets the rows, under which names and types, and what stands between: a new collection is filled beside its place and renamed at the end, one that is
/// replaced too, and rows that are matched by a key wait in a collection of their own.
/// </summary>
internal sealed class MongoWritePlan
{
    /// <summary>The documents that are looked at for the types of the fields that are there.</summary>
    private const int SampledDocuments = 1000;

    /// <summary>https://www.mongodb.com/docs/manual/reference/error-codes</summary>
    private const int NamespaceExists = 48;

    private readonly MongoSession _session;
    private readonly TableWriteOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly CollectionInfo? _found;
    private readonly BesideTarget? _beside;
    private readonly TypeMap _types;

    public MongoWritePlan(MongoSession session, TableName name, Schema schema, TableWriteOptions options, DatabaseContext context, BesideTarget? beside = null)
    {
        _beside = beside;
        _session = session;
        _options = options;
        _cancellation = context.Cancellation;
        _types = session.Database.Types.With(options.TypeRules);
        Target = name;
        Source = ColumnMapping.Apply(schema, name, options.ColumnMap, out var sources);
        Sources = sources;
        _found = CollectionCatalog.Describe(session, name, new SampleSize { Rows = SampledDocuments }, session.Database.Types, _cancellation);
        CheckMode();
        Fields = [.. Source.FieldsList.Select(ToField)];
        Key = IsMerge ? FindKey() : [];
        try
        {
            Prepare();
        }
        catch
        {
            Undo();
            throw;
        }
    }

    /// <summary>The collection that the rows are for.</summary>
    public TableName Target { get; }

    /// <summary>The columns of the rows that are written, under the names of the fields as far as only case differs.</summary>
    public Schema Source { get; }

    /// <summary>Their positions in the rows.</summary>
    public int[] Sources { get; }

    /// <summary>The fields that they become.</summary>
    public IReadOnlyList<TargetField> Fields { get; }

    /// <summary>The fields by which rows are matched.</summary>
    public IReadOnlyList<int> Key { get; }

    /// <summary>Whether rows are matched by a key.</summary>
    public bool IsMerge => _options.Mode is WriteMode.Upsert or WriteMode.Ignore;

    /// <summary>Whether the collection that <see cref="Place"/> puts in its place does not show before.</summary>
    public bool IsBeside => Filled != Target;

    /// <summary>The collection that takes the rows in the end: the target, or one that will take its place.</summary>
    public TableName Filled { get; private set; } = null!;

    /// <summary>The collection in which rows wait that are matched by a key; null where they are not.</summary>
    public TableName? Waiting { get; private set; }

    /// <summary>Whether a collection that is made is like the one that is there.</summary>
    private bool IsLike => _found is not null && !(_options.CreateTable && _options.Mode == WriteMode.Replace);

    /// <summary>Puts a collection that was filled beside the target in its place, unless its documents wait there for others.</summary>
    public void Place()
    {
        if (IsBeside && _beside is null)
        {
            _session.Rename(Filled, Target, replaces: _found is not null, _cancellation);
            Filled = Target;
        }
    }

    /// <summary>Drops what stands beside the target.</summary>
    public void Undo()
    {
        if (IsBeside && Filled is not null)
        {
            _session.Drop(Filled);
        }

        DropWaiting();
    }

    /// <summary>Drops the collection in which rows waited.</summary>
    public void DropWaiting()
    {
        if (Waiting is { } waiting)
        {
            Waiting = null;
            _session.Drop(waiting);
        }
    }

    private void CheckMode()
    {
        if (_found is not null && _options.Mode == WriteMode.Fail)
        {
            throw DataErrors.TableExists(Target.ToString());
        }

        if (_found is null && !_options.CreateTable && _options.Mode != WriteMode.Fail)
        {
            throw DataErrors.TableNotFound(Target.ToString(), _session.Address.ToString(), " Use -CreateTable to make it from the columns of the rows.");
        }

        if (_session.InTransaction && (_found is null || _options.Mode != WriteMode.Append))
        {
            throw DataErrors.InvalidOption("In a transaction MongoDB can only append to a collection that is there.");
        }
    }

    private TargetField ToField(Field column)
    {
        var type = DataTypes.Of(column);
        var known = _found?.Table.Find(column.Name);
        var name = known?.Name ?? column.Name;
        CheckName(name);
        var native = Native(column, type, known);
        return new TargetField(name, native, (native == "string" && known is null) || BsonEncoder.Takes(type, native) ? type : ToDataType(native));
    }

    /// <summary>What values are turned into first; documents and arrays are read from JSON.</summary>
    private DataType ToDataType(string native) => native is "object" or "array" or "json" ? DataTypes.Json : _types.ToDataType(native);

    private void CheckName(string name)
    {
        if (name.Contains('\0', StringComparison.Ordinal))
        {
            throw DataErrors.InvalidOption($"The name of the column '{Reject.Shorten(name)}' holds the character NUL, which no field may have.");
        }

        if (IsMerge && (name.Contains('.', StringComparison.Ordinal) || name.StartsWith('$')))
        {
            throw DataErrors.InvalidOption($"-Mode {_options.Mode} cannot write the field '{name}': in an update, dots and dollars are paths and operators. Use -ColumnMap to give it another name.");
        }
    }

    /// <summary>What the user names, else what the field's other values are, else what the map says.</summary>
    private string Native(Field column, DataType type, ColumnSchema? known)
    {
        var given = _options.Types.FirstOrDefault(t => ColumnNames.IsMatch(column.Name, t.Key)).Value;
        if (given is not null)
        {
            return DataTypes.TryParse(given, out var named) ? _types.ToNative(named, column.Name)
                : _types.Reads.FirstOrDefault(r => string.Equals(r.From, given, StringComparison.OrdinalIgnoreCase))?.From ?? throw DataErrors.UnknownType(given);
        }

        // A field of several types, or of none yet, takes everything; numbers stand beside numbers.
        var native = _types.ToNative(column);
        var isFree = known is null || type is NestedDataType or JsonType || !IsOneType(known.NativeType);
        return isFree || (BsonEncoder.Takes(type, known!.NativeType) && DataTypes.IsNumber(type)) ? native : known.NativeType;
    }

    private bool IsOneType(string native) => _types.Reads.Any(r => string.Equals(r.Name, native, StringComparison.OrdinalIgnoreCase)) && native is not ("json" or "object" or "array");

    private List<int> FindKey()
    {
        var wanted = _options.Key.Count > 0 ? _options.Key : _found?.Table.PrimaryKey?.Columns ?? _options.PrimaryKey;
        if (wanted.Count == 0)
        {
            throw DataErrors.KeyRequired(Target.ToString(), _options.Mode.ToString());
        }

        return [.. wanted.Select(PositionOf)];
    }

    private int PositionOf(string field)
    {
        var at = Fields.ToList().FindIndex(f => string.Equals(f.Name, field, StringComparison.OrdinalIgnoreCase));
        return at >= 0 ? at : throw DataErrors.ColumnNotFound(field, "The input", Fields.Select(f => f.Name));
    }

    private void Prepare()
    {
        if (_beside is { Place: { } place })
        {
            Gather(place, _beside.Waiting);
            return;
        }

        Filled = _found is not null && _options.Mode is (WriteMode.Append or WriteMode.Upsert or WriteMode.Ignore) ? Target : Beside();
        if (IsBeside)
        {
            Create(Filled);
        }

        if (IsMerge)
        {
            Waiting = _beside?.Waiting ?? Beside();
        }
    }

    /// <summary>The rows wait in a collection without anything; that in which many gather them is like the target, and made by the first.</summary>
    private void Gather(TableName place, TableName waiting)
    {
        if (place != Target)
        {
            try
            {
                Create(place);
            }
            catch (DataException e) when (e.InnerException is MongoCommandException { Code: NamespaceExists })
            {
                Index(place);
            }
        }

        Filled = waiting;
        _session.Run(Filled.Schema, new BsonDocument("create", Filled.Name), _cancellation);
    }

    private void Create(TableName name)
    {
        // Options such as the validator and the collation; what a view or a capped collection is made of cannot take its place.
        var create = new BsonDocument("create", name.Name);
        create.AddRange(IsLike ? _found!.Options : new BsonDocument { { "validator", CollectionCatalog.Remember(Fields.Select(f => (f.Name, f.Native, f.Type))) }, { "validationLevel", "off" } });
        _session.Run(name.Schema, create, _cancellation);
        Index(name);
    }

    private void Index(TableName name)
    {
        var indexes = IsLike ? CollectionCatalog.IndexDefinitions(_session, Target, _cancellation) : KeyIndex();
        if (indexes.Count > 0)
        {
            indexes.ForEach(i => i.Remove("ns"));
            _session.Run(name.Schema, new BsonDocument { { "createIndexes", name.Name }, { "indexes", new BsonArray(indexes) } }, _cancellation);
        }
    }

    /// <summary>The index that stands for a primary key other than _id.</summary>
    private List<BsonDocument> KeyIndex()
    {
        var wanted = _options.PrimaryKey.Count == 0 && IsMerge ? _options.Key : _options.PrimaryKey;
        var names = wanted.Select(k => Fields[PositionOf(k)].Name).ToList();
        return names.Count == 0 || names is [CollectionCatalog.Id] ? []
            : [new BsonDocument { { "key", new BsonDocument(names.Select(n => new BsonElement(n, 1))) }, { "name", CollectionCatalog.PrimaryKey }, { "unique", true } }];
    }

    /// <summary>A name for a collection beside the target, which no one else has.</summary>
    private TableName Beside() => Target with { Name = $"datatools_{Guid.NewGuid():N}" };
}
