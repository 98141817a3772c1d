using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DataTools.Formats.Excel.Reading;

/// <summary>How a package is encrypted. [MS-OFFCRYPTO] 2.3.4.</summary>
internal abstract class PackageCipher
{
    /// <summary>The bytes that are encrypted at a time.</summary>
    protected const int SegmentBytes = 4096;

    private const int LengthBytes = 8;

    /// <summary>Reads the description of the encryption; null where it is one of none that Excel writes.</summary>
    public static PackageCipher? Read(ReadOnlySpan<byte> info)
    {
        if (info.Length < LengthBytes)
        {
            throw new InvalidDataException("the description of its encryption is cut off");
        }

        return (BinaryPrimitives.ReadUInt16LittleEndian(info), BinaryPrimitives.ReadUInt16LittleEndian(info[2..])) switch
        {
            (4, 4) => AgileCipher.Read(info[LengthBytes..]),
            (_, 2) => StandardCipher.Read(info[LengthBytes..]),
            _ => null,
        };
    }

    /// <summary>Tries a password; if it is right, the package can be decrypted.</summary>
    public abstract bool TryUnlock(string password);

    /// <summary>Decrypts a package, whose first bytes are its length.</summary>
    public void Decrypt(Stream package, Stream into)
    {
        var segment = new byte[SegmentBytes];
        package.ReadExactly(segment, 0, LengthBytes);
        var left = BinaryPrimitives.ReadInt64LittleEndian(segment);
        for (var number = 0; left > 0; number++)
        {
            var read = package.ReadAtLeast(segment, segment.Length, throwOnEndOfStream: false) & ~15;
            if (read == 0)
            {
                throw new InvalidDataException("the encrypted book is cut off");
            }

            var plain = DecryptSegment(segment.AsSpan(0, read), number);
            into.Write(plain, 0, (int)Math.Min(left, plain.Length));
            left -= plain.Length;
        }
    }

    /// <summary>Decrypts a segment of the package.</summary>
    protected abstract byte[] DecryptSegment(ReadOnlySpan<byte> segment, int number);

    /// <summary>Hashes salt and password, and the result again and again.</summary>
    protected static byte[] SlowHash(HashAlgorithmName algorithm, ReadOnlySpan<byte> salt, string password, int times)
    {
        using var hash = IncrementalHash.CreateHash(algorithm);
        hash.AppendData(salt);
        hash.AppendData(Encoding.Unicode.GetBytes(password));
        var result = hash.GetHashAndReset();
        Span<byte> number = stackalloc byte[4];
        for (var i = 0; i < times; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(number, i);
            hash.AppendData(number);
            hash.AppendData(result);
            hash.GetHashAndReset(result);
        }

        return result;
    }

    /// <summary>The hash of two pieces.</summary>
    protected static byte[] Hash(HashAlgorithmName algorithm, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        using var hash = IncrementalHash.CreateHash(algorithm);
        hash.AppendData(first);
        hash.AppendData(second);
        return hash.GetHashAndReset();
    }

    /// <summary>Bytes made as long as they must be, as the specification pads them.</summary>
    protected static byte[] Fit(ReadOnlySpan<byte> bytes, int length)
    {
        var fit = new byte[length];
        Array.Fill(fit, (byte)0x36);
        bytes[..Math.Min(length, bytes.Length)].CopyTo(fit);
        return fit;
    }

    /// <summary>The four bytes of a number.</summary>
    protected static byte[] Bytes(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return bytes;
    }
}

/// <summary>The encryption of Excel 2010 and later: AES in CBC mode, described by XML.</summary>
internal sealed class AgileCipher : PackageCipher
{
    /// <summary>The most that the specification allows.</summary>
    private const int MaxSpins = 10_000_000;

    private static readonly byte[] VerifierInputKey = [0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79];
    private static readonly byte[] VerifierValueKey = [0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E];
    private static readonly byte[] PackageKey = [0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6];

    private readonly Dictionary<string, string> _data;
    private readonly Dictionary<string, string> _key;
    private byte[] _packageKey = [];

    private AgileCipher(Dictionary<string, string> data, Dictionary<string, string> key) => (_data, _key) = (data, key);

    /// <summary>Reads the XML; null where it names ciphers that are not in use.</summary>
    public static new AgileCipher? Read(ReadOnlySpan<byte> xml)
    {
        var elements = new Dictionary<string, Dictionary<string, string>>();
        using var reader = XlsxPackage.OpenXml(new MemoryStream(xml.ToArray()));
        while (reader.Read())
        {
            var values = new Dictionary<string, string>();
            elements.TryAdd(reader.LocalName, values);
            while (reader.MoveToNextAttribute())
            {
                values[reader.LocalName] = reader.Value;
            }
        }

        return elements.TryGetValue("keyData", out var data) && elements.TryGetValue("encryptedKey", out var key) && IsKnown(data) && IsKnown(key)
            ? new AgileCipher(data, key)
            : null;
    }

