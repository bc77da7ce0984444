using System.Text.Json;
using System.Text.Json.Nodes;
using Veltrix.Configuration.Capacity;
using Veltrix.Configuration.Diagnoses;
using Veltrix.Configuration.Options;

namespace Veltrix.Configuration.Tests.Diagnoses;

/// <summary>Documents with options at the ends of their ranges: all that the validator accepts the doctor can examine.</summary>
public sealed class ExtremeConfigurationTests
{
    private const int Seed = 4;
    private const int Attempts = 2_000;

    [Fact]
    public void Examine_OptionsAtTheEndsOfTheirRanges_NeverThrowsAndEveryFixApplies()
    {
        var random = new Random(Seed);
        var accepted = 0;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (ConfigurationReader.Read(Extreme(random), out var configuration).Count > 0)
                continue;
            accepted++;
            foreach (
                var finding in Doctor
                    .Examine(configuration!, PlatformConfiguration.Default, topology: new(3, []))
                    .Findings
            )
                ConfigurationPatch.Apply(configuration!, finding.Fix ?? []);
            JsonSerializer.Serialize(CapacityQuestions.Ask(configuration!), Numbers);
        }
        // The rest contradicts itself, such as a retry whose longest pause is shorter than its first.
        accepted.ShouldBeGreaterThan(Attempts / 10);
    }

    // Infinity and NaN have no JSON: writing them throws, and no answer may be one.
    private static readonly JsonSerializerOptions Numbers = new(JsonSerializerDefaults.Web);

    private static JsonElement Extreme(Random random)
    {
        var document = JsonSerializer.SerializeToNode(
            PlatformConfiguration.Default,
            ConfigurationJson.Default.PlatformConfiguration
        )!;
        foreach (var option in OptionCatalogue.All.Where(option => option.Range is not null && option.Unit != "list"))
            if (random.Next(5) == 0)
                Set(document, option.Path, random.Next(2) == 0 ? option.Range!.Minimum : option.Range!.Maximum);
        return JsonSerializer.SerializeToElement(document, ConfigurationJson.Default.JsonNode);
    }

    private static void Set(JsonNode document, string path, long value)
    {
        var steps = path.Split('.');
        var place = document;
        foreach (var step in steps[..^1])
            place = step.EndsWith("[]", StringComparison.Ordinal) ? place[step[..^2]]![0]! : place[step]!;
        place[steps[^1]] = value;
    }
}
