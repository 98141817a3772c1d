using DataTools.Data;
using DataTools.Databases;
using DataTools.Formats;

namespace DataTools.Schemas.Comparison;

/// <summary>One side of a comparison of schemas: a database, a model of one, or a file of data.</summary>
/// <param name="Schema">The tables.</param>
/// <param name="Dialect">How its expressions are written.</param>
/// <param name="Kind">The kind of database; null for a file, whose types are ours.</param>
public sealed record SchemaSide(DatabaseSchema Schema, SqlDialect Dialect, IDatabase? Kind)
{
    /// <summary>The tables of a database that <paramref name="filter"/> wants, without the histories of migrations.</summary>
    public static SchemaSide OfDatabase(SqlSession session, Func<TableName, bool> filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new SchemaSide(SchemaModel.Read(session, filter, cancellation), session.Dialect, session.Database);
    }

    /// <summary>The tables that a file of SQL, all of a folder, or the migrations of one make in an empty database beside that of a session.</summary>
    public static SchemaSide OfModel(string path, SqlSession beside, Func<TableName, bool> filter, CancellationToken cancellation)
    {
        using var scratch = ScratchDatabase.Make(beside, cancellation);
        SchemaModel.Run(path, scratch.Session, cancellation);
        return OfDatabase(scratch.Session, filter, cancellation);
    }

    /// <summary>The columns of a file of data, as those of a table.</summary>
    public static SchemaSide OfFile(string path, TableName name, ReadContext context)
    {
        using var reader = MultiFileReader.Open([.. FileFinder.Find([path], null, includeSource: false)], context);
        var columns = reader.Schema.FieldsList.Select(f => (f.Name, Type: DataTypes.Of(f), f.IsNullable)).Select(f => new ColumnSchema(f.Name, f.Type.Name, f.Type, f.IsNullable));
        return new SchemaSide(new DatabaseSchema([new TableSchema(name, TableKind.Table, [.. columns])]), NeutralDialect.Instance, null);
    }

    /// <summary>Compares two sides. Of a file only the columns and their types count.</summary>
    public SchemaComparison CompareTo(SchemaSide right, IReadOnlyDictionary<string, string> renames)
    {
        ArgumentNullException.ThrowIfNull(right);
        var options = new ComparisonOptions { Left = Dialect, LeftKind = Kind, Right = right.Dialect, RightKind = right.Kind, Renames = renames };
        var comparison = SchemaComparer.Compare(Schema.Local(), right.Schema.Local(), options);
        return Kind is not null && right.Kind is not null ? comparison
            : comparison with { Differences = [.. comparison.Differences.Where(d => d.Kind is DifferenceKind.Table or DifferenceKind.Column or DifferenceKind.Type)] };
    }
}
