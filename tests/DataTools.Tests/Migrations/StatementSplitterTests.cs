using CsCheck;
using DataTools.Databases;
using DataTools.Errors;
using DataTools.Migrations;

namespace DataTools.Tests.Migrations;

/// <summary>Where statements end.</summary>
public sealed class StatementSplitterTests
{
    public static TheoryData<string> Kinds => ["PostgreSql", "Sqlite", "MySql"];

    private static SplitRules MySql => Rules("MySql");

    private static SplitRules Postgres => Rules("PostgreSql");

    private static SplitRules Sqlite => Rules("Sqlite");

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Semicolons_end_statements_but_not_in_strings_names_and_comments(string kind)
    {
        var statements = StatementSplitter.Split("-- first; comment\nSELECT 'a;b''c';\n\n/* x; */ SELECT \"n;m\" -- y;\n, 2;;\nSELECT 3", Rules(kind));

        Assert.Equal(["SELECT 'a;b''c'", "SELECT \"n;m\" -- y;\n, 2", "SELECT 3"], statements.Select(s => s.Text));
        Assert.Equal([2, 4, 6], statements.Select(s => s.Line));
    }

    [Theory]
    [InlineData("CREATE FUNCTION f() RETURNS int AS $$ BEGIN; $x$ ; $$ LANGUAGE plpgsql")]
    [InlineData("CREATE FUNCTION f() RETURNS int AS $body$ a; $$; b $body$ LANGUAGE sql")]
    [InlineData("SELECT E'a\\';b', 'c\\'")]
    [InlineData("SELECT E'a'\n  'b\\';c'")]
    [InlineData("SELECT /* a /* b; */ c; */ 1")]
    [InlineData("CREATE RULE r AS ON INSERT TO t DO ALSO (DELETE FROM a; DELETE FROM b)")]
    [InlineData("CREATE FUNCTION f(a int) RETURNS int BEGIN ATOMIC SELECT CASE WHEN a > 1 THEN 2 END; SELECT CASE a WHEN 1 THEN 2 END, CASE a WHEN 2 THEN 3 END; END")]
    [InlineData("SELECT $1, a$b$, c FROM t")]
    [InlineData("SELECT x.end FROM x")]
    public void PostgreSQL_keeps_whole(string statement) => Whole(statement, Postgres);

    [Theory]
    [InlineData("CREATE TRIGGER t AFTER UPDATE OF a ON x WHEN CASE WHEN new.a THEN 1 END BEGIN UPDATE x SET b = CASE new.a WHEN 1 THEN 2 ELSE 3 END; SELECT new.end; END")]
    [InlineData("CREATE TEMP TRIGGER IF NOT EXISTS [odd;name] AFTER INSERT ON `t;u` BEGIN DELETE FROM a; DELETE FROM b; END")]
    [InlineData("SELECT [a;b], `c;d`")]
    public void SQLite_keeps_whole(string statement) => Whole(statement, Sqlite);

    [Theory]
    [InlineData("CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW BEGIN IF NEW.a THEN SET NEW.b = 1; ELSE IF NEW.c THEN SET NEW.b = 2; END IF; END IF; END")]
    [InlineData("CREATE DEFINER=`a`@`%` PROCEDURE p() BEGIN DECLARE i INT DEFAULT 0; l: LOOP SET i = i + 1; IF i > 3 THEN LEAVE l; END IF; END LOOP; WHILE i > 0 DO SET i = i - 1; END WHILE; END")]
    [InlineData("CREATE FUNCTION f(a INT) RETURNS INT DETERMINISTIC RETURN CASE WHEN a THEN IF(a, 1, 2) ELSE REPEAT('x', 3) END")]
    [InlineData("CREATE PROCEDURE p(a INT) BEGIN CASE a WHEN 1 THEN SELECT 1; ELSE SELECT 2; END CASE; REPEAT SET a = a + 1; UNTIL a > 3 END REPEAT; END")]
    [InlineData("CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW IF NEW.a THEN SET NEW.b = 1; END IF")]
    [InlineData("BEGIN NOT ATOMIC SELECT 1; SELECT 2; END")]
    [InlineData("SELECT 'it\\'s;', \"a\\\";b\", `c;d`")]
    [InlineData("/*!50003 SET @a = 1; */")]
    [InlineData("SELECT 1 --1\n, 2")]
    [InlineData("CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN DELETE FROM t; END")]
    public void MySQL_keeps_whole(string statement) => Whole(statement, MySql);

    [Fact]
    public void A_delimiter_of_the_file_ends_statements_until_the_next()
    {
        var statements = StatementSplitter.Split("DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; END//\nSELECT ';' //\ndelimiter ;\nSELECT 2; # a;b\nSELECT 3;", MySql);

        Assert.Equal(["CREATE PROCEDURE p() BEGIN SELECT 1; END", "SELECT ';'", "SELECT 2", "SELECT 3"], statements.Select(s => s.Text));
    }

