using DataTools.Expressions;

namespace DataTools.Module.Expressions;

/// <summary>Properties of texts and of points in time. That of null is left to PowerShell: it depends on strict mode.</summary>
internal static class Members
{
    /// <summary>The properties by the type that has them.</summary>
    public static readonly IReadOnlyDictionary<(Type Type, string Name), Func<Expr, Expr>> Properties = Build();

    /// <summary>The property of a value, or null where it has no column form.</summary>
    public static Expr? Property(Expr owner, string name) =>
        Properties.TryGetValue((owner.Type, name.ToUpperInvariant()), out var build) ? build(owner) : null;

    private static Dictionary<(Type, string), Func<Expr, Expr>> Build()
    {
        var all = new Dictionary<(Type, string), Func<Expr, Expr>>();
        Add<string, int>(("Length", static v => v.Length));
        Add<DateTime, int>(
            ("Year", static v => v.Year), ("Month", static v => v.Month), ("Day", static v => v.Day), ("Hour", static v => v.Hour),
            ("Minute", static v => v.Minute), ("Second", static v => v.Second), ("Millisecond", static v => v.Millisecond), ("DayOfYear", static v => v.DayOfYear));
        Add<DateTime, DateTime>(("Date", static v => v.Date));
        Add<DateTime, TimeSpan>(("TimeOfDay", static v => v.TimeOfDay));
        Add<DateTime, DayOfWeek>(("DayOfWeek", static v => v.DayOfWeek));
        Add<DateTime, long>(("Ticks", static v => v.Ticks));
        Add<DateOnly, int>(
            ("Year", static v => v.Year), ("Month", static v => v.Month), ("Day", static v => v.Day), ("DayOfYear", static v => v.DayOfYear),
            ("DayNumber", static v => v.DayNumber));
        Add<DateOnly, DayOfWeek>(("DayOfWeek", static v => v.DayOfWeek));
        Add<TimeOnly, int>(
            ("Hour", static v => v.Hour), ("Minute", static v => v.Minute), ("Second", static v => v.Second), ("Millisecond", static v => v.Millisecond));
        Add<TimeSpan, int>(
            ("Days", static v => v.Days), ("Hours", static v => v.Hours), ("Minutes", static v => v.Minutes), ("Seconds", static v => v.Seconds),
            ("Milliseconds", static v => v.Milliseconds));
        Add<TimeSpan, double>(
            ("TotalDays", static v => v.TotalDays), ("TotalHours", static v => v.TotalHours), ("TotalMinutes", static v => v.TotalMinutes),
            ("TotalSeconds", static v => v.TotalSeconds), ("TotalMilliseconds", static v => v.TotalMilliseconds));
        return all;

        void Add<T, TOut>(params (string Name, Func<T, TOut> Read)[] properties)
        {
            foreach (var (name, read) in properties)
            {
                all.Add((typeof(T), name.ToUpperInvariant()), owner => new MapExpr<T, TOut>((Expr<T>)owner, read, Nulls.Undecided));
            }
        }
    }
}
