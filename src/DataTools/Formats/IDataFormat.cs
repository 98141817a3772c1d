using Apache.Arrow;
using DataTools.Data;
using DataTools.Errors;

namespace DataTools.Formats;

/// <summary>What a reader needs besides its file: options, where bad rows go, and whom to tell.</summary>
/// <param name="Options">How to read.</param>
/// <param name="Rejects">Takes bad rows, or throws.</param>
/// <param name="Warn">Takes warnings; may be called from any thread.</param>
public sealed record ReadContext(ReadOptions Options, RejectLog Rejects, Action<string> Warn)
{
    /// <summary>The filter that follows, where the caller has one: a reader may leave out what cannot match, and need not.</summary>
    public Expressions.IRangeFilter? Filter { get; init; }

    /// <summary>Ends the opening of a file, which may read all of it.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The file is one of several: it may lack columns that the options name.</summary>
    public bool IsPart { get; init; }
}

/// <summary>What a writer needs besides its stream.</summary>
/// <param name="Options">How to write.</param>
/// <param name="Target">The target's name, for errors.</param>
/// <param name="Warn">Takes warnings; may be called from any thread.</param>
public sealed record WriteContext(WriteOptions Options, string Target, Action<string> Warn)
{
    /// <summary>Whether the stream goes on with a file that has its header and byte order mark already.</summary>
    public Continuation Continues { get; init; }
}

/// <summary>Where in a file a writer begins.</summary>
public enum Continuation
{
    /// <summary>At the start of a new file.</summary>
    None,

    /// <summary>Behind rows that are there, at the start of a line.</summary>
    AtLine,

    /// <summary>Behind rows that are there, the last of which has no line end.</summary>
    InLine,

    /// <summary>Among what the target holds, which the writer reads and writes anew.</summary>
    Rewritten,
}

/// <summary>A file format. A new one is a folder beside this file and a line in <see cref="DataFormats"/>.</summary>
public interface IDataFormat
{
    /// <summary>The name that -Format takes.</summary>
    string Name { get; }

    /// <summary>One line for the documentation.</summary>
    string Description { get; }

    /// <summary>The file name extensions, with the dot, in lower case.</summary>
    IReadOnlyList<string> Extensions { get; }

    /// <summary>Whether a file of the format is text, so that it can stand in a string.</summary>
    bool IsText => false;

    /// <summary>Whether a file holds nothing but texts, so that the types of its columns are guessed or given.</summary>
    bool IsUntyped => false;

    /// <summary>Whether rows can be added at the end of a file.</summary>
    bool CanAppend => false;

    /// <summary>Whether rows are added by writing the file anew: the writer reads what is there.</summary>
    bool RewritesToAppend => false;

    /// <summary>Whether a reader makes use of <see cref="ReadContext.Filter"/>.</summary>
    bool CanSkip => false;

    /// <summary>Opens a file for reading; null where the format is only written.</summary>
    Func<DataSource, ReadContext, IBatchReader>? OpenReader { get; }

    /// <summary>Opens a writer on a stream that its owner closes; null where the format is only read.</summary>
    Func<Stream, Schema, WriteContext, IBatchWriter>? OpenWriter { get; }
}

/// <summary>A format whose files may hold several tables.</summary>
public interface IContentFormat
{
    /// <summary>What a file holds that can be read on its own.</summary>
    IReadOnlyList<ContentInfo> ListContents(DataSource source, ReadContext context);
}
