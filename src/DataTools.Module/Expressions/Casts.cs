using System.Globalization;
using System.Management.Automation;
using DataTools.Expressions;

namespace DataTools.Module.Expressions;

/// <summary>Conversions: casts, texts, truth.</summary>
internal static class Casts
{
    /// <summary>The value converted as a cast does it, or null where the type is none that a column holds.</summary>
    public static Expr? To(Type type, Expr operand) =>
        type == typeof(int) ? Cast<int>(operand)
        : type == typeof(long) ? Cast<long>(operand)
        : type == typeof(double) ? Cast<double>(operand)
        : type == typeof(decimal) ? Cast<decimal>(operand)
        : type == typeof(bool) ? Truth(operand)
        : type == typeof(string) ? ToText(operand, Nulls.Pass)
        : ToTemporal(type, operand);

    /// <summary>The value's text.</summary>
    public static Expr<string> ToText(Expr operand, Nulls nulls) =>
        operand is Expr<string> same && nulls == Nulls.Keep ? same : new ApplyExpr<string>([Plain(operand)], static a => Numbers.TextOf(a[0]), nulls);

    /// <summary>Whether the value counts as true: neither null, nor false, nor zero, nor an empty text.</summary>
    public static Expr<bool> Truth(Expr operand) => operand switch
    {
        Expr<bool> flag => new MapExpr<bool, bool>(flag, static v => v, Nulls.Pass),
        Expr<string> text => new MapExpr<string, bool>(text, static v => !string.IsNullOrEmpty(v), Nulls.Pass),
        Expr<int> number => new MapExpr<int, bool>(number, static v => v != 0, Nulls.Pass),
        Expr<long> number => new MapExpr<long, bool>(number, static v => v != 0, Nulls.Pass),
        Expr<float> number => new MapExpr<float, bool>(number, static v => v != 0, Nulls.Pass),
        Expr<double> number => new MapExpr<double, bool>(number, static v => v != 0, Nulls.Pass),
        Expr<decimal> number => new MapExpr<decimal, bool>(number, static v => v != 0, Nulls.Pass),
        _ => new ApplyExpr<bool>([Plain(operand)], static a => LanguagePrimitives.IsTrue(a[0]), Nulls.Pass),
    };

    /// <summary>A condition as it is, where it has no nulls.</summary>
    public static Expr<bool> Condition(Expr operand) => operand is Expr<bool> flag and ICondition ? flag : Truth(operand);

    /// <summary>A quotient as the number that it is.</summary>
    public static Expr Plain(Expr operand) =>
        operand is Expr<Quotient> quotient ? new MapExpr<Quotient, object>(quotient, static v => v.ToObject(), Nulls.Keep) : operand;

    private static Expr? ToTemporal(Type type, Expr operand) =>
        type == typeof(DateTime) ? Cast<DateTime>(operand)
        : type == typeof(DateOnly) ? Cast<DateOnly>(operand)
        : type == typeof(TimeOnly) ? Cast<TimeOnly>(operand)
        : type == typeof(TimeSpan) ? Cast<TimeSpan>(operand)
        : type == typeof(Guid) ? Cast<Guid>(operand)
        : null;

    /// <summary>Null is zero as a number, and an error as anything else.</summary>
    private static ApplyExpr<T> Cast<T>(Expr operand) => new(
        [Plain(operand)],
        static a => LanguagePrimitives.ConvertTo(a[0], typeof(T), CultureInfo.InvariantCulture),
        typeof(T).IsPrimitive || typeof(T) == typeof(decimal) ? Nulls.Pass : Nulls.Undecided);
}
