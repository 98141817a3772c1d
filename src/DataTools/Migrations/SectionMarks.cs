using System.Text.RegularExpressions;
using DataTools.Databases;
using DataTools.Errors;

namespace DataTools.Migrations;

/// <summary>
/// Tells the lines that mark sections from those that only look so, within a text, a routine or a comment. Where such end is for the databases to say whose statements
/// stand there; where several may read them, a line is a mark if one of them reads it so.
/// </summary>
internal static partial class SectionMarks
{
    /// <summary>The marks of a file.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="lines">The lines that look like marks, in their order.</param>
    /// <param name="databases">The databases for which the section below a mark is, or what stands before the first; empty for any.</param>
    public static List<Match> Find(string text, IReadOnlyCollection<Match> lines, Func<Match?, IReadOnlyList<string>> databases)
    {
        var marks = new List<Match>();
        var rest = new Queue<Match>(lines);
        while (rest.Count > 0)
        {
            var above = marks.Count == 0 ? null : marks[^1];
            var start = above is null ? 0 : above.Index + above.Length;
            var next = Next(text, start, [.. rest.Select(m => m.Index)], RulesOf(databases(above)));
            while (rest.Count > 0 && rest.Peek().Index < next)
            {
                rest.Dequeue();
            }

            if (rest.Count > 0)
            {
                marks.Add(rest.Dequeue());
            }
        }

        return marks;
    }

    private static int Next(string text, int start, int[] places, IEnumerable<SplitRules> rules) =>
        start + rules.Select(r => new Reading(text[start..], [.. places.Select(p => p - start)], r).FirstOutside()).OfType<int>().DefaultIfEmpty(places[0] - start).Min();

    /// <summary>How the databases of some names read SQL; all where no names are given.</summary>
    private static IEnumerable<SplitRules> RulesOf(IReadOnlyList<string> names) =>
        KnownDatabases.All.Where(d => names.Count == 0 || names.Contains(d.Name, StringComparer.OrdinalIgnoreCase) || d.Schemes.Any(s => names.Contains(s, StringComparer.OrdinalIgnoreCase)))
            .Select(d => d.Dialect).Where(d => d?.Migrations is not null).Select(d => d!.Splitting).Distinct();

    [GeneratedRegex(@"^\$(?:[A-Za-z_\x80-\uffff][\w\x80-\uffff]*)?\$")]
    private static partial Regex DollarTag();

    /// <summary>A section as one database reads it.</summary>
    private sealed class Reading(string text, int[] places, SplitRules rules)
    {
        private readonly SqlLexer _lexer = new(text, rules, "SQL");
        private bool _isWithinStatement;

        /// <summary>
        /// The first place at which nothing is open; the end of the text where there is none; null where the text is not of a database with these rules. What is opened and
        /// never closed opens nothing: that is an error of the statement, which is told when it is split.
        /// </summary>
        public int? FirstOutside()
        {
            var at = 0;
            try
            {
                foreach (var place in places)
                {
                    for (; at < place && _lexer.Next() is { } token; at = _lexer.Position)
                    {
                        if (IsForeign(token))
                        {
                            return null;
                        }
                    }

                    if (at == place)
                    {
                        return place;
                    }
                }

                return text.Length;
            }
            catch (DataException)
            {
                return places.First(p => p >= at);
            }
        }

        /// <summary>Whether only another database reads a token so: strings in dollars, or DELIMITER, which is obeyed where it is known.</summary>
        private bool IsForeign(SqlToken token)
        {
            if (!_isWithinStatement && token.Is(text, "DELIMITER"))
            {
                _lexer.Delimiter = _lexer.TakeLine().Trim() is { Length: > 0 } delimiter ? delimiter : _lexer.Delimiter;
                return !rules.DelimiterCommand;
            }

            _isWithinStatement = token.Kind != SqlTokenKind.End && (_isWithinStatement || token.IsCode);
            return !rules.DollarQuotes && token.Kind == SqlTokenKind.Symbol && text[token.Start] == '$' && DollarTag().IsMatch(text[token.Start..Math.Min(token.Start + 64, text.Length)]);
        }
    }
}
