using System.Text;
using Veltrix.Config.Versions;
using Veltrix.Configuration;
using Veltrix.Configuration.Rollouts;

namespace Veltrix.Config.Nodes;

/// <summary>
/// One node as this replica knows it: from its own reports, or from the replica that they go to. That one judges it;
/// whether it is silent each replica sees for itself. Thread-safe.
/// </summary>
internal sealed class KnownNode(string name, FleetClock clock, TimeProvider time)
{
    // A processor's latency begins by the producer's clock and ends by its own: from a clock that is off it says nothing.
    private static readonly TimeSpan LargestClockError = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly ReportRing _ring = new();
    private NodeReport? _report;
    private byte[] _json = [];
    private long _receivedAt = time.GetTimestamp();
    private DateTimeOffset _heardAt;
    private SharedNode? _shared;
    private NodeJudgement _sharedJudgement;
    private bool _isSampled = true;
    private bool _isTold = true;
    private NodeMinuteSum? _minute;
    private (int Number, long KnownAt) _meant;
    private NodeJudgement _judgement = new(NodeCondition.Current, "");
    private DateTimeOffset _since = clock.UtcNow;

    /// <summary>Whether it reports: a first report has come in, and none that said that it stops.</summary>
    public bool IsMember
    {
        get
        {
            lock (_gate)
                return _report is { IsLeaving: false };
        }
    }

    /// <summary>Takes a report that came in here.</summary>
    /// <param name="report">The report.</param>
    /// <param name="json">The same as it came.</param>
    /// <param name="nodes">How many nodes there are.</param>
    /// <returns>The minute before, if this report begins another.</returns>
    public EndedMinute? Hear(NodeReport report, byte[] json, int nodes)
    {
        lock (_gate)
        {
            var now = clock.UtcNow;
            Keep(report, json, now, time.GetTimestamp(), nodes);
            _shared = null;
            _isSampled = _isTold = false;
            var minute = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
            var ended = _minute?.Minute == minute ? null : End();
            (_minute ??= new NodeMinuteSum(minute)).Add(report);
            return ended;
        }
    }

    /// <summary>Takes what another replica told, if it is newer than what is known here.</summary>
    /// <param name="row">What it told.</param>
    /// <param name="readAt">Time stamp of the reading.</param>
    /// <param name="nodes">How many nodes there are.</param>
    public void Learn(SharedNode row, long readAt, int nodes)
    {
        lock (_gate)
        {
            var age = TimeSpan.FromSeconds(row.AgeSeconds);
            var receivedAt = readAt - (long)(row.AgeSeconds * time.TimestampFrequency);
            // What the same replica wrote differs from what it wrote before; how old a row seems wavers with each reading.
            if (_shared is not null ? row.SeenAt == _shared.SeenAt : _report is not null && receivedAt <= _receivedAt)
                return;
            if (!Enum.TryParse<NodeCondition>(row.Condition, out var condition))
                return;
            if (StoredJson.Report(row.Report) is not { } report)
                return;
            Keep(report, Encoding.UTF8.GetBytes(row.Report), clock.UtcNow - age, receivedAt, nodes);
            _shared = row;
            _sharedJudgement = new(condition, row.Detail);
            // Should its next report come in here, its condition lasts for as long as it did there.
            Become(_sharedJudgement, row.Since);
        }
    }

    /// <summary>How long the node has not been heard of.</summary>
    /// <param name="readAt">When the other replicas were asked last: what they heard since then is not known.</param>
    public TimeSpan Silence(long readAt)
    {
        lock (_gate)
            return SilenceInside(readAt);
    }

    /// <summary>Judges the node as it is now.</summary>
    /// <returns>Whether its condition changed.</returns>
    public bool Judge(CurrentVersion current, long readAt)
    {
        lock (_gate)
        {
            // During a rollout nodes are meant to differ.
            var version = current.For(name)?.Version;
            if (version is not null && version.Number != _meant.Number)
                _meant = (version.Number, time.GetTimestamp());
            var before = _judgement.Condition;
            if (SilenceInside(readAt) is var silence && silence > NodeRegistry.LongestPause)
                Become(NodeJudgement.Silent(silence), _heardAt);
            else if (_shared is { } shared)
                Become(_sharedJudgement, shared.Since);
            else
                Become(
                    NodeJudgement.Of(_report!, version, time.GetElapsedTime(_meant.KnownAt) > NodeRegistry.Grace),
                    clock.UtcNow
                );
            return _judgement.Condition != before;
        }
    }

    public FleetNode ToFleetNode()
    {
        lock (_gate)
            return new(name, _report!.Service, _judgement.Condition, _since, _judgement.Detail, _report);
    }

    /// <summary>Lets go of reports that are too many now that there are so many nodes.</summary>
    public void Trim(int nodes)
    {
        lock (_gate)
            _ring.Trim(nodes);
    }

    public IReadOnlyList<KeptReport> Newest(DateTimeOffset before, int limit)
    {
        lock (_gate)
            return _ring.Newest(before, limit);
    }

    /// <summary>What to tell the other replicas; null if the node reports to another one, or nothing new came.</summary>
    public SharedNode? Tell(bool again)
    {
        lock (_gate)
        {
            if (_report is null || _shared is not null || (_isTold && !again) || IsJudgementOld)
                return null;
            _isTold = true;
            return new(
                name,
                _report.Service,
                _heardAt,
                time.GetElapsedTime(_receivedAt).TotalSeconds,
                _judgement.Condition.ToString(),
                _since,
                _judgement.Detail,
                Encoding.UTF8.GetString(_json)
            );
        }
    }

    /// <summary>The last report that came in here, if it came since the last call.</summary>
    public NodeSample? TakeSample()
    {
        lock (_gate)
        {
            if (_isSampled)
                return null;
            _isSampled = true;
            var at = time.GetUtcNow() - time.GetElapsedTime(_receivedAt);
            return new(
                name,
                _report!.Service,
                at,
                _report.Version,
                _report.RefusedVersion,
                _report.Refusal,
                _report.EventsPerSecond,
                _report.ErrorsPerSecond,
                (_report.ReportedAt - at).Duration() <= LargestClockError ? _report.LatencyP99Milliseconds : null
            );
        }
    }

    /// <summary>What was added up so far, if its minute began before a moment; later reports begin anew.</summary>
    public EndedMinute? EndMinute(DateTimeOffset before)
    {
        lock (_gate)
            return _minute?.Minute < before ? End() : null;
    }

    /// <summary>It reports again and was not judged since: the others must not take it for silent.</summary>
    private bool IsJudgementOld =>
        _judgement.Condition == NodeCondition.Silent && time.GetElapsedTime(_receivedAt) <= NodeRegistry.LongestPause;

    private TimeSpan SilenceInside(long readAt) =>
        _shared is null ? time.GetElapsedTime(_receivedAt) : time.GetElapsedTime(_receivedAt, readAt);

    private void Keep(NodeReport report, byte[] json, DateTimeOffset heardAt, long receivedAt, int nodes)
    {
        _report = report;
        _json = json;
        _heardAt = heardAt;
        _receivedAt = receivedAt;
        _ring.Add(new(heardAt, json), nodes);
    }

    private void Become(NodeJudgement judgement, DateTimeOffset since)
    {
        if (judgement.Condition != _judgement.Condition || _shared is not null)
            _since = since;
        _judgement = judgement;
    }

    private EndedMinute? End()
    {
        if (_minute is not { } sum)
            return null;
        _minute = null;
        return new(name, _report!.Service, Guid.CreateVersion7(), sum.ToMinute());
    }
}
