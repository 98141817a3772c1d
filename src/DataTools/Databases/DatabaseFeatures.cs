namespace DataTools.Databases;

/// <summary>What a kind of database has, for those who would else have to know it by name.</summary>
[Flags]
public enum DatabaseFeatures
{
    /// <summary>Nothing of it.</summary>
    None = 0,

    /// <summary>Its tables have the columns that they were made with, so that rows with others need -AddColumn.</summary>
    FixedColumns = 1,

    /// <summary>Each of its servers has transactions, and what writes a table is one.</summary>
    Transactions = 2,

    /// <summary>What relational databases have.</summary>
    Relational = FixedColumns | Transactions,
}
