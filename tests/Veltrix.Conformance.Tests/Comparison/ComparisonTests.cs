using System.Collections.Concurrent;
using Veltrix.Testing;

namespace Veltrix.Conformance.Tests.Comparison;

/// <summary>
/// The same questions to Apache Kafka 4.2 and to our broker. What Kafka answered is kept in Comparison/Answers, so that ours is
/// compared on every machine; where the real one is at hand, the kept answers are checked against it.
/// Differences stand in docs/broker-differences.md, each with its reason.
/// </summary>
/// <remarks><c>VELTRIX_WRITE_ANSWERS=1</c> keeps anew what Kafka answers.</remarks>
public sealed class ComparisonTests
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<List<Difference>>>> Found = new(
        StringComparer.Ordinal
    );

    public static TheoryData<string> Names => [.. Scenarios.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Veltrix_AnswersAsKafkaDidUnlessArguedOtherwise(string scenario)
    {
        var differences = await DifferencesAsync(scenario);
        var unargued = differences.Where(each => !ArguedDifferences.Contain(each)).ToList();
        unargued.ShouldBeEmpty($"not in {ArguedDifferences.File}:\n{string.Join('\n', unargued)}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ApacheKafka_StillAnswersAsItDid(string scenario)
    {
        var file = KeptAnswers(scenario);
        if (Environment.GetEnvironmentVariable("VELTRIX_WRITE_ANSWERS") is "1")
        {
            var anew = await Scenarios.RunAsync(scenario, TestedKafka.Apache);
            await File.WriteAllLinesAsync(file, anew, TestContext.Current.CancellationToken);
            return;
        }
        var kept = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        (await Scenarios.RunAsync(scenario, TestedKafka.Apache, Difference.Unanswered(kept))).ShouldBe(kept);
    }

    [Fact]
    public async Task ArguedDifferences_AreAllStillThere()
    {
        var found = new List<Difference>();
        foreach (var scenario in Scenarios.All.Keys)
            found.AddRange(await DifferencesAsync(scenario));
        ArguedDifferences.All.Where(argued => !found.Exists(argued.Covers)).ShouldBeEmpty("no difference any more");
    }

    private static Task<List<Difference>> DifferencesAsync(string scenario) =>
        Found.GetOrAdd(scenario, _ => new(() => CompareAsync(scenario))).Value;

    private static async Task<List<Difference>> CompareAsync(string scenario)
    {
        var kept = await File.ReadAllLinesAsync(KeptAnswers(scenario));
        var ours = await Scenarios.RunAsync(scenario, TestedKafka.Veltrix);
        return [.. Difference.Between(scenario, kept, ours)];
    }

    private static string KeptAnswers(string scenario) =>
        Path.Combine(
            Repository.Root,
            "tests/Veltrix.Conformance.Tests/Comparison/Answers",
            $"{scenario.Replace(' ', '-')}.txt"
        );
}
