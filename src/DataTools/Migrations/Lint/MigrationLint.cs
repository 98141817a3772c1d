using System.Text;
using DataTools.Databases;

namespace DataTools.Migrations.Lint;

/// <summary>Finds in migrations what will hurt, before anything runs.</summary>
public static class MigrationLint
{
    /// <summary>What hurts on every database. What only the new application can live with belongs into the last phase.</summary>
    private static readonly LintRule[] Common =
    [
        new(
            MigrationFinding.Warning("drop-in-use", "An application that still runs may use what is dropped.", "Drop it in '-- contract', when no old application runs any more: New-DataMigration -Kind DropColumn."),
            (s, all) => s.Section != SectionKind.Contract && !s.IsOnNewTable && ((s.Begins("DROP", "TABLE") && !IsRebuilt(s, all)) || (s.Begins("ALTER", "TABLE") && Drops(s)))),
        new(
            MigrationFinding.Warning("rename-in-use", "An application that still runs uses the old name.", "Keep both until it is gone: New-DataMigration -Kind RenameColumn; for a table leave a view of the old name."),
            (s, _) => s.Section != SectionKind.Contract && !s.IsOnNewTable && s.Begins("ALTER", "TABLE") && s.Has("RENAME")),
        new(
            MigrationFinding.Warning("whole-table-write", "One statement writes every row and locks them all until its end.", "Write it as '-- backfill' with '-- batch: table by key, 1000'."),
            (s, _) => s.Words is ["UPDATE" or "DELETE", ..] && !s.Words.Contains("WHERE") && !s.IsOnNewTable),
    ];

    /// <summary>Behind DROP these are no column.</summary>
    private static readonly string[] NoColumns = ["CONSTRAINT", "NOT", "DEFAULT", "INDEX", "KEY", "FOREIGN", "PRIMARY", "CHECK", "IDENTITY", "EXPRESSION", "PARTITION"];

    private static readonly SectionKind[] Changing = [SectionKind.Up, SectionKind.Expand, SectionKind.Contract];

    /// <summary>Looks at a migration for a database.</summary>
    public static IReadOnlyList<MigrationFinding> Check(MigrationFile file, IDatabase database, IReadOnlyDictionary<string, string> variables)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(database);
        var found = new List<MigrationFinding>(OfFile(file, database));
        if (file.Language == MigrationLanguage.Sql && database.Dialect is { Migrations: { } rules } dialect)
        {
            foreach (var section in Changing.Select(k => file.Find(k, database)).OfType<MigrationSection>())
            {
                found.AddRange(OfSection(file, section, dialect, rules, variables));
            }
        }

