namespace DataTools.Expressions;

/// <summary>Runs loops over rows whose body may throw: a row that does is left undecided.</summary>
internal static class Guard
{
    /// <summary>An exception costs more than a row computed by other means; after so many the rest of the batch is left to those.</summary>
    private const int MaxFailures = 50;

    /// <summary>Computes rows from <paramref name="row"/> on, and counts it up.</summary>
    public delegate void Body(ref int row);

    /// <summary>Runs the body over all rows; gives back the flags, with the rows that threw marked.</summary>
    public static byte[]? Run(int length, byte[]? flags, Body body)
    {
        var row = 0;
        for (var failures = 0; row < length && failures < MaxFailures; failures++)
        {
            try
            {
                body(ref row);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                flags ??= new byte[length];
                flags[row++] = Cell.Undecided;
            }
        }

        if (row < length)
        {
            Array.Fill(flags!, Cell.Undecided, row, length - row);
        }

        return flags;
    }
}
