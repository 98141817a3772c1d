using System.Globalization;
using Apache.Arrow;
using CsCheck;
using DataTools.Data;
using DataTools.Expressions;
using DataTools.Module.Expressions;

namespace DataTools.Tests.Expressions;

public class ColumnExpressionTests
{
    private static readonly Schema Schema = new([DataTypes.Int64.ToField("a"), DataTypes.Int64.ToField("b"), DataTypes.Text.ToField("s"), new DecimalType(18, 2).ToField("m")], null);

    [Fact]
    public void Verbose_says_that_an_expression_runs_on_columns()
    {
        using var engine = new Engine();
        Assert.Equal("-Where runs on columns: { $_.a -gt 5 }", engine.Compile(" $_.a -gt 5 ", Schema).Describe("-Where"));
    }

    [Theory]
    [InlineData("Get-Date", "'Get-Date' is a command")]
    [InlineData("$_.a; $_.b", "it is more than one expression")]
    [InlineData("param($x) $_.a", "it is more than one expression")]
    [InlineData("trap { continue } $_.a", "it is more than one expression")]
    [InlineData("$_.nosuch -eq 1", "there is no column 'nosuch'")]
    [InlineData("$_.a -eq $nosuch", "'$nosuch' has no column form")]
    [InlineData("$_.a -gt [datetime]::Now", "'[datetime]::Now' has no column form")]
    [InlineData("$_.s -match 'a' -and $Matches[0]", "'$Matches[0]' has no column form")]
    [InlineData("$_.a -lt 'abc'", "'$_.a -lt 'abc'' has no column form")]
    [InlineData("$_.s.Normalize()", "'$_.s.Normalize()' has no column form")]
    [InlineData("$_.s?.Length", "'$_.s?.Length' has no column form")]
    [InlineData("$_.s -match '('", "'(' is no regular expression")]
    [InlineData("($global:x = $_.a)", "'$global:x = $_.a' is a command")]
    public void Verbose_says_why_an_expression_runs_row_by_row(string expression, string why)
    {
        using var engine = new Engine();
        var compiled = engine.Compile(expression, Schema);
        Assert.False(compiled.IsColumnar);
        Assert.Equal($"-Add runs row by row through PowerShell because {why}: {{{expression}}}", compiled.Describe("-Add"));
    }

    [Theory]
    [InlineData("uint64", "ul")]
    [InlineData("list<int64>", "list")]
    public void Columns_without_a_typed_form_run_row_by_row(string type, string column)
    {
        using var engine = new Engine();
        var compiled = engine.Compile($"$_.{column} -eq 5", Samples.Schema);
        Assert.Equal($"the column '{column}' is of type {type}", compiled.WhyNot);
    }

    [Fact]
    public void A_name_that_two_columns_have_in_different_case_runs_row_by_row()
    {
        using var engine = new Engine();
        var schema = new Schema([DataTypes.Int64.ToField("a"), DataTypes.Int64.ToField("A")], null);
        Assert.Equal("there are several columns 'a'", engine.Compile("$_.a", schema).WhyNot);
    }

    [Fact]
    public void Variables_have_the_value_of_the_start()
    {
        using var engine = new Engine();
        engine.Set("limit", 1);
        var compiled = engine.Compile("$_.a -gt $limit", Schema);
        engine.Set("limit", 100);
        Assert.Equal([false, true], compiled.Select(Batch((1L, 0L, "", 0m), (2L, 0L, "", 0m)), Fail));
    }

    [Theory]
    [InlineData("$_.b / $_.a -gt 2")]
    [InlineData("& { $_.b / $_.a -gt 2 }")]
    public void A_row_that_fails_is_reported_and_not_selected(string expression)
    {
        using var engine = new Engine();
        var reported = new List<string>();
        var selection = engine.Compile(expression, Schema).Select(
            Batch((1L, 5L, "", 0m), (0L, 5L, "", 0m), (2L, 5L, "", 0m)), (row, _, reason) => reported.Add($"{row} {reason}"));
        Assert.Equal([true, false, true], selection);
        Assert.Equal(["1 fails in the expression: Attempted to divide by zero"], reported);
    }

    [Fact]
    public void A_side_that_does_not_count_does_not_fail()
    {
        using var engine = new Engine();
        var compiled = engine.Compile("$_.a -ne 0 -and $_.b / $_.a -gt 2", Schema);
        Assert.Equal([false, true], compiled.Select(Batch((0L, 5L, "", 0m), (2L, 5L, "", 0m)), Fail));
    }

    [Theory]
    [InlineData("$_.a + $_.b", "int64")]
    [InlineData("$_.a / $_.b", "double")]
    [InlineData("$_.m * 2", "decimal(28,2)")]
    [InlineData("$_.m", "decimal(18,2)")]
    [InlineData("$_.s.Length", "int64")]
    [InlineData("$_.a -gt 1", "bool")]
    [InlineData("if ($_.a -gt 1) { 'many' } else { $_.a }", "text")]
    [InlineData("[datetime]'2020-01-01'", "timestamp")]
    [InlineData(",($_.s -split ',')", "list<text>")]
    public void The_first_batch_decides_the_type_of_a_column(string expression, string type)
    {
        using var engine = new Engine();
        var column = engine.Compile(expression, Schema).Compute(Batch((1L, 2L, "a,b", 0.5m), (4L, 2L, "c", 1m)), null, Fail);
        Assert.Equal(type, column.Type.Name);
        Assert.Equal(2, column.Values.Length);
    }

