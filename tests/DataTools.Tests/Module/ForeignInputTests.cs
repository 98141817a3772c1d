namespace DataTools.Tests.Module;

/// <summary>Every command that takes input takes any object.</summary>
public sealed class ForeignInputTests(PowerShellSession session) : IClassFixture<PowerShellSession>, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Written(string script)
    {
        var target = _folder["out.ndjson"];
        session.Run(script + " | Export-DataFile $args[0]", target);
        return File.ReadAllText(target);
    }

    [Fact]
    public void Objects_of_different_shapes_are_united() =>
        Assert.Equal(
            """
            {"a":1,"b":"x","c":null}
            {"a":2,"b":null,"c":true}

            """,
            Written("[pscustomobject]@{ a = 1; b = 'x' }, [pscustomobject]@{ a = 2; c = $true }"));

    [Fact]
    public void Hashtables_are_rows() => Assert.Equal("{\"a\":1}\n{\"a\":2}\n", Written("@{ a = 1 }, @{ a = 2 }"));

    [Fact]
    public void Numbers_of_several_types_find_one_that_holds_them() =>
        Assert.Equal("{\"a\":1}\n{\"a\":2.5}\n{\"a\":null}\n", Written("[pscustomobject]@{ a = 1 }, [pscustomobject]@{ a = 2.5 }, [pscustomobject]@{ a = $null }"));

    [Fact]
    public void A_DataTable_gives_its_rows() =>
        Assert.Equal(
            "{\"id\":1,\"n\":null}\n",
            Written("$t = [System.Data.DataTable]::new(); [void]$t.Columns.Add('id', [int]); [void]$t.Columns.Add('n', [string]); [void]$t.Rows.Add(1, [DBNull]::Value); , $t"));

    [Fact]
    public void A_data_reader_gives_its_rows() =>
        Assert.Equal(
            "{\"id\":1}\n{\"id\":2}\n",
            Written("$t = [System.Data.DataTable]::new(); [void]$t.Columns.Add('id', [int]); [void]$t.Rows.Add(1); [void]$t.Rows.Add(2); , $t.CreateDataReader()"));

    [Fact]
    public void Strings_and_numbers_are_rows_with_a_value() => Assert.Equal("{\"Value\":\"x\"}\n{\"Value\":\"y\"}\n", Written("'x', 'y'"));

    [Fact]
    public void Nested_objects_stay_nested() =>
        Assert.Equal("{\"a\":{\"b\":[1,2]}}\n", Written("[pscustomobject]@{ a = [pscustomobject]@{ b = 1, 2 } }"));

    [Fact]
    public void Members_of_files_are_columns() =>
        Assert.Contains("\"Name\":\"f.txt\"", Written($"[System.IO.FileInfo]::new('{_folder.Write("f.txt", "1")}')"), StringComparison.Ordinal);

    [Fact]
    public void A_property_that_appears_late_is_an_error_that_names_it()
    {
        var error = session.Error("& { 1..70000 | ForEach-Object { [pscustomobject]@{ a = $_ } }; [pscustomobject]@{ a = 1; late = 2 } } | Export-DataFile $args[0]", _folder["x.csv"]);
        Assert.StartsWith("LateColumn,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("'late'", error.Exception.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Widen_makes_a_column_of_it()
    {
        session.Run("& { 1..70000 | ForEach-Object { [pscustomobject]@{ a = $_ } }; [pscustomobject]@{ a = 1; late = 2 } } | Export-DataFile $args[0] -Widen", _folder["x.csv"]);
        Assert.Equal("70000,\n", string.Concat(File.ReadLines(_folder["x.csv"]).Skip(70000).First(), "\n"));
        Assert.Equal("1,2", File.ReadLines(_folder["x.csv"]).Last());
    }

    [Fact]
    public void A_value_that_no_longer_fits_is_an_error_that_says_where()
    {
        var error = session.Error("& { 1..70000 | ForEach-Object { [pscustomobject]@{ a = $_ } }; [pscustomobject]@{ a = 'x' } } | Export-DataFile $args[0]", _folder["x.csv"]);
        Assert.StartsWith("BadRow,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("row 70001, column 'a': 'x' is not an int64", error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_in_makes_no_file_and_says_so()
    {
        session.Run("@() | Export-DataFile $args[0]", _folder["none.csv"]);
        Assert.False(File.Exists(_folder["none.csv"]));
        Assert.Single(session.Warnings);
    }
}