        return [.. found.Where(f => !file.Options.IgnoredRules.Contains(f.Rule, StringComparer.OrdinalIgnoreCase)).Select(f => f with { Migration = file.Id, File = file.Path })];
    }

    private static IEnumerable<MigrationFinding> OfFile(MigrationFile file, IDatabase database)
    {
        var hasDown = (file.Find(SectionKind.Down, database) is { } down && (file.Language != MigrationLanguage.Sql || !string.IsNullOrWhiteSpace(down.Text))) || HasInverse(file, database);
        if (!file.IsRepeatable && !hasDown && file.Options.Irreversible is null && file.Sections.Any(s => !string.IsNullOrWhiteSpace(s.Text)))
        {
            yield return MigrationFinding.Warning("missing-down", "There is no way back.", "Write a section '-- down', or say why there is none: '-- irreversible: reason'.");
        }

        if (file.Options.LockTimeout == TimeSpan.Zero)
        {
            yield return MigrationFinding.Warning("missing-lock-timeout", "A statement that waits for its lock makes every later statement on the table wait behind it.", "Write '-- lock-timeout: 5s': the statement gives way and is tried again.");
        }

        foreach (var (key, _, line) in MigrationParser.UnknownOptions(file))
        {
            yield return MigrationFinding.Warning("unknown-option", $"'{key}' is no option, so the line is only a comment.", $"Options are {string.Join(", ", MigrationParser.OptionNames)}.") with { Line = line };
        }
    }

    private static bool HasInverse(MigrationFile file, IDatabase database) => file.Language == MigrationLanguage.Json && database is IStatementInverses known
        && file.Find(SectionKind.Up, database) is { } up && JsonMigration.Split(up.Text, file.Path, up.Line).All(s => known.HasInverse(s.Text));

    private static IEnumerable<MigrationFinding> OfSection(MigrationFile file, MigrationSection section, SqlDialect dialect, MigrationDialect rules, IReadOnlyDictionary<string, string> variables)
    {
        var text = file.Resolve(section, variables);
        var split = StatementSplitter.Split(text, dialect.Splitting, file.Path, section.Line);
        var made = split.Select(s => new LintStatement(s, section.Kind, dialect, [])).Where(s => s.Begins("CREATE", "TABLE") || s.Begins("CREATE", "TEMPORARY", "TABLE")).Select(s => s.Table).OfType<string>().ToList();
        var statements = split.Select(s => new LintStatement(s, section.Kind, dialect, made)).ToList();
        foreach (var statement in statements)
        {
            var findings = Common.Where(r => r.Hits(statement, statements)).Select(r => r.Finding).Concat(Names(statement, dialect)).Concat(rules.Lint(statement, statements));
            foreach (var finding in findings)
            {
                yield return finding with { Line = statement.Statement.Line, Statement = statement.Statement.Text };
            }
        }

        foreach (var finding in Transactions(statements, rules))
        {
            yield return finding;
        }
    }

    /// <summary>Whether a table that the migration makes gets the name of the one that is dropped, as where SQLite must rebuild one.</summary>
    private static bool IsRebuilt(LintStatement drop, IReadOnlyList<LintStatement> section) =>
        section.Any(s => s.Begins("ALTER", "TABLE") && s.IsOnNewTable && s.Has("RENAME", "TO") && string.Equals(s.Names[^1], drop.Table, StringComparison.OrdinalIgnoreCase));

    /// <summary>ALTER TABLE t DROP [COLUMN] x.</summary>
    private static bool Drops(LintStatement statement)
    {
        var at = statement.Names.ToList().FindIndex(n => n.Equals("DROP", StringComparison.OrdinalIgnoreCase));
        return at > 0 && at + 1 < statement.Names.Count && !NoColumns.Contains(statement.Names[at + 1].ToUpperInvariant());
    }

    private static IEnumerable<MigrationFinding> Names(LintStatement statement, SqlDialect dialect) =>
        from name in statement.Names.Distinct()
        where Encoding.UTF8.GetByteCount(name) > dialect.MaxNameBytes
        select MigrationFinding.Error("name-too-long", $"The name {name} is longer than {dialect.MaxNameBytes} bytes and would be cut off or refused.", "Shorten it.");

    private static IEnumerable<MigrationFinding> Transactions(IReadOnlyList<LintStatement> statements, MigrationDialect rules)
    {
        LintStatement? open = null;
        foreach (var statement in statements)
        {
            var place = rules.PlaceOf(statement.Words);
            open = place == StatementPlace.Begin ? statement : place == StatementPlace.End ? null : open;
            if (open is not null && place == StatementPlace.Outside)
            {
                yield return MigrationFinding.Error("concurrently-in-transaction", "The statement cannot run in a transaction, and one is open.", "Move it before BEGIN or behind COMMIT.") with { Line = statement.Statement.Line, Statement = statement.Statement.Text };
            }
        }

        if (open is not null)
        {
            yield return MigrationFinding.Error("begin-without-commit", "The transaction that begins here does not end.", "Add COMMIT, or leave BEGIN out: a migration is one transaction by itself.") with { Line = open.Statement.Line, Statement = open.Statement.Text };
        }
    }
}
