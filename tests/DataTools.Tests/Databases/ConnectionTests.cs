using DataTools.Databases;
using DataTools.Errors;

namespace DataTools.Tests.Databases;

/// <summary>Addresses, secrets, TLS and the names of connections.</summary>
public sealed class ConnectionTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    private const string Kind = "PostgreSql";

    [Theory]
    [InlineData("postgres://me:p%40ss%2Fw@host:5433/shop?sslmode=verify-full&application_name=x", "postgres://me@host:5433/shop")]
    [InlineData("postgresql://me:p@ss@host/shop", "postgresql://me@host/shop")]
    [InlineData("postgres://[::1]:5432/a%20b", "postgres://::1:5432/a b")]
    [InlineData("postgres:///shop", "postgres:///shop")]
    [InlineData("sqlite:a%20b.db", "sqlite:a b.db")]
    [InlineData("sqlite:///srv/x.db?mode=ro", "sqlite:/srv/x.db")]
    [InlineData("sqlite:///C:/x.db", "sqlite:C:/x.db")]
    [InlineData("duckdb::memory:", "duckdb::memory:")]
    public void A_URL_is_read_and_shown_without_its_password(string url, string shown) => Assert.Equal(shown, AddressText.Parse(url).ToString());

    [Theory]
    [InlineData("postgres://me@host:port/shop", "InvalidOption")]
    [InlineData("postgres://me@host/shop?sslmode=perhaps", "InvalidOption")]
    [InlineData("postgres://me@host/shop?connect_timeout=soon", "InvalidOption")]
    [InlineData("postgres://me@host/shop?nothing=1", "UnknownConnectionOption")]
    [InlineData("oracle://me@host/shop", "InvalidOption")]
    [InlineData("Host=x;Database=y", "InvalidOption")]
    public void A_bad_URL_is_an_error(string url, string id) => Assert.Equal(id, Assert.Throws<DataException>(() => AddressText.Parse(url)).Id);

    [Theory]
    [InlineData("Get-DataTable -Connection 'postgre://me:geheim@host/shop'")]
    [InlineData("Get-DataTable -Connection 'Host=host;Password=geheim'")]
    [InlineData("Compare-DataSchema 'postgre://me:geheim@host/shop' sqlite::memory:")]
    [InlineData("Copy-DataTable t -Source sqlite::memory: -Destination 'mysqll://me:geheim@host/shop'")]
    public void A_URL_with_a_wrong_scheme_does_not_show_its_password(string script)
    {
        var error = session.Error(script);

        Assert.StartsWith("InvalidOption,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", $"{error} {error.TargetObject}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_has_a_name_and_is_found_by_it()
    {
        using var database = TestDatabase.Make(Kind);
        Assert.Equal(
            ["shop open", "names app", "second", "ConnectionNotFound", "ConnectionClosed"],
            session.Values(
                """
                $ErrorActionPreference = 'Stop'
                $c = Connect-Database $args[0] -Name shop -ApplicationName app
                "$($c.Name) $($c.State)".ToLower()
                "names $((Import-DataTable -Connection shop -Query 'SHOW application_name').application_name)"
                $d = Connect-Database $args[0] -Name second
                (Get-DatabaseConnection second).Name
                Disconnect-Database shop
                try { Get-DataTable -Connection shop } catch { ($_.FullyQualifiedErrorId -split ',')[0] }
                try { Get-DataTable -Connection $c } catch { ($_.FullyQualifiedErrorId -split ',')[0] }
                Disconnect-Database $d
                """,
                database.Url));
    }

    [Fact]
    public void Connections_are_closed_when_their_runspace_ends()
    {
        using var database = TestDatabase.Make(Kind);
        using (var other = new PowerShellSession())
        {
            other.Run("$c = Connect-Database $args[0] -ApplicationName ending", database.Url);
            Assert.Equal([1L], Running());
        }

        Assert.True(SpinWait.SpinUntil(() => Running() is [0L], TimeSpan.FromSeconds(10)));

        IReadOnlyList<object?> Running() => session.Values("(Import-DataTable -Connection $args[0] -Query \"SELECT count(*) AS n FROM pg_stat_activity WHERE application_name = 'ending'\").n", database.Url);
    }

    [Fact]
    public void A_password_comes_from_a_credential_a_secret_the_environment_or_a_password_file()
    {
        using var database = TestDatabase.Make(Kind);
        using var folder = new TestFolder();
        var address = AddressText.Parse(database.Url);
        var url = $"postgres://{address.Server}/{address.Database}";
        const string Works = "(Import-DataTable -Connection $c -Query 'SELECT current_user::text AS u').u; Disconnect-Database $c";

        Assert.Equal(["admin"], session.Values("$c = Connect-Database $args[0] -Credential ([pscredential]::new('admin', $args[1])); " + Works, url, Secure(TestServer.Password)));
        Assert.StartsWith("InvalidOption,", session.Error("Connect-Database $args[0] -SecretName shop", url).FullyQualifiedErrorId, StringComparison.Ordinal);
        session.Run("$global:secret = $args[0]; function global:Get-Secret($Name) { if ($Name -eq 'shop') { $secret } else { throw 'none' } }", Secure(TestServer.Password));
        Assert.Equal(["admin"], session.Values("$c = Connect-Database ($args[0] -replace '//', '//admin@') -SecretName shop; " + Works, url));
        session.Run("Remove-Item function:Get-Secret");

        File.WriteAllText(folder["pgpass"], $"127.0.0.1:{address.Port}:*:admin:{TestServer.Password.Replace(":", "\\:", StringComparison.Ordinal)}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder["pgpass"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        Assert.Equal(["admin"], session.Values("$c = Connect-Database ($args[0] -replace '//', '//admin@' -replace '$', \"?passfile=$($args[1])\"); " + Works, url, folder["pgpass"]));
        Assert.Equal(["admin"], session.Values("$env:PGPASSWORD = $args[1]; try { $c = Connect-Database ($args[0] -replace '//', '//admin@') } finally { $env:PGPASSWORD = $null }; " + Works, url, TestServer.Password));
    }

    private static System.Security.SecureString Secure(string text)
    {
        var secure = new System.Security.SecureString();
        text.ToList().ForEach(secure.AppendChar);
        return secure;
    }

    [Fact]
    public void TLS_is_used_and_certificates_are_checked_when_asked_for()
    {
        using var database = TestDatabase.Make(Kind);
        if (TestServers.PostgreSqlServer is not { } server)
        {
            Assert.Skip("A given server has its own certificate.");
            return;
        }

        const string Query = "(Import-DataTable -Connection $c -Query 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()').ssl; Disconnect-Database $c";
        Assert.Equal([false], session.Values("$c = Connect-Database $args[0] -Tls Disable; " + Query, database.Url));
        Assert.Equal([true], session.Values("$c = Connect-Database $args[0] -Tls Require; " + Query, database.Url));
        Assert.StartsWith("ConnectionFailed,", session.Error("Connect-Database $args[0] -Tls VerifyFull", database.Url).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal([true], session.Values("$c = Connect-Database $args[0] -Tls VerifyFull -RootCertificate $args[1]; " + Query, database.Url, Path.Combine(server.Folder, "server.crt")));
        Assert.Equal([true], session.Values("$c = Connect-Database ($args[0] + '?sslmode=verify-ca&sslrootcert=' + $args[1]); " + Query, database.Url, Path.Combine(server.Folder, "server.crt")));
    }

    [Fact]
    public void MariaDb_uses_TLS_and_its_certificates_are_checked_when_asked_for()
    {
        if (TestServers.StartOwnMariaDb("--ssl-cert={folder}/server.crt", "--ssl-key={folder}/server.key") is not { } own)
        {
            TestServers.Missing("MariaDB with a certificate");
            return;
        }

        using (own.Server)
        {
            var root = Path.Combine(own.Server.Folder, "server.crt");
            const string Query = "(Invoke-DataQuery \"SHOW STATUS LIKE 'Ssl_cipher'\" -Connection $c).Value.Length -gt 0; Disconnect-Database $c";
            Assert.Equal([false], session.Values("$c = Connect-Database $args[0] -Tls Disable; " + Query, own.Url));
            Assert.Equal([true], session.Values("$c = Connect-Database $args[0] -Tls Require; " + Query, own.Url));
            foreach (var verify in new[] { "Connect-Database $args[0] -Tls VerifyFull", "Connect-Database \"$($args[0])/?sslmode=verify-ca\"" })
            {
                var error = session.Error(verify, own.Url);
                Assert.StartsWith("ConnectionFailed,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
                Assert.Contains("certificate", error.ToString(), StringComparison.OrdinalIgnoreCase);
            }

            Assert.Equal([true], session.Values("$c = Connect-Database $args[0] -Tls VerifyFull -RootCertificate $args[1]; " + Query, own.Url, root));
            Assert.Equal([true], session.Values("$c = Connect-Database \"$($args[0])/?sslmode=verify-ca&sslrootcert=$($args[1])\"; " + Query, own.Url, root));
            Assert.StartsWith("ConnectionFailed,", session.Error("Connect-Database ($args[0] -replace '127.0.0.1', 'localhost') -Tls VerifyFull -RootCertificate $args[1]", own.Url, root).FullyQualifiedErrorId, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Connect-Database $url -Tls Require", "")]
    [InlineData("Connect-Database \"$url`?tls=true&tlsAllowInvalidCertificates=true\"", "")]
    [InlineData("Connect-Database $url -Tls VerifyFull -RootCertificate $root", "")]
    [InlineData("Connect-Database \"$url`?tls=true&tlsCAFile=$root\"", "")]
    [InlineData("Connect-Database \"$url`?sslmode=verify-ca&sslrootcert=$root\"", "")]
    [InlineData("Connect-Database \"$($url -replace '127.0.0.1', 'localhost')`?tls=true&tlsCAFile=$root&tlsAllowInvalidHostnames=true\"", "")]
    [InlineData("Connect-Database $url", "ConnectionFailed")]
    [InlineData("Connect-Database \"$url`?tls=true\"", "ConnectionFailed")]
    [InlineData("Connect-Database $url -Tls VerifyCA", "ConnectionFailed")]
    [InlineData("Connect-Database \"$($url -replace '127.0.0.1', 'localhost')`?tls=true&tlsCAFile=$root\"", "ConnectionFailed")]
    [InlineData("Connect-Database \"$url`?tls=perhaps\"", "InvalidOption")]
    public void MongoDb_uses_TLS_and_its_certificates_are_checked_when_asked_for(string connect, string id)
    {
        using var folder = new TestFolder();
        using var certificate = TestServers.MakeCertificate();
        using var server = new Mongo.WireServer(null, null) { Certificate = certificate };
        var arguments = new object[] { $"mongodb://127.0.0.1:{server.Port}/shop", folder.Write("root.crt", certificate.ExportCertificatePem()) };
        var script = $"$url, $root = $args; $c = {connect} -ConnectTimeout {(id == "ConnectionFailed" ? 2 : 5)}; (Invoke-DataQuery '{{ buildInfo: 1 }}' -Connection $c).version -eq '7.0.14'; Disconnect-Database $c";
        if (id.Length > 0)
        {
            Assert.StartsWith($"{id},", session.Error(script, arguments).FullyQualifiedErrorId, StringComparison.Ordinal);
            return;
        }

        Assert.Equal([true], session.Values(script, arguments));
    }

    [Theory]
    [InlineData("\"$url`?tls=true&tlsInsecure=true&tlsCertificateKeyFile=$key\"", "")]
    [InlineData("\"$url`?tls=true&tlsInsecure=true&tlsCertificateKeyFile=$locked&tlsCertificateKeyFilePassword=s3cret\"", "")]
    [InlineData("\"$url`?tls=true&tlsCAFile=$root&tlsCertificateKeyFile=$key\"", "")]
    [InlineData("\"$url`?tls=true&tlsInsecure=true\"", "ConnectionFailed")]
    [InlineData("\"$url`?tls=true&tlsInsecure=true&tlsCertificateKeyFile=$root\"", "InvalidOption")]
    [InlineData("\"$url`?tls=true&tlsInsecure=true&tlsCertificateKeyFile=$locked&tlsCertificateKeyFilePassword=wrong\"", "InvalidOption")]
    [InlineData("\"$url`?tls=true&tlsInsecure=true&tlsCertificateKeyFile=/no/such/file\"", "InvalidOption")]
    public void MongoDb_asks_for_the_certificate_of_the_client(string address, string id)
    {
        using var folder = new TestFolder();
        using var certificate = TestServers.MakeCertificate();
        using var shown = TestServers.MakeCertificate();
        using var key = System.Security.Cryptography.X509Certificates.RSACertificateExtensions.GetRSAPrivateKey(shown)!;
        using var server = new Mongo.WireServer(null, null) { Certificate = certificate, ClientCertificate = shown };
        var strength = new System.Security.Cryptography.PbeParameters(System.Security.Cryptography.PbeEncryptionAlgorithm.Aes256Cbc, System.Security.Cryptography.HashAlgorithmName.SHA256, 1000);
        var script = $"$url, $root, $key, $locked = $args; $c = Connect-Database {address} -ConnectTimeout {(id == "ConnectionFailed" ? 2 : 5)}; (Invoke-DataQuery '{{ buildInfo: 1 }}' -Connection $c).version; Disconnect-Database $c";
        var arguments = new object[]
        {
            $"mongodb://127.0.0.1:{server.Port}/shop",
            folder.Write("root.crt", certificate.ExportCertificatePem()),
            folder.Write("client.pem", $"{shown.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n"),
            folder.Write("locked.pem", $"{shown.ExportCertificatePem()}\n{key.ExportEncryptedPkcs8PrivateKeyPem("s3cret", strength)}\n"),
        };
        if (id.Length > 0)
        {
            Assert.StartsWith($"{id},", session.Error(script, arguments).FullyQualifiedErrorId, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(["7.0.14"], session.Values(script, arguments));
    }

    [Fact]
    public void The_times_and_the_name_of_a_URL_of_MongoDb_hold()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var url = $"mongodb://127.0.0.1:{((System.Net.IPEndPoint)silent.LocalEndpoint).Port}/shop?serverSelectionTimeoutMS=1000&connectTimeoutMS=700&heartbeatFrequencyMS=500";
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.StartsWith("ConnectionFailed,", session.Error("Connect-Database $args[0]", url).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(8));

        using var server = new Mongo.WireServer(null, null)
        {
            OnCommand = (command, _) =>
            {
                if (command == "find")
                {
                    Thread.Sleep(4000);
                }
            },
        };
        watch.Restart();
        Assert.StartsWith("ConnectionFailed,", session.Error("Import-DataTable -Connection $args[0] -Query '{ find: \"t\" }'", $"mongodb://127.0.0.1:{server.Port}/shop?socketTimeoutMS=800&retryReads=false&appName=named").FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(4), $"It took {watch.Elapsed}.");
    }

    [Fact]
    public void A_statement_may_take_so_long_and_no_longer()
    {
        foreach (var (kind, query) in new[] { (Kind, "SELECT pg_sleep(60)::text AS s"), ("DuckDb", "SELECT count(*) AS n FROM range(10000000) a, range(10000000) b WHERE (a.range * b.range) % 7 = 3") })
        {
            using var database = TestDatabase.Make(kind);
            Assert.StartsWith("StatementTimedOut,", session.Error("$c = Connect-Database $args[0] -CommandTimeout 1 -Name short; Import-DataTable -Connection $c -Query $args[1]", database.Url, query).FullyQualifiedErrorId, StringComparison.Ordinal);
            session.Run("Disconnect-Database short");
        }
    }
}
