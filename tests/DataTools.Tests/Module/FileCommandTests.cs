using System.Text.Json;

namespace DataTools.Tests.Module;

/// <summary>Import, export and conversion as a user calls them.</summary>
public sealed class FileCommandTests(PowerShellSession session) : IClassFixture<PowerShellSession>, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Write(string name, string text) => _folder.Write(name, text);

    [Fact]
    public void Several_files_are_one_table_with_columns_united_by_name()
    {
        Write("a.csv", "id,x\n1,a\n");
        Write("b.csv", "x,id,y\nb,2,2.5\n");
        Assert.Equal(
            ["1|a||a.csv", "2|b|2.5|b.csv"],
            session.Values("Import-DataFile $args[0] -IncludeSource | ForEach-Object { \"$($_.id)|$($_.x)|$($_.y)|$([IO.Path]::GetFileName($_.SourceFile))\" }", _folder["*.csv"]));
    }

    [Fact]
    public void Types_that_differ_between_files_are_united_from_the_text_of_each()
    {
        Write("a.csv", "zip,n\n12345,1\n");
        Write("b.csv", "zip,n\n00501,2.5\n");
        Assert.Equal(["12345:1.0", "00501:2.5"], session.Values("Import-DataFile $args[0] | ForEach-Object { $_.zip + ':' + $_.n }", _folder["*.csv"]));
    }

    [Fact]
    public void A_bad_file_in_a_list_is_an_error_and_the_rest_goes_on()
    {
        Write("a.csv", "id\n1\n");
        Write("b.csv", "");
        Write("c.csv", "id\n3\n");
        Assert.Equal([1L, 3L], session.Values("(Import-DataFile $args[0]).id", _folder["*.csv"]));
        Assert.StartsWith("EmptyFile,", Assert.Single(session.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_come_through_the_pipeline_as_text_and_as_files()
    {
        var path = Write("a.csv", "id\n1\n");
        Assert.Equal([1L, 1L], session.Values("$args[0] | Import-DataFile | ForEach-Object id; [IO.FileInfo]::new($args[0]) | Import-DataFile | ForEach-Object id", path));
    }

    [Fact]
    public void A_name_with_brackets_is_found_literally()
    {
        var path = Write("a[1] 'x'.csv", "id\n1\n");
        Assert.Equal([1L], session.Values("(Import-DataFile -LiteralPath $args[0]).id", path));
    }

    [Fact]
    public void A_missing_file_is_an_error_that_names_it()
    {
        var error = session.Error("Import-DataFile $args[0]", _folder["none.csv"]);
        Assert.StartsWith("FileNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(System.Management.Automation.ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
    }

    [Fact]
    public void A_header_alone_gives_the_columns_and_no_rows()
    {
        var path = Write("a.csv", "id,name\n");
        Assert.Empty(session.Run("Import-DataFile $args[0]", path));
        session.Run("Import-DataFile $args[0] | Export-DataFile $args[1]", path, _folder["b.tsv"]);
        Assert.Equal("id\tname\n", File.ReadAllText(_folder["b.tsv"]));
    }

    [Fact]
    public void A_bad_row_ends_the_run_and_leaves_no_file()
    {
        var path = Write("a.csv", "id,n\n" + string.Concat(Enumerable.Range(1, 20_000).Select(i => $"{i},x\n")) + "oops,y\n");
        var error = session.Error("Import-DataFile $args[0] | Export-Parquet $args[1]", path, _folder["b.parquet"]);
        Assert.StartsWith("BadRow,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("a.csv, line 20002, column 'id': 'oops' is not", error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Bad_rows_are_set_aside_when_that_is_asked_for()
    {
        var path = Write("a.csv", "id,n\n" + string.Concat(Enumerable.Range(1, 20_000).Select(i => $"{i},x\n")) + "oops,y\n7,z\n");
        var rejects = _folder["rejects.ndjson"];
        Assert.Equal(20_001, session.Run("Import-DataFile $args[0] -MaxErrors 1 -RejectPath $args[1]", path, rejects).Count);
        Assert.Contains("1 row was rejected", Assert.Single(session.Warnings), StringComparison.Ordinal);
        using var reject = JsonDocument.Parse(File.ReadAllText(rejects));
        Assert.Equal("oops", reject.RootElement.GetProperty("value").GetString());
        Assert.Equal(20002, reject.RootElement.GetProperty("line").GetInt64());
        Assert.Equal("oops,y", reject.RootElement.GetProperty("raw").GetString());
    }

    [Theory]
    [InlineData("-Column ", "'a b'", "amount")]
    [InlineData("-Format nd", "NdJson")]
    [InlineData("-Encoding utf8", "utf8", "utf8BOM")]
    public void Columns_formats_and_encodings_are_completed(string argument, params string[] expected)
    {
        var line = $"Import-DataFile {Write("a.csv", "amount,a b\n1,2\n")} {argument}";
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            session.Values("[System.Management.Automation.CommandCompletion]::CompleteInput($args[0], $args[0].Length, $null).CompletionMatches | ForEach-Object { $_.CompletionText }", line).Cast<string>().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Only_the_rows_of_a_filter_are_read_and_only_the_columns_asked_for()
    {
        var path = Write("a.csv", "id,name,x\n1,a,9\n2,b,8\n3,c,7\n");
        Assert.Equal(["@{name=b}", "@{name=c}"], session.Values("Import-DataFile $args[0] -Where { $_.id -gt 1 } -Column name | ForEach-Object { \"$_\" }", path));
        session.Run("Import-DataFile $args[0] | Export-Parquet $args[1]", path, _folder["a.parquet"]);
        Assert.Equal(["@{x=7; id=3}"], session.Values("Import-DataFile $args[0] -Where { $_.id -gt 2 } -Column x, id | ForEach-Object { \"$_\" }", _folder["a.parquet"]));
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        session.Run("Import-DataFile $args[0] | Export-Parquet $args[1] -WhatIf", Write("a.csv", "id\n1\n"), _folder["b.parquet"]);
        Assert.False(File.Exists(_folder["b.parquet"]));
    }

    [Fact]
    public void NoClobber_keeps_what_is_there()
    {
        var target = Write("b.csv", "old");
        var error = session.Error("@{ a = 1 } | Export-DataFile $args[0] -NoClobber", target);
        Assert.StartsWith("TargetExists,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(target));
    }

    [Fact]
    public void PassThru_tells_what_was_done()
    {
        var result = (TransferResult)session.Values("@{ a = 1 }, @{ a = 2 } | Export-DataFile $args[0] -PassThru", _folder["b.csv"]).Single()!;
        Assert.Equal((2, 0, _folder["b.csv"]), (result.Rows, result.Rejected, result.Target));
        Assert.True(result.RowsPerSecond > 0);
    }

    [Fact]
    public void Appended_rows_follow_those_that_are_there()
    {
        var target = _folder["b.csv"];
        session.Run("@{ a = 1 } | Export-DataFile $args[0]; @{ a = 2 } | Export-DataFile $args[0] -Append", target);
        Assert.Equal("a\n1\n2\n", File.ReadAllText(target));
    }

    [Fact]
    public void Appending_puts_columns_where_the_file_has_them()
    {
        var target = Write("b.csv", "a,b\n1,x\n");
        session.Run("[pscustomobject]@{ b = 'y'; a = 2 } | Export-DataFile $args[0] -Append", target);
        Assert.Equal("a,b\n1,x\n2,y\n", File.ReadAllText(target));
    }

    [Fact]
    public void Appending_other_columns_is_an_error_and_leaves_the_file_as_it_was()
    {
        var target = Write("b.csv", "a,b\n1,x\n");
        var error = session.Error("[pscustomobject]@{ c = 'y'; a = 2 } | Export-DataFile $args[0] -Append", target);
        Assert.StartsWith("SchemaMismatch,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("a,b\n1,x\n", File.ReadAllText(target));
    }

    [Theory]
    [InlineData("gz")]
    [InlineData("zst")]
    public void Compressed_files_are_written_and_read_by_their_extension(string extension)
    {
        var target = _folder[$"b.csv.{extension}"];
        session.Run("@{ a = 1 }, @{ a = 2 } | Export-DataFile $args[0]", target);
        Assert.NotEqual((byte)'a', File.ReadAllBytes(target)[0]);
        Assert.Equal([1L, 2L], session.Values("(Import-DataFile $args[0]).a", target));
    }

    [Fact]
    public void Partitions_become_folders_and_read_back_as_one_table()
    {
        var root = _folder["out"];
        session.Run("[pscustomobject]@{ y = 2025; r = 'E/U'; v = 1 }, [pscustomobject]@{ y = 2026; r = $null; v = 2 }, [pscustomobject]@{ y = 2025; r = '..'; v = 3 } | Export-Parquet $args[0] -PartitionBy y, r", root);
        Assert.True(File.Exists(Path.Combine(root, "y=2026", "r=__HIVE_DEFAULT_PARTITION__", "data.parquet")));
        Assert.Equal(
            ["1 2025 E/U", "2 2026 ", "3 2025 .."],
            session.Values("Import-DataFile $args[0] | ForEach-Object { \"$($_.v) $($_.y) $($_.r)\" }", root).Cast<string>().Order());
        Assert.StartsWith("FolderNotEmpty,", session.Error("@{ y = 1; v = 1 } | Export-Parquet $args[0] -PartitionBy y", root).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_of_the_log_tells_of_each_run()
    {
        var log = _folder["runs.log"];
        session.Run("Import-DataFile $args[0] | Export-DataFile $args[1] -LogPath $args[2]", Write("a.csv", "id\n1\n2\n"), _folder["b.csv"], log);
        session.Error("Import-DataFile $args[0] -LogPath $args[1]", _folder["none.csv"], log);
        var lines = File.ReadAllLines(log).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(("Export-DataFile", 2, true), (lines[0].GetProperty("command").GetString(), lines[0].GetProperty("rows").GetInt32(), lines[0].GetProperty("succeeded").GetBoolean()));
        Assert.Contains("none.csv", lines[1].GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_preference_variable_gives_the_log_to_every_command()
    {
        session.Run("$DataToolsLogPath = $args[1]; Import-DataFile $args[0] | Measure-Data; Remove-Variable DataToolsLogPath -ErrorAction Ignore; $DataToolsLogPath = $null", Write("a.csv", "id\n1\n"), _folder["runs.log"]);
        Assert.Equal(2, File.ReadAllLines(_folder["runs.log"]).Length);
    }

    [Theory]
    [InlineData("x.parquet")]
    [InlineData("x.arrow")]
    public void A_named_type_holds_where_the_format_has_its_own(string name)
    {
        var csv = Write("a.csv", "id,code\n3,a\n5,7\n12,8\n");
        session.Run("Import-DataFile $args[0] | Export-DataFile $args[1]", csv, _folder[name]);
        Assert.Equal(["12", "3"], session.Values("(Import-DataFile $args[0] -Type @{ id = 'text' } -Where { $_.id -lt '5' }).id | Sort-Object", _folder[name]));
        Assert.Equal("BadRow", session.Error("Import-DataFile $args[0] -Type @{ code = 'int' }", _folder[name]).FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal([7, 8], session.Values("(Import-DataFile $args[0] -Type @{ code = 'int32' } -MaxErrors 1).code", _folder[name]));
        Assert.Equal("ColumnNotFound", session.Error("Import-DataFile $args[0] -Type @{ none = 'int' }", _folder[name]).FullyQualifiedErrorId.Split(',')[0]);
    }
}
