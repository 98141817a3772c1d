using System.Diagnostics;
using DataTools.Errors;

namespace DataTools.Migrations;

/// <summary>Small migrations that follow each other are sent together, for most of their time would go by on the way.</summary>
public sealed partial class MigrationEngine
{
    private const int MostAtOnce = 64;

    /// <summary>Nothing joins a group whose texts have more characters.</summary>
    private const int MostText = 1 << 20;

    /// <summary>While an exchange with the server takes no longer, the next may be twice as large: what is done is told soon, and what takes long goes alone.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    private IEnumerable<MigrationInfo> RunAll(MigrationPlan plan, RunnerLock held, IEnumerable<(MigrationInfo Info, MigrationRecord Record)> migrations, CancellationToken cancellation)
    {
        var pending = new Queue<(MigrationInfo Info, MigrationRecord Record)>(migrations);
        var runner = new StepRunner(target, held, options, cancellation);
        for (var most = 1; pending.Count > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            var watch = new Stopwatch();
            var group = most > 1 ? TakeGroup(plan, runner, pending, most) : [];
            if (group.Count == 0 && pending.TryDequeue(out var next))
            {
                if (Timed(watch, () => RunPhases(plan, held, next.Info, next.Record, cancellation)) is not { } done)
                {
                    break;
                }

                yield return done;
            }

            foreach (var done in RunGroup(runner, group, watch))
            {
                yield return done;
            }

            most = runner.MayJoin && watch.Elapsed <= Soon ? Math.Min(most * 2, MostAtOnce) : 1;
        }
    }

    /// <summary>Runs migrations together, and those that are left by this each by itself.</summary>
    private static IEnumerable<MigrationInfo> RunGroup(StepRunner runner, List<(MigrationInfo Info, MigrationStep Step)> group, Stopwatch watch)
    {
        var together = group.Count > 1 ? Timed(watch, () => runner.RunAtOnce([.. group.Select(g => g.Step)])) : [];
        for (var i = 0; i < group.Count; i++)
        {
            yield return Told(group[i].Info, i < together.Count ? together[i] : Timed(watch, () => runner.Run(group[i].Step)));
        }
    }

    private static T Timed<T>(Stopwatch watch, Func<T> action)
    {
        watch.Start();
        var result = action();
        watch.Stop();
        return result;
    }

    /// <summary>Takes the next migrations that may be sent together; none where the next one goes by itself. Where the run is to end behind them, nothing is pending any more.</summary>
    private List<(MigrationInfo Info, MigrationStep Step)> TakeGroup(MigrationPlan plan, StepRunner runner, Queue<(MigrationInfo Info, MigrationRecord Record)> pending, int most)
    {
        var group = new List<(MigrationInfo Info, MigrationStep Step)>();
        while (group.Count < most && pending.TryPeek(out var next) && StepToJoin(plan, runner, next.Info, next.Record, group) is { } step)
        {
            if (!options.Confirm(step))
            {
                pending.Clear();
                break;
            }

            pending.Dequeue();
            group.Add((next.Info, step));
        }

        return group;
    }

    /// <summary>The only step of a migration that may be sent together with those of a group; null where it may not, or is wrong, which is told when it is its turn.</summary>
    private MigrationStep? StepToJoin(MigrationPlan plan, StepRunner runner, MigrationInfo info, MigrationRecord record, List<(MigrationInfo Info, MigrationStep Step)> group)
    {
        if (info.File!.IsPhased(target.Database) || info.File.Find(SectionKind.Check, target.Database) is not null || group.Sum(g => g.Step.Text.Length) > MostText)
        {
            return null;
        }

        try
        {
            var step = plan.Step(info, SectionKind.Up, RecordState.Applied, record);
            return runner.CanJoin(step, group.Count == 0 ? null : group[0].Step) ? step : null;
        }
        catch (DataException) when (group.Count > 0)
        {
            return null;
        }
    }
}
