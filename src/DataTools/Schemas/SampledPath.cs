namespace DataTools.Schemas;

/// <summary>A path that sampled documents have, with the type of its values there.</summary>
/// <param name="Path">The names from the document down, joined by dots; [] stands for the elements of an array.</param>
/// <param name="Type">The type as the database calls it.</param>
/// <param name="Documents">The documents that have it.</param>
/// <param name="Share">Their share of all that were looked at, 0 to 1.</param>
public sealed record SampledPath(string Path, string Type, long Documents, double Share);