    /// <inheritdoc/>
    public override bool TryUnlock(string password)
    {
        var spins = Number(_key, "spinCount");
        if (spins > MaxSpins)
        {
            throw new InvalidDataException("the key of its encryption would take too long to compute");
        }

        var hash = SlowHash(Algorithm(_key), Base64(_key, "saltValue"), password, spins);
        var input = Unlock(hash, VerifierInputKey, "encryptedVerifierHashInput");
        var expected = Unlock(hash, VerifierValueKey, "encryptedVerifierHashValue");
        var actual = Hash(Algorithm(_key), input.AsSpan(0, Math.Min(input.Length, Number(_key, "saltSize"))), []);
        _packageKey = Fit(Unlock(hash, PackageKey, "encryptedKeyValue"), Number(_data, "keyBits") / 8);
        return expected.AsSpan().StartsWith(actual);
    }

    /// <inheritdoc/>
    protected override byte[] DecryptSegment(ReadOnlySpan<byte> segment, int number)
    {
        var start = Fit(Hash(Algorithm(_data), Base64(_data, "saltValue"), Bytes(number)), Number(_data, "blockSize"));
        using var aes = Aes.Create();
        aes.Key = _packageKey;
        return aes.DecryptCbc(segment, start, PaddingMode.None);
    }

    private static bool IsKnown(Dictionary<string, string> values) =>
        values.GetValueOrDefault("cipherAlgorithm") == "AES" && values.GetValueOrDefault("cipherChaining") == "ChainingModeCBC"
        && values.GetValueOrDefault("hashAlgorithm") is "SHA1" or "SHA256" or "SHA384" or "SHA512"
        && Number(values, "keyBits") is 128 or 192 or 256 && Number(values, "blockSize") == 16;

    private static HashAlgorithmName Algorithm(Dictionary<string, string> values) => new(values["hashAlgorithm"]);

    private static int Number(Dictionary<string, string> values, string name) =>
        int.TryParse(values.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new InvalidDataException($"its encryption has no {name}");

    private static byte[] Base64(Dictionary<string, string> values, string name)
    {
        var text = values.GetValueOrDefault(name) ?? "";
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : throw new InvalidDataException($"its encryption has no valid {name}");
    }

    private byte[] Unlock(byte[] hash, byte[] purpose, string name)
    {
        var cipher = Base64(_key, name);
        if (cipher.Length == 0 || cipher.Length % 16 != 0)
        {
            throw new InvalidDataException($"its encryption has no valid {name}");
        }

        using var aes = Aes.Create();
        aes.Key = Fit(Hash(Algorithm(_key), hash, purpose), Number(_key, "keyBits") / 8);
        return aes.DecryptCbc(cipher, Fit(Base64(_key, "saltValue"), Number(_key, "blockSize")), PaddingMode.None);
    }
}

/// <summary>The encryption of Excel 2007, which LibreOffice writes too: AES in ECB mode with SHA-1, as fixed by the format.</summary>
internal sealed class StandardCipher : PackageCipher
{
    private const int Spins = 50_000;
    private const int HashPadding = 64;
    private const int SaltBytes = 16;
    private const int VerifierBytes = 4 + SaltBytes + 16 + 4 + 32;
    private const int KeySizePlace = 16;

    private readonly byte[] _verifier;
    private readonly int _keyBytes;
    private byte[] _packageKey = [];

    private StandardCipher(byte[] verifier, int keyBytes) => (_verifier, _keyBytes) = (verifier, keyBytes);

    /// <summary>Reads the header and the verifier; null where the cipher is not AES.</summary>
    public static new StandardCipher? Read(ReadOnlySpan<byte> info)
    {
        var headerBytes = info.Length < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(info);
        if (headerBytes < KeySizePlace + 4 || headerBytes > info.Length - 4 - VerifierBytes)
        {
            throw new InvalidDataException("the description of its encryption is cut off");
        }

        var keyBits = BinaryPrimitives.ReadInt32LittleEndian(info[(4 + KeySizePlace)..]);
        return keyBits is 128 or 192 or 256 ? new StandardCipher(info.Slice(4 + headerBytes, VerifierBytes).ToArray(), keyBits / 8) : null;
    }

    /// <inheritdoc/>
    public override bool TryUnlock(string password)
    {
        var hash = Hash(HashAlgorithmName.SHA1, SlowHash(HashAlgorithmName.SHA1, _verifier.AsSpan(4, SaltBytes), password, Spins), Bytes(0));
        _packageKey = [.. Half(hash, 0x36), .. Half(hash, 0x5C)];
        _packageKey = _packageKey[.._keyBytes];
        var input = Decrypt(_verifier.AsSpan(4 + SaltBytes, 16));
        var expected = Decrypt(_verifier.AsSpan(4 + SaltBytes + 16 + 4, 32));
        return expected.AsSpan().StartsWith(Hash(HashAlgorithmName.SHA1, input, []));
    }

    /// <inheritdoc/>
    protected override byte[] DecryptSegment(ReadOnlySpan<byte> segment, int number) => Decrypt(segment);

    private static byte[] Half(byte[] hash, byte padding)
    {
        var block = new byte[HashPadding];
        Array.Fill(block, padding);
        for (var i = 0; i < hash.Length; i++)
        {
            block[i] ^= hash[i];
        }

        return Hash(HashAlgorithmName.SHA1, block, []);
    }

    private byte[] Decrypt(ReadOnlySpan<byte> bytes)
    {
        using var aes = Aes.Create();
        aes.Key = _packageKey;
#pragma warning disable CA5358 // The format has this mode and no other.
        return aes.DecryptEcb(bytes, PaddingMode.None);
#pragma warning restore CA5358
    }
}
