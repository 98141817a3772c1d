namespace DataTools.Benchmarks;

/// <summary>The jobs between databases: tables copied, and compared.</summary>
internal sealed class CopyJobs(BenchServer postgres, BenchServer maria, string source, string folder)
{
    private const string Columns = "id, ts, customer, category, amount, qty, active, note";
    private const string Client = "the clients piped";
    private const string PgLoader = "pgloader";

    private readonly string _text = Path.Combine(folder, "orders.tsv");
    private readonly string _sqlite = Path.Combine(folder, "orders-source.db");

    private static string PostgresTable => $"CREATE TABLE orders ({DatabaseJobs.Table("timestamp")})";

    private string PostgresDigest => $"{postgres.Client} -A -t -c '{DatabaseJobs.Sums}'";

    private string DropPostgres => $"{postgres.Client} -c 'DROP TABLE IF EXISTS orders'";

    private string FillPostgres => $"{DropPostgres} -c '{PostgresTable}' && {postgres.Client} -c \"\\copy orders from '{source}' csv header\"";

    private string FillMaria => $"{DatabaseJobs.MariaTable(maria)} && {maria.Client} -e \"{DatabaseJobs.MariaLoad(source)}\"";

    public IEnumerable<DatabaseJob> All() => Copies().Concat(Comparisons());

    private IEnumerable<DatabaseJob> Copies()
    {
        yield return ToPostgres(
            "mariadb-postgres", "MariaDB to PostgreSQL", maria.Url, FillMaria, $"mysql://admin:admin@127.0.0.1:{maria.Port}/bench", "MATCHING 'orders' ALTER SCHEMA 'bench' RENAME TO 'public'",
            $"{maria.Client} -q -B -N -e 'SELECT * FROM orders' | {postgres.Client} -c \"\\copy orders from stdin with (null 'NULL')\"", 1.3);
        var fill = Contenders.Shell(folder, "fill-sqlite", $"Import-DataFile '{source}' | Export-DataTable orders -Connection 'sqlite:{_sqlite}' -CreateTable");
        yield return ToPostgres(
            "sqlite-postgres", "SQLite to PostgreSQL", $"sqlite:{_sqlite}", $"rm -f '{_sqlite}' && {fill}", _sqlite, "LIKE 'orders' CAST type decimal_text to numeric drop typemod",
            $"sqlite3 -csv '{_sqlite}' 'SELECT * FROM orders' | {postgres.Client} -c '\\copy orders from stdin csv'", 1.0);
        yield return new DatabaseJob(
            "postgres-mariadb",
            "PostgreSQL to MariaDB",
            $"{maria.Client} -e 'DROP TABLE IF EXISTS orders'",
            $"Copy-DataTable '{postgres.Url}' $target orders",
            maria.Url,
            new Dictionary<string, string>
            {
                ["the clients"] = $"{postgres.Client} -c \"\\copy orders to '{_text}'\" && {DatabaseJobs.MariaTable(maria)} && {maria.Client} -e \"LOAD DATA LOCAL INFILE '{_text}' INTO TABLE orders "
                    + "CHARACTER SET utf8mb4 (id, ts, customer, category, amount, qty, @active, note) SET active = @active = 't'\"",
            },
            $"{maria.Client} -N -e '{DatabaseJobs.Sums}'",
            [("the clients", 1.1, 0.9)]) { Setup = FillPostgres };
        var copy = postgres.Of("copy").Client;
        yield return new DatabaseJob(
            "postgres-postgres",
            "PostgreSQL to PostgreSQL",
            $"{copy} -c 'DROP TABLE IF EXISTS orders'",
            $"Copy-DataTable '{postgres.Url}' $target orders",
            postgres.Of("copy").Url,
            new Dictionary<string, string>
            {
                [Client] = $"{copy} -c '{PostgresTable}' && {postgres.Client} -c '\\copy orders to stdout (format binary)' | {copy} -c '\\copy orders from stdin (format binary)'",
            },
            $"{copy} -A -t -c '{DatabaseJobs.Sums}'",
            [(Client, 1.2, 1.0)]) { Setup = $"{FillPostgres} && ({postgres.Client} -c 'CREATE DATABASE copy' || true)" };
    }

