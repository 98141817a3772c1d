namespace DataTools.Module.Expressions;

/// <summary>Says that an expression has no column form, and which part of it has none. Never leaves the translation.</summary>
#pragma warning disable CA1032 // It is thrown and caught here, with a reason.
internal sealed class NotTranslatedException(string reason) : Exception(reason)
#pragma warning restore CA1032
{
    /// <summary>The part as the user wrote it, on one line.</summary>
    public static NotTranslatedException At(System.Management.Automation.Language.Ast part, string why)
    {
        var text = string.Join(' ', part.Extent.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return new NotTranslatedException($"'{(text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 60), "…"))}' {why}");
    }
}
