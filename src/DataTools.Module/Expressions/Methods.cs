using System.Globalization;
using DataTools.Expressions;

namespace DataTools.Module.Expressions;

/// <summary>
/// Methods that are called with arguments of just the types that they take, so that there is but one to choose. One called on null, or with
/// null, is left to PowerShell.
/// </summary>
internal static class Methods
{
    private static readonly Type[] None = [];
    private static readonly Type[] String = [typeof(string)];
    private static readonly Type[] Int = [typeof(int)];
    private static readonly Type[] Double = [typeof(double)];

    /// <summary>The methods by the type that has them; each takes the value and its arguments.</summary>
    public static readonly IReadOnlyList<Method> All =
    [
        Of<string, string>("ToUpper", None, static (s, _) => s.ToUpper(CultureInfo.CurrentCulture)),
        Of<string, string>("ToLower", None, static (s, _) => s.ToLower(CultureInfo.CurrentCulture)),
        Of<string, string>("ToUpperInvariant", None, static (s, _) => s.ToUpperInvariant()),
        Of<string, string>("ToLowerInvariant", None, static (s, _) => s.ToLowerInvariant()),
        Of<string, string>("Trim", None, static (s, _) => s.Trim()),
        Of<string, string>("TrimStart", None, static (s, _) => s.TrimStart()),
        Of<string, string>("TrimEnd", None, static (s, _) => s.TrimEnd()),
        Of<string, string>("Trim", String, static (s, a) => s.Trim(Char(a[1]))),
        Of<string, string>("TrimStart", String, static (s, a) => s.TrimStart(Char(a[1]))),
        Of<string, string>("TrimEnd", String, static (s, a) => s.TrimEnd(Char(a[1]))),
        Of<string, string>("Substring", Int, static (s, a) => s[(int)a[1]!..]),
        Of<string, string>("Substring", [typeof(int), typeof(int)], static (s, a) => s.Substring((int)a[1]!, (int)a[2]!)),
        Of<string, string>("Remove", Int, static (s, a) => s.Remove((int)a[1]!)),
        Of<string, string>("Insert", [typeof(int), typeof(string)], static (s, a) => s.Insert((int)a[1]!, (string)a[2]!)),
        Of<string, string>("Replace", [typeof(string), typeof(string)], static (s, a) => s.Replace((string)a[1]!, (string)a[2]!, StringComparison.Ordinal)),
        Of<string, string>("PadLeft", Int, static (s, a) => s.PadLeft((int)a[1]!)),
        Of<string, string>("PadRight", Int, static (s, a) => s.PadRight((int)a[1]!)),
        Of<string, string>("PadLeft", [typeof(int), typeof(string)], static (s, a) => s.PadLeft((int)a[1]!, Char(a[2]))),
        Of<string, string>("PadRight", [typeof(int), typeof(string)], static (s, a) => s.PadRight((int)a[1]!, Char(a[2]))),
        Of<string, string>("ToString", None, static (s, _) => s),
        Of<string, bool>("StartsWith", String, static (s, a) => s.StartsWith((string)a[1]!, StringComparison.CurrentCulture)),
        Of<string, bool>("EndsWith", String, static (s, a) => s.EndsWith((string)a[1]!, StringComparison.CurrentCulture)),
        Of<string, bool>("Contains", String, static (s, a) => s.Contains((string)a[1]!, StringComparison.Ordinal)),
        Of<string, int>("IndexOf", String, static (s, a) => s.IndexOf((string)a[1]!, StringComparison.CurrentCulture)),
        Of<string, int>("LastIndexOf", String, static (s, a) => s.LastIndexOf((string)a[1]!, StringComparison.CurrentCulture)),
        Of<DateTime, DateTime>("AddDays", Double, static (t, a) => t.AddDays((double)a[1]!)),
        Of<DateTime, DateTime>("AddHours", Double, static (t, a) => t.AddHours((double)a[1]!)),
        Of<DateTime, DateTime>("AddMinutes", Double, static (t, a) => t.AddMinutes((double)a[1]!)),
        Of<DateTime, DateTime>("AddSeconds", Double, static (t, a) => t.AddSeconds((double)a[1]!)),
        Of<DateTime, DateTime>("AddMilliseconds", Double, static (t, a) => t.AddMilliseconds((double)a[1]!)),
        Of<DateTime, DateTime>("AddMonths", Int, static (t, a) => t.AddMonths((int)a[1]!)),
        Of<DateTime, DateTime>("AddYears", Int, static (t, a) => t.AddYears((int)a[1]!)),
        Of<DateOnly, DateOnly>("AddDays", Int, static (t, a) => t.AddDays((int)a[1]!)),
        Of<DateOnly, DateOnly>("AddMonths", Int, static (t, a) => t.AddMonths((int)a[1]!)),
        Of<DateOnly, DateOnly>("AddYears", Int, static (t, a) => t.AddYears((int)a[1]!)),
        .. Formatted<int>(), .. Formatted<long>(), .. Formatted<double>(), .. Formatted<decimal>(), .. Formatted<Guid>(),
        .. Formatted<DateTime>(), .. Formatted<DateOnly>(), .. Formatted<TimeOnly>(), .. Formatted<TimeSpan>(),
    ];

    /// <summary>The call of a method, or null where it has no column form.</summary>
    public static Expr? Call(Expr owner, string name, IReadOnlyList<Expr> arguments)
    {
        foreach (var method in All)
        {
            if (method.Owner == owner.Type && method.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && method.Takes.Count == arguments.Count)
            {
                var converted = arguments.Select((a, i) => Argument(a, method.Takes[i])).ToList();
                return converted.Contains(null) ? null : method.Build([owner, .. converted!]);
            }
        }

        return null;
    }

    /// <summary>One part of a text between separators of one character each.</summary>
    public static Expr<string> SplitPart(Expr owner, char separator, int index) =>
        new ApplyExpr<string>([owner], a => TextOperators.Part(((string)a[0]!).Split(separator), index), Nulls.Undecided);

    private static Expr? Argument(Expr given, Type taken)
    {
        if (taken == typeof(double))
        {
            return given is Expr<int> or Expr<long> or Expr<double> ? Numbers.ToDouble(given) : null;
        }

        return taken == typeof(int) && given is Expr<long> number ? new MapExpr<long, int>(number, static v => checked((int)v), Nulls.Keep)
            : given.Type == taken ? given
            : null;
    }

    private static Method Of<T, TOut>(string name, Type[] takes, Func<T, object?[], object> call) =>
        new(typeof(T), name, takes, all => new ApplyExpr<TOut>(all, a => call((T)a[0]!, a), Nulls.Undecided));

    private static Method[] Formatted<T>()
        where T : IFormattable =>
    [
        Of<T, string>("ToString", None, static (v, _) => v.ToString(null, CultureInfo.CurrentCulture)),
        Of<T, string>("ToString", String, static (v, a) => v.ToString((string)a[1]!, CultureInfo.CurrentCulture)),
    ];

    /// <summary>A text of one character passes as that character; another one chooses another method, or none.</summary>
    private static char Char(object? text) => ((string)text!) is [var single] ? single : throw new InvalidCastException();

    /// <summary>A method: whose, its name, what it takes, and how its call is made from the value and its arguments.</summary>
    internal sealed record Method(Type Owner, string Name, IReadOnlyList<Type> Takes, Func<IReadOnlyList<Expr>, Expr> Build);
}
