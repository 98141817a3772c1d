using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DataTools.Databases.Sqlite;

/// <summary>The part of SQLite's C API (sqlite3.h) that runs per value: without safe handles, spans and copies it costs a third.</summary>
internal static unsafe partial class SqliteNative
{
    public const int Ok = 0;
    public const int Row = 100;
    public const int Done = 101;

    /// <summary>The destructor that makes SQLite copy what it is given.</summary>
    public const nint Copy = -1;

    public const int Integer = 1;
    public const int Real = 2;
    public const int Text = 3;
    public const int Blob = 4;
    public const int Null = 5;

    private const string Library = "e_sqlite3";

    [LibraryImport(Library, EntryPoint = "sqlite3_prepare_v2")]
    public static partial int Prepare(nint database, byte* sql, int length, out nint statement, out byte* tail);

    [LibraryImport(Library, EntryPoint = "sqlite3_finalize")]
    public static partial int Finalize(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_step")]
    public static partial int Step(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_reset")]
    public static partial int Reset(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_null"), SuppressGCTransition]
    public static partial int BindNull(nint statement, int index);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_int64"), SuppressGCTransition]
    public static partial int BindLong(nint statement, int index, long value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_double"), SuppressGCTransition]
    public static partial int BindDouble(nint statement, int index, double value);

    /// <summary>The bytes must stay where they are until the statement is stepped and bound anew: nothing is copied.</summary>
    [LibraryImport(Library, EntryPoint = "sqlite3_bind_text"), SuppressGCTransition]
    public static partial int BindText(nint statement, int index, byte* text, int length, nint destructor);

    /// <summary>The bytes must stay where they are until the statement is stepped and bound anew: nothing is copied.</summary>
    [LibraryImport(Library, EntryPoint = "sqlite3_bind_blob"), SuppressGCTransition]
    public static partial int BindBlob(nint statement, int index, byte* bytes, int length, nint destructor);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_parameter_count")]
    public static partial int ParameterCount(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_parameter_name")]
    public static partial byte* ParameterName(nint statement, int index);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_count")]
    public static partial int ColumnCount(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_name")]
    public static partial byte* ColumnName(nint statement, int column);

    /// <summary>The type as it stands in the table; null for an expression.</summary>
    [LibraryImport(Library, EntryPoint = "sqlite3_column_decltype")]
    public static partial byte* DeclaredType(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_stmt_readonly")]
    public static partial int IsReadOnly(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_type"), SuppressGCTransition]
    public static partial int ColumnType(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_int64"), SuppressGCTransition]
    public static partial long ColumnLong(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_double"), SuppressGCTransition]
    public static partial double ColumnDouble(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_text")]
    public static partial byte* ColumnText(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_blob")]
    public static partial byte* ColumnBlob(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_bytes"), SuppressGCTransition]
    public static partial int ColumnBytes(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_interrupt")]
    public static partial void InterruptAll(nint database);

    /// <summary>The text of a value that was asked for as text or as bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> TextOf(nint statement, int column)
    {
        var text = ColumnText(statement, column);
        return new ReadOnlySpan<byte>(text, ColumnBytes(statement, column));
    }

    /// <summary>The bytes of a value.</summary>
    public static ReadOnlySpan<byte> BytesOf(nint statement, int column)
    {
        var bytes = ColumnBlob(statement, column);
        return new ReadOnlySpan<byte>(bytes, ColumnBytes(statement, column));
    }
}
