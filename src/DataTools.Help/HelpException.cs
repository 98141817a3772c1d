namespace DataTools.Help;

/// <summary>A source of the help that lacks something.</summary>
internal sealed class HelpException(string message) : Exception(message);
