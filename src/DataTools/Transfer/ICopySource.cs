using DataTools.Data;
using DataTools.Databases;
using DataTools.Databases.Reading;
using DataTools.Schemas;

namespace DataTools.Transfer;

/// <summary>Where tables are copied from: a database, or a folder of files.</summary>
internal interface ICopySource : IDisposable
{
    /// <summary>What messages call it; holds no secret.</summary>
    string Name { get; }

    /// <summary>The database whose types the tables have.</summary>
    IDatabase Kind { get; }

    /// <summary>Whether a second thread may read at the same time.</summary>
    bool IsParallel { get; }

    /// <summary>The tables that a copy wants, with what else there is.</summary>
    DatabaseSchema Read(Func<TableName, bool> filter, CancellationToken cancellation);

    /// <summary>How many rows a table has, as nearly as it can be told without long work.</summary>
    long? Count(TableSchema table, string? where, CancellationToken cancellation);

    /// <summary>The greatest value of a column, as a literal; null where there is none, or none that is not beyond <paramref name="after"/>.</summary>
    string? Greatest(TableSchema table, ColumnSchema column, string? after, CancellationToken cancellation);

    /// <summary>The ranges by which a table can be read in parts; empty where it can be read as a whole only.</summary>
    IReadOnlyList<KeyRange> Cut(TableSchema table, int count, CancellationToken cancellation);

    /// <summary>Rows of a table: all, or several ranges at once.</summary>
    IBatchReader Open(TableQuery query, IReadOnlyList<KeyRange> ranges, DatabaseContext context);

    /// <summary>The way of a table's rows into another database of the same kind without being looked at; null where there is none.</summary>
    IRowRelay? Relay => null;

    /// <summary>A source of the same state for another thread.</summary>
    ICopySource Fork(CancellationToken cancellation);
}
