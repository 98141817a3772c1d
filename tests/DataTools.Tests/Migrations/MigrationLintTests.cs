using DataTools.Databases;
using DataTools.Errors;
using DataTools.Migrations;
using DataTools.Migrations.Lint;

namespace DataTools.Tests.Migrations;

/// <summary>What is found before anything runs.</summary>
public sealed class MigrationLintTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public static TheoryData<string> Kinds => [.. MigrationSandbox.Kinds];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("PostgreSql", "CREATE INDEX i ON t (a)", "index-not-concurrent")]
    [InlineData("PostgreSql", "CREATE UNIQUE INDEX i ON t (a)", "index-not-concurrent")]
    [InlineData("PostgreSql", "DROP INDEX i", "index-not-concurrent")]
    [InlineData("PostgreSql", "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (id)", "foreign-key-without-not-valid")]
    [InlineData("PostgreSql", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", "check-without-not-valid")]
    [InlineData("PostgreSql", "ALTER TABLE t ALTER COLUMN a SET NOT NULL", "set-not-null")]
    [InlineData("PostgreSql", "ALTER TABLE t ALTER COLUMN a TYPE bigint", "type-change")]
    [InlineData("PostgreSql", "ALTER TABLE t ADD COLUMN a uuid DEFAULT gen_random_uuid()", "volatile-default")]
    [InlineData("PostgreSql", "ALTER TABLE t ADD COLUMN a int NOT NULL", "not-null-without-default")]
    [InlineData("PostgreSql", "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)", "unique-without-check")]
    [InlineData("PostgreSql", "VACUUM FULL t", "table-rewrite")]
    [InlineData("PostgreSql", "BEGIN; CREATE INDEX CONCURRENTLY i ON t (a); COMMIT", "concurrently-in-transaction")]
    [InlineData("PostgreSql", "BEGIN; SELECT 1", "begin-without-commit")]
    [InlineData("PostgreSql", "ALTER TABLE t ADD COLUMN aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff1234 int", "name-too-long")]
    [InlineData("Sqlite", "CREATE TABLE t2 (a int); DROP TABLE t; ALTER TABLE t2 RENAME TO t", "rebuild-with-foreign-keys")]
    [InlineData("Sqlite", "ALTER TABLE t ADD COLUMN a int NOT NULL", "not-null-without-default")]
    [InlineData("Sqlite", "ALTER TABLE t DROP COLUMN a", "drop-in-use")]
    [InlineData("Sqlite", "ALTER TABLE t RENAME COLUMN a TO b", "rename-in-use")]
    [InlineData("Sqlite", "UPDATE t SET a = 1", "whole-table-write")]
    [InlineData("MariaDb", "ALTER TABLE t ADD COLUMN a int", "alter-without-algorithm")]
    [InlineData("MySql", "CREATE INDEX i ON t (a)", "alter-without-algorithm")]
    public void A_statement_that_hurts_is_found(string kind, string statements, string rules)
    {
        var found = Check(kind, $"-- up\n{statements};\n-- down\nSELECT 1;");

        Assert.Equal(rules.Split(','), found.Select(f => f.Rule));
        Assert.All(found, f => Assert.Equal((2, true, true), (f.Line, f.Reason.EndsWith('.'), f.Safe.EndsWith('.') || f.Safe.EndsWith("...", StringComparison.Ordinal))));
        Assert.Empty(Check(kind, $"-- datatools: ignore {rules.Replace(",", ", ", StringComparison.Ordinal)}\n-- up\n{statements};\n-- down\nSELECT 1;"));
    }

    [Theory]
    [InlineData("PostgreSql", "CREATE TABLE t (a int NOT NULL REFERENCES u (id)); CREATE INDEX i ON t (a); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)")]
    [InlineData("PostgreSql", "CREATE INDEX CONCURRENTLY i ON t (a)")]
    [InlineData("PostgreSql", "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (id) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT f")]
    [InlineData("PostgreSql", "ALTER TABLE t ADD COLUMN a int NOT NULL DEFAULT 1")]
    [InlineData("PostgreSql", "UPDATE t SET a = 1 WHERE b")]
    [InlineData("Sqlite", "CREATE INDEX i ON t (a)")]
    [InlineData("MariaDb", "ALTER TABLE t ADD COLUMN a int, ALGORITHM=INPLACE, LOCK=NONE")]
    public void What_is_well_is_let_be(string kind, string statements) => Assert.Empty(Check(kind, $"-- up\n{statements};\n-- down\nSELECT 1;"));

    [Fact]
    public void Files_are_looked_at_as_a_whole()
    {
        Assert.Equal(["missing-down"], Check("Sqlite", "-- up\nSELECT 1;").Select(f => f.Rule));
        Assert.Empty(Check("Sqlite", "-- irreversible: gone\n-- up\nSELECT 1;"));
        Assert.Equal(["missing-lock-timeout", "unknown-option"], Check("Sqlite", "-- lock-timeout: off\n-- transacton: off\n-- up\nSELECT 1;\n-- down\nSELECT 2;").Select(f => f.Rule));
        Assert.Empty(Check("Sqlite", "-- expand\nSELECT 1;\n-- contract\nALTER TABLE t DROP COLUMN a;\n-- down\nSELECT 2;"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_way_back_that_does_not_lead_back_is_found(string kind)
    {
        using var box = new MigrationSandbox(kind);
        box.Write(1, "a", "-- up\nCREATE TABLE a (id int);\n-- down\nDROP TABLE a;");
        box.Write(2, "b", "-- up\nALTER TABLE a ADD COLUMN b int;\nALTER TABLE a ADD COLUMN c int;\n-- down\nALTER TABLE a DROP COLUMN c;");
        File.WriteAllText(Path.Combine(box.Folder, "R_v.sql"), "-- up\nDROP VIEW IF EXISTS v;\nCREATE VIEW v AS SELECT 1 AS n;");

        var error = Assert.Throws<DataException>(() => RoundTrip(box));
        // The way back left the column, so the second way there meets it.
        Assert.Equal(nameof(DataErrors.MigrationFailed), error.Id);

        using var again = new MigrationSandbox(kind);
        again.Write(1, "a", "-- up\nCREATE TABLE a (id int);\n-- down\nDROP TABLE a;");
        again.Write(2, "b", "-- up\nCREATE TABLE b (id int);\n-- down\nDROP TABLE b;\nCREATE TABLE left_over (id int);");
        File.WriteAllText(Path.Combine(again.Folder, "R_v.sql"), "-- up\nDROP VIEW IF EXISTS v;\nCREATE VIEW v AS SELECT 1 AS n;");
        var found = RoundTrip(again);
        Assert.NotEmpty(found);
        Assert.All(found, f => Assert.Contains("left_over", f.Reason, StringComparison.Ordinal));
        Assert.Equal(["a Applied", "b Applied", "v Applied"], again.Status());
        Assert.Contains("empty database", Assert.Throws<DataException>(() => RoundTrip(again)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_stands_wrong_on_a_database_is_told()
    {
        using var box = new MigrationSandbox("Sqlite");
        box.Write(1, "a", "-- up\nCREATE TABLE a (id int);\n-- down\nDROP TABLE a;");
        box.Invoke();
        box.Write(1, "a", "-- up\nCREATE TABLE a (id text);");
        box.Write(2, "b", "-- up\nUPDATE a SET id = 1;\n-- down\nSELECT 1;");

        Assert.Equal(["file-changed", "whole-table-write"], box.Engine.Check(CancellationToken.None).Select(f => f.Rule));
    }

    private static List<MigrationFinding> RoundTrip(MigrationSandbox box) => [.. new MigrationRoundTrip(box.Session, MigrationFolder.Read(box.Folder), box.Options).Run(CancellationToken.None)];

    private List<MigrationFinding> Check(string kind, string text)
    {
        _folder.Write("20260102T101500_x.sql", text);
        return [.. MigrationLint.Check(MigrationFolder.Read(_folder.Path).Single(), KnownDatabases.Find(kind), new Dictionary<string, string>())];
    }
}
