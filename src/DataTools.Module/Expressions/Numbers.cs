using System.Globalization;
using System.Management.Automation;
using DataTools.Expressions;

namespace DataTools.Module.Expressions;

/// <summary>Which type two numbers are brought to, and how.</summary>
internal static class Numbers
{
    /// <summary>Whether the type is one of the numbers, the quotient of two integers among them.</summary>
    public static bool IsNumber(Expr expression) => Rank(expression.Type) > 0;

    /// <summary>Whether the type is an integer.</summary>
    public static bool IsInteger(Type type) => Rank(type) is 1 or 2;

    /// <summary>The type in which PowerShell computes with two numbers, none of them a quotient.</summary>
    public static Type Common(Type a, Type b) => Math.Max(Rank(a), Rank(b)) switch
    {
        1 => typeof(int),
        2 => typeof(long),
        5 => typeof(decimal),
        _ => typeof(double),
    };

    /// <summary>An integer as an int64.</summary>
    public static Expr<long> ToLong(Expr expression) => expression switch
    {
        Expr<long> same => same,
        Expr<int> small => Map(small, static v => (long)v),
        _ => throw Unexpected(expression),
    };

    /// <summary>A number as a double.</summary>
    public static Expr<double> ToDouble(Expr expression) => expression switch
    {
        Expr<double> same => same,
        Expr<int> number => Map(number, static v => (double)v),
        Expr<long> number => Map(number, static v => (double)v),
        Expr<float> number => Map(number, static v => (double)v),
        Expr<Quotient> number => Map(number, static v => v.ToDouble()),
        _ => throw Unexpected(expression),
    };

    /// <summary>A number as a decimal; a float that is compared becomes a double first.</summary>
    public static Expr<decimal> ToDecimal(Expr expression, bool floatByDouble) => expression switch
    {
        Expr<decimal> same => same,
        Expr<int> number => Map(number, static v => (decimal)v),
        Expr<long> number => Map(number, static v => (decimal)v),
        Expr<double> number => Map(number, static v => (decimal)v),
        Expr<float> number => Map(number, v => floatByDouble ? (decimal)(double)v : (decimal)v),
        Expr<Quotient> number => Map(number, static v => v.ToDecimal()),
        _ => throw Unexpected(expression),
    };

    /// <summary>A number as a quotient.</summary>
    public static Expr<Quotient> ToQuotient(Expr expression) => expression switch
    {
        Expr<Quotient> same => same,
        Expr<int> number => Map(number, static v => Quotient.Of((long)v)),
        Expr<long> number => Map(number, static v => Quotient.Of(v)),
        _ => Map(ToDouble(expression), static v => Quotient.Of(v)),
    };

    /// <summary>The number that PowerShell takes a text for beside a number, or null.</summary>
    public static object? Parse(string text)
    {
        try
        {
            var result = ScriptBlock.Create("0 + $args[0]").InvokeReturnAsIs(text);
            return result is PSObject wrapped ? wrapped.BaseObject : result;
        }
        catch (RuntimeException)
        {
            return null;
        }
    }

    /// <summary>The text of a value, as PowerShell makes it where it needs one.</summary>
    public static string TextOf(object? value) =>
        value as string ?? (string)LanguagePrimitives.ConvertTo(value, typeof(string), CultureInfo.InvariantCulture);

    private static int Rank(Type type) =>
        type == typeof(int) ? 1
        : type == typeof(long) ? 2
        : type == typeof(float) || type == typeof(Quotient) ? 3
        : type == typeof(double) ? 4
        : type == typeof(decimal) ? 5
        : 0;

    private static MapExpr<TIn, TOut> Map<TIn, TOut>(Expr<TIn> operand, Func<TIn, TOut> map) => new(operand, map, Nulls.Keep);

    private static NotTranslatedException Unexpected(Expr expression) => new($"a {expression.Type.Name} is not translated here");
}
