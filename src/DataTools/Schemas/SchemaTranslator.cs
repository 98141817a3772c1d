using DataTools.Data;
using DataTools.Databases;
using DataTools.Errors;
using DataTools.Schemas.Expressions;

namespace DataTools.Schemas;

/// <summary>
/// Makes of a table of one database the table that holds the same in another: types by the maps of both, defaults, keys, indexes and checks as far as the
/// target has such. What is lost is told, never passed over. Names stay letter by letter.
/// </summary>
public static class SchemaTranslator
{
    /// <summary>Translates a table. Between databases of one kind everything stays as it is, but for what the options change.</summary>
    public static SchemaTranslation Translate(TableSchema source, IDatabase from, IDatabase to, TranslationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        options ??= new TranslationOptions();
        var dialect = options.Dialect ?? to.Dialect ?? throw DataErrors.InvalidOption($"{to.Name} has no tables in SQL.");
        return new TableTranslation(source, from, to, dialect, options).Run();
    }
}

/// <summary>One table on its way.</summary>
internal sealed class TableTranslation(TableSchema source, IDatabase from, IDatabase to, SqlDialect dialect, TranslationOptions options)
{
    private readonly List<SchemaLoss> _losses = [];
    private readonly Dictionary<string, string?> _names = new(options.Columns, StringComparer.OrdinalIgnoreCase);

    private bool IsSameKind => from.Name == to.Name;

    public SchemaTranslation Run()
    {
        var columns = source.Columns.Where(c => NewName(c.Name) is not null).Select(c => (Source: c, Target: Typed(c))).ToList();
        var writer = new SqlExpressionWriter(dialect, name => columns.Find(c => string.Equals(c.Source.Name, name, StringComparison.OrdinalIgnoreCase)).Target);
        var key = PrimaryKey();
        var table = new TableSchema(options.Name ?? source.Name with { Schema = null }, TableKind.Table, [.. columns.Select(c => Finished(c.Source, c.Target, key?.Columns ?? [], writer))])
        {
            PrimaryKey = key,
            Comment = Comment("table", source.Comment),
            Options = IsSameKind ? source.Options : null,
            Engine = IsSameKind ? source.Engine : null,
            Checks = [.. source.Checks.Select(c => Check(c, writer)).Concat(columns.Select(c => EnumCheck(c.Source, c.Target))).OfType<CheckSchema>()],
            ForeignKeys = [.. source.ForeignKeys.Select(ForeignKey).OfType<ForeignKeySchema>()],
        };
        var indexes = new IndexTranslation(source, from, to, dialect, options.IsBeside, Lose, NewName, writer);
        table = table with { Indexes = [.. source.Indexes.Select(i => indexes.Translate(i, table.Name)).OfType<IndexSchema>()] };
        CheckNames(table);
        CheckColumns(table);
        if (source.PartitionBy is not null)
        {
            Lose("partitions", $"the table is not cut into partitions ({source.PartitionBy})");
        }

        return new SchemaTranslation(dialect.Fit(table, Lose), _losses);
    }

    private KeySchema? PrimaryKey()
    {
        if (source.PrimaryKey is not { } key)
        {
            return null;
        }

        if (Mapped(key.Columns) is not { } columns)
        {
            Lose(key.Name ?? "primary key", "a column of it is left out, so the key is as well");
            return null;
        }

        // MySQL calls every primary key PRIMARY.
        var name = key.Name == "PRIMARY" && !IsSameKind ? null : key.Name;
        return new KeySchema(ObjectName(name, (options.IsBeside || from.Dialect?.KeyNamesPerTable != false) && !dialect.KeyNamesPerTable), columns) { Deferral = KeptDeferral(key.Deferral) };
    }

    private void Lose(string what, string reason) => _losses.Add(new SchemaLoss(source.Name, what, reason));

    private string? NewName(string column) => _names.TryGetValue(column, out var name) ? name : column;

    /// <summary>The columns under their new names; null where one is left out.</summary>
    private IReadOnlyList<string>? Mapped(IReadOnlyList<string> columns)
    {
        var mapped = columns.Select(NewName).ToList();
        return mapped.Contains(null) ? null : [.. mapped.OfType<string>()];
    }

