namespace DataTools.Databases;

/// <summary>A password or token. It shows only when it is asked for, so that no message, log or debugger view holds it by accident.</summary>
public sealed class Secret(string value) : IEquatable<Secret>
{
    /// <summary>The secret itself, for the driver alone.</summary>
    public string Reveal() => value;

    /// <summary>The text without the secret, where it occurs in it.</summary>
    public string RemoveFrom(string text) => value.Length == 0 ? text : text.Replace(value, ToString(), StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => "****";

    /// <inheritdoc/>
    public bool Equals(Secret? other) => other is not null && other.Reveal() == value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc/>
    public override int GetHashCode() => value.GetHashCode(StringComparison.Ordinal);
}
