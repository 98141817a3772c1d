namespace DataTools.Databases.Writing;

/// <summary>A loader meets a value that its table cannot take, before the database does.</summary>
/// <param name="Row">The row in the batch, from 0.</param>
/// <param name="Column">The column, where it is known.</param>
/// <param name="Value">The value as text, where it is known.</param>
/// <param name="Reason">Why, as a clause: "holds the character NUL".</param>
public sealed record LoadFault(int Row, string? Column, string? Value, string Reason);

/// <summary>Carries a <see cref="LoadFault"/> to the writer, which makes a reject of it.</summary>
public sealed class LoadFaultException(LoadFault fault) : Exception(fault?.Reason)
{
    /// <summary>The value and its place.</summary>
    public LoadFault Fault => fault!;
}
