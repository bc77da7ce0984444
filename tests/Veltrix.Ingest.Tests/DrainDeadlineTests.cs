using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Veltrix.Ingest.Admission;
using Veltrix.ServiceDefaults.Health;
using Veltrix.Testing;

namespace Veltrix.Ingest.Tests;

public sealed class DrainDeadlineTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    private readonly ManualTime _time = new(holdsTimers: true);
    private readonly Lifetime _lifetime = new();

    // While the listener stays open for the notice the node still takes requests: they must not be given up meanwhile.
    [Theory]
    [InlineData(0, 4, 2.4)]
    [InlineData(0, 60, 36)]
    [InlineData(5, 4, 7.4)]
    public void Passed_AfterTheSignal_ComesAfterTheNoticeAndBeforeTheServersOwnEnd(
        double noticeSeconds,
        double timeoutSeconds,
        double expectedSeconds
    )
    {
        var options = new DrainOptions { NoticeSeconds = noticeSeconds, TimeoutSeconds = timeoutSeconds };
        using var deadline = new DrainDeadline(new DrainState(_lifetime), Options.Create(options), _time);
        _time.Advance(TimeSpan.FromHours(1));
        deadline.Passed.IsCancellationRequested.ShouldBeFalse();

        _lifetime.Stop();
        _time.Advance(TimeSpan.FromSeconds(expectedSeconds) - Moment);
        deadline.Passed.IsCancellationRequested.ShouldBeFalse();
        _time.Advance(2 * Moment);

        deadline.Passed.IsCancellationRequested.ShouldBeTrue();
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void Stop() => _stopping.Cancel();

        public void StopApplication() => Stop();
    }
}
