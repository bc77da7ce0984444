namespace Veltrix.Cli.Load;

/// <summary>
/// What became of every event of a run. Connections work on different batches, and each batch belongs to one connection, so
/// that the arrays need no lock; the counters do.
/// </summary>
internal sealed class LoadLedger(LoadSchedule schedule)
{
    private readonly bool[] _acknowledged = new bool[schedule.Events];
    private readonly bool[] _handled = new bool[schedule.Events];
    private readonly long[] _dueMicroseconds = new long[schedule.Batches];
    private long _sent;
    private long _accepted;
    private long _bytes;
    private long _refused;
    private long _lastAcknowledgement;
    private long _lastCommit;
    private (string? Code, string? Detail)? _firstRefusal;

    public LatencyHistogram Acknowledgement { get; } = new();

    public LatencyHistogram EndToEnd { get; } = new();

    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Bytes of one event as it was sent, as a mean.</summary>
    public double BytesPerEvent => Sent > 0 ? (double)Volatile.Read(ref _bytes) / Sent : 0;

    public long Accepted => Volatile.Read(ref _accepted);

    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Why the first refused event was refused.</summary>
    public (string? Code, string? Detail)? FirstRefusal => _firstRefusal;

    /// <summary>Unix time of the last acknowledgement, microseconds; 0 when there was none.</summary>
    public long LastAcknowledgementMicroseconds => Volatile.Read(ref _lastAcknowledgement);

    /// <summary>Unix time of the last committed effect, microseconds; 0 when there was none.</summary>
    public long LastCommitMicroseconds => Volatile.Read(ref _lastCommit);

    /// <param name="batch">Its number.</param>
    /// <param name="dueMicroseconds">When latencies begin: when it was due, Unix time.</param>
    /// <param name="bytes">Length of its body.</param>
    public void Begin(long batch, long dueMicroseconds, int bytes)
    {
        _dueMicroseconds[batch] = dueMicroseconds;
        Interlocked.Add(ref _bytes, bytes);
        Interlocked.Add(ref _sent, schedule.EventsOf(batch));
    }

    public void Acknowledge(long sequence, long nowMicroseconds)
    {
        _acknowledged[sequence] = true;
        Interlocked.Increment(ref _accepted);
        Acknowledgement.Record(nowMicroseconds - _dueMicroseconds[schedule.BatchOf(sequence)]);
        InterlockedMaximum(ref _lastAcknowledgement, nowMicroseconds);
    }

    public void Refuse(string? code, string? detail)
    {
        if (Interlocked.Increment(ref _refused) == 1)
            _firstRefusal = (code, detail);
    }

    /// <summary>The processor says that it has committed the event's effect. Saying it again changes nothing.</summary>
    public void Handle(long sequence, long? committedAtMicroseconds)
    {
        if (sequence < 0 || sequence >= _handled.Length || _handled[sequence])
            return;
        _handled[sequence] = true;
        if (committedAtMicroseconds is not { } committed)
            return;
        EndToEnd.Record(committed - _dueMicroseconds[schedule.BatchOf(sequence)]);
        InterlockedMaximum(ref _lastCommit, committed);
    }

    public long Lost => CountWhere((acknowledged, handled) => acknowledged && !handled);

    public long Unacknowledged => CountWhere((acknowledged, handled) => handled && !acknowledged);

    private long CountWhere(Func<bool, bool, bool> condition)
    {
        long count = 0;
        for (long sequence = 0; sequence < _acknowledged.Length; sequence++)
            if (condition(_acknowledged[sequence], _handled[sequence]))
                count++;
        return count;
    }

    private static void InterlockedMaximum(ref long target, long value)
    {
        var seen = Volatile.Read(ref target);
        while (value > seen)
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }
}
