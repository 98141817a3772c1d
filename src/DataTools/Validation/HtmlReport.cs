using System.Globalization;
using System.Net;
using System.Text;
using DataTools.Errors;

namespace DataTools.Validation;

/// <summary>The result of comparisons as a page that needs nothing else: a table of checks for each pair of tables, and the rows that differ.</summary>
public static class HtmlReport
{
    private const string Style =
        "body{font:14px/1.45 system-ui,sans-serif;margin:2em;color:#222}h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em}table{border-collapse:collapse;margin:.6em 0}"
        + "th,td{border:1px solid #ccc;padding:.25em .6em;text-align:left;vertical-align:top}th{background:#f3f3f3}td.v{font-family:ui-monospace,monospace;white-space:pre-wrap;word-break:break-all;max-width:40em}"
        + ".ok{color:#0a6b2d}.bad{color:#a11;font-weight:600}.null{color:#888;font-style:italic}";

    /// <summary>Writes the page to a file.</summary>
    public static void Write(string path, IReadOnlyCollection<ComparisonCheck> checks, DateTime at)
    {
        try
        {
            File.WriteAllText(path, Make(checks, at));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataErrors.CannotWrite(path, e);
        }
    }

    /// <summary>The page.</summary>
    public static string Make(IReadOnlyCollection<ComparisonCheck> checks, DateTime at)
    {
        var page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Comparison of tables</title><style>").Append(Style).Append("</style></head><body>\n");
        var tables = checks.GroupBy(c => (c.Table, c.Source, c.Destination)).ToList();
        var equal = tables.Count(t => t.All(c => c.Passed));
        page.Append(CultureInfo.InvariantCulture, $"<h1>{Verdict(equal, tables.Count)}</h1>\n<p>{at:yyyy-MM-dd HH:mm:ss} UTC</p>\n");
        // What failed is what the reader looks for.
        foreach (var table in tables.OrderBy(t => t.All(c => c.Passed)))
        {
            page.Append(CultureInfo.InvariantCulture, $"<h2>{Text(table.Key.Table)}</h2>\n<p>{Text(table.Key.Source)} &rarr; {Text(table.Key.Destination)}</p>\n");
            AddChecks(page, table);
            AddDifferences(page, [.. table.SelectMany(c => c.Differences)]);
        }

        return page.Append("</body></html>\n").ToString();
    }

    private static string Verdict(int equal, int all) => equal == all
        ? $"<span class=\"ok\">{(all == 1 ? "The tables are equal" : string.Create(CultureInfo.InvariantCulture, $"All {all} tables are equal"))}</span>"
        : string.Create(CultureInfo.InvariantCulture, $"<span class=\"bad\">{all - equal} of {all} {(all == 1 ? "table differs" : "tables differ")}</span>");

    private static void AddChecks(StringBuilder page, IEnumerable<ComparisonCheck> checks)
    {
        page.Append("<table><tr><th>Check</th><th></th><th>Expected</th><th>Actual</th><th>Details</th></tr>\n");
        foreach (var check in checks)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(check.Check)}</td><td class=\"{(check.Passed ? "ok\">equal" : "bad\">differs")}</td>")
                .Append(CultureInfo.InvariantCulture, $"<td class=\"v\">{Text(check.Expected)}</td><td class=\"v\">{Text(check.Actual)}</td><td>{Text(check.Details)}</td></tr>\n");
        }

        page.Append("</table>\n");
    }

    private static void AddDifferences(StringBuilder page, List<RowDifference> differences)
    {
        if (differences.Count == 0)
        {
            return;
        }

        page.Append("<table><tr><th>Row</th><th>Key</th><th>Column</th><th>Source</th><th>Destination</th></tr>\n");
        foreach (var difference in differences)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(difference.Kind)}</td><td class=\"v\">{Text(difference.Key)}</td><td>{Text(difference.Column)}</td>");
            page.Append(difference.Column is null ? "<td></td><td></td>" : Value(difference.Source) + Value(difference.Destination)).Append("</tr>\n");
        }

        page.Append("</table>\n");
    }

    private static string Value(object? value) => value is null ? "<td class=\"null\">null</td>" : $"<td class=\"v\">{Text(ShownValue.Of(value))}</td>";

    /// <summary>No value becomes part of the page's own language.</summary>
    private static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");
}
