using System.Text;
using CsCheck;
using DataTools.Data;

namespace DataTools.Tests.Data;

public class FastTextTests
{
    private static readonly Gen<string> Number = Gen.String[Gen.Char["0123456789-."], 0, 22];

    private static readonly Gen<string> Time = Gen.Select(Gen.Int[0, 10000], Gen.Int[0, 13], Gen.Int[0, 32], Gen.Int[0, 25], Gen.Int[0, 61], Gen.Int[0, 61], Gen.OneOf(' ', 'T', '-', '/'))
        .Select(t => $"{t.Item1:D4}-{t.Item2:D2}-{t.Item3:D2}{t.Item7}{t.Item4:D2}:{t.Item5:D2}:{t.Item6:D2}");

    [Fact]
    public void What_a_shortcut_reads_its_type_reads_as_the_same()
    {
        var amount = new DecimalType(18, 2);
        Gen.OneOf<string>(Number, Time).Sample(
            source =>
            {
                var text = Encoding.UTF8.GetBytes(source);
                AssertSame(FastText.TryInt64(text, out var number), number, DataTypes.Int64, text);
                AssertSame(FastText.TryDecimal(text, 2, out var unscaled), unscaled, amount, text);
                AssertSame(FastText.TryTimestamp(text, out var micros), micros, DataTypes.Timestamp, text);
                AssertSame(FastText.TryDate(text, out var days), days, DataTypes.Date, text);
                AssertSame(FastText.TryDate(text.AsSpan(0, Math.Min(10, text.Length)), out days), days, DataTypes.Date, text[..Math.Min(10, text.Length)]);
            },
            iter: 20_000);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-17", -17)]
    [InlineData("999999999999999999", 999999999999999999)]
    public void Usual_numbers_take_the_shortcut(string text, long expected)
    {
        Assert.True(FastText.TryInt64(Encoding.UTF8.GetBytes(text), out var value));
        Assert.Equal(expected, value);
    }

    private static void AssertSame<T>(bool isRead, T value, FixedType<T> type, byte[] text)
        where T : unmanaged
    {
        if (isRead)
        {
            Assert.True(type.TryParse(text, TextRules.Default, out var expected));
            Assert.Equal(expected, value);
        }
    }

    private static void AssertSame(bool isRead, long value, DecimalType type, byte[] text) => AssertSame<Int128>(isRead, value, type, text);
}
