using Veltrix.Configuration.Rollouts;

namespace Veltrix.Configuration.Tests.Rollouts;

public sealed class RolloutWaveTests
{
    private static readonly (string Node, string Service)[] Fleet =
    [
        ("processor-b", "processor"),
        ("ingest-a", "ingest"),
        ("processor-a", "processor"),
        ("processor-c", "processor"),
    ];

    public static TheoryData<RolloutWave, string[], string[]> Cases =>
        new()
        {
            { new(Count: 2), [], ["ingest-a", "processor-a"] },
            { new(Count: 9), ["ingest-a"], ["processor-a", "processor-b", "processor-c"] },
            { new(Percent: 50), ["ingest-a"], ["processor-a"] },
            { new(Percent: 1), [], ["ingest-a"] },
            { new(Percent: 25), ["ingest-a", "processor-a"], [] },
            { new(Label: "processor"), ["processor-a"], ["processor-b", "processor-c"] },
            { new(Count: 1, Label: "processor"), [], ["processor-a"] },
            { new(Percent: 50, Label: "processor"), ["processor-a"], ["processor-b"] },
            { new(Label: "broker"), [], [] },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Choose_Fleet_TakesTheFirstByName(RolloutWave wave, string[] released, string[] expected) =>
        wave.Choose(Fleet, released.ToHashSet()).ShouldBe(expected);

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(1, 50, null)]
    [InlineData(0, null, null)]
    [InlineData(null, 0, null)]
    [InlineData(null, 101, null)]
    [InlineData(null, null, "")]
    public void Error_Unusable_SaysWhy(int? count, int? percent, string? label) =>
        new RolloutWave(count, percent, label).Error().ShouldNotBeNull();

    [Theory]
    [InlineData("2", 2, null, null)]
    [InlineData("50%", null, 50, null)]
    [InlineData("processor", null, null, "processor")]
    [InlineData("processor:1", 1, null, "processor")]
    [InlineData("processor:50%", null, 50, "processor")]
    public void TryParse_WhatPeopleWrite_IsAWave(string text, int? count, int? percent, string? label)
    {
        RolloutWave.TryParse(text, out var wave).ShouldBeTrue();
        wave.ShouldBe(new RolloutWave(count, percent, label));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("101%")]
    [InlineData("processor:")]
    [InlineData("processor:some")]
    public void TryParse_AnythingElse_IsNone(string text) => RolloutWave.TryParse(text, out _).ShouldBeFalse();
}
