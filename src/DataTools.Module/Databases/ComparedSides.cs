using System.Management.Automation;
using DataTools.Databases;
using DataTools.Databases.Reading;
using DataTools.Errors;
using DataTools.Formats;
using DataTools.Schemas;
using DataTools.Validation;

namespace DataTools.Module.Databases;

/// <summary>What is compared with what; null for a side that is a file.</summary>
/// <param name="Name">What results call it.</param>
/// <param name="Source">The table or query at the source.</param>
/// <param name="Destination">The table or query at the destination; null as well for a table that is not there.</param>
/// <param name="IsMissing">Whether the destination has no such table.</param>
internal sealed record ComparedTables(string Name, TableQuery? Source, TableQuery? Destination, bool IsMissing);

/// <summary>Which rows are compared; null for all.</summary>
/// <param name="Both">A condition for both sides.</param>
/// <param name="Source">One for the source alone.</param>
internal sealed record ComparedRows(string? Both, string? Source)
{
    /// <summary>What the source's rows must meet, in SQL or as a filter of documents.</summary>
    public string? OfSource(bool isSql) => string.IsNullOrEmpty(Source) ? Both
        : Both is null ? Source
        : isSql ? $"({Both}\n) AND ({Source}\n)"
        : $$"""{ "$and": [ {{Both}}, {{Source}} ] }""";
}

/// <summary>The two sides of Compare-DataTable: sessions for databases, which are taken for the command, and files.</summary>
internal sealed class ComparedSides : IDisposable
{
    private const string Remedy = "-IgnoreColumn leaves the column out, and a cast in -Query and -DestinationQuery reads it as text.";

    private readonly DataPlaceArgument _source;
    private readonly DataPlaceArgument _destination;
    private readonly ComparedRows _rows;
    private readonly string? _format;
    private readonly CompareOptions _options;
    private readonly PSCmdlet _cmdlet;
    private readonly SessionLease? _left;
    private readonly SessionLease? _right;
    private readonly RejectLog _rejects = new(new RejectPolicy());
    private readonly CancellationToken _cancellation;

