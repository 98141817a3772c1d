using System.Diagnostics;

namespace DataTools.Migrations;

/// <summary>Steps that are sent whole, and several together.</summary>
internal sealed partial class StepRunner
{
    /// <summary>Whether any steps may be sent together: nobody is asked in between, and no time is set for each.</summary>
    public bool MayJoin => RunsAtOnce && !options.IsAsking && target.Session.Address.CommandTimeout is null;

    private bool RunsAtOnce => target.RunsAtOnce && held.Proof is not null;

    /// <summary>Whether a step may be sent together with another one, or be the first of some: nothing has to be looked at in between.</summary>
    public bool CanJoin(MigrationStep step, MigrationStep? other)
    {
        var places = step.Statements.Select(s => Place(step, s)).ToList();
        return (other is null || LimitOf(step) == LimitOf(other)) && IsSentWhole(step, places) && IsOneTransaction(step, places) && !ChangesSettings(step);
    }

    /// <summary>
    /// Runs steps in one exchange with the server, and gives the rows of those that are done. None is done of a step that failed and of those behind it: statement by statement it
    /// will be found which it was.
    /// </summary>
    public IReadOnlyList<MigrationRecord> RunAtOnce(IReadOnlyList<MigrationStep> steps)
    {
        var watch = Stopwatch.StartNew();
        target.LimitLocks(LimitOf(steps[0]), cancellation);
        var more = steps.Count > 1 ? $" and {steps.Count - 1} more" : "";
        options.Report(new MigrationProgress($"{steps[0].File.Id} {steps[0].File.Name}{more}", 1, steps[0].Statements.Count, 0, null));
        return target.RunAtOnce([.. steps.Select(s => new StepAtOnce(s.Statements.Select(t => t.Text).Prepend(held.Proof!), Done(s, Begun(s), watch), s.IsNew))], cancellation);
    }

    private bool IsSentWhole(MigrationStep step, List<StatementPlace> places) =>
        RunsAtOnce && step.File.Language == MigrationLanguage.Sql && step.Verify.Count == 0 && places.TrueForAll(p => p == StatementPlace.Inside);
}
