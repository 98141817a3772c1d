using System.Globalization;
using DataTools.Tests.Databases;

namespace DataTools.Tests.Validation;

/// <summary>A table made by a script and held at two places: databases of some kind, or files of some format.</summary>
internal sealed class ComparisonPairs : IDisposable
{
    /// <summary>A hundred thousand rows with a value of most types that differs from row to row.</summary>
    internal const string Many =
        """
        param($path, $rows)
        $sql = "SELECT i AS id, CAST(i % 7 AS SMALLINT) AS small, 'name ' || (i * 7919 % 100003) AS name, CAST(i * 1.25 AS DECIMAL(18,4)) AS amount, i / 3.0 AS ratio, i % 2 = 0 AS flag, " +
            "DATE '2020-01-01' + CAST(i % 3000 AS INT) AS day, TIMESTAMP '2024-02-29 12:00:00' + to_microseconds(i * 1000003) AS ts, CASE WHEN i % 11 = 0 THEN NULL ELSE 'note ' || i END AS note FROM range($rows) t(i)"
        Invoke-DataQuery $sql | Export-Parquet $path
        """;

    private readonly PowerShellSession _session;
    private readonly List<IDisposable> _databases = [];

    internal ComparisonPairs(PowerShellSession session) => _session = session;

    /// <summary>A folder for files.</summary>
    internal TestFolder Folder { get; } = new();

    /// <summary>The places: kinds of databases, and formats of files.</summary>
    internal static IEnumerable<string> Places => TestDatabase.Kinds.Where(IsRelational).Concat([".parquet", ".csv"]);

    /// <summary>Each place with the next and with the one behind that: all of them on both sides, in a part of the time that all pairs would take.</summary>
    internal static IEnumerable<(string, string)> Neighbours
    {
        get
        {
            var all = Places.ToList();
            return all.SelectMany((place, i) => new[] { 1, 2 }.Select(n => (place, all[(i + n) % all.Count])));
        }
    }

    /// <summary>Writes a file's rows to a place and gives what Compare-DataTable calls that.</summary>
    internal string Put(string place, string file, string name, string key = "id")
    {
        if (place.StartsWith('.'))
        {
            var path = Folder[$"{name}{place}"];
            _session.Run("Import-DataFile $args[0] | Export-DataFile $args[1]", file, path);
            return path;
        }

        var database = TestDatabase.Make(place);
        _databases.Add(database);
        _session.Run("Import-DataFile $args[0] | Export-DataTable t -Connection $args[1] -CreateTable -PrimaryKey $args[2]", file, database.Url, key.Split(',', StringSplitOptions.RemoveEmptyEntries));
        return database.Url;
    }

    /// <summary>Makes the file of many rows.</summary>
    internal string MakeMany(int rows)
    {
        var path = Folder[string.Create(CultureInfo.InvariantCulture, $"many-{rows}.parquet")];
        if (!File.Exists(path))
        {
            _session.Run(Many, path, rows);
        }

        return path;
    }

    public void Dispose()
    {
        _databases.ForEach(d => d.Dispose());
        Folder.Dispose();
    }

    private static bool IsRelational(string kind) => kind is not "MongoDb";
}
