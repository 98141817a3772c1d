using System.Net;
using DataTools.Errors;

namespace DataTools.Formats.Excel.Reading;

/// <summary>An XLSX or XLSB book that is encrypted as a whole. [MS-OFFCRYPTO] 2.3.4.</summary>
internal static class EncryptedPackage
{
    /// <summary>The password of books that anybody may read, but not change.</summary>
    private const string OpenPassword = "VelvetSweatshop";

    private const int MaxInfoBytes = 1 << 20;

    /// <summary>The book itself, as a temporary file that goes away with the stream; null where the file is no encrypted package.</summary>
    public static Stream? TryOpen(Stream file, string name, ReadOptions options)
    {
        var (info, package) = Find(file);
        if (info is null || package is null)
        {
            file.Position = 0;
            return null;
        }

        var bytes = new byte[MaxInfoBytes];
        var cipher = PackageCipher.Read(bytes.AsSpan(0, info.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)))
            ?? throw DataErrors.CipherNotSupported(name);
        var given = options.Excel.Password is { } secret ? new NetworkCredential("", secret).Password : null;
        if (!(given is not null && cipher.TryUnlock(given)) && !cipher.TryUnlock(OpenPassword))
        {
            throw given is null ? DataErrors.PasswordNeeded(name) : DataErrors.WrongPassword(name);
        }

        var open = SeekableSource.NewTemporary();
        try
        {
            cipher.Decrypt(package, open);
            open.Position = 0;
            file.Dispose();
            return open;
        }
        catch
        {
            open.Dispose();
            throw;
        }
    }

    private static (Stream? Info, Stream? Package) Find(Stream file)
    {
        try
        {
            var compound = new CompoundFile(file);
            return (compound.Open("EncryptionInfo"), compound.Open("EncryptedPackage"));
        }
        catch (InvalidDataException)
        {
            // A damaged XLS book may still be readable for its own reader.
            return (null, null);
        }
    }
}
