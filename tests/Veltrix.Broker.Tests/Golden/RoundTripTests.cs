using FsCheck;
using FsCheck.Fluent;
using Veltrix.Broker.Tests.Fuzz;
using Veltrix.Conformance.Tests.Wire;

namespace Veltrix.Broker.Tests.Golden;

/// <summary>Any well-formed request is read as it was written, by the description and by the broker, and so is its answer.</summary>
public sealed class RoundTripTests
{
    [Fact]
    public void AnyRequest_AndItsAnswer_AreTheSameAfterARoundTrip()
    {
        using var broker = new OfflineBroker();
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(500),
            Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => VerifyAsync(broker, seed))
        );
    }

    private static async Task VerifyAsync(OfflineBroker broker, int seed)
    {
        var request = new RequestGenerator(seed).WellFormed(out var api, out var version);
        WireFrame.RecodeRequest(api, version, request, out var fields).ShouldBe(request, $"{api.Name} {version}");
        var answers = await broker.AskAsync(request);
        broker.Errors.ShouldBeEmpty();
        if (answers.Length == 0)
        {
            MayBeUnanswered(api, fields).ShouldBeTrue($"no answer to {api.Name} {version}");
            return;
        }
        var answer = answers[sizeof(int)..];
        WireFrame.RecodeResponse(api, version, answer, out _).ShouldBe(answer, $"{api.Name} {version}");
    }

    /// <summary>Records that nobody wants acknowledged, and who waits for others of a group and is gone before they come.</summary>
    private static bool MayBeUnanswered(WireApi api, Fields request) =>
        api.Name is "JoinGroup" or "SyncGroup" || (api.Name == "Produce" && request.Get<short>("acks") == 0);
}
