namespace DataTools.Tests.Query;

public sealed class InvokeDataQueryTests(PowerShellSession session) : IClassFixture<PowerShellSession>, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_in_the_sql_is_read_as_Import_DataFile_reads_it()
    {
        var path = _folder.Write("orders.csv", "id,day,zip,note\n1,1/2/2026,00501,\n2,2/2/2026,10001,\"\"\n");
        var rows = session.Values(
            "$f = $args[0]; foreach ($r in (Import-DataFile $f), (Invoke-DataQuery \"from '$f'\")) { $r | ForEach-Object { \"$($_.id.GetType().Name) $($_.day) $($_.zip) $($null -eq $_.note)\" } }", path);
        Assert.Equal(["Int64 1/2/2026 00501 True", "Int64 2/2/2026 10001 False"], rows.Take(2));
        Assert.Equal(rows.Take(2), rows.Skip(2));
    }

    [Fact]
    public void Relative_names_start_from_the_current_location()
    {
        _folder.Write("a.csv", "x\n1\n");
        _folder.Write("b.csv", "x\n2\n");
        Directory.CreateDirectory(_folder["p/y=3"]);
        _folder.Write("p/y=3/c.csv", "x\n4\n");
        Assert.Equal(
            [3m, 3m, "7", 4L],
            session.Values(
                "$null = $ExecutionContext.SessionState.Path.SetLocation($args[0]); (Invoke-DataQuery \"select sum(x) s from '*.csv'\").s; (Invoke-DataQuery 'select sum(x) s from \"./?.csv\"').s; "
                + "(Invoke-DataQuery \"select (x + y)::varchar z from 'p'\").z; (Invoke-DataQuery \"from '**/c.csv'\").x", _folder.Path));
    }

    [Fact]
    public void The_pipeline_is_the_table_input()
    {
        var values = session.Values("1..5 | ForEach-Object { [pscustomobject]@{ a = $_ } } | Invoke-DataQuery 'select count(*) n, max(a) m from input' | ForEach-Object { $_.n; $_.m }");
        Assert.Equal([5L, 5L], values);
    }

    [Fact]
    public void The_pipeline_may_be_read_twice() =>
        Assert.Equal([25L], session.Values("(1..5 | ForEach-Object { [pscustomobject]@{ a = $_ } } | Invoke-DataQuery 'select count(*) n from input x, input y').n"));

    [Fact]
    public void Variables_are_tables_and_parameters_values() =>
        Assert.Equal(
            ["n2", "n3"],
            session.Values("$c = 1..3 | ForEach-Object { [pscustomobject]@{ id = $_; name = \"n$_\" } }; Invoke-DataQuery 'select name from customers where id >= $min order by 1' -InputTable @{ customers = $c } -Parameters @{ min = 2 } | ForEach-Object name"));

    [Fact]
    public void Positional_parameters_are_an_array() =>
        Assert.Equal([3L], session.Values("(Invoke-DataQuery 'select ? + ? as x' -Parameters 1, 2).x"));

    [Fact]
    public void A_query_with_fewer_rows_than_its_input_ends()
    {
        var path = _folder.Write("long.csv", "x\n" + string.Join('\n', Enumerable.Range(0, 300_000)));
        Assert.Equal([0L], session.Values("(Import-DataFile $args[0] | Invoke-DataQuery 'from input limit 1').x", path));
    }

    [Fact]
    public void Results_flow_on_as_input_of_the_next_query() =>
        Assert.Equal([6L], session.Values("(Invoke-DataQuery 'select range::bigint r from range(4)' | Invoke-DataQuery 'select sum(r)::bigint s from input').s"));

    [Fact]
    public void A_bad_row_is_the_error_that_the_reader_gives()
    {
        var path = _folder.Write("bad.csv", "a\n" + string.Concat(Enumerable.Repeat("1\n", 10_001)) + "x\n");
        var error = session.Error("Invoke-DataQuery \"select sum(a) from '$($args[0])'\"", path);
        Assert.StartsWith("BadRow", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("line 10003, column 'a': 'x'", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_rows_that_are_allowed_are_counted()
    {
        var path = _folder.Write("bad.csv", "a\n" + string.Concat(Enumerable.Repeat("1\n", 10_001)) + "x\n");
        Assert.Equal([10_001L], session.Values("(Invoke-DataQuery \"select count(a) n from '$($args[0])'\" -MaxErrors 1).n", path));
        Assert.Equal(["1 row was rejected."], session.Warnings);
    }

    [Fact]
    public void WhatIf_leaves_a_database_alone()
    {
        session.Run("Invoke-DataQuery 'create table t (a int)' -Database $args[0] -WhatIf", _folder["x.duckdb"]);
        Assert.False(File.Exists(_folder["x.duckdb"]));
    }

    [Fact]
    public void Statements_may_come_from_a_file()
    {
        var path = _folder.Write("q.sql", "create table t as select 1 as a; -- a comment; with a semicolon\nselect a + 1 as b from t;");
        Assert.Equal([2], session.Values("(Invoke-DataQuery -QueryPath $args[0]).b", path));
    }

    [Fact]
    public void An_error_in_sql_has_an_id() =>
        Assert.StartsWith("QueryFailed", session.Error("Invoke-DataQuery 'selec 1'").FullyQualifiedErrorId, StringComparison.Ordinal);
}
