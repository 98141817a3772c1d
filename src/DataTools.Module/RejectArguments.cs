using System.Globalization;
using DataTools.Errors;

namespace DataTools.Module;

/// <summary>The parameters -MaxErrors and -RejectPath.</summary>
internal static class RejectArguments
{
    public static RejectLog MakeLog(string? maxErrors, string? rejectPath, bool readsAgain = false)
    {
        var policy = new RejectPolicy { Path = rejectPath, CountsOnce = readsAgain };
        if (maxErrors is null)
        {
            return rejectPath is null
                ? new RejectLog(policy)
                : throw DataErrors.InvalidOption("-RejectPath needs -MaxErrors, which says how many bad rows may go there.");
        }

        if (maxErrors.EndsWith('%') && double.TryParse(maxErrors[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share <= 100)
        {
            return new RejectLog(policy with { MaxErrorRatio = share / 100 });
        }

        return long.TryParse(maxErrors, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? new RejectLog(policy with { MaxErrors = count })
            : throw DataErrors.InvalidOption($"-MaxErrors is '{maxErrors}'; it takes a number such as 100 or a share such as 1%.");
    }

    /// <summary>A warning always says how many rows were rejected.</summary>
    public static void Tell(RejectLog rejects, Action<string> warn)
    {
        if (rejects.Count > 0)
        {
            var count = rejects.Count == 1 ? "1 row was" : $"{rejects.Count} rows were";
            warn(rejects.Path is null ? $"{count} rejected." : $"{count} rejected; see '{rejects.Path}'.");
        }
    }
}
