using System.Globalization;
using System.Text;

namespace DataTools.Benchmarks;

/// <summary>The jobs of migrations on PostgreSQL, with alembic beside.</summary>
internal static class MigrationJobs
{
    private const int Files = 1000;
    private const string Alembic = "alembic";
    private const string Update = "one UPDATE";
    private const string Server = "the server alone, by psql";
    private const string Start = "the runner's start alone";

    public static IEnumerable<DatabaseJob> All(BenchServer server, string folder)
    {
        var url = server.Of("migrated").Url;
        var psql = server.Of("migrated").Client;
        // Old databases are kept: files that were removed a moment ago make a file system slow at new ones, for half a minute, and the next contender would pay for it.
        var empty = string.Join(" && ", new[] { "migrated", Alembic }.Select(d => $"({server.Client} -c \"ALTER DATABASE {d} RENAME TO {d}_$(date +%s%N)\" || true) && {server.Client} -c 'CREATE DATABASE {d}'"));
        var ours = WriteFiles(Path.Combine(folder, "migrations"));
        if (BenchServers.Has(Alembic))
        {
            var theirs = WriteAlembic(Path.Combine(folder, Alembic), $"postgresql+psycopg2://postgres@127.0.0.1:{server.Port}/alembic");
            var apply = $"Invoke-DataMigration -Path '{ours}' -Connection $target | Out-Null";
            // A second run in the same session finds a database of its own, too.
            const string fresh = "$name = 'n' + [guid]::NewGuid().ToString('N'); Invoke-DataQuery \"CREATE DATABASE $name\" -Connection $target -NonQuery | Out-Null; $fresh = $target -replace 'migrated$', $name";
            var upgrade = $"cd '{theirs}' && {Alembic} upgrade head";
            yield return new DatabaseJob(
                "migrate-apply", $"Apply {Files:N0} migrations", empty, $"{fresh}; {apply.Replace("$target", "$fresh", StringComparison.Ordinal)}", url,
                new Dictionary<string, string> { [Alembic] = upgrade, [Server] = $"{psql} -f '{WriteScript(folder)}'" }, "", [(Alembic, 0.5, 0.5)]);
            yield return new DatabaseJob(
                "migrate-status", $"Status of {Files:N0} migrations", "", $"Get-DataMigration -Path '{ours}' -Connection $target | Out-Null", url,
                new Dictionary<string, string> { [Alembic] = $"cd '{theirs}' && {Alembic} history --indicate-current", [Start] = Contenders.Shell(folder, "nothing", "") }, "", [(Alembic, 0.5, 0.5)])
            {
                Setup = $"{empty} && {upgrade} && {Contenders.Shell(folder, "migrate-all", apply.Replace("$target", $"'{url}'", StringComparison.Ordinal))}",
            };
        }

        var backfill = Path.Combine(folder, "backfill");
        Directory.CreateDirectory(backfill);
        File.WriteAllText(
            Path.Combine(backfill, "20260101T000000_b.sql"),
            "-- batch: big by id, 10000\n-- expand\nALTER TABLE big ADD COLUMN b text;\n-- backfill\nUPDATE big SET b = upper(a) WHERE b IS NULL;\n-- contract\nALTER TABLE big DROP COLUMN a;\n-- down\nALTER TABLE big DROP COLUMN b;\n");
        yield return new DatabaseJob(
            "migrate-backfill",
            "Backfill of 1,000,000 rows",
            $"{empty} && {psql} -c 'CREATE TABLE big (id bigint PRIMARY KEY, a text)' -c \"INSERT INTO big SELECT n, 'value ' || n FROM generate_series(1, 1000000) AS n\" && {psql} -c 'VACUUM ANALYZE big'",
            $"Invoke-DataMigration -Path '{backfill}' -Connection $target | Out-Null",
            url,
            new Dictionary<string, string> { [Update] = $"{psql} -c 'ALTER TABLE big ADD COLUMN b text' -c 'UPDATE big SET b = upper(a) WHERE b IS NULL'" },
            $"{psql} -A -t -c 'SELECT count(*), count(b), max(b) FROM big'",
            [(Update, 1 / 0.7, null)]);
    }

