using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace DataTools;

/// <summary>Finds the module's managed and native libraries by its dependency file; everything else is the host's.</summary>
internal sealed class ModuleLoadContext : AssemblyLoadContext
{
    private readonly string modulePath;
    private readonly string compiledFolder;
    private readonly AssemblyDependencyResolver resolver;

    internal ModuleLoadContext(string moduleBin)
        : base("DataTools")
    {
        modulePath = Path.Combine(Path.GetFullPath(moduleBin), "DataTools.Module.dll");
        compiledFolder = Path.Combine(Path.GetFullPath(moduleBin), "r2r", PlatformName());
        resolver = new AssemblyDependencyResolver(modulePath);
    }

    internal Assembly LoadModule() => LoadFromAssemblyPath(PreferCompiled(modulePath));

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // The loader's types (records, results) must be the ones that scripts can name: the default context's.
        if (assemblyName.Name == typeof(ModuleLoader).Assembly.GetName().Name)
        {
            return typeof(ModuleLoader).Assembly;
        }

        var path = resolver.ResolveAssemblyToPath(assemblyName);
        return path is null ? null : LoadFromAssemblyPath(PreferCompiled(path));
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        var path = resolver.ResolveUnmanagedDllToPath(unmanagedDllName);
        return path is null ? 0 : LoadUnmanagedDllFromPath(path);
    }

    /// <summary>The same assembly compiled ahead for this platform where the folder holds one: it starts faster.</summary>
    private string PreferCompiled(string path)
    {
        var compiled = Path.Combine(compiledFolder, Path.GetFileName(path));
        return File.Exists(compiled) ? compiled : path;
    }

    // Not RuntimeInformation.RuntimeIdentifier: a runtime that a distribution built names itself after the distribution.
    private static string PlatformName()
    {
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        return $"{system}-{RuntimeInformation.ProcessArchitecture}".ToLowerInvariant();
    }
}
