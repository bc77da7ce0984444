using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Veltrix.Ingest.Kafka;

namespace Veltrix.Ingest.Tests;

public sealed class BrokerTests
{
    private const string Valid =
        """{"id":"1","source":"/tests","specversion":"1.0","type":"com.veltrix.player.moved"}""";

    // Nothing listens on port 1.
    private const string Nowhere = "127.0.0.1:1";

    private delegate int TestFatalError(nint handle, int error, string reason);

    [Fact]
    public async Task Post_BrokerThatWasNeverThere_Answers503AndHealthSaysSo()
    {
        await using var host = await IngestHost.StartAsync(TestKafka.Configuration(), Nowhere);

        var answer = await host.PostAsync(Valid);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.JsonAsync()).GetProperty("code").GetString().ShouldBe("VX-1009");
        answer.Headers.RetryAfter.ShouldNotBeNull();
        var health = await host.Client.GetAsync("/health", TestContext.Current.CancellationToken);
        health.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var alive = await host.Client.GetAsync("/alive", TestContext.Current.CancellationToken);
        alive.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Post_TopicThatWasDeleted_IsCreatedAgainAndNothingAcceptedIsLost()
    {
        var configuration = TestKafka.Configuration(partitions: 2);
        await using var host = await IngestHost.StartAsync(configuration);
        using var admin = new DependentAdminClientBuilder(host.Producer.Handle).Build();
        await admin.DeleteTopicsAsync([configuration.PlayersTopic()]);

        await Wait.UntilAsync(async () => (await host.PostAsync(Valid)).StatusCode == HttpStatusCode.Accepted);

        (await TestKafka.ReadAllAsync(configuration.PlayersTopic())).ShouldNotBeEmpty();
        (await TestKafka.PartitionsAsync(configuration.PlayersTopic())).ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_ClientLibrarySaysThatTheTopicIsGone_CreatesItAgain(bool isSaidAtOnce)
    {
        var configuration = TestKafka.Configuration(partitions: 2);
        await using var host = await IngestHost.StartAsync(configuration);
        if (isSaidAtOnce)
            host.Producer.Refusal = _ => ErrorCode.Local_UnknownTopic;
        else
            host.Producer.Failure = _ => ErrorCode.Local_UnknownTopic;
        using var admin = new DependentAdminClientBuilder(host.Producer.Handle).Build();
        await admin.DeleteTopicsAsync([configuration.PlayersTopic()]);

        (await host.PostAsync(Valid)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);

        // Asked for all topics: asked for one by its name, a broker may create it.
        await Wait.UntilAsync(() =>
            admin
                .GetMetadata(TimeSpan.FromSeconds(10))
                .Topics.Any(topic => topic.Topic == configuration.PlayersTopic() && topic.Partitions.Count == 2)
        );
    }

    [Fact]
    public async Task Producer_FatalError_EndsTheNodeWithAnExitCode()
    {
        await using var host = await IngestHost.StartAsync(TestKafka.Configuration());
        var guard = host.Services.GetRequiredService<ProducerGuard>();
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var stopped = new TaskCompletionSource();
        await using var registration = stopping.Register(stopped.SetResult);
        guard.ExitCode.ShouldBe(0);

        RaiseFatalError(host.Producer.Handle);

        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        guard.ExitCode.ShouldBe(ProducerGuard.FatalExitCode);
    }

    /// <summary>librdkafka's own means to test this, which the client does not pass on.</summary>
    private static void RaiseFatalError(Handle handle)
    {
        const BindingFlags Members = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
        var native = (SafeHandle)
            typeof(Handle).GetProperty("LibrdkafkaHandle", Members).ShouldNotBeNull().GetValue(handle)!;
        var raise = Marshal.GetDelegateForFunctionPointer<TestFatalError>(
            NativeLibrary.GetExport(LoadedLibrary(), "rd_kafka_test_fatal_error")
        );
        raise(native.DangerousGetHandle(), (int)ErrorCode.OutOfOrderSequenceNumber, "raised by a test");
    }

    private static nint LoadedLibrary()
    {
        using var process = Process.GetCurrentProcess();
        var module = process.Modules.Cast<ProcessModule>().First(module => module.FileName.Contains("librdkafka.so"));
        return NativeLibrary.Load(module.FileName);
    }
}
