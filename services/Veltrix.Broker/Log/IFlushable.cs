namespace Veltrix.Broker.Log;

/// <summary>A file or set of files that the <see cref="LogFlusher"/> makes durable.</summary>
internal interface IFlushable
{
    /// <summary>Whether it already waits for the flusher; owned by the flusher.</summary>
    ref int FlushRequested { get; }

    /// <summary>Makes durable what was written, and tells whoever waits for it. Never throws.</summary>
    void Flush();
}
