using System.Management.Automation;
using System.Management.Automation.Language;

namespace DataTools.Module.Expressions;

/// <summary>Finds the columns that a script block reads of its row.</summary>
internal static class RowColumns
{
    /// <summary>
    /// The columns to read so that <paramref name="script"/> runs and <paramref name="wanted"/> are there; none, which means all, where all are wanted
    /// or the script uses the row as a whole.
    /// </summary>
    public static IReadOnlyList<string> Add(ScriptBlock script, IReadOnlyList<string> wanted)
    {
        var rows = script.Ast.FindAll(IsRow, searchNestedScriptBlocks: true).ToList();
        var members = rows.Select(r => r.Parent).OfType<MemberExpressionAst>()
            .Where(m => m is not InvokeMemberExpressionAst && IsRow(m.Expression)).Select(m => m.Member).OfType<StringConstantExpressionAst>().ToList();
        // A name that is no column is a null in PowerShell and would be an error here, so it is asked for as a pattern.
        return wanted.Count == 0 || members.Count < rows.Count ? [] : [.. wanted, .. members.Select(m => AsPattern(m.Value))];
    }

    private static bool IsRow(Ast part) =>
        part is VariableExpressionAst variable && (variable.VariablePath.UserPath == "_" || string.Equals(variable.VariablePath.UserPath, "PSItem", StringComparison.OrdinalIgnoreCase));

    private static string AsPattern(string name) => name.EndsWith('*') ? name : name[..^1] + "?";
}
