using DataTools.Tests.Databases;

namespace DataTools.Tests.Transfer;

/// <summary>What a user may not see is told, and never left out without a word.</summary>
public sealed class CopyRightsTests(PowerShellSession session) : IClassFixture<PowerShellSession>
{
    [Fact]
    public void A_table_that_the_user_may_not_read_ends_the_copy_of_all()
    {
        using var source = TestDatabase.Make("PostgreSql");
        using var target = TestDatabase.Make("Sqlite");
        using var user = new LimitedUser(session, source.Url, "CREATE TABLE open (id int); INSERT INTO open VALUES (1); CREATE TABLE shut (id int)", "GRANT SELECT ON open TO {0}");

        Assert.Equal(["open", "shut"], session.Values("Get-DataTable -Connection $args[0] | Sort-Object Name | ForEach-Object Name", user.Url));
        session.Run("Copy-DataTable $args[0] $args[1] * -ErrorAction SilentlyContinue", user.Url, target.Url);

        Assert.Contains("permission denied for table shut", Assert.Single(session.Errors).ToString(), StringComparison.Ordinal);
        Assert.Empty(session.Values("Get-DataTable -Connection $args[0]", target.Url));
    }

    [Fact]
    public void A_schema_that_the_user_may_not_use_ends_the_copy_of_all()
    {
        using var source = TestDatabase.Make("PostgreSql");
        using var target = TestDatabase.Make("Sqlite");
        using var user = new LimitedUser(session, source.Url, "CREATE TABLE open (id int); INSERT INTO open VALUES (1); CREATE SCHEMA shut; CREATE TABLE shut.t (id int); CREATE SCHEMA barred; CREATE TABLE barred.u (id int)", "GRANT SELECT ON ALL TABLES IN SCHEMA public, shut TO {0}");

        Assert.Equal(["open", "t", "u"], session.Values("Get-DataTable -Connection $args[0] | Sort-Object Name | ForEach-Object Name", user.Url));
        foreach (var all in new[] { "*.*", "*" })
        {
            var error = session.Error("Copy-DataTable $args[0] $args[1] $args[2]", user.Url, target.Url, all);
            Assert.StartsWith("PermissionDenied,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.EndsWith("permission denied for schema barred, shut, with tables that are to be copied, such as u. -Exclude 'barred.*', 'shut.*' leaves them out.", error.ToString(), StringComparison.Ordinal);
            Assert.Empty(session.Values("Get-DataTable -Connection $args[0]", target.Url));
        }

        session.Run("Copy-DataTable $args[0] $args[1] '*.*' -Exclude 'barred.*', 'shut.*'", user.Url, target.Url);
        Assert.Equal(["1"], TableContents.Of(target.Url, "open"));
        // A schema is compared as far as the user sees it.
        Assert.Empty(session.Run("Compare-DataSchema $args[0] $args[1] -Exclude 'barred.*', 'shut.*'", user.Url, source.Url));
    }

    [Fact]
    public void Rows_that_policies_hide_are_told()
    {
        using var source = TestDatabase.Make("PostgreSql");
        using var target = TestDatabase.Make("Sqlite");
        using var user = new LimitedUser(
            session,
            source.Url,
            "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1), (2); ALTER TABLE t ENABLE ROW LEVEL SECURITY",
            "CREATE POLICY mine ON t TO {0} USING (id = 1); GRANT SELECT ON t TO {0}");

        session.Run("Copy-DataTable $args[0] $args[1] t", user.Url, target.Url);
        Assert.Contains("row-level security", Assert.Single(session.Warnings), StringComparison.Ordinal);
        Assert.Equal(["1"], TableContents.Of(target.Url, "t"));

        Assert.Equal([true], session.Values("Compare-DataTable $args[0] $args[1] t -Quiet", user.Url, target.Url));
        Assert.Contains("row-level security", Assert.Single(session.Warnings), StringComparison.Ordinal);
        session.Run("Copy-DataTable $args[0] $args[1] t -Mode Replace", source.Url, target.Url);
        Assert.Empty(session.Warnings);
    }

    /// <summary>A user of a server for one test.</summary>
    private sealed class LimitedUser : IDisposable
    {
        private readonly PowerShellSession _session;
        private readonly string _owner;
        private readonly string _name = $"limited_{Guid.NewGuid():N}";

        public LimitedUser(PowerShellSession session, string owner, string tables, string rights)
        {
            (_session, _owner) = (session, owner);
            TestDatabase.Run(session, owner, $"{tables}; CREATE ROLE {_name} LOGIN PASSWORD 'limited-pw'; {string.Format(System.Globalization.CultureInfo.InvariantCulture, rights, _name)}");
            Url = new UriBuilder(owner) { UserName = _name, Password = "limited-pw" }.Uri.ToString();
        }

        public string Url { get; }

        public void Dispose() => TestDatabase.Run(_session, _owner, $"DROP OWNED BY {_name}; DROP ROLE {_name}");
    }
}
