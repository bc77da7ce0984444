using Veltrix.Admin.Clients;
using Veltrix.Admin.Live;
using Veltrix.Events;

namespace Veltrix.Admin.Tests.Live;

public sealed class PollerTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1);
    private static readonly Problem Trouble = Problem.Of(ErrorCatalogue.ServiceUnreachable, "Away.");

    [Fact]
    public async Task RunAsync_AFailureAfterASuccess_KeepsTheValueAndTellsTheProblem()
    {
        var answers = new Queue<Answer<string>>(["first", Trouble]);
        var poller = new Poller<string>(
            _ => Task.FromResult(answers.TryDequeue(out var answer) ? answer : Trouble),
            Interval,
            always: true,
            TimeProvider.System
        );

        var reading = await ReadUntilAsync(poller, latest => latest.Problem is not null);

        reading.Value.ShouldBe("first");
        reading.ReadAt.ShouldNotBeNull();
        reading.Problem.ShouldBe(Trouble);
    }

    [Fact]
    public async Task RunAsync_ASuccessAfterAFailure_ForgetsTheProblem()
    {
        var answers = new Queue<Answer<string>>([Trouble]);
        var poller = new Poller<string>(
            _ => Task.FromResult(answers.TryDequeue(out var answer) ? answer : "back"),
            Interval,
            always: true,
            TimeProvider.System
        );

        (await ReadUntilAsync(poller, latest => latest.Value is not null)).Problem.ShouldBeNull();
    }

    [Fact]
    public async Task RunAsync_WhileNobodyLooks_AsksNothing()
    {
        var asked = 0;
        var unwatched = new Poller<string>(Count, Interval, always: false, TimeProvider.System);
        var watched = new Poller<string>(
            _ => Task.FromResult<Answer<string>>("tick"),
            Interval,
            true,
            TimeProvider.System
        );

        using var stop = new CancellationTokenSource();
        var running = unwatched.RunAsync(stop.Token);
        // The other poller's many rounds are the proof that this one had its turns.
        var rounds = 0;
        await ReadUntilAsync(watched, _ => ++rounds > 20);
        asked.ShouldBe(0);

        unwatched.Changed += () => { };
        await Testing.Eventually.HoldsAsync(
            () => Volatile.Read(ref asked) > 0,
            cancellation: TestContext.Current.CancellationToken
        );
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);

        Task<Answer<string>> Count(CancellationToken cancellation)
        {
            Interlocked.Increment(ref asked);
            return Task.FromResult<Answer<string>>("value");
        }
    }

    private static async Task<Reading<string>> ReadUntilAsync(Poller<string> poller, Func<Reading<string>, bool> enough)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var reached = new TaskCompletionSource<Reading<string>>(TaskCreationOptions.RunContinuationsAsynchronously);
        poller.Changed += () =>
        {
            var latest = poller.Latest;
            if (enough(latest))
                reached.TrySetResult(latest);
        };
        var running = poller.RunAsync(stop.Token);
        var reading = await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), stop.Token);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
        return reading;
    }
}
