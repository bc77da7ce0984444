using FsCheck;
using FsCheck.Fluent;
using Veltrix.Broker.Tests.Fuzz;

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
        WireFrame.RecodeRequest(api, version, request).ShouldBe(request, $"{api.Name} {version}");
        var answers = await broker.AskAsync(request);
        broker.Errors.ShouldBeEmpty();
        // None for a produce request without acknowledgement, and for whoever waits for others.
        if (answers.Length == 0)
            return;
        var answer = answers[sizeof(int)..];
        WireFrame.RecodeResponse(api, version, answer, out _).ShouldBe(answer, $"{api.Name} {version}");
    }
}
