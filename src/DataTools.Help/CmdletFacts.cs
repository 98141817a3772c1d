using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace DataTools.Help;

/// <summary>What the attributes of a cmdlet say.</summary>
internal sealed class CmdletFacts
{
    private static readonly string AllSets = ParameterAttribute.AllParameterSets;

    /// <summary>Looks at a cmdlet's class.</summary>
    public CmdletFacts(Type type)
    {
        Type = type;
        Attribute = type.GetCustomAttribute<CmdletAttribute>()!;
        var fresh = Activator.CreateInstance(type);
        Parameters = [.. Of(fresh!), .. (fresh as IDynamicParameters)?.GetDynamicParameters() is { } more ? Of(more) : []];
        (fresh as IDisposable)?.Dispose();
        var named = Parameters.SelectMany(parameter => parameter.Sets.Keys).Where(set => set != AllSets).Distinct().ToList();
        ParameterSets = named.Count > 0 ? named : [AllSets];
    }

    /// <summary>The class.</summary>
    public Type Type { get; }

    /// <summary>Verb, noun and whether -WhatIf is there.</summary>
    public CmdletAttribute Attribute { get; }

    /// <summary>The command's name.</summary>
    public string Name => $"{Attribute.VerbName}-{Attribute.NounName}";

    /// <summary>The parameters: those of the class first, then those of its bases and those that it shares, each in the order of the source.</summary>
    public IReadOnlyList<ParameterFacts> Parameters { get; }

    /// <summary>The names of the parameter sets.</summary>
    public IReadOnlyList<string> ParameterSets { get; }

    /// <summary>The parameters of a set, those with a position first, then the mandatory ones.</summary>
    public IEnumerable<(ParameterFacts Parameter, ParameterAttribute Use)> InSet(string set) => Parameters
        .Select(parameter => (parameter, Use: parameter.Sets.GetValueOrDefault(set) ?? parameter.Sets.GetValueOrDefault(AllSets)))
        .Where(pair => pair.Use is not null)
        .OrderBy(pair => (uint)pair.Use!.Position)
        .ThenBy(pair => !pair.Use!.Mandatory)!;

    private static IEnumerable<ParameterFacts> Of(object owner) => owner.GetType().GetProperties()
        .Where(property => property.IsDefined(typeof(ParameterAttribute)))
        .OrderBy(property => Depth(property.DeclaringType!, owner.GetType()))
        .ThenBy(property => property.MetadataToken)
        .Select(property => new ParameterFacts(property, property.GetValue(owner)));

    private static int Depth(Type declaring, Type type) => declaring == type ? 0 : 1 + Depth(declaring, type.BaseType!);
}

/// <summary>What the attributes of a parameter say.</summary>
/// <param name="Property">The property.</param>
/// <param name="Value">Its value before any argument was given.</param>
internal sealed record ParameterFacts(PropertyInfo Property, object? Value)
{
    /// <summary>How it is used in each parameter set.</summary>
    public IReadOnlyDictionary<string, ParameterAttribute> Sets { get; } =
        Property.GetCustomAttributes<ParameterAttribute>().ToDictionary(attribute => attribute.ParameterSetName);

    /// <summary>The name.</summary>
    public string Name => Property.Name;

    /// <summary>The type, without its being optional.</summary>
    public Type Type => Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    /// <summary>Whether it takes no value.</summary>
    public bool IsSwitch => Type == typeof(SwitchParameter);

    /// <summary>Whether wildcards are taken.</summary>
    public bool TakesWildcards => Property.IsDefined(typeof(SupportsWildcardsAttribute));

    /// <summary>Other names.</summary>
    public IEnumerable<string> Aliases => Property.GetCustomAttribute<AliasAttribute>()?.AliasNames ?? [];

    /// <summary>The values that it takes, where they are few.</summary>
    public IEnumerable<string> AcceptedValues =>
        Type.IsEnum ? Enum.GetNames(Type) : Property.GetCustomAttribute<ValidateSetAttribute>()?.ValidValues ?? [];

    /// <summary>The default as PowerShell writes it, or <c>None</c>. A value that the parameter itself refuses only marks that none was given.</summary>
    public string Default => Value switch
    {
        null or "" or Array { Length: 0 } => "None",
        "\n" => "\"`n\"",
        IComparable number when Property.GetCustomAttribute<ValidateRangeAttribute>() is { MinRange: { } least } && number.CompareTo(least) < 0 => "None",
        SwitchParameter => "False",
        System.Collections.ICollection { Count: 0 } => "None",
        var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
