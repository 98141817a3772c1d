using System.Numerics;

namespace DataTools.Expressions;

/// <summary>One comparison, as a type, so that a loop over it is compiled for it.</summary>
internal interface ICompareTest<T>
{
    /// <summary>Whether it holds.</summary>
    static abstract bool Holds(T a, T b);
}

/// <summary>A loop that runs one comparison.</summary>
internal interface ICompareLoop<T>
{
    /// <summary>Runs it.</summary>
    void Run<TTest>()
        where TTest : ICompareTest<T>;
}

/// <summary>The comparisons as types.</summary>
internal static class CompareTests
{
    /// <summary>Runs a loop with the comparison that <paramref name="op"/> names.</summary>
    public static void Dispatch<T, TLoop>(CompareOp op, TLoop loop)
        where T : INumber<T>
        where TLoop : ICompareLoop<T>, allows ref struct
    {
        switch (op)
        {
            case CompareOp.Eq:
                loop.Run<Equal<T>>();
                break;
            case CompareOp.Ne:
                loop.Run<Unequal<T>>();
                break;
            case CompareOp.Lt:
                loop.Run<Less<T>>();
                break;
            case CompareOp.Le:
                loop.Run<LessOrEqual<T>>();
                break;
            case CompareOp.Gt:
                loop.Run<Greater<T>>();
                break;
            default:
                loop.Run<GreaterOrEqual<T>>();
                break;
        }
    }

    private readonly struct Equal<T> : ICompareTest<T>
        where T : INumber<T>
    {
        public static bool Holds(T a, T b) => a == b;
    }

    private readonly struct Unequal<T> : ICompareTest<T>
        where T : INumber<T>
    {
        public static bool Holds(T a, T b) => a != b;
    }

    private readonly struct Less<T> : ICompareTest<T>
        where T : INumber<T>
    {
        public static bool Holds(T a, T b) => a < b;
    }

    private readonly struct LessOrEqual<T> : ICompareTest<T>
        where T : INumber<T>
    {
        public static bool Holds(T a, T b) => a <= b;
    }

    private readonly struct Greater<T> : ICompareTest<T>
        where T : INumber<T>
    {
        public static bool Holds(T a, T b) => a > b;
    }

    private readonly struct GreaterOrEqual<T> : ICompareTest<T>
        where T : INumber<T>
    {
        public static bool Holds(T a, T b) => a >= b;
    }
}
