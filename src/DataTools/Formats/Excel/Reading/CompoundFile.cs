using System.Buffers.Binary;
using System.Text;

namespace DataTools.Formats.Excel.Reading;

/// <summary>The streams in a compound file, the container of XLS books and of encrypted ones. [MS-CFB].</summary>
internal sealed class CompoundFile
{
    private const int HeaderBytes = 512;
    private const int EntryBytes = 128;
    private const int HeaderFats = 109;
    private const uint LastSector = 0xFFFFFFFA;

    private readonly Stream _file;
    private readonly int _sectorBytes;
    private readonly int _miniBytes;
    private readonly uint _miniCutoff;
    private readonly List<uint> _fat = [];
    private readonly List<uint> _miniFat = [];
    private readonly List<uint> _miniStream = [];
    private readonly List<(string Name, uint Start, long Length)> _entries = [];

    /// <summary>Reads the directory of a file; one that is damaged is <see cref="InvalidDataException"/>.</summary>
    public CompoundFile(Stream file)
    {
        _file = file;
        var header = Read(0, HeaderBytes);
        _sectorBytes = 1 << Math.Min((int)BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(30)), 16);
        _miniBytes = 1 << Math.Min((int)BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(32)), 12);
        _miniCutoff = UInt32(header, 56);
        if (_sectorBytes is not (512 or 4096))
        {
            throw new InvalidDataException("the sectors of the compound file have no valid size");
        }

        ReadFat(header);
        foreach (var sector in Chain(UInt32(header, 60), _fat))
        {
            AddNumbers(_miniFat, ReadSector(sector), _sectorBytes / 4);
        }

        ReadEntries(UInt32(header, 48));
    }

    /// <summary>Opens a stream by its name; null where there is none.</summary>
    public Stream? Open(string name)
    {
        var entry = _entries.Find(e => e.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return entry.Name is null ? null
            : entry.Length < _miniCutoff ? new SectorStream(this, Chain(entry.Start, _miniFat), isMini: true, entry.Length)
            : new SectorStream(this, Chain(entry.Start, _fat), isMini: false, entry.Length);
    }

    private static uint UInt32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static void AddNumbers(List<uint> numbers, byte[] sector, int count)
    {
        for (var i = 0; i < count; i++)
        {
            numbers.Add(UInt32(sector, i * 4));
        }
    }

    private void ReadFat(byte[] header)
    {
        var sectors = new List<uint>();
        AddNumbers(sectors, header[76..], HeaderFats);
        var next = UInt32(header, 68);
        for (var left = _file.Length / _sectorBytes; next < LastSector && left > 0; left--)
        {
            var more = ReadSector(next);
            AddNumbers(sectors, more, (_sectorBytes / 4) - 1);
            next = UInt32(more, _sectorBytes - 4);
        }

        foreach (var sector in sectors.Where(s => s < LastSector).Take((int)(_file.Length / _sectorBytes)))
        {
            AddNumbers(_fat, ReadSector(sector), _sectorBytes / 4);
        }
    }

    private void ReadEntries(uint start)
    {
        foreach (var sector in Chain(start, _fat))
        {
            var bytes = ReadSector(sector);
            for (var at = 0; at < _sectorBytes; at += EntryBytes)
            {
                var entry = bytes.AsSpan(at, EntryBytes);
                var length = Math.Clamp(BinaryPrimitives.ReadUInt16LittleEndian(entry[64..]) - 2, 0, 62);
                var (type, first, size) = (entry[66], UInt32(entry, 116), BinaryPrimitives.ReadInt64LittleEndian(entry[120..]));
                if (type == 5)
                {
                    _miniStream.AddRange(Chain(first, _fat));
                }
                else if (type == 2)
                {
                    _entries.Add((Encoding.Unicode.GetString(entry[..length]), first, Math.Clamp(size, 0, _file.Length)));
                }
            }
        }
    }

    /// <summary>The sectors of a stream; a chain that does not end is no chain.</summary>
    private static List<uint> Chain(uint first, List<uint> fat)
    {
        var chain = new List<uint>();
        for (var sector = first; sector < LastSector; sector = fat[(int)sector])
        {
            if (sector >= fat.Count || chain.Count >= fat.Count)
            {
                throw new InvalidDataException("the sectors of the compound file are damaged");
            }

            chain.Add(sector);
        }

        return chain;
    }

    private byte[] ReadSector(uint sector) => Read(((long)sector + 1) * _sectorBytes, _sectorBytes);

    private byte[] Read(long place, int count)
    {
        var bytes = new byte[count];
        _file.Position = Math.Min(place, _file.Length);
        // The last sector of a file may be cut.
        if (_file.ReadAtLeast(bytes, count, throwOnEndOfStream: false) == 0)
        {
            throw new InvalidDataException("the compound file is cut off");
        }

        return bytes;
    }

    /// <summary>A stream over sectors, or over the small sectors that lie in those of the mini stream.</summary>
    private sealed class SectorStream(CompoundFile file, List<uint> sectors, bool isMini, long length) : ForwardStream
    {
        private byte[] _sector = [];
        private long _place;

        public override int Read(Span<byte> buffer)
        {
            var size = isMini ? file._miniBytes : file._sectorBytes;
            var (index, at) = ((int)(_place / size), (int)(_place % size));
            var count = (int)Math.Min(Math.Min(buffer.Length, size - at), length - _place);
            if (count <= 0)
            {
                return 0;
            }

            if (at == 0 || _sector.Length == 0)
            {
                _sector = index < sectors.Count ? Load(sectors[index], size) : throw new InvalidDataException("a stream of the compound file is cut off");
            }

            _sector.AsSpan(at, count).CopyTo(buffer);
            _place += count;
            return count;
        }

        private byte[] Load(uint sector, int size)
        {
            if (!isMini)
            {
                return file.ReadSector(sector);
            }

            var place = (long)sector * size;
            var host = (int)(place / file._sectorBytes);
            return host < file._miniStream.Count
                ? file.ReadSector(file._miniStream[host]).AsSpan((int)(place % file._sectorBytes), size).ToArray()
                : throw new InvalidDataException("the mini stream of the compound file is cut off");
        }
    }
}
