using DataTools.Formats;

namespace DataTools.Tests.Formats.Matrix;

/// <summary>How a value comes back that a format loses; null for null.</summary>
public delegate string? Loss(string value);

/// <summary>What a format keeps of the awkward table, and what it does not.</summary>
/// <param name="Format">The format's name.</param>
/// <param name="KeepsTypes">Columns come back with their types; else types are found again in the values.</param>
public sealed record FormatContract(string Format, bool KeepsTypes)
{
    /// <summary>Values that are an error unless -OnLoss accepts the loss, and what becomes of them then.</summary>
    public IReadOnlyDictionary<Trait, Loss> Loses { get; init; } = new Dictionary<Trait, Loss>();

    /// <summary>Values that are always an error.</summary>
    public IReadOnlyList<Trait> Refuses { get; init; } = [];

    /// <summary>A file tells neither where its columns are nor what they are called.</summary>
    public bool NeedsLayout { get; init; }

    /// <summary>Decimals come back with the zeros at their end.</summary>
    public bool KeepsScale { get; init; } = true;

    /// <summary>What it does not keep, as the README says it.</summary>
    public string InWords => string.Join(", ", [
        .. KeepsTypes ? [] : new[] { "types" },
        .. KeepsScale ? [] : new[] { "trailing zeros of decimals" },
        .. Loses.Keys.Select(FormatContracts.Words),
        .. Refuses.Select(t => $"{FormatContracts.Words(t)} (refused)"),
    ]);
}

/// <summary>The contracts: a line for each of <see cref="DataFormats.All"/>.</summary>
public static class FormatContracts
{
    private static readonly Loss EmptyToNull = value => value.Length == 0 ? null : value;
    private static readonly Loss Trimmed = value => value.Trim(' ', '\t') is { Length: > 0 } rest ? rest : null;
    private static readonly Loss FiniteOnly = value => value is "NaN" or "Infinity" or "-Infinity" ? null : value;

    private static readonly Loss XmlOnly = value => string.Concat(value.Select(c => System.Xml.XmlConvert.IsXmlChar(c) ? c : '\uFFFD'));

    /// <summary>Every contract.</summary>
    public static IReadOnlyList<FormatContract> All { get; } =
    [
        new("Json", KeepsTypes: false) { Loses = new Dictionary<Trait, Loss> { [Trait.NotANumber] = FiniteOnly } },
        new("NdJson", KeepsTypes: false) { Loses = new Dictionary<Trait, Loss> { [Trait.NotANumber] = FiniteOnly } },
        new("Csv", KeepsTypes: false),
        new("Tsv", KeepsTypes: false),
        new("Psv", KeepsTypes: false),
        new("FixedWidth", KeepsTypes: false) { NeedsLayout = true, Loses = new Dictionary<Trait, Loss> { [Trait.EmptyText] = EmptyToNull, [Trait.OuterSpaces] = Trimmed }, Refuses = [Trait.LineBreak] },
        new("Xml", KeepsTypes: false) { Loses = new Dictionary<Trait, Loss> { [Trait.ControlCharacter] = XmlOnly } },
        new("Xlsx", KeepsTypes: false) { KeepsScale = false, Loses = new Dictionary<Trait, Loss> { [Trait.LongText] = value => value[..Math.Min(value.Length, 32_767)] } },
        new("Xlsb", KeepsTypes: false) { KeepsScale = false },
        new("Xls", KeepsTypes: false) { KeepsScale = false },
        new("Parquet", KeepsTypes: true),
        new("Arrow", KeepsTypes: true),
        new("ArrowStream", KeepsTypes: true),
    ];

    /// <summary>The contract of a format.</summary>
    public static FormatContract Of(string format) => All.Single(c => c.Format == format);

    /// <summary>A trait as the README calls it.</summary>
    public static string Words(Trait trait) => trait switch
    {
        Trait.NotANumber => "NaN and infinities",
        Trait.EmptyText => "empty text",
        Trait.OuterSpaces => "outer spaces",
        Trait.LineBreak => "line breaks",
        Trait.ControlCharacter => "control characters",
        Trait.LongText => "long text",
        Trait.ManyDigits => "many digits",
        Trait.EarlyDate => "early dates",
        _ => throw new ArgumentOutOfRangeException(nameof(trait), trait, "Every format holds these."),
    };
}