    /// <summary>The column with its type, without what hangs on other columns.</summary>
    private ColumnSchema Typed(ColumnSchema column)
    {
        var name = NewName(column.Name)!;
        if (options.Types.FirstOrDefault(t => ColumnNames.IsMatch(column.Name, t.Key)).Value is { } given)
        {
            var type = DataTypes.TryParse(given, out var known) ? known : to.Types.ToDataType(given);
            return new ColumnSchema(name, DataTypes.TryParse(given, out _) ? to.Types.With(options.TypeRules).ToNative(type, name) : Databases.Writing.TypeText.Check(given), type, column.Nullable);
        }

        var rules = options.TypeRules.Where(r => r.IsMatch(NativeType.Parse(column.NativeType))).ToList();
        // A column that is read as instants, whatever its type says, gets one that says so.
        var isReadAsInstant = column.Type is TimestampType { IsUtc: true } && from.Types.ToDataType(column.NativeType) is TimestampType { IsUtc: false } or DateType;
        if (IsSameKind && rules.Count == 0 && !isReadAsInstant)
        {
            return column with { Name = name };
        }

        return ByMaps(column, name, rules.Count == 0 ? column.Type : from.Types.With(options.TypeRules).ToDataType(column.NativeType));
    }

    private ColumnSchema ByMaps(ColumnSchema column, string name, DataType type)
    {
        var types = to.Types.With(options.TypeRules);
        if (column.Values.Count > 0 && type is TextType && dialect.EnumType(column.Values) is { } enumeration)
        {
            return new ColumnSchema(name, enumeration, type, column.Nullable) { Values = column.Values };
        }

        var field = type.ToField(name, column.Nullable, new Dictionary<string, string> { [FieldMarks.SourceType] = column.NativeType, [FieldMarks.SourceKind] = from.Name });
        var native = types.ToNative(field);
        foreach (var loss in new[] { ReadLoss(column), types.FindWrite(field)?.Loss }.OfType<string>())
        {
            Lose(column.Name, $"{column.NativeType} becomes {native}: {loss}");
        }

        return new ColumnSchema(name, native, to.Types.ToDataType(native), column.Nullable);
    }

    private string? ReadLoss(ColumnSchema column) =>
        from.Types.FindRead(column.NativeType, out _) is { } read ? read.Loss
        : column.Values.Count > 0 || column.NativeType.Length == 0 || column.NativeType.EndsWith("[]", StringComparison.Ordinal) ? null
        : $"it is carried as the text that {from.Name} writes for it";

    private ColumnSchema Finished(ColumnSchema column, ColumnSchema target, IReadOnlyList<string> key, SqlExpressionWriter writer)
    {
        var isKey = key.Contains(target.Name);
        if (isKey && column.Nullable && !IsSameKind)
        {
            Lose(column.Name, "a column of the primary key takes no nulls here");
        }

        var values = new ValueTranslation(from, to, dialect, Lose, writer);
        return values.Translate(column, target) with
        {
            Nullable = column.Nullable && (!isKey || IsSameKind),
            Collation = Collation(column, target),
            Comment = Comment(column.Name, column.Comment),
        };
    }

