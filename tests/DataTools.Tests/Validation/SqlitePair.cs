using DataTools.Tests.Databases;

namespace DataTools.Tests.Validation;

/// <summary>Two SQLite databases, each made by a script.</summary>
internal sealed class SqlitePair : IDisposable
{
    private readonly TestFolder _folder = new();

    public SqlitePair(PowerShellSession session, string left, string right)
    {
        TestDatabase.Run(session, Left, left);
        TestDatabase.Run(session, Right, right);
    }

    public string Left => $"sqlite:{_folder["left.db"]}";

    public string Right => $"sqlite:{_folder["right.db"]}";

    public void Dispose() => _folder.Dispose();
}
