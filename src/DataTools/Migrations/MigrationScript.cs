using System.Text;
using DataTools.Errors;

namespace DataTools.Migrations;

/// <summary>Writes what a run would do as a script for the database's own client, the rows of the history included.</summary>
public sealed partial class MigrationEngine
{
    /// <summary>The script of <see cref="Invoke"/>.</summary>
    public string Script(string? to, CancellationToken cancellation)
    {
        var set = MigrationSet.Read(target, files, cancellation);
        var plan = new MigrationPlan(target, set, options);
        var script = new ScriptWriter(target, options);
        if (!set.HasHistory)
        {
            script.Statement(target.CreateHistory);
        }

        var position = set.NextPosition;
        foreach (var info in plan.Up(to))
        {
            var record = NewRecord(info, position++, set.NextBatch);
            var isNew = info.Record is null;
            foreach (var phase in PhasesOf(info))
            {
                var step = plan.Step(info, phase, info.File!.IsPhased(target.Database) ? RecordState.Expanded : RecordState.Applied, record);
                script.Step(step with { IsNew = isNew });
                isNew = false;
            }
        }

        return script.Text;
    }

    /// <summary>The script of <see cref="Undo"/>.</summary>
    public string ScriptUndo(string? to, int steps, CancellationToken cancellation)
    {
        var script = new ScriptWriter(target, options);
        foreach (var step in PlanUndo(to, steps, cancellation))
        {
            script.Step(step);
        }

        return script.Text;
    }

    private sealed class ScriptWriter(MigrationTarget target, MigrationRunOptions options)
    {
        private readonly StringBuilder _text = new(target.ScriptComment($"Written by DataTools {StepRunner.ToolVersion} for {target.Session.Address}")
            + (target.ScriptEncoding is { } encoding ? target.ScriptStatement(encoding) : ""));

        public string Text => _text.ToString();

        public void Statement(string statement) => _text.Append(target.ScriptStatement(statement));

        public void Step(MigrationStep step)
        {
            var file = step.File;
            if (file.Language == MigrationLanguage.PowerShell)
            {
                throw DataErrors.InvalidOption($"{file.FileName} is a script of PowerShell, which cannot be written as statements.");
            }

            if (target.ScriptComment($"{file.FileName} ({step.Kind})") is { Length: > 0 } comment)
            {
                _text.Append('\n').Append(comment);
            }

            foreach (var limit in target.LimitLocksText(file.Options.LockTimeout ?? options.LockTimeout))
            {
                Statement(limit);
            }

            var places = step.Statements.Select(s => target.PlaceOf(s.Text)).ToList();
            if (target.HasTransactions && file.IsTransaction(step.Kind, target.Database) && !places.Contains(StatementPlace.Outside))
            {
                Transaction(step, places.FindIndex(p => p != StatementPlace.Around), places.FindLastIndex(p => p != StatementPlace.Around));
            }
            else
            {
                Range(step, 0, step.Statements.Count);
                Statement(Row(step));
            }
        }

        /// <summary>What stands around the transaction stays there.</summary>
        private void Transaction(MigrationStep step, int first, int last)
        {
            Range(step, 0, first);
            Statement("BEGIN");
            Range(step, Math.Max(first, 0), last + 1);
            Statement(Row(step));
            Statement("COMMIT");
            Range(step, last + 1, step.Statements.Count);
        }

        private void Range(MigrationStep step, int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                Statement(step.Statements[i].Text);
            }
        }

        private string Row(MigrationStep step) => target.SaveText(
            step.Record with
            {
                State = step.Final,
                Phase = step.Kind,
                AppliedAt = DateTime.UtcNow,
                AppliedBy = Environment.UserName,
                Host = Environment.MachineName,
                ToolVersion = StepRunner.ToolVersion,
                StatementsTotal = step.Statements.Count,
                StatementsDone = step.Statements.Count,
                StatementBegun = step.Statements.Count,
                StatementHashes = MigrationChecksum.Of(step.Statements),
                Duration = TimeSpan.Zero,
                Error = null,
                Cursor = null,
            },
            step.IsNew);
    }
}
