using System.Reflection;

namespace DataTools.Tests;

/// <summary>Where the repository and what the build made of it are.</summary>
internal static class TestPlaces
{
    /// <summary>The repository's root folder.</summary>
    internal static string Repository { get; } = Metadata("Repository");

    /// <summary>The runner's assembly, in its own output folder.</summary>
    internal static string Runner { get; } = Metadata("Runner");

    /// <summary>The manifest of the module's copy beside the tests.</summary>
    internal static string Manifest { get; } = Path.Combine(AppContext.BaseDirectory, "DataTools", "DataTools.psd1");

    /// <summary>A file of the tests' data.</summary>
    internal static string Data(string name) => Path.Combine(Repository, "tests", "data", name);

    private static string Metadata(string key) =>
        typeof(TestPlaces).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
