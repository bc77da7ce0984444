using System.Text.Json;
using Veltrix.Configuration;
using Veltrix.Configuration.Capacity;
using Veltrix.Configuration.Diagnoses;
using Veltrix.Configuration.Options;

namespace Veltrix.Options.Tests.Probes;

/// <summary>No node obeys <c>limits</c> and <c>traffic</c>: they are what the doctor computes with.</summary>
internal static class DoctorProbes
{
    // Busy enough that a burst leaves a backlog.
    private static readonly PlatformConfiguration Busy = PlatformConfiguration.Default with
    {
        Processor = new(MaximumBatchEvents: 5),
        Traffic = new(EventsPerSecond: 2_000, BurstFactor: 3),
    };

    public static IEnumerable<Probe> All =>
        OptionCatalogue
            .All.Select(option => option.Path)
            .Where(path => path.StartsWith("limits.") || path.StartsWith("traffic."))
            .Select(path => new Probe(path, AnEndOfItsRangeChangesTheDiagnosisOrTheCapacity));

    private static Task AnEndOfItsRangeChangesTheDiagnosisOrTheCapacity(ProbedNodes nodes, string path)
    {
        var range = OptionCatalogue.All.Single(option => option.Path == path).Range!;
        var before = Answers(Busy);
        new[] { range.Minimum, range.Maximum }
            .Select(value => Answers(Busy.With(path, value)))
            .ShouldContain(answers => answers != before);
        return Task.CompletedTask;
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
