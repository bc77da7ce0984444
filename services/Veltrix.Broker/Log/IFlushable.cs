namespace Veltrix.Broker.Log;

/// <summary>
/// A file or set of files that the <see cref="LogFlusher"/> makes durable. Its one thread calls all of this, in the order
/// below; a round ends with <see cref="Confirm"/> or <see cref="Fail"/>. None of them throws, but for <see cref="Sync"/>.
/// </summary>
internal interface IFlushable
{
    /// <summary>Whether it already waits for the flusher; owned by the flusher.</summary>
    ref int FlushRequested { get; }

    /// <summary>Lets what is written count as durable although no sync covers it yet.</summary>
    void Acknowledge();

    /// <summary>Notes what the round has to make durable; gives how many files and directories that concerns.</summary>
    int Capture();

    /// <summary>Lets the disk begin with what <see cref="Sync"/> will wait for.</summary>
    void BeginSync();

    /// <summary>Syncs what was captured, file by file.</summary>
    /// <exception cref="IOException">It may not be durable, now or ever.</exception>
    void Sync();

    /// <summary>What was captured is durable: tells whoever waits for it.</summary>
    void Confirm();

    /// <summary>What was captured may not be durable: takes nothing more, and says so to whoever waits.</summary>
    void Fail(IOException error);
}
