using System.Xml;
using DataTools.Errors;

namespace DataTools.Formats.Xml;

/// <summary>How far an element and those around it have come along a path: a bit for each number of steps.</summary>
/// <param name="Here">The steps that end at this element.</param>
/// <param name="Above">Those that end at this element or one around it.</param>
internal readonly record struct XmlPathState(ulong Here, ulong Above)
{
    /// <summary>Around the root element.</summary>
    public static XmlPathState Start { get; } = new(1, 1);
}

/// <summary>The part of XPath that can be followed while reading forward: names, * and prefixes, joined by / or //.</summary>
internal sealed class XmlPath
{
    private const int MostSteps = 63;

    private readonly (string Name, bool AnyDepth)[] _steps;

    private XmlPath((string Name, bool AnyDepth)[] steps) => _steps = steps;

    /// <summary>Reads a path. One that does not begin with / is found at any depth.</summary>
    public static XmlPath Parse(string path)
    {
        var steps = new List<(string, bool)>();
        var rest = path.Trim();
        var anyDepth = !rest.StartsWith('/');
        rest = anyDepth ? "/" + rest : rest;
        while (rest.Length > 0)
        {
            anyDepth |= rest.StartsWith("//", StringComparison.Ordinal);
            rest = rest.TrimStart('/');
            var end = rest.IndexOf('/', StringComparison.Ordinal);
            var name = end < 0 ? rest : rest[..end];
            if (!IsName(name) || steps.Count == MostSteps)
            {
                throw DataErrors.InvalidOption($"-RecordPath '{path}': for XML it is the name of an element, or names joined by / or //, such as /feed/entry. * stands for any name.");
            }

            steps.Add((name, anyDepth));
            anyDepth = false;
            rest = rest[name.Length..];
        }

        return new XmlPath([.. steps]);
    }

    /// <summary>The state of an element within another.</summary>
    public XmlPathState Enter(XmlPathState parent, string name)
    {
        var here = 0UL;
        for (var i = 0; i < _steps.Length; i++)
        {
            var from = _steps[i].AnyDepth ? parent.Above : parent.Here;
            if ((from >> i & 1) != 0 && IsMatch(_steps[i].Name, name))
            {
                here |= 1UL << (i + 1);
            }
        }

        return new XmlPathState(here, parent.Above | here);
    }

    /// <summary>Whether the path ends at the element.</summary>
    public bool IsEnd(XmlPathState state) => (state.Here >> _steps.Length & 1) != 0;

    private static bool IsName(string name) => name == "*" || XmlReader.IsName(name);

    /// <summary>A step without a prefix matches whatever prefix the element has.</summary>
    private static bool IsMatch(string step, string name) =>
        step == "*" || step == name
        || (name.Length > step.Length && name[^(step.Length + 1)] == ':' && name.EndsWith(step, StringComparison.Ordinal) && !step.Contains(':', StringComparison.Ordinal));
}