    public ComparedSides(DataPlaceArgument source, DataPlaceArgument destination, ComparedRows rows, string? format, CompareOptions options, PSCmdlet cmdlet, CancellationToken cancellation)
    {
        _source = source;
        _destination = destination;
        _rows = rows;
        _format = format;
        _options = options;
        _cmdlet = cmdlet;
        _cancellation = cancellation;
        if ((source.Path is not null && rows.OfSource(true) is not null) || (destination.Path is not null && rows.Both is not null))
        {
            throw DataErrors.InvalidOption("-Where is a condition for databases; a file has no SQL. Compare with -Query, or write the rows of the file that count to another one.");
        }

        try
        {
            _left = source.Connection?.Open(FullPath, cancellation, ConnectionUse.Read);
            _right = destination.Connection?.Open(FullPath, cancellation, ConnectionUse.Read);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private string? SourceWhere => _rows.OfSource(_left is null or { Session: SqlSession });

    /// <summary>The pairs that the parameters name.</summary>
    public IEnumerable<ComparedTables> Find(string[] tables, string? destinationTable, string? query, string? destinationQuery)
    {
        if (_left is null && _right is null)
        {
            return [new ComparedTables(System.IO.Path.GetFileName(_source.Path!), null, null, false)];
        }

        if (query is not null || destinationQuery is not null)
        {
            return [OfQueries(tables, destinationTable, query, destinationQuery)];
        }

        var names = tables.Length > 0 ? Names(tables) : throw DataErrors.InvalidOption("-Table or -Query must say what of the database is compared.");
        if (names.Count > 1 && (!string.IsNullOrEmpty(destinationTable) || _left is null || _right is null))
        {
            throw DataErrors.InvalidOption("Several tables cannot all be compared with one: name one table.");
        }

        return names.Select(n => OfTable(n, destinationTable));
    }

    /// <summary>Runs the checks of one pair.</summary>
    public IReadOnlyList<ComparisonCheck> Compare(ComparedTables pair, CompareContext context, List<string>? statements = null)
    {
        if (pair.IsMissing)
        {
            return [new ComparisonCheck(pair.Name, "Table", false, "exists", "missing", null) { Source = _source.ToString(), Destination = _destination.ToString() }];
        }

        using var source = Open(_left, pair.Source, _source, context);
        using var destination = Open(_right, pair.Destination, _destination, context);
        var comparer = new TableComparer(pair.Name, source, destination, _options, context);
        if (statements is not null)
        {
            comparer.RequireRepairable();
        }

        var checks = comparer.Run();
        statements?.AddRange(comparer.RepairStatements());
        return checks;
    }

    public void Dispose()
    {
        _left?.Dispose();
        _right?.Dispose();
        _rejects.Dispose();
    }

    private ComparedTables OfQueries(string[] tables, string? destinationTable, string? query, string? destinationQuery)
    {
        var table = tables is [var only] ? TableName.Parse(only) : null;
        var source = query is not null ? Text(query, SourceWhere) : table is null ? null : Table(table, SourceWhere);
        var destination = destinationQuery is not null ? Text(destinationQuery, _rows.Both)
            : !string.IsNullOrEmpty(destinationTable) ? Table(TableName.Parse(destinationTable), _rows.Both)
            : query is not null ? source
            : table is null ? null : Table(table, _rows.Both);
        Require(_left, source);
        Require(_right, destination);
        return new ComparedTables(tables is [var name] ? name : "query", source, destination, false);
    }

    private static void Require(SessionLease? lease, TableQuery? query)
    {
        if (lease is not null && query is null)
        {
            throw DataErrors.InvalidOption("-Query and -DestinationQuery, or a table, must say what is compared on each side that is a database.");
        }
    }

    private ComparedTables OfTable(TableName name, string? destinationTable)
    {
        var source = _left is null ? null : Table(name, SourceWhere);
        if (_left is { Session: var session } && session.FindTable(name, _cancellation) is null)
        {
            throw DataErrors.TableNotFound(name.ToString(), session.Address.ToString());
        }

        if (_right is null)
        {
            return new ComparedTables(name.ToString(), source, null, false);
        }

        var (found, isThere) = AtDestination(name, destinationTable);
        return new ComparedTables(name.ToString(), source, Table(found, _rows.Both), _left is not null && !isThere);
    }

    /// <summary>The destination's table, looked for as seldom as can be: that reads its catalogue, and of a collection some documents.</summary>
    private (TableName Name, bool IsThere) AtDestination(TableName name, string? destinationTable)
    {
        if (_options.NameAtDestination(name, destinationTable) is { } given)
        {
            return (given, IsThere(given));
        }

        if (IsThere(name))
        {
            return (name, true);
        }

        var bare = name with { Schema = null };
        return (bare, name.Schema is not null && IsThere(bare));
    }

    private bool IsThere(TableName name) => _right!.Session.FindTable(name, _cancellation) is not null;

    /// <summary>The tables of the source, or of the only database, that names and wildcards stand for.</summary>
    private List<TableName> Names(string[] tables)
    {
        var session = (_left ?? _right!).Session;
        var names = new List<TableName>();
        foreach (var table in tables)
        {
            // What stands in quotes is a name letter by letter.
            var isPattern = WildcardPattern.ContainsWildcardCharacters(table) && table.AsSpan().IndexOfAny('"', '`') < 0;
            names.AddRange(isPattern ? Matching(session, table) : [TableName.Parse(table)]);
        }

        return names.Count > 0 ? [.. names.Distinct()] : throw DataErrors.TableNotFound(string.Join(", ", tables), session.Address.ToString());
    }

    private IEnumerable<TableName> Matching(IDatabaseSession session, string text)
    {
        var pattern = WildcardPattern.Get(text, WildcardOptions.IgnoreCase);
        return session.ListTables(_cancellation)
            .Where(t => t.Type == TableKind.Table && (pattern.IsMatch(t.Name) || (t.Schema is not null && pattern.IsMatch($"{t.Schema}.{t.Name}"))))
            .Select(t => new TableName(t.Schema, t.Name));
    }

    private static TableQuery Table(TableName name, string? where) => new() { Table = name, Where = where, Remedy = Remedy };

    private static TableQuery Text(string query, string? where) => where is null ? new() { Text = query, Remedy = Remedy } : throw DataErrors.InvalidOption("-Where and -SourceWhere go with tables: put the condition into the query.");

    private CompareSource Open(SessionLease? lease, TableQuery? query, DataPlaceArgument place, CompareContext context)
    {
        if (lease is not null)
        {
            return new DatabaseSource(lease.Session, query!, new DatabaseContext(_rejects, context.Warn, context.Cancellation));
        }

        var parts = FileFinder.Find(Paths(place.Path!), _format, includeSource: false).ToList();
        return new FileSource(place.Path!, parts, new ReadContext(ReadOptions.Default, _rejects, context.Warn) { Cancellation = context.Cancellation });
    }

    private IEnumerable<string> Paths(string path)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(path) || File.Exists(FullPath(path)))
        {
            return [FullPath(path)];
        }

        var found = _cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out _);
        return found.Count > 0 ? found.Order(StringComparer.Ordinal) : throw DataErrors.FileNotFound(path);
    }

    private string FullPath(string path) => _cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
}