    /// <summary>A column of a large table is renamed, from its expansion to its completion, while clients read and write rows of it all the time.</summary>
    public static DatabaseJob UnderLoad(string title, BenchServer server, string rows, string folder)
    {
        var name = $"migrate-load-{title.ToLowerInvariant()}";
        var (path, expanded, ended) = (Path.Combine(folder, name), Path.Combine(folder, $"{name}.expanded"), Path.Combine(folder, $"{name}.ended"));
        string[] statements = ["DROP TABLE IF EXISTS counters", "DROP TABLE IF EXISTS datatools_migration", "CREATE TABLE counters (id int PRIMARY KEY, amount bigint NOT NULL)", $"INSERT INTO counters {rows}"];
        var fill = title == "MariaDB" ? $"-e '{string.Join("; ", statements)}'" : string.Join(' ', statements.Select(s => $"-c '{s}'"));
        var write = Contenders.Shell(folder, $"{name}-write", $"New-DataMigration -Kind RenameColumn -Table counters -Column amount -NewName total -Path '{path}' -Connection '{server.Url}' -BatchSize 5000 | Out-Null");
        return new DatabaseJob(
            name,
            $"Renaming a column of 1,000,000 rows under load, {title}",
            $"rm -rf '{path}' '{expanded}' '{ended}' && mkdir -p '{path}' && {server.Client} {fill} && {write}",
            $$"""
            $waits = 0..4 | ForEach-Object -ThrottleLimit 5 -Parallel {
                    if ($_ -eq 0) {
                        try {
                            Start-Sleep -Milliseconds 500
                            Invoke-DataMigration -Path '{{path}}' -Connection $using:target | Out-Null
                            [System.IO.File]::WriteAllText('{{expanded}}', '')
                            Start-Sleep -Milliseconds 1000
                            Complete-DataMigration -Path '{{path}}' -Connection $using:target -Confirm:$false | Out-Null
                            Start-Sleep -Milliseconds 500
                        }
                        finally {
                            # Whatever becomes of it, the clients must end.
                            [System.IO.File]::WriteAllText('{{ended}}', '')
                        }

                        return
                    }

                    $connection = Connect-Database $using:target
                    $random = [System.Random]::new($_)
                    $most = 0.0
                    while (-not [System.IO.File]::Exists('{{ended}}')) {
                        $column = if ([System.IO.File]::Exists('{{expanded}}')) { 'total' } else { 'amount' }
                        $watch = [System.Diagnostics.Stopwatch]::StartNew()
                        Invoke-DataQuery "UPDATE counters SET $column = $column + 1 WHERE id = $($random.Next(1, 1000001))" -Connection $connection -NonQuery | Out-Null
                        $most = [Math]::Max($most, $watch.Elapsed.TotalSeconds)
                        # An application has other things to do too.
                        Start-Sleep -Milliseconds 5
                    }

                    $most
                }
                [Console]::WriteLine(($waits | Measure-Object -Maximum).Maximum.ToString([cultureinfo]::InvariantCulture))
            """,
            server.Url,
            new Dictionary<string, string>(),
            "",
            [])
        {
            MostWait = 1,
        };
    }

    private static string WriteFiles(string folder)
    {
        Directory.CreateDirectory(folder);
        for (var i = 0; i < Files; i++)
        {
            File.WriteAllText(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"20260101T{i:000000}_t{i}.sql")), $"-- up\n{Create(i)};\n-- down\n{Drop(i)};\n");
        }

        return folder;
    }

    /// <summary>The same statements, each in a transaction of its own.</summary>
    private static string WriteScript(string folder)
    {
        var path = Path.Combine(folder, "migrations.sql");
        File.WriteAllLines(path, Enumerable.Range(0, Files).Select(i => $"{Create(i)};"));
        return path;
    }

    private static string WriteAlembic(string folder, string url)
    {
        var versions = Path.Combine(folder, "scripts", "versions");
        Directory.CreateDirectory(versions);
        File.WriteAllText(Path.Combine(folder, "alembic.ini"), $"[alembic]\nscript_location = scripts\nsqlalchemy.url = {url}\n");
        File.WriteAllText(
            Path.Combine(folder, "scripts", "env.py"),
            """
            from alembic import context
            from sqlalchemy import create_engine
            engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
            with engine.connect() as connection:
                context.configure(connection=connection, transaction_per_migration=True)
                with context.begin_transaction():
                    context.run_migrations()
            """);
        for (var i = 0; i < Files; i++)
        {
            var text = new StringBuilder("from alembic import op\n")
                .AppendLine(CultureInfo.InvariantCulture, $"revision = 'r{i}'")
                .AppendLine(i == 0 ? "down_revision = None" : string.Create(CultureInfo.InvariantCulture, $"down_revision = 'r{i - 1}'"))
                .AppendLine(CultureInfo.InvariantCulture, $"def upgrade():\n    op.execute('{Create(i)}')")
                .AppendLine(CultureInfo.InvariantCulture, $"def downgrade():\n    op.execute('{Drop(i)}')");
            File.WriteAllText(Path.Combine(versions, string.Create(CultureInfo.InvariantCulture, $"r{i}_t{i}.py")), text.ToString());
        }

        return folder;
    }

    private static string Create(int i) => string.Create(CultureInfo.InvariantCulture, $"CREATE TABLE t{i} (id int PRIMARY KEY, name text)");

    private static string Drop(int i) => string.Create(CultureInfo.InvariantCulture, $"DROP TABLE t{i}");
}
