using System.Globalization;
using System.Numerics;
using System.Text;
using CsCheck;
using DataTools.Data;

namespace DataTools.Tests.Data;

public class FastFormatTests
{
    private static readonly Gen<double> Doubles = Gen.OneOf(
        Gen.Double,
        Gen.Select(Gen.Long[-10_000_000_000, 10_000_000_000], Gen.Int[0, 6]).Select(t => t.Item1 / Math.Pow(10, t.Item2)),
        Gen.Select(Gen.Long[-100_000_000_000_000, 100_000_000_000_000], Gen.Int[0, 8]).Select(t => Math.BitIncrement(t.Item1 / Math.Pow(10, t.Item2))));

    [Fact]
    public void A_double_by_the_shortcut_is_what_the_framework_writes() =>
        Doubles.Sample(
            value =>
            {
                Span<byte> room = stackalloc byte[64];
                if (FastFormat.TryDouble(value, room, out var written))
                {
                    Assert.Equal(value.ToString(CultureInfo.InvariantCulture), Encoding.ASCII.GetString(room[..written]));
                }
            },
            iter: 100_000);

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(-12.5, "-12.5")]
    [InlineData(100.05, "100.05")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(9999999999.9999, "9999999999.9999")]
    public void Usual_doubles_take_the_shortcut(double value, string expected)
    {
        Span<byte> room = stackalloc byte[64];
        Assert.True(FastFormat.TryDouble(value, room, out var written));
        Assert.Equal(expected, Encoding.ASCII.GetString(room[..written]));
    }

    [Theory]
    [InlineData(-0.0)]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(1e10)]
    [InlineData(0.1 + 0.2)]
    public void Others_are_left_to_the_framework(double value) => Assert.False(FastFormat.TryDouble(value, new byte[64], out _));

    [Fact]
    public void A_scaled_number_has_all_of_its_decimals() =>
        Gen.Select(Gen.ULong, Gen.Int[0, 18], Gen.Bool).Sample(
            t =>
            {
                var (unscaled, scale, negative) = t;
                Span<byte> room = stackalloc byte[64];
                var power = BigInteger.Pow(10, scale);
                var digits = ((BigInteger)unscaled % power).ToString(CultureInfo.InvariantCulture).PadLeft(scale, '0');
                var expected = (negative ? "-" : "") + ((BigInteger)unscaled / power) + (scale == 0 ? "" : "." + digits);
                Assert.Equal(expected, Encoding.ASCII.GetString(room[..FastFormat.WriteScaled(unscaled, scale, negative, room)]));
            },
            iter: 20_000);
}
