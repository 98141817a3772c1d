using DataTools.Expressions;

namespace DataTools.Module.Expressions;

/// <summary>[math] and [string] methods. Null is left to PowerShell, except where the method asks for it.</summary>
internal static class StaticMethods
{
    private static readonly Dictionary<string, (Func<decimal, decimal> Decimal, Func<double, double> Double)> Rounding = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Round"] = (Math.Round, Math.Round),
        ["Floor"] = (Math.Floor, Math.Floor),
        ["Ceiling"] = (Math.Ceiling, Math.Ceiling),
        ["Truncate"] = (Math.Truncate, Math.Truncate),
    };

    /// <summary>The call, or null where it has no column form.</summary>
    public static Expr? Call(Type type, string name, IReadOnlyList<Expr> arguments)
    {
        if (type == typeof(string) && arguments is [Expr<string> text])
        {
            return IsEmpty(name.ToUpperInvariant(), text);
        }

        return type != typeof(Math) ? null : arguments switch
        {
            [var one] when Rounding.TryGetValue(name, out var round) => Round(one, round.Decimal, round.Double),
            [var one, IConstant { Value: int digits }] when name.Equals("Round", StringComparison.OrdinalIgnoreCase) && digits is >= 0 and <= 15 =>
                Round(one, v => Math.Round(v, digits), v => Math.Round(v, digits)),
            [var one] => One(name.ToUpperInvariant(), one),
            [var a, var b] => Two(name.ToUpperInvariant(), a, b),
            _ => null,
        };
    }

    private static MapExpr<string, bool>? IsEmpty(string name, Expr<string> text) => name switch
    {
        "ISNULLOREMPTY" => new(text, static v => string.IsNullOrEmpty(v), Nulls.Pass),
        "ISNULLORWHITESPACE" => new(text, static v => string.IsNullOrWhiteSpace(v), Nulls.Pass),
        _ => null,
    };

    /// <summary>PowerShell rounds an integer as a decimal; so a quotient gives a decimal or a double.</summary>
    private static Expr? Round(Expr operand, Func<decimal, decimal> asDecimal, Func<double, double> asDouble) => operand switch
    {
        Expr<int> or Expr<long> or Expr<decimal> => new MapExpr<decimal, decimal>(Numbers.ToDecimal(operand, false), asDecimal, Nulls.Undecided),
        Expr<double> number => new MapExpr<double, double>(number, asDouble, Nulls.Undecided),
        Expr<Quotient> number => new MapExpr<Quotient, object>(
            number, v => v.IsWhole ? asDecimal(v.Whole) : (object)asDouble(v.Fraction), Nulls.Undecided),
        _ => null,
    };

    private static Expr? One(string name, Expr operand) => (name, operand) switch
    {
        ("ABS", Expr<int> number) => new MapExpr<int, int>(number, Math.Abs, Nulls.Undecided),
        ("ABS", Expr<long> number) => new MapExpr<long, long>(number, Math.Abs, Nulls.Undecided),
        ("ABS", Expr<double> number) => new MapExpr<double, double>(number, Math.Abs, Nulls.Undecided),
        ("ABS", Expr<decimal> number) => new MapExpr<decimal, decimal>(number, Math.Abs, Nulls.Undecided),
        ("SQRT", Expr<double> or Expr<int> or Expr<long>) => new MapExpr<double, double>(Numbers.ToDouble(operand), Math.Sqrt, Nulls.Undecided),
        _ => null,
    };

    /// <summary>The right side becomes what the left side is, where it can be; where it is wider, the choice depends on the values.</summary>
    private static Expr? Two(string name, Expr a, Expr b)
    {
        if (name is not ("MIN" or "MAX"))
        {
            return null;
        }

        var isMax = name == "MAX";
        return (a, b) switch
        {
            (Expr<int>, Expr<int>) => new ApplyExpr<int>([a, b], v => Pick((int)v[0]!, (int)v[1]!, isMax), Nulls.Undecided),
            (Expr<long>, Expr<int> or Expr<long>) =>
                new ApplyExpr<long>([Numbers.ToLong(a), Numbers.ToLong(b)], v => Pick((long)v[0]!, (long)v[1]!, isMax), Nulls.Undecided),
            (Expr<double>, Expr<int> or Expr<double>) =>
                new ApplyExpr<double>([a, Numbers.ToDouble(b)], v => isMax ? Math.Max((double)v[0]!, (double)v[1]!) : Math.Min((double)v[0]!, (double)v[1]!), Nulls.Undecided),
            (Expr<decimal>, Expr<int> or Expr<long> or Expr<decimal>) =>
                new ApplyExpr<decimal>([a, Numbers.ToDecimal(b, false)], v => Pick((decimal)v[0]!, (decimal)v[1]!, isMax), Nulls.Undecided),
            _ => null,
        };
    }

    private static T Pick<T>(T a, T b, bool isMax)
        where T : System.Numerics.INumber<T> => isMax ? T.Max(a, b) : T.Min(a, b);
}
