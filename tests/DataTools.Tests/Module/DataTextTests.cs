namespace DataTools.Tests.Module;

/// <summary>ConvertTo-DataText and ConvertFrom-DataText as a user calls them.</summary>
public sealed class DataTextTests(PowerShellSession session) : IClassFixture<PowerShellSession>, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Csv", "")]
    [InlineData("Csv", "-Delimiter ';' -QuoteAll -NoHeader -NullValue NULL")]
    [InlineData("Tsv", "-NewLine \"`r`n\"")]
    [InlineData("Psv", "-DateTimeFormat dd.MM.yyyy")]
    [InlineData("Json", "-Indented")]
    [InlineData("NdJson", "-NestSeparator .")]
    [InlineData("FixedWidth", "-Width 4, 10, 6")]
    public void Text_is_that_of_the_file_with_the_same_options(string format, string options)
    {
        const string Rows = "[pscustomobject]@{ id = 1; 'a.day' = [DateOnly]::new(2026, 1, 31); 'a.t' = 'x\"y' }, [pscustomobject]@{ id = 2; 'a.day' = $null; 'a.t' = '😀' }";
        session.Run($"{Rows} | Export-DataFile $args[0] -Format {format} {options}", _folder["file"]);

        Assert.Equal([File.ReadAllText(_folder["file"])], session.Values($"{Rows} | ConvertTo-DataText {format} {options}"));
    }

    [Fact]
    public void Strings_are_the_lines_of_one_text() =>
        Assert.Equal(["1:a", "2:b\n\nc"], session.Values("'id,t', '1,a', '2,\"b', '', 'c\"' | ConvertFrom-DataText Csv | ForEach-Object { \"$($_.id):$($_.t)\" }"));

    [Theory]
    [InlineData("\"id,t`n1,a`n\", '2,b'")]
    [InlineData("\"`u{FEFF}id,t`r`n1,a`r`n2,b\"")]
    [InlineData("\"id,t`n1,a`n2,b`n\"")]
    public void Strings_may_hold_lines_with_their_ends_and_a_mark(string text) =>
        Assert.Equal(["1a", "2b"], session.Values($"{text} | ConvertFrom-DataText Csv | ForEach-Object {{ \"$($_.id)$($_.t)\" }}"));

    [Fact]
    public void The_null_of_the_last_row_comes_back() =>
        Assert.Equal([1L, null], session.Values("([pscustomobject]@{ a = 1 }, [pscustomobject]@{ a = $null } | ConvertTo-DataText Csv | ConvertFrom-DataText Csv) | ForEach-Object { $_.a }"));

    [Fact]
    public void Options_of_reading_apply() =>
        Assert.Equal(
            [1250.50m, null],
            session.Values("'Betrag;x', '1.250,50;1', '#;', 'n/a;2' | ConvertFrom-DataText Csv -Delimiter ';' -Culture de-DE -Comment '#' -NullValue n/a -Type @{ Betrag = 'decimal(10,2)' } -Column Betrag | ForEach-Object { $_.Betrag }"));

    [Fact]
    public void Columns_without_rows_travel_on() =>
        Assert.Equal(["a\tb\n"], session.Values("'a,b' | ConvertFrom-DataText Csv | ConvertTo-DataText Tsv"));

    [Fact]
    public void Nothing_in_gives_nothing() =>
        Assert.Empty(session.Values("@() | ConvertTo-DataText Csv; @() | ConvertFrom-DataText Csv"));

    [Theory]
    [InlineData("'' | ConvertFrom-DataText Csv", "EmptyFile")]
    [InlineData("'x' | ConvertFrom-DataText Parquet", "FormatCannot")]
    [InlineData("@{ a = 1 } | ConvertTo-DataText Arrow", "FormatCannot")]
    [InlineData("'x' | ConvertFrom-DataText Nope", "UnknownFormat")]
    [InlineData("'id', 'x' | ConvertFrom-DataText Csv -Type int", "BadRow")]
    [InlineData("'id', \"a`u{D800}\" | ConvertFrom-DataText Csv", "CannotRead")]
    [InlineData("@{ a = [double]::NaN } | ConvertTo-DataText Json", "ValueLost")]
    public void Errors_are_those_of_files(string script, string id) =>
        Assert.StartsWith(id + ",", session.Error(script.Replace("\"a`u{D800}\"", "('a' + [char] 0xD800)", StringComparison.Ordinal)).FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void Loss_is_accepted_on_request() =>
        Assert.Equal(["[\n{\"a\":null}\n]\n"], session.Values("@{ a = [double]::NaN } | ConvertTo-DataText Json -OnLoss Allow"));

    [Theory]
    [InlineData("Export-DataFile x.csv -NestS", "-NestSeparator")]
    [InlineData("ConvertTo-DataText Csv -Cult", "-Culture")]
    [InlineData("ConvertFrom-DataText -Format Nd", "NdJson")]
    public void Shared_parameters_and_formats_are_completed(string line, string expected) =>
        Assert.Equal([expected], session.Values("[System.Management.Automation.CommandCompletion]::CompleteInput($args[0], $args[0].Length, $null).CompletionMatches | ForEach-Object { $_.CompletionText }", line));
}
