namespace DataTools.Databases;

/// <summary>A database of which migrations need not always say the way back.</summary>
public interface IStatementInverses
{
    /// <summary>Whether the database itself knows what undoes a statement.</summary>
    bool HasInverse(string statement);
}
