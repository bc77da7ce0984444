using Veltrix.Broker.Protocol;
using Veltrix.Broker.Tests.Fuzz;

namespace Veltrix.Broker.Tests.Golden;

/// <summary>Bytes that real clients sent, and real brokers answered.</summary>
public sealed class GoldenTests
{
    [Fact]
    public void Recordings_AreOfEveryRequest()
    {
        var recorded = Recording.All.Where(each => each.IsSpokenByTheBroker).Select(each => each.Key).ToHashSet();
        Enum.GetValues<ApiKey>().Where(key => !recorded.Contains(key)).ShouldBeEmpty();
    }

    [Fact]
    public void Frames_AreDecodedAndEncodedToTheSameBytes()
    {
        foreach (var recording in Recording.All)
        {
            WireFrame
                .RecodeRequest(recording.Api, recording.Version, recording.Request, out _)
                .ShouldBe(recording.Request, recording.ToString());
            WireFrame
                .RecodeResponse(recording.Api, recording.Version, recording.Response, out _)
                .ShouldBe(recording.Response, recording.ToString());
        }
    }

    [Fact]
    public async Task Requests_AreReadByTheBroker_AndAnsweredInTheSameForm()
    {
        using var broker = new OfflineBroker();
        foreach (var recording in Recording.All.Where(each => each.IsSpokenByTheBroker))
        {
            var answer = await broker.AskAsync(recording.Request);
            broker.Refusals.ShouldBeEmpty(recording.ToString());
            answer.ShouldNotBeEmpty(recording.ToString());
            answer = answer[sizeof(int)..];
            answer[..sizeof(int)].ShouldBe(recording.Response[..sizeof(int)], "the correlation id");
            WireFrame
                .RecodeResponse(recording.Api, recording.Version, answer, out var fields)
                .ShouldBe(answer, recording.ToString());
            WireFrame.RecodeResponse(recording.Api, recording.Version, recording.Response, out var recorded);
            fields.Keys.ShouldBe(
                recorded.Keys.Where(name => fields.ContainsKey(name) || !IsTagged(name)),
                recording.ToString()
            );

            bool IsTagged(string name) =>
                recording.Api.Response.Exists(field => field.Name == name && field.Tag is not null);
        }
        broker.Errors.ShouldBeEmpty();
    }
}
