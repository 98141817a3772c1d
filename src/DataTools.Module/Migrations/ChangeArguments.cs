using System.Collections;
using DataTools.Errors;
using DataTools.Migrations.Changes;
using DataTools.Schemas;

namespace DataTools.Module.Migrations;

/// <summary>What -Kind and its parameters ask for.</summary>
internal static class ChangeArguments
{
    /// <summary>Reads <c>users</c>, <c>users(id)</c> or <c>sales.users(a, b)</c>.</summary>
    public static (TableName Table, IReadOnlyList<string> Columns) Reference(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            return (TableName.Parse(text), []);
        }

        return text.TrimEnd().EndsWith(')')
            ? (TableName.Parse(text[..open]), [.. text.TrimEnd()[(open + 1)..^1].Split(',').Select(c => TableName.Parse(c).Name)])
            : throw DataErrors.InvalidOption($"'{text}' is no reference: write users or users(id).");
    }

    /// <summary>The change.</summary>
    public static SchemaChange ToChange(NewDataMigrationCommand command)
    {
        var change = new SchemaChange(command.Kind, TableName.Parse(command.Table), command.Column)
        {
            NewName = command.NewName,
            Type = command.Type,
            Default = command.Default,
            NotNull = command.NotNull,
            Using = command.Using,
            Back = command.Back,
            BatchSize = command.BatchSize,
            Into = command.Into is { } into ? [.. Texts(into)] : [],
        };
        if (command.References is not { } reference)
        {
            return change;
        }

        var (table, columns) = Reference(reference);
        return change with { References = table, ReferencedColumns = columns };
    }

    private static IEnumerable<KeyValuePair<string, string>> Texts(IDictionary entries) => Arguments.ToPairs(entries).Select(p => KeyValuePair.Create(p.Key, $"{p.Value}"));
}
