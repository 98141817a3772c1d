namespace DataTools.Databases;

/// <summary>What a kind of database has, for those who would else have to know it by name.</summary>
[Flags]
public enum DatabaseFeatures
{
    /// <summary>Nothing of it.</summary>
    None = 0,

    /// <summary>Its statements and conditions are SQL.</summary>
    Sql = 1,

    /// <summary>Its tables have the columns that they were made with, so that rows with others need -AddColumn.</summary>
    FixedColumns = 2,

    /// <summary>Each of its servers has transactions, and what writes a table is one.</summary>
    Transactions = 4,

    /// <summary>What relational databases have.</summary>
    Relational = Sql | FixedColumns | Transactions,
}
