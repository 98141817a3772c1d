using System.Management.Automation;
using Microsoft.PowerShell.Commands;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace DataTools.Host;

/// <summary>Formats objects as a table. The engine holds the parameters and the work; only the command itself is missing from it.</summary>
[Cmdlet(VerbsCommon.Format, "Table")]
public sealed class FormatTableCommand : OuterFormatTableBase
{
    /// <summary>Creates the command.</summary>
    public FormatTableCommand() => EngineFormatting.Use(this, "Table");
}

/// <summary>Formats objects as a list. The engine holds the parameters and the work; only the command itself is missing from it.</summary>
[Cmdlet(VerbsCommon.Format, "List")]
public sealed class FormatListCommand : OuterFormatTableAndListBase
{
    /// <summary>Creates the command.</summary>
    public FormatListCommand() => EngineFormatting.Use(this, "List");
}

/// <summary>Writes formatted lines to a writer. The engine hides its own command; Out-String and Out-File need it.</summary>
[Cmdlet("Out", "FormattedLine")]
public sealed class OutFormattedLineCommand : OutLineOutputCommand;
