using System.Management.Automation;
using Apache.Arrow;
using DataTools.Data;
using DataTools.Module.Expressions;
using DataTools.Module.Records;
using DataTools.Validation.Quality;

namespace DataTools.Module.Quality;

/// <summary>Tests rules on batches as they come.</summary>
internal sealed class StreamedTests
{
    private readonly string _source;
    private readonly List<(string Rule, string? Column, RowTest Test)> _tests;
    private long _rows;

    public StreamedTests(QualityRules rules, Schema schema, string source, int examples, Func<string, string, IBatchReader> open, PSCmdlet cmdlet, CancellationToken cancellation)
    {
        _source = source;
        _tests =
        [
            .. rules.Rules.Select(r => (r.Describe(), (string?)r.ColumnText, RowTests.For(r, schema, source, examples, open, cancellation))),
            .. rules.Expressions.Select(e => (e.Name, (string?)null, (RowTest)new ExpressionTest(e, schema, examples, cmdlet))),
        ];
    }

    public void Add(RecordBatch batch)
    {
        _rows += batch.Length;
        _tests.ForEach(t => t.Test.Add(batch));
    }

    public IEnumerable<QualityResult> Complete()
    {
        foreach (var (rule, column, test) in _tests)
        {
            test.Complete();
            yield return new QualityResult(_source, rule, column, test.Failed == 0, _rows, test.Failed, test.Examples);
        }
    }

    /// <summary>Tests an expression; a row on which it fails does not satisfy it.</summary>
    private sealed class ExpressionTest : RowTest
    {
        private readonly ColumnExpression _expression;

        public ExpressionTest(QualityExpression expression, Schema schema, int examples, PSCmdlet cmdlet)
            : base(examples)
        {
            _expression = ColumnExpression.Compile(expression.Script, schema, cmdlet.SessionState.PSVariable.Get, RecordRows.Rows());
            cmdlet.WriteVerbose(_expression.Describe(expression.Name));
        }

        public override void Add(RecordBatch batch)
        {
            var selection = _expression.Select(batch, (_, _, _) => { });
            for (var row = 0; row < batch.Length; row++)
            {
                if (!selection[row])
                {
                    var at = row;
                    Fail(() => batch.RowText(at));
                }
            }
        }
    }
}
