using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Apache.Arrow;

namespace DataTools.Data.Normalizing;

/// <summary>Text and bytes with offsets of 32 or 64 bits. Text that is no UTF-8 is an error.</summary>
internal sealed class BytesConverter<TOffset>(BytesType target) : ArrowConverter(target)
    where TOffset : unmanaged, System.Numerics.IBinaryInteger<TOffset>
{
    public override ArrayData Convert(IArrowArray array)
    {
        var data = array.Data;
        var length = array.Length;
        var offsets = new int[length + 1];
        byte[] bytes = [];
        if (length > 0)
        {
            var given = MemoryMarshal.Cast<byte, TOffset>(data.Buffers[1].Span).Slice(data.Offset, length + 1);
            bytes = Rebase(given, data.Buffers[2].Span, offsets);
        }

        if (Target != DataTypes.Binary)
        {
            CheckUtf8(array, offsets, bytes);
        }

        return new ArrayData(
            Target.Arrow, length, array.NullCount, 0, [Validity(array), ArrowAccess.Wrap(offsets, length + 1), ArrowAccess.Wrap(bytes, bytes.Length)]);
    }

    private static byte[] Rebase(ReadOnlySpan<TOffset> given, ReadOnlySpan<byte> values, int[] offsets)
    {
        var start = given[0];
        if (long.CreateChecked(given[^1] - start) > System.Array.MaxLength)
        {
            throw new MisfitException(0, "", "is in a batch of more than 2 GiB of text") { IsDamage = true };
        }

        for (var i = 0; i < offsets.Length; i++)
        {
            offsets[i] = int.CreateTruncating(given[i] - start);
            if (i > 0 && offsets[i] < offsets[i - 1])
            {
                throw new MisfitException(i - 1, "", "has an end before its start: the data is damaged") { IsDamage = true };
            }
        }

        var copy = GC.AllocateUninitializedArray<byte>(offsets[^1]);
        if (copy.Length > 0)
        {
            values.Slice(int.CreateChecked(start), copy.Length).CopyTo(copy);
        }

        return copy;
    }

    private static void CheckUtf8(IArrowArray array, int[] offsets, byte[] bytes)
    {
        if (Ascii.IsValid(bytes))
        {
            return;
        }

        for (var row = 0; row < array.Length; row++)
        {
            var value = bytes.AsSpan(offsets[row]..offsets[row + 1]);
            if (!Utf8.IsValid(value) && array.IsValid(row))
            {
                throw new MisfitException(row, Encoding.Latin1.GetString(value), "is not UTF-8");
            }
        }
    }
}
