using Veltrix.Configuration.Options;
using Veltrix.Options.Tests.Probes;

namespace Veltrix.Options.Tests;

/// <summary>
/// Walks the whole model: an option that nothing obeys is a defect. Each option has a probe, which changes that option alone and
/// shows that a running node then does something else, or that the doctor computes something else.
/// </summary>
public sealed class OptionWalkTests(ProbedNodes nodes) : IClassFixture<ProbedNodes>
{
    private static readonly Dictionary<string, Probe> Probes = new[]
    {
        TopicProbes.All,
        RouteProbes.All,
        AdmissionProbes.All,
        ClientProfileProbes.All,
        ProducerProbes.All,
        ProcessorProbes.All,
        DoctorProbes.All,
    }
        .SelectMany(probes => probes)
        .ToDictionary(probe => probe.Path);

    public static TheoryData<string> Paths => [.. OptionCatalogue.All.Select(option => option.Path)];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Option_Changed_IsObeyed(string path)
    {
        Probes.ShouldContainKey(path, "An option without a probe: nothing shows that it is obeyed.");
        await Probes[path].Show(nodes, path);
    }

    [Fact]
    public void Probes_AreAllOfOptionsThatThereAre() =>
        Probes.Keys.Except(OptionCatalogue.All.Select(option => option.Path)).ShouldBeEmpty();
}
