using System.Text;
using DataTools.Errors;

namespace DataTools.Tests.Formats.Delimited;

public class TextEncodingTests
{
    private const string Text = "name,n\nJürgen Groß,1\nÅsa,2\n€uro 😀,3\n";

    public static TheoryData<string, bool> Unicode => new() { { "utf-8", true }, { "utf-8", false }, { "utf-16", true }, { "utf-16BE", true }, { "utf-32", true }, { "utf-32BE", true } };

    [Theory]
    [MemberData(nameof(Unicode))]
    public void Unicode_is_known_by_its_mark_or_by_being_utf8(string name, bool mark)
    {
        var encoding = Encoding.GetEncoding(name);
        var file = new TextFile([.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes(Text)]);

        Assert.Equal(["Jürgen Groß", "Åsa", "€uro 😀"], file.Read().Column(0));
        Assert.Empty(file.Warnings);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void Utf16_without_a_mark_is_known_by_its_zeros(string name) =>
        Assert.Equal([1L, 2L, 3L], new TextFile(Encoding.GetEncoding(name).GetBytes(Text)).Read().Column(1));

    [Fact]
    public void Other_text_is_guessed_with_a_warning()
    {
        var file = new TextFile(Encoding.Latin1.GetBytes("name,n\nJürgen Groß,1\nÅsa,2\n"));

        Assert.Equal(["Jürgen Groß", "Åsa"], file.Read().Column(0));
        Assert.Contains("windows-1252", Assert.Single(file.Warnings));
    }

    [Fact]
    public void The_user_may_name_the_encoding()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var cyrillic = Encoding.GetEncoding(1251);
        var file = new TextFile(cyrillic.GetBytes("имя,n\nИван,1\n")) { Options = new() { Encoding = cyrillic } };

        Assert.Equal(["имя", "n"], file.Read().Names);
        Assert.Empty(file.Warnings);
    }

    [Fact]
    public void Bytes_that_are_no_character_are_an_error_that_names_the_line()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        byte[] bytes = [.. "a\nx\ny"u8, 0x81, 0xFF, .. "\n"u8];
        var error = Assert.Throws<DataException>(() => new TextFile(bytes) { Options = new() { Encoding = Encoding.GetEncoding(932) } }.Read());

        Assert.Equal("MalformedFile", error.Id);
        Assert.Contains("line 3", error.Message);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_an_error()
    {
        byte[] bytes = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("a\nx"), 0x00, 0xD8, .. Encoding.Unicode.GetBytes("\n")];

        Assert.Contains("line 2", Assert.Throws<DataException>(() => new TextFile(bytes).Read()).Message);
    }
}
