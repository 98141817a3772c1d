using DataTools.Errors;

namespace DataTools.Databases;

/// <summary>A line of the map between the types of two databases.</summary>
/// <param name="From">The type that is read, with the condition under which the line holds.</param>
/// <param name="Type">Our type; {precision}, {scale} and {length} are those of the column.</param>
/// <param name="To">The type of a column that is made for it; null where no target was named.</param>
/// <param name="Loss">What may be lost; null for nothing.</param>
public sealed record TypeMapping(string From, string Type, string? To, string? Loss)
{
    /// <summary>The lines from one database to another; either may be left out.</summary>
    public static IEnumerable<TypeMapping> List(TypeMap? from, TypeMap? to)
    {
        if (from is null)
        {
            return to?.Writes.Select(w => new TypeMapping(w.From, w.From, w.To, w.Loss)) ?? throw DataErrors.InvalidOption("-From or -To must name a database.");
        }

        return from.Reads.Select(r => Join(r, to));
    }

    private static TypeMapping Join(TypeRule read, TypeMap? to)
    {
        if (to is null)
        {
            return new TypeMapping(read.From, read.To, null, read.Loss);
        }

        // With digits that fit every decimal of ours the line of the guarded rule is found; the text shows it with its placeholders.
        var facts = new NativeType(read.To.Split('(')[0]) { Precision = read.To.Contains('(', StringComparison.Ordinal) ? 1 : null, Scale = 0 };
        var write = to.Writes.FirstOrDefault(w => w.IsMatch(facts)) ?? throw DataErrors.TypeNotSupported(read.From, read.To, to.Database);
        var losses = new[] { read.Loss, write.Loss }.OfType<string>().ToList();
        return new TypeMapping(read.From, read.To, write.To, losses.Count == 0 ? null : string.Join("; ", losses));
    }
}
