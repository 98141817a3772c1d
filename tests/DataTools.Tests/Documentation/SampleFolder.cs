namespace DataTools.Tests.Documentation;

/// <summary>A copy of the examples' data, in which documented code may run; the session's location is there until the end.</summary>
internal sealed class SampleFolder : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly PowerShellSession _session;

    internal SampleFolder(PowerShellSession session)
    {
        _session = session;
        foreach (var file in Directory.GetFiles(Path.Combine(TestPlaces.Repository, "examples", "data")))
        {
            File.Copy(file, _folder[System.IO.Path.GetFileName(file)]);
        }

        session.Run("Set-Location -LiteralPath $args[0]", _folder.Path);
    }

    internal string this[string name] => _folder[name];

    public void Dispose()
    {
        _session.Run("Set-Location -LiteralPath $args[0]", Path.GetTempPath());
        _folder.Dispose();
    }
}
