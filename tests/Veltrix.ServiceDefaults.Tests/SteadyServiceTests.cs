using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Veltrix.Testing;

namespace Veltrix.ServiceDefaults.Tests;

public sealed class SteadyServiceTests
{
    private readonly ManualTime _time = new(holdsTimers: true);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_Throws_BeginsAnewAfterAPauseAndTheHostGoesOn()
    {
        await using var service = await StartAsync(run =>
            run <= 3 ? throw new InvalidOperationException($"fault {run}") : Task.CompletedTask
        );
        var work = service.App.Services.GetRequiredService<Work>();
        await Eventually.HoldsAsync(() => work.Runs == 1, cancellation: Cancellation);

        await Eventually.HoldsAsync(() => Advance(work, runs: 4), cancellation: Cancellation);

        service.App.Lifetime.ApplicationStopping.IsCancellationRequested.ShouldBeFalse();
        service
            .Logs.Lines.Where(line => line.Level == LogLevel.Error)
            .Select(line => line.Text[..line.Text.IndexOf(';', StringComparison.Ordinal)])
            .ShouldBe(Enumerable.Repeat("Work failed unexpectedly", 3));
        // It came to its end: nothing begins any more.
        await work.ExecuteTask!.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task Stop_InThePause_DoesNotWaitForItsEnd()
    {
        await using var service = await StartAsync(_ => throw new InvalidOperationException("a fault"));
        var work = service.App.Services.GetRequiredService<Work>();
        await Eventually.HoldsAsync(() => work.Runs == 1, cancellation: Cancellation);

        await service.App.StopAsync(Cancellation);

        work.ExecuteTask!.IsCompletedSuccessfully.ShouldBeTrue();
        work.Runs.ShouldBe(1);
    }

    [Fact]
    public async Task RunAll_OneFails_EndsTheOthersAndThrowsItsFault()
    {
        var isEnded = false;

        var failure = await Should.ThrowAsync<InvalidOperationException>(() =>
            Work.AllAsync(
                [
                    async token =>
                    {
                        await Task.Delay(Timeout.InfiniteTimeSpan, token)
                            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                        isEnded = true;
                    },
                    _ => Task.FromException(new InvalidOperationException("the second")),
                ],
                Cancellation
            )
        );

        failure.Message.ShouldBe("the second");
        isEnded.ShouldBeTrue();
    }

    [Theory]
    [InlineData(0, 500, 1_000)]
    [InlineData(1, 1_000, 2_000)]
    [InlineData(3, 4_000, 8_000)]
    [InlineData(10, 5_000, 10_000)]
    [InlineData(int.MaxValue, 5_000, 10_000)]
    public void BackOff_AfterFailures_DoublesUpToTheLimit(int failures, int shortest, int longest)
    {
        for (var draw = 0; draw < 100; draw++)
            BackOff
                .Delay(failures, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10))
                .TotalMilliseconds.ShouldBeInRange(shortest, longest);
    }

    private bool Advance(Work work, int runs)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return work.Runs == runs;
    }

    private Task<TestService> StartAsync(Func<int, Task> run) =>
        TestService.StartAsync(configure: builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(_time);
            builder.Services.AddSingleton(services => new Work(
                run,
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<Work>>()
            ));
            builder.Services.AddHostedService(services => services.GetRequiredService<Work>());
        });

    private sealed class Work(Func<int, Task> run, TimeProvider time, ILogger<Work> logger)
        : SteadyService(time, logger)
    {
        private int _runs;

        public int Runs => Volatile.Read(ref _runs);

        public static Task AllAsync(
            IReadOnlyList<Func<CancellationToken, Task>> works,
            CancellationToken cancellation
        ) => RunAllAsync(works, cancellation);

        protected override Task RunAsync(CancellationToken stoppingToken) => run(Interlocked.Increment(ref _runs));
    }
}
