using System.Reflection;

namespace DataTools;

/// <summary>Loads the module's assembly into a load context of its own, so that its libraries never meet those of other modules.</summary>
public static class ModuleLoader
{
    private static readonly Lock Gate = new();
    private static Assembly? loaded;

    /// <summary>Loads <c>DataTools.Module.dll</c>, once per process: a second call returns the same assembly, whatever its folder.</summary>
    /// <param name="moduleBin">The folder that holds the module's assemblies.</param>
    /// <returns>The assembly with the cmdlets.</returns>
    /// <exception cref="FileNotFoundException">The folder does not hold the assembly.</exception>
    public static Assembly Load(string moduleBin)
    {
        ArgumentException.ThrowIfNullOrEmpty(moduleBin);
        lock (Gate)
        {
            return loaded ??= new ModuleLoadContext(moduleBin).LoadModule();
        }
    }
}
