using System.Diagnostics;

namespace DataTools.Tests.Databases;

/// <summary>A small file system in memory, which fills up; only the administrator may mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TestFolder _folder = new();

    private SmallDisk(int megabytes)
    {
        if (!Environment.IsPrivilegedProcess || TestServer.Find("mount", "/bin", "/usr/bin") is not { } mount || Run(mount, "-t", "tmpfs", "-o", $"size={megabytes}m,mode=777", "tmpfs", Path) != 0)
        {
            _folder.Dispose();
            Assert.Skip("Only the administrator can mount a small disk.");
        }
    }

    /// <summary>Where it is.</summary>
    internal string Path => _folder.Path;

    /// <summary>Mounts one, or skips the test.</summary>
    internal static SmallDisk Mount(int megabytes) => new(megabytes);

    public void Dispose()
    {
        // A file that is still open keeps it; what is left of it then goes with its last user.
        _ = Run("umount", "-l", Path);
        _folder.Dispose();
    }

    private static int Run(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
