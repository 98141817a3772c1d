using System.Globalization;
using CsCheck;
using DataTools.Data;
using DataTools.Module.Expressions;

namespace DataTools.Tests.Expressions;

/// <summary>Whatever the values, the column path gives what PowerShell gives row by row.</summary>
public class ColumnExpressionPropertyTests
{
    /// <summary>The cultures, and how many batches each expression gets.</summary>
    public static TheoryData<string, int> Cultures => new() { { "", 3 }, { "tr-TR", 1 }, { "de-DE", 1 } };

    [Theory]
    [MemberData(nameof(Cultures))]
    public void Expressions_give_the_rows_and_values_that_PowerShell_gives(string culture, int batches)
    {
        using var engine = new Engine(culture);
        ExpressionCases.SetVariables(engine);
        var failures = new List<string>();
        foreach (var expression in ExpressionCases.All)
        {
            try
            {
                Check(engine, expression, batches);
            }
            catch (Exception failure)
            {
                failures.Add($"{expression}: {failure.Message.Split("seed")[0]}\n{failure.InnerException?.Message}");
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    private static void Check(Engine engine, string expression, int batches)
    {
        var columns = engine.Compile(expression, Samples.Schema);
        var rows = engine.CompileRows(expression, Samples.Schema);
        Assert.True(columns.IsColumnar || (CultureInfo.CurrentCulture.Name == "tr-TR" && ExpressionCases.DependsOnCase(expression)), columns.WhyNot);
        Samples.Batches.Sample(
            batch =>
            {
                var (selectFailures, rowSelectFailures) = (new List<string>(), new List<string>());
                Assert.Equal(rows.Select(batch, Log(rowSelectFailures)), columns.Select(batch, Log(selectFailures)));
                Assert.Equal(rowSelectFailures, selectFailures);
                var (failures, rowFailures) = (new List<string>(), new List<string>());
                Assert.Equal(Values(rows.Compute(batch, null, Log(rowFailures))), Values(columns.Compute(batch, null, Log(failures))));
                Assert.Equal(rowFailures, failures);
            },
            iter: batches,
            threads: 1);
    }

    private static ColumnExpression.Failure Log(List<string> failures) => (row, value, reason) => failures.Add($"{row}: {value} {reason}");

    /// <summary>The values; the type of a column without any is not decided by them.</summary>
    private static List<object?> Values(DataTools.Expressions.ComputedColumn column)
    {
        var values = Enumerable.Range(0, column.Values.Length).Select(row => column.Type.GetValueOrNull(column.Values, row)).ToList();
        return values.TrueForAll(v => v is null) ? values : [column.Type.Name, .. values];
    }
}
