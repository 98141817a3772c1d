using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DataTools.Errors;
using MongoDB.Driver;

namespace DataTools.Databases.MongoDb;

/// <summary>Who the client is, and how far the connection is protected.</summary>
internal static class MongoSecurity
{
    private static readonly string[] Mechanisms = ["SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN", "MONGODB-X509"];

    /// <summary>The options of MongoDB's own URLs, besides those that hold for all servers.</summary>
    public static IReadOnlyList<string> OptionNames { get; } =
        ["tls", "ssl", "tlsCAFile", "tlsCertificateKeyFile", "tlsCertificateKeyFilePassword", "tlsInsecure", "tlsAllowInvalidCertificates", "tlsAllowInvalidHostnames"];

    /// <summary>User and password, by the mechanism that the address names; null where it names no user.</summary>
    public static MongoCredential? Credential(DatabaseAddress address)
    {
        var mechanism = address.Options.GetValueOrDefault("authMechanism")?.ToUpperInvariant();
        if (mechanism is not null && !Mechanisms.Contains(mechanism))
        {
            throw DataErrors.InvalidOption($"authMechanism is '{mechanism}'; it takes {string.Join(", ", Mechanisms)}.");
        }

        return mechanism == "MONGODB-X509" ? MongoCredential.CreateMongoX509Credential(address.User)
            : address.User is null ? null
            : WithPassword(address, address.User, mechanism, address.Password?.Reveal() ?? "");
    }

    /// <summary>TLS as the address asks for it.</summary>
    public static void Protect(MongoClientSettings settings, DatabaseAddress given)
    {
        var address = given with
        {
            RootCertificate = given.RootCertificate ?? given.Options.GetValueOrDefault("tlsCAFile"),
            ClientCertificate = given.ClientCertificate ?? given.Options.GetValueOrDefault("tlsCertificateKeyFile"),
        };
        var tls = Mode(address);
        // A server of MongoDB speaks TLS or not; what "prefer" asks for does not exist.
        settings.UseTls = tls is null or TlsMode.Prefer ? settings.UseTls || address.RootCertificate is not null : tls != TlsMode.Disable;
        if (!settings.UseTls)
        {
            return;
        }

        settings.SslSettings = new SslSettings { CheckCertificateRevocation = false };
        if (address.ClientCertificate is { } certificate)
        {
            settings.SslSettings.ClientCertificates = [ReadCertificate(certificate, address)];
        }

        if (tls is TlsMode.Require or TlsMode.VerifyCA || address.RootCertificate is not null)
        {
            settings.SslSettings.ServerCertificateValidationCallback = (_, presented, _, errors) => IsTrusted(presented, errors, tls ?? TlsMode.VerifyFull, address.RootCertificate);
        }
    }

    private static MongoCredential WithPassword(DatabaseAddress address, string user, string? mechanism, string password)
    {
        // The driver's own default: users of a cluster of Atlas are in admin, others in the database that the URL names.
        var source = address.Options.GetValueOrDefault("authSource");
        return mechanism == "PLAIN"
            ? MongoCredential.CreatePlainCredential(source ?? "$external", user, password)
            : new MongoCredential(mechanism, new MongoInternalIdentity(source ?? (address.Scheme == "mongodb+srv" ? "admin" : address.Database!), user), new PasswordEvidence(password));
    }

    /// <summary>The certificate and its key, which mostly stand in one file.</summary>
    private static X509Certificate2 ReadCertificate(string file, DatabaseAddress address)
    {
        try
        {
            return address.Options.GetValueOrDefault("tlsCertificateKeyFilePassword") is { } password
                ? X509Certificate2.CreateFromEncryptedPemFile(file, password, address.ClientKey)
                : X509Certificate2.CreateFromPemFile(file, address.ClientKey);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw DataErrors.InvalidOption($"'{file}' gives no certificate with its key: {e.Message}");
        }
    }

    private static TlsMode? Mode(DatabaseAddress address)
    {
        var wanted = Flag(address, "tls") ?? Flag(address, "ssl");
        if (wanted == false)
        {
            return TlsMode.Disable;
        }

        return address.Tls
            ?? (Flag(address, "tlsInsecure") == true || Flag(address, "tlsAllowInvalidCertificates") == true ? TlsMode.Require
                : Flag(address, "tlsAllowInvalidHostnames") == true ? TlsMode.VerifyCA
                : wanted == true ? TlsMode.VerifyFull
                : null);
    }

    private static bool? Flag(DatabaseAddress address, string name) =>
        !address.Options.TryGetValue(name, out var text) ? null
        : bool.TryParse(text, out var on) ? on
        : throw DataErrors.InvalidOption($"{name} takes true or false.");

    private static bool IsTrusted(X509Certificate? presented, SslPolicyErrors errors, TlsMode mode, string? root)
    {
        if (mode == TlsMode.Require || errors == SslPolicyErrors.None)
        {
            return true;
        }

        if (presented is null || (mode == TlsMode.VerifyFull && errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)))
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (root is not null)
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(root);
        }

        using var certificate = new X509Certificate2(presented);
        return chain.Build(certificate);
    }
}
