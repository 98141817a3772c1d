using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using DataTools.Expressions;

namespace DataTools.Module.Expressions;

/// <summary>
/// The parts of an expression that do not depend on the row: literals, the caller's variables and what is made of them without calling
/// anything. PowerShell computes them, once.
/// </summary>
internal sealed class Constants(Func<string, PSVariable?> variables)
{
    private static readonly HashSet<string> Forbidden = new(StringComparer.OrdinalIgnoreCase)
    {
        "_", "PSItem", "this", "args", "input", "Matches", "MyInvocation", "PSCmdlet", "PSBoundParameters", "PSScriptRoot", "PSCommandPath",
        "LASTEXITCODE", "Error", "StackTrace", "foreach", "switch", "?", "^", "$", "null", "true", "false", "ExecutionContext", "NestedPromptLevel",
    };

    private static readonly HashSet<Type> StaticMembers =
        [typeof(int), typeof(long), typeof(double), typeof(decimal), typeof(float), typeof(Math), typeof(string), typeof(TimeSpan), typeof(Guid)];

    /// <summary>Computes a part that is the same for all rows; false where it may not be.</summary>
    public bool TryFold(Ast part, out object? value)
    {
        value = null;
        switch (part)
        {
            case ConstantExpressionAst constant:
                value = constant.Value;
                return true;
            case VariableExpressionAst variable when TryVariable(variable, out var captured):
                value = Unwrap(captured);
                return true;
            default:
                return part is ExpressionAst && part.FindAll(_ => true, true).All(IsFree) && TryRun(part, out value);
        }
    }

    /// <summary>A constant as an expression; null where no column could hold it.</summary>
    public static Expr? ToExpr(object? value) => value switch
    {
        null => new ConstantExpr<object>(null),
        string text => new ConstantExpr<string>(text),
        bool flag => new ConstantExpr<bool>(flag),
        sbyte or byte or short or ushort or int => new ConstantExpr<int>(Convert.ToInt32(value, CultureInfo.InvariantCulture)),
        long number => new ConstantExpr<long>(number),
        float number => new ConstantExpr<float>(number),
        double number => new ConstantExpr<double>(number),
        decimal number => new ConstantExpr<decimal>(number),
        DateTime time => new ConstantExpr<DateTime>(time),
        DateOnly date => new ConstantExpr<DateOnly>(date),
        TimeOnly time => new ConstantExpr<TimeOnly>(time),
        TimeSpan span => new ConstantExpr<TimeSpan>(span),
        Guid guid => new ConstantExpr<Guid>(guid),
        _ => null,
    };

    private bool TryVariable(VariableExpressionAst variable, out object? value)
    {
        var name = variable.VariablePath.UserPath;
        switch (name.ToUpperInvariant())
        {
            case "NULL":
                value = null;
                return true;
            case "TRUE":
            case "FALSE":
                value = name.Equals("true", StringComparison.OrdinalIgnoreCase);
                return true;
        }

        value = null;
        if (variable.Splatted || variable.VariablePath.IsDriveQualified || Forbidden.Contains(name) || variables(name) is not { } found)
        {
            return false;
        }

        value = found.Value;
        return true;
    }

    private static bool IsFree(Ast part) => part switch
    {
        InvokeMemberExpressionAst => false,
        MemberExpressionAst { Static: true } member =>
            member.Expression is TypeExpressionAst type && type.TypeName.GetReflectionType() is { } owner && StaticMembers.Contains(owner),
        BinaryExpressionAst binary => binary.Operator is not (TokenKind.Imatch or TokenKind.Cmatch or TokenKind.Inotmatch or TokenKind.Cnotmatch),
        UnaryExpressionAst unary => unary.TokenKind is TokenKind.Minus or TokenKind.Plus or TokenKind.Not or TokenKind.Exclaim,
        VariableExpressionAst or ConstantExpressionAst or ExpandableStringExpressionAst or MemberExpressionAst or IndexExpressionAst => true,
        ArrayLiteralAst or ArrayExpressionAst or ParenExpressionAst or SubExpressionAst or StatementBlockAst => true,
        PipelineAst { PipelineElements.Count: 1 } or CommandExpressionAst { Redirections.Count: 0 } => true,
        ConvertExpressionAst or TypeConstraintAst or TypeExpressionAst => true,
        _ => false,
    };

    /// <summary>Runs the part with each variable replaced by its captured value.</summary>
    private bool TryRun(Ast part, out object? value)
    {
        value = null;
        var text = part.Extent.Text;
        var given = new List<PSVariable>();
        foreach (var variable in part.FindAll(a => a is VariableExpressionAst, true).Cast<VariableExpressionAst>().OrderByDescending(v => v.Extent.StartOffset))
        {
            if (!TryVariable(variable, out var captured))
            {
                return false;
            }

            var name = "__captured" + given.Count.ToString(CultureInfo.InvariantCulture);
            given.Add(new PSVariable(name, captured));
            var start = variable.Extent.StartOffset - part.Extent.StartOffset;
            text = string.Concat(text.AsSpan(0, start), "${" + name + "}", text.AsSpan(start + variable.Extent.Text.Length));
        }

        try
        {
            // The comma keeps an array in one piece.
            var result = ScriptBlock.Create(",(" + text + ")").InvokeWithContext(null, given, null);
            value = result.Count == 1 ? Unwrap(result[0]) : null;
            return result.Count == 1;
        }
        catch (RuntimeException)
        {
            // What cannot be computed fails row by row, as it does without columns.
            return false;
        }
    }

    /// <summary>The value itself, without what PowerShell has wrapped around it.</summary>
    public static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