    [Fact]
    public void Transactions_are_statements_of_their_own() =>
        Assert.Equal(["BEGIN", "UPDATE a SET b = CASE WHEN c THEN 1 END", "END", "COMMIT"], StatementSplitter.Split("BEGIN; UPDATE a SET b = CASE WHEN c THEN 1 END; END; COMMIT;", Postgres).Select(s => s.Text));

    [Theory]
    [InlineData("SELECT 1;\n\\connect other\nSELECT 2;", 2)]
    [InlineData("SELECT 1 \\gexec", 1)]
    [InlineData("CREATE TABLE t (a int);\nCOPY t (a) FROM stdin;\n1\n\\.\n", 2)]
    [InlineData("SELECT 1;\nSELECT 'open", 2)]
    [InlineData("\n\nSELECT $x$ a $$ b", 3)]
    [InlineData("SELECT 1; /* a /* b */", 1)]
    [InlineData("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1;", 1)]
    public void What_cannot_be_split_is_an_error_with_its_line(string text, int line)
    {
        var error = Assert.Throws<DataException>(() => StatementSplitter.Split(text, Postgres, "a.sql", 3));

        Assert.Equal(nameof(DataErrors.SqlUnclear), error.Id);
        Assert.StartsWith($"a.sql, line {line + 2}: ", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Statements made of awkward parts come back as they were, whatever stands between them.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Generated_statements_come_back(string kind)
    {
        var statement = Gen.OneOf(Parts(kind)).List[1, 5].Select(p => string.Join(' ', p.Prepend("SELECT")));
        var gap = Gen.OneOf("", "\n", " -- c ' ;\n", "/* ' ; \" */", "\r\n\t", ";", ";;").List[0, 3].Select(string.Concat);
        Gen.Select(statement, gap).List[0, 8].Sample(
            list =>
            {
                var text = string.Concat(list.Select(s => $"{s.Item2}{s.Item1};"));
                Assert.Equal(list.Select(s => s.Item1), StatementSplitter.Split(text, Rules(kind)).Select(s => s.Text));
            },
            iter: 500);
    }

    /// <summary>Whatever the text, it is split without loss or refused: what lies between the statements is no code.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Splitting_loses_nothing(string kind)
    {
        var rules = Rules(kind);
        string[] pieces = ["'", "\"", "`", "$$", "$a$", "--", "\n", "/*", "*/", ";", "(", ")", "[", "]", "BEGIN", "END", "CASE", " CREATE TRIGGER ", " FUNCTION ", "ATOMIC", "E'", "a", " ", "#", "1", "é", "😀", "DELIMITER "];
        Gen.OneOf(pieces).List[0, 30].Select(string.Concat).Sample(
            text =>
            {
                IReadOnlyList<SqlStatement> statements;
                try
                {
                    statements = StatementSplitter.Split(text, rules);
                }
                catch (DataException e) when (e.Id == nameof(DataErrors.SqlUnclear))
                {
                    return;
                }

                var at = 0;
                foreach (var statement in statements)
                {
                    Assert.Equal(statement.Text, text.Substring(statement.Start, statement.Text.Length));
                    Assert.Equal(text[..statement.Start].Count(c => c == '\n') + 1, statement.Line);
                    AssertGap(text[at..statement.Start], rules);
                    at = statement.Start + statement.Text.Length;
                }

                AssertGap(text[at..], rules);
            },
            iter: 5000);
    }

    private static void AssertGap(string gap, SplitRules rules)
    {
        // With a delimiter of its own the text says itself what a gap is.
        if (!gap.Contains("DELIMITER", StringComparison.Ordinal) && !(rules.DelimiterCommand && gap.Length > 0))
        {
            Assert.All(SqlLexer.CodeOf(gap, rules), t => Assert.Equal(SqlTokenKind.End, t.Kind));
        }
    }

    private static string[] Parts(string kind) =>
    [
        "'a;b'", "''", "'it''s'", "\"x;\"\"y\"", "/* ;' */ 1", "a.b", "+ -1", "CASE WHEN a THEN 'x' END", "(1, (2))", "é", "x.end",
        .. kind switch
        {
            "PostgreSql" => new[] { "$$ ; ' $$", "$t$ $$ ; $t$", "E'\\';'", "/* /* ; */ ' */ 2", "(1; 2)", "$1" },
            "Sqlite" => ["[a;b]", "`c;``d`"],
            _ => ["`c;d`", "'\\';'", "# ;'\n1", "--1", "IF(a, b, c)"],
        },
    ];

    private static void Whole(string statement, SplitRules rules) =>
        Assert.Equal(["SELECT 0", statement, "SELECT 9"], StatementSplitter.Split($"SELECT 0;\n{statement};\nSELECT 9;", rules).Select(s => s.Text));

    private static SplitRules Rules(string kind) => KnownDatabases.Find(kind).Dialect!.Splitting;
}
