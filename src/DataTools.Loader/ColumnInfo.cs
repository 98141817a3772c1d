namespace DataTools;

/// <summary>A column as Get-DataSchema shows it.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">Its type, as -Type takes it.</param>
/// <param name="Nullable">Whether it may hold nulls.</param>
/// <param name="ValueType">The .NET type of its values in PowerShell.</param>
/// <param name="SourceType">The source's own name of the type, where it has one.</param>
/// <param name="OriginalName">The name in the source, where it had to be changed.</param>
public sealed record ColumnInfo(string Name, string Type, bool Nullable, Type ValueType, string? SourceType, string? OriginalName);

/// <summary>Something in a file that can be read on its own, as Get-DataSchema -ListContents shows it.</summary>
/// <param name="Kind">Worksheet, Table or Name.</param>
/// <param name="Name">Its name, which -WorksheetName or -Range takes.</param>
/// <param name="Worksheet">The sheet that it is in; of a name, the one that alone knows it, or null.</param>
/// <param name="Range">The cells: of a sheet those that hold values, or null where none does; of a name what it stands for.</param>
/// <param name="Hidden">Whether Excel does not show it.</param>
/// <param name="Source">The file.</param>
public sealed record ContentInfo(string Kind, string Name, string? Worksheet, string? Range, bool Hidden, string Source);

/// <summary>The profile of a column as Measure-Data gives it.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Rows">The rows.</param>
/// <param name="Nulls">The rows that are null.</param>
/// <param name="Distinct">The different values, nulls aside; at least as many where <paramref name="DistinctIsExact"/> is false.</param>
/// <param name="DistinctIsExact">Whether all different values were counted.</param>
/// <param name="Min">The least value; of text the first by code point.</param>
/// <param name="Max">The greatest value.</param>
/// <param name="Mean">The mean of numbers, else null.</param>
public sealed record ColumnProfile(string Name, string Type, long Rows, long Nulls, long Distinct, bool DistinctIsExact, object? Min, object? Max, double? Mean);
