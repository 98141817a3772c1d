using System.Text;
using DataTools.Data;

namespace DataTools.Tests.Data;

public class TypeInferenceTests
{
    [Theory]
    [InlineData("de-DE", "decimal(18,2)", "1.250,50", "-99,90", "7,25")]
    [InlineData("de-DE", "int64", "1.234.567", "12")]
    [InlineData("de-DE", "date", "01.02.2026", "28.02.2026")]
    [InlineData("de-DE", "text", "01.02.2026", "31.02.2026")]
    [InlineData("de-DE", "text", "00501", "12345")]
    [InlineData("de-DE", "text", "1.5", "12")]
    [InlineData("en-US", "text", "1,2,3", "12")]
    [InlineData("en-IN", "int64", "12,34,567", "1,234")]
    [InlineData("fr-FR", "decimal(18,2)", "1 250,50", "1\u00A0250,50", "1\u202F250,50")]
    [InlineData("fr-FR", "text", "12.50", "13.50")]
    public void With_a_culture_numbers_are_only_what_it_writes(string culture, string expected, params string[] values)
    {
        var inference = new TypeInference(new TextRules { Culture = System.Globalization.CultureInfo.GetCultureInfo(culture) });
        foreach (var value in values)
        {
            inference.Observe(Encoding.UTF8.GetBytes(value));
        }

        Assert.Equal(expected, inference.Result().Name);
    }

    [Theory]
    [InlineData("int64", "1", "-5", "0", "9223372036854775807")]
    [InlineData("text", "00501", "12345")]
    [InlineData("text", "+1", "2")]
    [InlineData("text", "1E5", "2E6")]
    [InlineData("double", "1e+20", "2")]
    [InlineData("text", "1e-10", "1234567890123456789012345678.0123456789")]
    [InlineData("double", "NaN", "0.1234567890123456")]
    [InlineData("double", "1.5", "2.25", "3")]
    [InlineData("decimal(18,2)", "12.50", "3.25", "-7.00")]
    [InlineData("decimal(38,0)", "9223372036854775808", "1")]
    [InlineData("text", "123456789012345678901234567890123456789", "1")]
    [InlineData("text", "1/2/2026", "3/4/2026")]
    [InlineData("date", "2026-01-02", "0001-01-01", "9999-12-31")]
    [InlineData("text", "2026-02-30", "2026-01-01")]
    [InlineData("timestamp", "2026-01-02 03:04:05", "2026-01-02T03:04:05.123456")]
    [InlineData("timestamptz", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05+02:00")]
    [InlineData("text", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05")]
    [InlineData("text", "2026-01-02T03:04:05.1234567", "2026-01-02T03:04:05")]
    [InlineData("time", "03:04:05", "23:59:59.5")]
    [InlineData("bool", "true", "FALSE")]
    [InlineData("uuid", "6f9619ff-8b86-d011-b42d-00c04fc964ff", "6F9619FF-8B86-D011-B42D-00C04FC964FF")]
    [InlineData("text", "NaN", "NaN")]
    [InlineData("double", "NaN", "1.5")]
    [InlineData("text")]
    public void A_column_gets_the_type_that_loses_nothing(string expected, params string[] values)
    {
        var inference = new TypeInference(TextRules.Default);
        foreach (var value in values)
        {
            inference.Observe(Encoding.UTF8.GetBytes(value));
        }

        Assert.Equal(expected, inference.Result().Name);
    }
}
