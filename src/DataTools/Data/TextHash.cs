using System.Security.Cryptography;
using System.Text;

namespace DataTools.Data;

/// <summary>Hashes of texts.</summary>
internal static class TextHash
{
    /// <summary>All hexadecimal digits.</summary>
    public const int AllDigits = 2 * SHA256.HashSizeInBytes;

    /// <summary>The first hexadecimal digits, in lower case, of the SHA-256 of a text in UTF-8.</summary>
    public static string Of(string text, int digits) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..digits];
}