    [Theory]
    [InlineData("$_.a / $_.b")]
    [InlineData("& { $_.a / $_.b }")]
    public void A_later_value_that_does_not_fit_the_column_is_reported(string expression)
    {
        using var engine = new Engine();
        var compiled = engine.Compile(expression, Schema);
        var first = compiled.Compute(Batch((4L, 2L, "", 0m)), null, Fail);
        var reported = new List<string>();
        var later = compiled.Compute(
            Batch((1L, 2L, "", 0m), (6L, 2L, "", 0m)), first.Type, (row, value, reason) => reported.Add(string.Create(CultureInfo.InvariantCulture, $"{row} {value} {reason}")));
        Assert.Equal("int64", later.Type.Name);
        Assert.True(later.Values.IsNull(0));
        Assert.Equal(3L, later.Type.GetValue(later.Values, 1));
        Assert.Equal(["0 0.5 does not fit the type int64 of the column"], reported);
    }

    [Fact]
    public void Many_digits_behind_the_point_leave_room_before_it() =>
        Assert.Equal("decimal(38,28)", WidestType.Of([10m / 3, 12345m]).Name);

    [Fact]
    public void Printable_ASCII_texts_collate_as_equal_only_when_they_are_but_for_case()
    {
        for (var a = ' '; a <= '~'; a++)
        {
            for (var b = ' '; b <= '~'; b++)
            {
                var (left, right) = ($"x{a}y", $"x{b}y");
                Assert.Equal(left.Equals(right, StringComparison.OrdinalIgnoreCase), Collation.Compare(left, right, ignoreCase: true) == 0);
                Assert.Equal(a == b, Collation.Compare(left, right, ignoreCase: false) == 0);
            }
        }
    }

    [Theory]
    [InlineData("$_.m -gt 100", 0, 100, false)]
    [InlineData("$_.m -gt 100", 0, 101, true)]
    [InlineData("$_.m -lt 5", 10, 20, true)]
    [InlineData("$_.m -lt -5", 10, 20, false)]
    [InlineData("$_.m -eq 12.5", 12, 13, true)]
    [InlineData("$_.m -eq 12.5", 13, 14, false)]
    [InlineData("$_.m -in 1,2", 3, 4, false)]
    [InlineData("-not ($_.m -gt 5)", 6, 7, true)]
    [InlineData("-not ($_.m -lt 5)", 0, 4, false)]
    [InlineData("$_.m -gt 5 -and $_.m -lt 3", 4, 9, true)]
    [InlineData("$_.m -gt 5 -and $_.m -gt 30", 4, 9, false)]
    [InlineData("$_.m -gt 15 -or $_.m -gt 30", 4, 9, false)]
    [InlineData("$_.m -gt 15 -or $_.s -eq 'a'", 4, 9, true)]
    [InlineData("$_.m -gt 15 -and $_.s -eq 'a'", 4, 9, false)]
    [InlineData("& { $_.m -gt 15 }", 4, 9, true)]
    public void Ranges_rule_out_rows_only_where_none_can_match(string expression, int min, int max, bool may)
    {
        using var engine = new Engine();
        Assert.Equal(may, engine.Compile(expression, Schema).MayMatch(name => name == "m" ? ((decimal)min, (decimal)max) : null));
    }

    [Fact]
    public void The_columns_whose_ranges_help_are_known()
    {
        using var engine = new Engine();
        Assert.Equal(["m", "a"], engine.Compile("$_.m -gt 5 -and ($_.a -eq 2 -or $_.s -eq 'a')", Schema).Columns);
    }

    [Fact]
    public void Ranges_never_rule_out_a_row_that_matches()
    {
        using var engine = new Engine();
        ExpressionCases.SetVariables(engine);
        var compiled = ExpressionCases.Conditions.Select(e => (Text: e, Compiled: engine.Compile(e, Samples.Schema))).Where(c => c.Compiled.Columns.Count > 0).ToList();
        Assert.True(compiled.Count > 50);
        Samples.Batches.Sample(
            batch =>
            {
                foreach (var (text, expression) in compiled)
                {
                    if (!expression.MayMatch(name => Range(batch, name)))
                    {
                        Assert.False(expression.Select(batch, (_, _, _) => { }).Contains(true), text);
                    }
                }
            },
            iter: 50,
            threads: 1);
    }

    private static (object Min, object Max)? Range(RecordBatch batch, string name)
    {
        var index = Samples.Schema.GetFieldIndex(name);
        var type = DataTypes.Of(Samples.Schema.FieldsList[index]);
        var values = Enumerable.Range(0, batch.Length)
            .Select(row => type.GetValueOrNull(batch.Column(index), row))
            .Where(v => v is not (null or double.NaN or float.NaN))
            .Order()
            .ToList();
        return values.Count == 0 ? null : (values[0]!, values[^1]!);
    }

    private static void Fail(int row, object? value, string reason) => Assert.Fail($"{row} {value} {reason}");

    private static RecordBatch Batch(params (long A, long B, string S, decimal M)[] rows)
    {
        var builder = new BatchBuilder(Schema);
        foreach (var (a, b, s, m) in rows)
        {
            Assert.True(builder.Columns[0].TryAppend(a) && builder.Columns[1].TryAppend(b) && builder.Columns[2].TryAppend(s) && builder.Columns[3].TryAppend(m));
            builder.EndRow();
        }

        return builder.Finish();
    }
}
