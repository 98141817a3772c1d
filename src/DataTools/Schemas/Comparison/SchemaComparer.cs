namespace DataTools.Schemas.Comparison;

/// <summary>Finds what differs between two schemas, of one kind of database or of two.</summary>
public static class SchemaComparer
{
    /// <summary>Compares two schemas. The order of columns does not count.</summary>
    public static SchemaComparison Compare(DatabaseSchema left, DatabaseSchema right, ComparisonOptions options)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        ArgumentNullException.ThrowIfNull(options);
        options = options with { IndexNames = right.Tables.SelectMany(t => t.Indexes.Select(i => i.Name).Append(t.PrimaryKey?.Name)).OfType<string>().ToHashSet() };
        var leftText = new SchemaText(options.Left, options.LeftKind, options.IsSameKind, left.DefaultSchema);
        var rightText = new SchemaText(options.Right, options.RightKind, options.IsSameKind, right.DefaultSchema);
        var (named, renames) = SchemaRenames.Apply(left, options.Renames, leftText);
        var rest = right.Tables.ToList();
        var (dropped, pairs) = (new List<TableSchema>(), new List<TableComparison>());
        foreach (var table in named.Tables)
        {
            var name = leftText.Name(table.Name);
            if (rest.Find(r => IsSame(rightText.Name(r.Name), name, options)) is { } found)
            {
                rest.Remove(found);
                pairs.Add(new TableComparer(table, found, leftText, rightText, options).Run());
            }
            else
            {
                dropped.Add(table);
            }
        }

        var (enums, domains) = options.IsSameKind ? (Enums(named, right, leftText, rightText), Domains(named, right, leftText, rightText)) : ([], []);
        return new SchemaComparison(named, right)
        {
            DroppedTables = dropped,
            AddedTables = rest,
            Tables = pairs,
            Enums = enums,
            Domains = domains,
            Renames = renames,
            NotCompared = options.IsSameKind ? [.. domains.Where(HasOtherType).Select(d => new DatabaseObject("Domain", d.Right!.Name, null, null)), .. Others(named, right)] : [],
            Candidates = SchemaRenames.Candidates(dropped, rest, pairs, leftText, rightText),
            Differences =
            [
                .. renames.Select(r => new SchemaDifference(r.Column is null ? DifferenceKind.Table : DifferenceKind.Column, r.Table, r.Column, r.Column ?? r.Table.Name, r.To)),
                .. enums.Select(Difference),
                .. domains.Select(Difference),
                .. dropped.Select(t => new SchemaDifference(DifferenceKind.Table, leftText.Name(t.Name), null, Columns(t, leftText), null)),
                .. rest.Select(t => new SchemaDifference(DifferenceKind.Table, rightText.Name(t.Name), null, null, Columns(t, rightText))),
                .. pairs.SelectMany(p => p.Differences),
            ],
        };
    }

    private static SchemaDifference Difference((EnumSchema? Left, EnumSchema? Right) type) => new(DifferenceKind.Enum, (type.Left ?? type.Right)!.Name, null, Values(type.Left), Values(type.Right));

    private static SchemaDifference Difference((DomainSchema? Left, DomainSchema? Right) type) => new(DifferenceKind.Domain, (type.Left ?? type.Right)!.Name, null, SchemaText.Domain(type.Left), SchemaText.Domain(type.Right));

    /// <summary>What a domain is made of, no statement changes.</summary>
    private static bool HasOtherType((DomainSchema? Left, DomainSchema? Right) type) => type is { Left: { } left, Right: { } right } && left.Type != right.Type;

    private static bool IsSame(TableName left, TableName right, ComparisonOptions options) =>
        left == right || (!options.IsSameKind && string.Equals(left.Name, right.Name, StringComparison.OrdinalIgnoreCase));

    private static List<DatabaseObject> Others(DatabaseSchema left, DatabaseSchema right)
    {
        bool IsIn(DatabaseObject one, DatabaseSchema schema) =>
            schema.Others.Any(o => o.Kind == one.Kind && o.Name.Name == one.Name.Name && o.Table?.Name == one.Table?.Name && o.Definition?.ReplaceLineEndings("\n") == one.Definition?.ReplaceLineEndings("\n"));
        return [.. left.Others.Where(o => !IsIn(o, right)).Concat(right.Others.Where(o => !IsIn(o, left))).DistinctBy(o => (o.Kind, o.Name.Name, o.Table?.Name))];
    }

    private static string Columns(TableSchema table, SchemaText text) => string.Join(", ", table.Columns.Select(c => $"{c.Name} {text.Type(c)}"));

    private static string? Values(EnumSchema? type) => type is null ? null : string.Join(", ", type.Values);

    private static List<(DomainSchema? Left, DomainSchema? Right)> Domains(DatabaseSchema left, DatabaseSchema right, SchemaText leftText, SchemaText rightText)
    {
        DomainSchema? Counterpart(DomainSchema domain, IEnumerable<DomainSchema> others, SchemaText text, SchemaText otherText) => others.FirstOrDefault(o => otherText.Name(o.Name) == text.Name(domain.Name));
        var pairs = left.Domains.Select(l => ((DomainSchema?)l, Counterpart(l, right.Domains, leftText, rightText))).Where(p => SchemaText.Domain(p.Item1) != SchemaText.Domain(p.Item2));
        return [.. pairs, .. right.Domains.Where(r => Counterpart(r, left.Domains, rightText, leftText) is null).Select(r => ((DomainSchema?)null, (DomainSchema?)r))];
    }

    private static List<(EnumSchema? Left, EnumSchema? Right)> Enums(DatabaseSchema left, DatabaseSchema right, SchemaText leftText, SchemaText rightText)
    {
        var rest = right.Enums.ToList();
        var result = new List<(EnumSchema?, EnumSchema?)>();
        foreach (var type in left.Enums)
        {
            var found = rest.Find(r => rightText.Name(r.Name) == leftText.Name(type.Name));
            rest.Remove(found!);
            if (found is null || !found.Values.SequenceEqual(type.Values))
            {
                result.Add((type, found));
            }
        }

        return [.. result, .. rest.Select(r => ((EnumSchema?)null, (EnumSchema?)r))];
    }
}
