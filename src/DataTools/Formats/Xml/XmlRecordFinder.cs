using System.Xml;
using DataTools.Errors;

namespace DataTools.Formats.Xml;

/// <summary>
/// Finds which element holds the records where nobody said it: the one that repeats within its parent. Elements with elements within go before
/// those with attributes only, these before plain text, then the outermost.
/// </summary>
internal sealed class XmlRecordFinder
{
    private const int NodesLooked = 50_000;

    /// <summary>Paths may be as long as the file is deep.</summary>
    private const int CharsLooked = 4 << 20;

    private readonly Dictionary<string, Seen> _seen = new(StringComparer.Ordinal);
    private readonly Stack<Frame> _open = new();
    private long _chars;
    private string? _declared;

    private enum Content
    {
        Text,
        Attributes,
        Elements,
    }

    /// <summary>The path of the records; what stands beside them is told to <paramref name="warn"/>, for it is not read.</summary>
    public static XmlPath Find(DataSource source, ReadOptions options, Action<string> warn)
    {
        var finder = new XmlRecordFinder();
        using (var input = XmlInput.Open(source, options))
        {
            finder.Look(input);
        }

        var path = finder.Choose(source.Name);
        if (finder._seen.Any(s => s.Value.HoldsValue && !$"{s.Key}/".StartsWith($"{path}/", StringComparison.Ordinal)))
        {
            warn($"{source.Name}: the records are the elements {path}; what stands beside them is not read. Use -RecordPath to name other ones.");
        }

        return XmlPath.Parse(path);
    }

    private void Look(XmlInput input)
    {
        for (var nodes = 0; nodes < NodesLooked && _chars < CharsLooked && input.Read(); nodes++)
        {
            switch (input.Node.NodeType)
            {
                case XmlNodeType.Element:
                    Enter(input.Node);
                    break;
                case XmlNodeType.EndElement:
                    _open.Pop();
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA when _open.TryPeek(out var frame):
                    frame.Seen.HoldsValue = true;
                    break;
                default:
                    break;
            }

            input.Mark();
        }
    }

    private void Enter(XmlReader node)
    {
        var parent = _open.TryPeek(out var frame) ? frame : null;
        var path = $"{parent?.Path}/{node.Name}";
        _chars += path.Length;
        if (!_seen.TryGetValue(path, out var seen))
        {
            _seen.Add(path, seen = new Seen(_open.Count));
        }

        if (parent is not null)
        {
            parent.Seen.Content = Content.Elements;
            seen.Repeats |= !parent.Names.Add(node.Name);
        }
        else if (node.GetAttribute(XmlNames.List, XmlNames.Marks) is { } records && XmlReader.IsName(records))
        {
            _declared = $"{path}/{records}";
        }

        if (!node.IsEmptyElement)
        {
            _open.Push(new Frame(path, seen));
        }

        TakeAttributes(node, seen);
    }

    private static void TakeAttributes(XmlReader node, Seen seen)
    {
        while (node.MoveToNextAttribute())
        {
            if (node.NamespaceURI is not (XmlNames.Declarations or XmlNames.Instance or XmlNames.Xml or XmlNames.Marks))
            {
                seen.HoldsValue = true;
                seen.Content = (Content)Math.Max((int)seen.Content, (int)Content.Attributes);
            }
        }
    }

    private string Choose(string source)
    {
        var repeated = _seen.Where(s => s.Value.Repeats).GroupBy(s => (-(int)s.Value.Content, s.Value.Depth)).MinBy(g => g.Key)?.Select(s => s.Key).ToList();
        return repeated switch
        {
            _ when _declared is not null => _declared,
            null => ChooseSingle(),
            [var only] => only,
            _ => throw DataErrors.RecordsNotClear(source, repeated),
        };
    }

    /// <summary>Nothing repeats: the only element of the root, where it holds values, else the root itself.</summary>
    private string ChooseSingle()
    {
        var (root, seen) = _seen.First();
        var inner = _seen.Where(s => s.Value.Depth == 1).ToList();
        return seen.HoldsValue || inner.Count > 1 || (inner.Count == 1 && inner[0].Value.Content == Content.Text) ? root
            : inner.Count == 1 ? inner[0].Key
            : $"{root}/*";
    }

    private sealed record Frame(string Path, Seen Seen)
    {
        public HashSet<string> Names { get; } = new(StringComparer.Ordinal);
    }

    private sealed class Seen(int depth)
    {
        public int Depth => depth;

        public Content Content { get; set; }

        public bool Repeats { get; set; }

        public bool HoldsValue { get; set; }
    }
}
