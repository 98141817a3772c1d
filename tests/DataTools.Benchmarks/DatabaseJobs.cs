namespace DataTools.Benchmarks;

/// <summary>A job between files and databases.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Title">Its name in the report.</param>
/// <param name="Before">A command that makes an empty target, run before each contender.</param>
/// <param name="Script">Our pipeline; $source is the file, $target the place.</param>
/// <param name="Target">Where ours writes or reads: an address or a file.</param>
/// <param name="Peers">The other contenders, each a command of the shell.</param>
/// <param name="Digest">A command that prints counts and sums of what was written; empty for a file, which is asked itself.</param>
/// <param name="Limits">The most that our process may take, and should take, as multiples of a peer's time.</param>
internal sealed record DatabaseJob(
    string Name, string Title, string Before, string Script, string Target, IReadOnlyDictionary<string, string> Peers, string Digest, IReadOnlyList<(string Peer, double? Must, double? Aim)> Limits)
{
    /// <summary>A command that fills the source, run once.</summary>
    public string Setup { get; init; } = "";

    /// <summary>The most of the first number that the script prints, in seconds: what a client waits for at most. Null where it prints none.</summary>
    public double? MostWait { get; init; }
}

/// <summary>The jobs of databases, for servers and files of a run.</summary>
internal static class DatabaseJobs
{
    public const string PostgresToParquet = "postgres-parquet";

    internal const string Sums = "SELECT count(*), sum(id), max(customer), sum(amount), sum(qty), min(ts) FROM orders";
    private const string Names = "id,ts,customer,category,amount,qty,active,note";

    public static List<DatabaseJob> All(BenchServers servers, string source, string folder)
    {
        var jobs = new List<DatabaseJob>();
        if (servers.PostgreSql is { } postgres)
        {
            jobs.AddRange(Postgres(postgres, source, folder));
        }

        if (servers.MariaDb is { } maria)
        {
            jobs.Add(Maria(maria, source));
        }

        jobs.Add(Sqlite(source, folder));
        if (servers is { PostgreSql: { } from, MariaDb: { } to })
        {
            jobs.AddRange(new CopyJobs(from, to, source, folder).All());
        }

        if (servers.PostgreSql is { } migrated)
        {
            jobs.AddRange(MigrationJobs.All(migrated, folder));
            jobs.Add(MigrationJobs.UnderLoad("PostgreSQL", migrated, "SELECT n, 0 FROM generate_series(1, 1000000) AS n", folder));
        }

        if (servers.MariaDb is { } loaded)
        {
            jobs.Add(MigrationJobs.UnderLoad("MariaDB", loaded, "SELECT seq, 0 FROM seq_1_to_1000000", folder));
        }

        return jobs;
    }

    /// <summary>The columns of the table; the type of times has different names.</summary>
    internal static string Table(string time) => $"id bigint, ts {time}, customer varchar(40), category varchar(20), amount decimal(12,2), qty int, active boolean, note varchar(100)";

    /// <summary>A statement that makes the client load the file; true and false are no numbers for it, and an empty note is null as with us.</summary>
    internal static string MariaLoad(string source) =>
        $"LOAD DATA LOCAL INFILE '{source}' INTO TABLE orders CHARACTER SET utf8mb4 FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\\\"' ESCAPED BY '' LINES TERMINATED BY '\\n' IGNORE 1 LINES "
        + "(id, ts, customer, category, amount, qty, @active, @note) SET active = @active = 'true', note = NULLIF(@note, '')";

    /// <summary>A command that makes the empty table in MariaDB.</summary>
    internal static string MariaTable(BenchServer server) => $"{server.Client} -e 'DROP TABLE IF EXISTS orders; CREATE TABLE orders ({Table("datetime")}) CHARACTER SET utf8mb4'";

    private static IEnumerable<DatabaseJob> Postgres(BenchServer server, string source, string folder)
    {
        var psql = server.Client;
        var table = Table("timestamp");
        var copy = $"{psql} -c \"\\copy orders from '{source}' csv header\"";
        var peers = new Dictionary<string, string> { ["psql \\copy"] = copy };
        var limits = new List<(string, double?, double?)> { ("psql \\copy", 1.0, 0.8) };
        if (BenchServers.Has("pgloader"))
        {
            var script = Path.Combine(folder, "orders.load");
            File.WriteAllText(
                script,
                $"LOAD CSV FROM '{source}' ({Names}) INTO postgresql://postgres@127.0.0.1:{server.Port}/postgres?orders ({Names}) WITH skip header = 1, fields optionally enclosed by '\"', fields escaped by double-quote, fields terminated by ',';");
            peers["pgloader"] = $"pgloader --quiet {script}";
            limits.Add(("pgloader", 0.1, null));
        }

        var before = $"{psql} -c 'DROP TABLE IF EXISTS orders' -c 'CREATE TABLE orders ({table})'";
        yield return new DatabaseJob("csv-postgres", "CSV to PostgreSQL", before, "Import-DataFile $source | Export-DataTable orders -Connection $target", server.Url, peers, $"{psql} -A -t -c '{Sums}'", limits);

        var filled = $"{before} -c 'TRUNCATE orders' && {copy}";
        var parquet = Path.Combine(folder, "orders-out.parquet");
        var csv = Path.Combine(folder, "orders-out.csv");
        var outPeers = new Dictionary<string, string> { ["psql \\copy"] = $"{psql} -c \"\\copy orders to '{csv}.psql' csv header\"" };
        yield return new DatabaseJob(
            PostgresToParquet, "PostgreSQL to Parquet", "", $"Import-DataTable orders -Connection $target | Export-Parquet '{parquet}'", server.Url, outPeers, "", [("psql \\copy", 1.0, 0.7)]) { Setup = filled };
        yield return new DatabaseJob(
            "postgres-csv", "PostgreSQL to CSV", "", $"Import-DataTable orders -Connection $target | Export-DataFile '{csv}'", server.Url, outPeers, "", [("psql \\copy", 1.2, 1.0)]) { Setup = filled };
    }

    private static DatabaseJob Maria(BenchServer server, string source) => new(
        "csv-mariadb",
        "CSV to MariaDB",
        MariaTable(server),
        "Import-DataFile $source | Export-DataTable orders -Connection $target",
        server.Url,
        new Dictionary<string, string> { ["LOAD DATA LOCAL"] = $"{server.Client} -e \"{MariaLoad(source)}\"" },
        $"{server.Client} -N -e '{Sums}'",
        [("LOAD DATA LOCAL", 1.1, 0.9)]);

    private static DatabaseJob Sqlite(string source, string folder)
    {
        var file = Path.Combine(folder, "orders.db");
        var table = Table("datetime");
        return new DatabaseJob(
            "csv-sqlite",
            "CSV to SQLite",
            $"rm -f '{file}' '{file}-journal' && sqlite3 '{file}' 'CREATE TABLE orders ({table})'",
            "Import-DataFile $source | Export-DataTable orders -Connection $target",
            $"sqlite:{file}",
            new Dictionary<string, string> { ["sqlite3 .import"] = $"sqlite3 '{file}' -cmd '.mode csv' \".import --skip 1 '{source}' orders\"" },
            $"sqlite3 '{file}' 'SELECT count(*), sum(id), max(customer), printf(\"%.2f\", sum(amount)), sum(qty), min(ts) FROM orders'",
            [("sqlite3 .import", 0.8, 0.5)]);
    }
}
