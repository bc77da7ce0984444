using System.Text.Json;
using System.Text.Json.Nodes;
using Veltrix.Configuration.Capacity;
using Veltrix.Configuration.Diagnoses;
using Veltrix.Configuration.Options;

namespace Veltrix.Configuration.Tests.Diagnoses;

/// <summary>No node obeys <c>limits</c> and <c>traffic</c>: each of their options must change what the doctor computes.</summary>
public sealed class ObeyedOptionTests
{
    // Busy enough that a burst leaves a backlog.
    private static readonly PlatformConfiguration Busy = PlatformConfiguration.Default with
    {
        Processor = new(MaximumBatchEvents: 5),
        Traffic = new(EventsPerSecond: 2_000, BurstFactor: 3),
    };

    public static TheoryData<string> Paths =>
        [
            .. OptionCatalogue
                .All.Select(option => option.Path)
                .Where(path => path.StartsWith("limits.") || path.StartsWith("traffic.")),
        ];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Option_AtAnEndOfItsRange_ChangesTheDiagnosisOrTheCapacity(string path)
    {
        var range = OptionCatalogue.All.Single(option => option.Path == path).Range!;
        var before = Answers(Busy);

        new[] { range.Minimum, range.Maximum }
            .Select(value => Changed(path, value))
            .ShouldContain(changed => Answers(changed) != before);
    }

    private static PlatformConfiguration Changed(string path, long value)
    {
        var document = JsonSerializer.SerializeToNode(Busy, ConfigurationJson.Default.PlatformConfiguration)!;
        var steps = path.Split('.');
        document[steps[0]]![steps[1]] = value;
        return document.Deserialize(ConfigurationJson.Default.PlatformConfiguration)!;
    }

    // Values that findings only repeat do not count, so they are left out.
    private static string Answers(PlatformConfiguration configuration)
    {
        var findings = Doctor.Examine(configuration).Findings.Select(finding => $"{finding.Code} {finding.Severity}");
        var capacity = CapacityQuestions.Ask(configuration);
        return string.Join('\n', findings)
            + JsonSerializer.Serialize(
                capacity.Stages.Select(stage => $"{stage.EventsPerSecond} {stage.UtilisationInBurst}")
            )
            + capacity.TwiceTheTraffic
            + capacity.DrainSeconds;
    }
}
