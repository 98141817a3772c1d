namespace DataTools.Tests;

/// <summary>A folder that is there for one test.</summary>
internal sealed class TestFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("datatools-test-").FullName;

    /// <summary>Writes a file and returns its whole path.</summary>
    internal string Write(string name, string text)
    {
        var path = this[name];
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>The whole path of a name in the folder.</summary>
    internal string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
