using System.Collections.Concurrent;
using DataTools.Errors;

namespace DataTools.Formats.Excel.Writing;

/// <summary>What cells are written with: the options, and what became of values that a cell does not hold. Safe to use from several threads.</summary>
internal sealed class CellRules(WriteContext context, SerialDates dates)
{
    private readonly ConcurrentDictionary<(string Column, string What), long> _told = [];

    /// <summary>How dates are counted.</summary>
    public SerialDates Dates => dates;

    /// <summary>What becomes of text that begins as a formula does.</summary>
    public FormulaPolicy Formulas { get; } = context.Options.Formulas ?? FormulaPolicy.Text;

    /// <summary>Whether a number or date that a cell cannot hold exactly is written as the nearest; else its text is.</summary>
    public bool TakesNearest => context.Options.OnLoss != LossPolicy.Stop;

    /// <summary>Counts a value that became text, or the nearest number.</summary>
    public void CountInexact(string column) => Count(
        column,
        TakesNearest ? "changed to the nearest that a cell can hold" : "written as text, for a cell cannot hold it exactly (-OnLoss Warn or Allow takes the nearest number or date)");

    /// <summary>Counts a text that is cut, or ends the run.</summary>
    public void CountCut(string column, long record, string text)
    {
        if (context.Options.OnLoss == LossPolicy.Stop)
        {
            throw DataErrors.ValueLost(column, record, text, $"has {text.Length:N0} characters, and a cell of Excel holds {CellText.MaxLength:N0}");
        }

        Count(column, $"cut to {CellText.MaxLength:N0} characters");
    }

    /// <summary>Tells what was counted.</summary>
    public void Tell()
    {
        if (context.Options.OnLoss == LossPolicy.Allow)
        {
            return;
        }

        foreach (var ((column, what), count) in _told.OrderBy(t => t.Key.Column, StringComparer.Ordinal))
        {
            context.Warn($"{context.Target}, column '{column}': {(count == 1 ? "1 value was" : $"{count:N0} values were")} {what}.");
        }
    }

    private void Count(string column, string what) => _told.AddOrUpdate((column, what), 1, static (_, count) => count + 1);
}
