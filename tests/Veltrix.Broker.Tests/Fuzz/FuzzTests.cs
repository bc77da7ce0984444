using System.Diagnostics;
using System.Globalization;

namespace Veltrix.Broker.Tests.Fuzz;

/// <summary>
/// Requests that no client would send. A connection may be closed for them; nothing else may happen: no exception but
/// the one that says so, no request that never ends, no memory that stays. VELTRIX_FUZZ_REQUESTS sets how many
/// (1,000,000 is the whole campaign), VELTRIX_FUZZ_SEED which.
/// </summary>
public sealed class FuzzTests : IDisposable
{
    private const int RequestsPerConnection = 20;
    private const int WarmUpRequests = 4_000;
    private const long MaximumGrowthBytes = 64 * 1024 * 1024;
    private readonly OfflineBroker _broker = new();

    public void Dispose() => _broker.Dispose();

    [Fact]
    public async Task Requests_ThatAreWellFormed_AreAlwaysRead()
    {
        var generator = new RequestGenerator(Seed);
        for (var count = 0; count < Requests / 4; count++)
        {
            var frame = generator.WellFormed(out var api, out var version);
            var before = _broker.Refusals.Count;
            await _broker.SendAsync([frame]);
            // Without acknowledgement a failed produce request ends its connection by design.
            _broker
                .Refusals.Skip(before)
                .Where(reason => !reason.Text.Contains("without acknowledgement", StringComparison.Ordinal))
                .ShouldBeEmpty($"{api.Name} version {version}: {Convert.ToHexString(frame)}");
            Check(count);
        }
    }

    [Fact]
    public async Task Requests_ThatAreMutatedOrRandom_DoNoHarm()
    {
        var started = Stopwatch.GetTimestamp();
        var generator = new RequestGenerator(Seed);
        var atFirst = 0L;
        for (var sent = 0; sent < Requests; sent += RequestsPerConnection)
        {
            if (sent == Math.Min(WarmUpRequests, Requests / 2 / RequestsPerConnection * RequestsPerConnection))
                atFirst = Settled();
            await _broker.SendAsync(Enumerable.Range(0, RequestsPerConnection).Select(_ => generator.Next()));
            Check(sent);
            if (sent % 10_000 == 0)
                _broker.Node.ApplyRetention();
        }
        var grown = Settled() - atFirst;
        TestContext.Current.TestOutputHelper!.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Requests} requests of seed {Seed} over {_broker.Connections} connections in {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s: {grown / 1024} KiB more in memory than at first, {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB at most in the process"
            )
        );
        grown.ShouldBeLessThan(MaximumGrowthBytes);
        _broker.RequestBytesInFlight.ShouldBe(0);
    }

    private static int Requests => FuzzSettings.Requests;

    private static int Seed => FuzzSettings.Seed;

    private void Check(int sent) => _broker.Errors.ShouldBeEmpty($"after {sent} requests of VELTRIX_FUZZ_SEED={Seed}");

    private static long Settled() => GC.GetTotalMemory(forceFullCollection: true);
}
