using System.Management.Automation;

namespace DataTools.Tests.Module;

/// <summary>Records behave in scripts as the objects of Import-Csv do, but typed.</summary>
public sealed class RecordTests(PowerShellSession session) : IClassFixture<PowerShellSession>, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Orders => _folder.Write(
        "orders.csv", "id,name,amount,when,ok,note\n1,Ann,12.50,2026-01-02,true,\n2,\"O'Neil, B\",3.25,2026-02-03,false,\"\"\n3,Zoë,-1.00,0001-01-01,true,x\n");

    [Fact]
    public void Values_have_the_types_of_their_columns()
    {
        var row = session.Run("$rows = @(Import-DataFile $args[0]); $rows[0]", Orders).Single();
        Assert.IsType<long>(row.Properties["id"].Value);
        Assert.IsType<string>(row.Properties["name"].Value);
        Assert.Equal(12.50m, row.Properties["amount"].Value);
        Assert.Equal(new DateOnly(2026, 1, 2), row.Properties["when"].Value);
        Assert.Equal(true, row.Properties["ok"].Value);
        Assert.Null(row.Properties["note"].Value);
    }

    [Fact]
    public void An_empty_cell_is_null_and_a_quoted_empty_one_is_not() =>
        Assert.Equal(
            [true, false, false],
            session.Values("Import-DataFile $args[0] | ForEach-Object { $null -eq $_.note }", Orders).Cast<bool>());

    [Fact]
    public void Properties_are_the_columns_and_nothing_else() =>
        Assert.Equal(
            ["id", "name", "amount", "when", "ok", "note"],
            session.Values("@(Import-DataFile $args[0])[0].psobject.Properties | ForEach-Object { $_.Name }", Orders));

    [Fact]
    public void Where_Object_reads_them() =>
        Assert.Equal([2L], session.Values("Import-DataFile $args[0] | Where-Object { $_.name -like \"O'*\" } | ForEach-Object id", Orders));

    [Fact]
    public void Members_of_all_rows_are_enumerated() =>
        Assert.Equal([1L, 2L, 3L], session.Values("$r = Import-DataFile $args[0]; $r.id", Orders));

    [Fact]
    public void A_record_in_a_string_shows_its_columns() =>
        Assert.StartsWith("@{id=1; name=Ann; amount=12.50;", (string)session.Values("$r = @(Import-DataFile $args[0]); \"$($r[0])\"", Orders).Single()!, StringComparison.Ordinal);

    [Fact]
    public void Columns_named_like_members_work()
    {
        var path = _folder.Write("odd.csv", "Count,ToString,GetType,Equals,Length,psobject2,a b,1x,ü\n1,2,3,4,5,6,7,8,9\n");
        Assert.Equal(
            [1L, 2L, 3L, 4L, 5L, 7L, 8L, 9L],
            session.Values("$r = @(Import-DataFile $args[0])[0]; $r.Count; $r.ToString; $r.GetType; $r.Equals; $r.Length; $r.'a b'; $r.'1x'; $r.ü", path));
    }

    [Fact]
    public void Columns_that_differ_in_case_only_get_a_suffix_and_a_warning()
    {
        var path = _folder.Write("case.csv", "id,ID,Id\n1,2,3\n");
        Assert.Equal(["id", "ID_2", "Id_3"], session.Values("@(Import-DataFile $args[0])[0].psobject.Properties.Name", path));
        Assert.Equal(2, session.Warnings.Count);
        Assert.Equal([null, "ID", "Id"], session.Values("Get-DataSchema $args[0] -WarningAction SilentlyContinue | ForEach-Object { $_.OriginalName }", path));
    }

    [Fact]
    public void A_changed_value_travels_on_with_the_columns_type()
    {
        var target = _folder["out.csv"];
        session.Run("Import-DataFile $args[0] | ForEach-Object { $_.amount *= 2; $_ } | Export-DataFile $args[1]", Orders, target);
        Assert.Equal("decimal(18,2)", session.Values("(Get-DataSchema $args[0])[2].Type", target).Single());
        Assert.Contains("25.00", File.ReadAllText(target), StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_that_no_longer_fits_makes_the_column_wider_when_it_comes_first()
    {
        var target = _folder["out.ndjson"];
        session.Run("Import-DataFile $args[0] | ForEach-Object { $_.id = $_.id / 2; $_ } | Export-DataFile $args[1]", Orders, target);
        Assert.Equal([0.5, 1d, 1.5], session.Values("(Import-DataFile $args[0]).id", target));
    }

    [Fact]
    public void A_member_that_a_script_adds_becomes_a_column() =>
        Assert.Equal(
            ["id:int64", "name:text", "amount:decimal(18,2)", "when:date", "ok:bool", "note:text", "tax:double"],
            session.Values(
                "Import-DataFile $args[0] | ForEach-Object { $_.psobject.Properties.Add([psnoteproperty]::new('tax', 1.5)); $_ } | Get-DataSchema | ForEach-Object { $_.Name + ':' + $_.Type }",
                Orders));

    [Fact]
    public void The_schema_travels_through_foreign_commands()
    {
        var target = _folder["out.parquet"];
        session.Run("Import-DataFile $args[0] | Where-Object { $_.id -gt 1 } | Export-Parquet $args[1]", Orders, target);
        Assert.Equal(
            ["int64", "text", "decimal(18,2)", "date", "bool", "text"], session.Values("(Get-DataSchema $args[0]).Type", target));
        Assert.Equal([DateOnly.MinValue], session.Values("(Import-DataFile $args[0] | Where-Object id -eq 3).when", target));
    }

    [Fact]
    public void Other_runspaces_read_the_values() =>
        Assert.Equal(
            ["1 Ann", "2 O'Neil, B", "3 Zoë"],
            session.Values("Import-DataFile $args[0] | ForEach-Object -Parallel { \"$($_.id) $($_.name)\" } | ForEach-Object { $_ }", Orders).Cast<string>().Order());

    [Fact]
    public void Records_are_serialised_with_their_values()
    {
        var record = session.Run("@(Import-DataFile $args[0])[1]", Orders).Single();
        var back = (PSObject)PSSerializer.Deserialize(PSSerializer.Serialize(record));
        Assert.Equal(2L, back.Properties["id"].Value);
        Assert.Equal("O'Neil, B", back.Properties["name"].Value);
        Assert.Equal(3.25m, back.Properties["amount"].Value);
    }

    [Fact]
    public void Nested_values_are_objects_that_can_be_changed()
    {
        var path = _folder.Write("n.ndjson", """{"id":1,"a":{"city":"Bonn","tags":["x","y"]}}""" + "\n");
        var target = _folder["out.ndjson"];
        Assert.Equal("Bonn", session.Values("(Import-DataFile $args[0]).a.city", path).Single());
        session.Run("Import-DataFile $args[0] | ForEach-Object { $_.a.city = 'Köln'; $_ } | Export-DataFile $args[1]", path, target);
        Assert.Equal("""{"id":1,"a":{"city":"Köln","tags":["x","y"]}}""" + "\n", File.ReadAllText(target));
    }
}
