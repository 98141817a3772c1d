using DataTools.Errors;
using ParquetSharp;

namespace DataTools.Formats.Parquet;

/// <summary>The codecs of column chunks by the names that -Compression takes.</summary>
internal static class ParquetCodec
{
    /// <summary>The codec and its level, or null for the codec's default.</summary>
    public static (Compression Codec, int? Level) Of(WriteOptions options)
    {
        var codec = options.Compression?.ToLowerInvariant() switch
        {
            null or "snappy" => Compression.Snappy,
            "none" => Compression.Uncompressed,
            "zstd" => Compression.Zstd,
            "gzip" => Compression.Gzip,
            "lz4" => Compression.Lz4,
            _ => throw DataErrors.InvalidOption($"'{options.Compression}' is no codec of Parquet. Codecs are none, snappy, zstd, gzip and lz4."),
        };
        return (codec, Checked(codec, options.CompressionLevel));
    }

    private static int? Checked(Compression codec, int? level)
    {
        var (least, most) = codec switch
        {
            Compression.Zstd => (1, 22),
            Compression.Gzip => (1, 9),
            _ => (0, -1),
        };
        if (level is null || (level >= least && level <= most))
        {
            return level;
        }

        throw DataErrors.InvalidOption(least > most
            ? $"The codec {codec} has no levels; only zstd (1 to 22) and gzip (1 to 9) have."
            : $"The level {level} is not one of {codec}'s, {least} to {most}.");
    }
}
