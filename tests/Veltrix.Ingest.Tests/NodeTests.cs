using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Veltrix.ServiceDefaults;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Ingest.Tests;

/// <summary>The service as a node of the platform: what it measures, and how it ends.</summary>
public sealed class NodeTests : IAsyncLifetime
{
    private const string Valid =
        """{"id":"1","source":"/tests","specversion":"1.0","type":"com.veltrix.player.moved"}""";
    private IngestHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await IngestHost.StartAsync(TestKafka.Configuration());

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Post_Events_AreCountedByOutcome()
    {
        var counts = new ConcurrentDictionary<string, long>();
        using var listener = Listen((outcome, count) => counts.AddOrUpdate(outcome, count, (_, sum) => sum + count));

        await _host.PostAsync($"[{Valid},{Valid},{Valid},{{}}]", HttpExtensions.Batch);
        _host.Producer.Failure = _ => ErrorCode.Local_MsgTimedOut;
        await _host.PostAsync(Valid);

        counts.ShouldBe(
            new Dictionary<string, long>
            {
                ["accepted"] = 3,
                ["rejected"] = 1,
                ["unavailable"] = 1,
            },
            ignoreOrder: true
        );
        var measured = _host.Services.GetRequiredService<INodeMeasurements>().Take();
        measured.Events.ShouldBe(3);
        measured.Errors.ShouldBe(2);
        measured.LatencyP50Milliseconds.ShouldNotBeNull();
        measured.Latency!.Counts.Sum().ShouldBe(3);
        measured.ErrorsByCode!.Select(error => error.Code).ShouldBe(["VX-1002", "VX-1009"]);
        measured.Queue!.Bytes.ShouldBeGreaterThan(0);
        measured.Queue.Fraction.ShouldBeInRange(double.Epsilon, 1);
    }

    [Fact]
    public async Task Stop_RequestUnderWay_IsAnsweredAfterItsAcknowledgement()
    {
        _host.Producer.Hold();
        var answer = _host.PostAsync(Valid);
        await Wait.UntilAsync(() => _host.Producer.HeldCount == 1);
        var lifetime = _host.Services.GetRequiredService<IHostApplicationLifetime>();

        lifetime.StopApplication();
        _host.Producer.Release();

        (await answer).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Wait.UntilAsync(() => lifetime.ApplicationStopped.IsCancellationRequested);
    }

    [Fact]
    public async Task Stop_KafkaDoesNotAcknowledge_AnswersThatItIsToBeSentAgain()
    {
        _host.Producer.Hold();
        var answer = _host.PostAsync(Valid);
        await Wait.UntilAsync(() => _host.Producer.HeldCount == 1);

        _host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        (await answer).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await (await answer).JsonAsync()).GetProperty("code").GetString().ShouldBe("VX-1009");
    }

    /// <summary>Other hosts of this process count, too, with meters of their own factories.</summary>
    private MeterListener Listen(Action<string, long> count)
    {
        var factory = _host.Services.GetRequiredService<IMeterFactory>();
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == TelemetryNames.IngestEvents && ReferenceEquals(instrument.Meter.Scope, factory))
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>(
            (_, measurement, tags, _) => count((string)tags[0].Value!, measurement)
        );
        listener.Start();
        return listener;
    }
}
