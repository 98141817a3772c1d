using Apache.Arrow;
using DataTools.Data;
using DataTools.Databases;
using DataTools.Databases.Reading;
using DataTools.Errors;
using DataTools.Formats;
using DataTools.Schemas;

namespace DataTools.Transfer;

/// <summary>A folder that <see cref="FolderExport"/> wrote. Each file is a part; its hash is checked before its rows are read.</summary>
internal sealed class FolderSource(string folder) : ICopySource
{
    private static readonly KeyColumn File = new("file", DataTypes.Text, false);

    private readonly FolderManifest _manifest = FolderManifest.Read(folder);

    public string Name => _manifest.Source;

    public IDatabase Kind => KnownDatabases.Find(_manifest.Database);

    public bool IsParallel => true;

    public DatabaseSchema Read(Func<TableName, bool> filter, CancellationToken cancellation) =>
        new([.. _manifest.Tables.Select(t => t.Schema).Where(t => filter(t.Name))]) { Enums = _manifest.Enums, Others = _manifest.Others };

    public long? Count(TableSchema table, string? where, CancellationToken cancellation) => Find(table.Name).Files.Sum(f => f.Rows);

    public string? Greatest(TableSchema table, ColumnSchema column, string? after, CancellationToken cancellation) =>
        throw DataErrors.InvalidOption("-Since asks a database, and -Via a folder: write the folder anew, with -Where.");

    public IReadOnlyList<KeyRange> Cut(TableSchema table, int count, CancellationToken cancellation) =>
        count == 1 ? [] : [.. Find(table.Name).Files.Select(f => new KeyRange([File], [f.Name], null))];

    public IBatchReader Open(TableQuery query, IReadOnlyList<KeyRange> ranges, DatabaseContext context)
    {
        if (query.Where is not null)
        {
            throw DataErrors.InvalidOption("-Where is a condition for a database: give it when the folder is written.");
        }

        var table = Find(query.Table!);
        var names = ranges.Select(r => r.From![0]).ToList();
        return new FileParts(folder, [.. table.Files.Where(f => names.Count == 0 || names.Contains(f.Name))], query, context);
    }

    public ICopySource Fork(CancellationToken cancellation) => new FolderSource(folder);

    public void Dispose()
    {
    }

    private FolderTable Find(TableName name) => _manifest.Tables.First(t => t.Schema.Name == name);

    /// <summary>The rows of files one after the other.</summary>
    private sealed class FileParts : IBatchReader
    {
        private readonly string _folder;
        private readonly TableQuery _query;
        private readonly DatabaseContext _context;
        private readonly Queue<FolderFile> _left;
        private IBatchReader _reader;
        private int[] _columns;
        private long _given;

        public FileParts(string folder, IEnumerable<FolderFile> files, TableQuery query, DatabaseContext context)
        {
            _folder = folder;
            _query = query;
            _context = context;
            _left = new Queue<FolderFile>(files);
            (_reader, _columns) = OpenNext();
            Schema = _reader.Schema.Project(_columns);
        }

        public Schema Schema { get; }

        public RecordBatch? ReadBatch(CancellationToken cancellation)
        {
            while (_given < (_query.First ?? long.MaxValue))
            {
                if (_reader.ReadBatch(cancellation) is { } batch)
                {
                    _given += batch.Length;
                    return batch.Project(Schema, _columns);
                }

                if (_left.Count == 0)
                {
                    return null;
                }

                _reader.Dispose();
                (_reader, _columns) = OpenNext();
            }

            return null;
        }

        public void Dispose() => _reader.Dispose();

        private (IBatchReader Reader, int[] Columns) OpenNext()
        {
            var file = _left.Count > 0 ? _left.Dequeue() : throw DataErrors.ManifestMismatch(Path.Combine(_folder, FolderManifest.FileName), $"has no rows of '{_query.Table}'");
            var path = Path.Combine(_folder, Path.GetFileName(file.Name));
            if (!System.IO.File.Exists(path))
            {
                throw DataErrors.FileNotFound(path);
            }

            if (FolderManifest.HashOf(path) != file.Sha256)
            {
                throw DataErrors.ManifestMismatch(path, "is not the file that the manifest names: its hash is another");
            }

            var reader = DataFormats.Find("Parquet", "").OpenReader!(DataSource.FromFile(path), new ReadContext(new ReadOptions(), _context.Rejects, _context.Warn) { Cancellation = _context.Cancellation });
            var names = reader.Schema.Names();
            return (reader, _query.Columns.Count == 0 ? [.. Enumerable.Range(0, names.Length)] : ColumnNames.Find(names, _query.Columns, path));
        }
    }
}