    /// <summary>A copy into PostgreSQL, where pgloader knows the other database too.</summary>
    private DatabaseJob ToPostgres(string name, string title, string from, string fill, string loaderSource, string loaderOptions, string piped, double aim)
    {
        var peers = new Dictionary<string, string> { [Client] = $"{postgres.Client} -c '{PostgresTable}' && {piped}" };
        var limits = new List<(string, double?, double?)> { (Client, null, aim) };
        if (BenchServers.Has(PgLoader))
        {
            var script = Path.Combine(folder, name + ".load");
            File.WriteAllText(script, $"LOAD DATABASE FROM {loaderSource} INTO postgresql://postgres@127.0.0.1:{postgres.Port}/postgres INCLUDING ONLY TABLE NAMES {loaderOptions};");
            peers[PgLoader] = $"{PgLoader} --quiet {script}";
            limits.Add((PgLoader, 0.2, null));
        }

        return new DatabaseJob(name, title, DropPostgres, $"Copy-DataTable '{from}' $target orders", postgres.Url, peers, PostgresDigest, limits) { Setup = fill };
    }

    private IEnumerable<DatabaseJob> Comparisons()
    {
        const string Both = "reading both";
        const string Hashing = "their own MD5";
        const string Key = "ALTER TABLE orders ADD PRIMARY KEY (id)";
        var read = $"'{postgres.Url}', '{maria.Url}' | ForEach-Object -Parallel {{ Import-DataTable orders -Connection $_ | Convert-Data -Where {{ $false }} }}";
        var setup = $"{FillPostgres} && {postgres.Client} -c '{Key}' -c 'ANALYZE orders' && {FillMaria} && {maria.Client} -e '{Key}; ANALYZE TABLE orders'";
        var compare = $"Compare-DataTable '{postgres.Url}' '{maria.Url}' orders";
        var stream = $"$null = {compare} -Method Stream";
        yield return new DatabaseJob(
            "compare-stream", "Compare equal tables", "", stream, "", new Dictionary<string, string> { [Both] = Contenders.Shell(folder, "read-both", read) }, "", [(Both, 1.3, 1.1)]) { Setup = setup };
        const string Md5 = $"SELECT max(md5(concat_ws(0x7c, {Columns}))) FROM orders";
        yield return new DatabaseJob(
            "compare-hash",
            "Compare equal tables, -Method Hash",
            "",
            $"$null = {compare} -Method Hash",
            "",
            new Dictionary<string, string> { [Hashing] = $"{postgres.Client} -c \"{Md5.Replace("0x7c", "'|'", StringComparison.Ordinal)}\" & {maria.Client} -e '{Md5}' & wait" },
            "",
            [(Hashing, 1.2, null)]) { Setup = setup };
        yield return new DatabaseJob(
            "compare-ten",
            "Find 10 rows that differ",
            "",
            $"$null = {compare} -Method Stream -ErrorAction Ignore",
            "",
            new Dictionary<string, string> { ["equal tables"] = Contenders.Shell(folder, "compare-equal", stream.Replace(maria.Url, maria.Of("same").Url, StringComparison.Ordinal)) },
            "",
            [("equal tables", 1.2, null)])
        {
            Setup = $"{maria.Client} -e 'DROP DATABASE IF EXISTS same; CREATE DATABASE same; CREATE TABLE same.orders LIKE orders; INSERT INTO same.orders SELECT * FROM orders; UPDATE orders SET qty = qty + 1 WHERE id % (SELECT max(id) DIV 10 FROM same.orders) = 1 LIMIT 10'",
        };
    }
}
