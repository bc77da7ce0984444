namespace Veltrix.Cli.Watchers;

/// <summary>Measures what a part of a run costs, from its beginning on.</summary>
internal sealed class CostMeter(int? serviceId, ReportLedger reports, TimeProvider time)
{
    private readonly long _startedAt = time.GetTimestamp();
    private readonly TimeSpan _nodes = Environment.CpuUsage.TotalTime;
    private readonly TimeSpan? _service = ServiceTime(serviceId);
    private readonly long _reports = reports.RoundTrips.Count;

    public Cost Read() =>
        new(
            time.GetElapsedTime(_startedAt).TotalSeconds,
            (Environment.CpuUsage.TotalTime - _nodes).TotalMilliseconds,
            (ServiceTime(serviceId) - _service)?.TotalMilliseconds,
            reports.RoundTrips.Count - _reports
        );

    private static TimeSpan? ServiceTime(int? processId) =>
        processId is { } id ? ProcessFigures.ProcessorTime(id) : null;
}
