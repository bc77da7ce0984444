using Veltrix.Configuration.History;

namespace Veltrix.Config.History;

/// <summary>What the last verification found.</summary>
public sealed partial class ChainState(ILogger<ChainState> logger)
{
    private HistoryVerdict? _verdict;
    private HistoryVerdict? _intact;

    /// <summary>The last verdict; null before the first.</summary>
    public HistoryVerdict? Verdict => Volatile.Read(ref _verdict);

    /// <summary>The last verdict that found the history intact; what it found must be found again.</summary>
    public HistoryVerdict? LastIntact => Volatile.Read(ref _intact);

    public void Take(HistoryVerdict verdict)
    {
        Volatile.Write(ref _verdict, verdict);
        if (verdict.Intact)
            Volatile.Write(ref _intact, verdict);
        if (verdict.Fault is { } fault)
            Log.Broken(logger, fault.Number, fault.Reason);
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Error,
            "The history of the configuration was changed: version {Number} does not fit. {Reason}"
        )]
        public static partial void Broken(ILogger logger, int number, string reason);
    }
}