    private string? Collation(ColumnSchema column, ColumnSchema target)
    {
        if (IsSameKind)
        {
            return column.Collation;
        }

        // Without a collation of their own, texts are told apart by their letters in most databases.
        if (column.Collation is not null && column.Collation != from.Dialect?.ExactCollation)
        {
            Lose(column.Name, $"the collation {column.Collation} has no counterpart; text is compared by {dialect.ExactCollation ?? "the database's own collation"}");
        }

        return target.Type is TextType && target.Values.Count == 0 ? dialect.ExactCollation : null;
    }

    private string? Comment(string what, string? comment)
    {
        if (comment is null || dialect.HasComments)
        {
            return comment;
        }

        Lose(what, $"{to.Name} keeps no comments: {comment}");
        return null;
    }

    private CheckSchema? Check(CheckSchema check, SqlExpressionWriter writer)
    {
        if (IsSameKind && _names.Count == 0)
        {
            return check;
        }

        var parsed = SqlExpression.Parse(check.Expression, from);
        var text = parsed is null ? null : writer.Write(parsed);
        if (text is null || !dialect.HasChecks)
        {
            var reason = !dialect.HasChecks ? $"{to.Name} keeps no checks" : parsed is null ? "it is no plain expression" : writer.Reason;
            Lose(check.Name ?? "check", $"the check {check.Expression} is not carried: {reason}");
            return null;
        }

        return new CheckSchema(ObjectName(check.Name, options.IsBeside), text) { IsValid = check.IsValid };
    }

    /// <summary>The values of an enumeration become a check where the type itself does not keep others out.</summary>
    private CheckSchema? EnumCheck(ColumnSchema column, ColumnSchema target)
    {
        if (column.Values.Count == 0 || target.Values.Count > 0 || target.NativeType == column.NativeType)
        {
            return null;
        }

        Lose(column.Name, $"the enumeration becomes {target.NativeType} with {(dialect.HasChecks ? "a check" : "no check")}; its values sort as texts");
        return !dialect.HasChecks ? null : new CheckSchema(null, $"{dialect.Quote(target.Name)} IN ({string.Join(", ", column.Values.Select(dialect.Literal))})");
    }

    private ForeignKeySchema? ForeignKey(ForeignKeySchema key)
    {
        var columns = Mapped(key.Columns);
        var references = options.References is { } find ? find(key.References) : IsSameKind && options.Name is null && source.Name.Schema is not null ? key.References with { Schema = null } : key.References with { Schema = options.Name?.Schema };
        if (columns is null || references is null)
        {
            Lose(key.Name ?? $"key to {key.References}", columns is null ? "a column of the key is left out" : $"the table {key.References} is not there");
            return null;
        }

        return WithKnownRules(key, columns) with { Name = ObjectName(key.Name, options.IsBeside), Columns = columns, References = references, Deferral = KeptDeferral(key.Deferral) };
    }

    /// <summary>Only PostgreSQL knows keys of which all values are null or none, and rules for some of their columns.</summary>
    private ForeignKeySchema WithKnownRules(ForeignKeySchema key, IReadOnlyList<string> columns)
    {
        if (key is { MatchesFull: true, Columns.Count: > 1 } && !IsSameKind)
        {
            Lose(key.Name ?? $"key to {key.References}", $"{to.Name} has no MATCH FULL: a row with some of its values null points nowhere");
        }

        return KeyRules.Fit(key, WhyNot, Lose) with { MatchesFull = key.MatchesFull && IsSameKind };

        string? WhyNot(string rule, bool isUpdate) =>
            !rule.EndsWith(')') || (IsSameKind && columns.SequenceEqual(key.Columns)) ? null : IsSameKind ? "its columns have other names" : $"{to.Name} sets all columns of a key or none";
    }

    private Deferral KeptDeferral(Deferral deferral)
    {
        if (deferral == Deferral.None || dialect.HasDeferredKeys)
        {
            return deferral;
        }

        Lose("deferral", $"{to.Name} checks keys with every statement, never at the end of the transaction");
        return Deferral.None;
    }

    private string? ObjectName(string? given, bool needsTable)
    {
        if (ObjectNames.Of(given, source.Name, options.Name ?? source.Name, needsTable) is not { } name)
        {
            return null;
        }

        var fitted = ObjectNames.Fit(name, dialect.MaxNameBytes);
        if (fitted != name)
        {
            Lose(name, $"the name is longer than the {dialect.MaxNameBytes} bytes that {to.Name} allows; it becomes {fitted}");
        }

        return fitted;
    }

    /// <summary>What a database of the same kind holds, it holds too.</summary>
    private void CheckColumns(TableSchema table)
    {
        if (!IsSameKind && table.Columns.Count > dialect.MaxColumns)
        {
            throw DataErrors.TooManyColumns(source.Name.ToString(), table.Columns.Count, dialect.MaxColumns, to.Name);
        }
    }

    /// <summary>PostgreSQL cuts long names without a word, so that rows would be written to a column of another name.</summary>
    private void CheckNames(TableSchema table)
    {
        foreach (var name in table.Columns.Select(c => c.Name).Prepend(table.Name.Name))
        {
            if (ObjectNames.Bytes(name) > dialect.MaxNameBytes)
            {
                throw DataErrors.NameTooLong(name, dialect.MaxNameBytes, to.Name);
            }
        }
    }
}
