using Veltrix.Configuration.Diagnoses;

namespace Veltrix.Configuration.Tests.Diagnoses;

public sealed class GeneratedConfigurationTests
{
    private const int Documents = 200;
    private const int Seed = 4;

    [Fact]
    public void Examine_GoodConfigurations_RefusesNone()
    {
        var generator = new ConfigurationGenerator(Seed);
        for (var document = 0; document < Documents; document++)
        {
            var good = generator.Good();

            ConfigurationValidator.Validate(good).ShouldBeEmpty();
            Codes(good).ShouldBeEmpty($"document {document} of seed {Seed} is good");
        }
    }

    [Fact]
    public void Examine_LossyConfigurations_RefusesAllForTheirCause()
    {
        var generator = new ConfigurationGenerator(Seed);
        for (var document = 0; document < Documents; document++)
        {
            var (code, mutate) = ConfigurationGenerator.Mutations[document % ConfigurationGenerator.Mutations.Count];
            var lossy = mutate(generator.Good());

            Codes(lossy).ShouldContain(code, $"document {document} of seed {Seed} was mutated to break {code}");
        }
    }

    [Fact]
    public void Repair_LossyConfigurations_ThatADocumentCanRepair_LeavesNoError()
    {
        var generator = new ConfigurationGenerator(Seed);
        for (var document = 0; document < Documents; document++)
        {
            var (code, mutate) = ConfigurationGenerator.Mutations[document % ConfigurationGenerator.Mutations.Count];
            var lossy = mutate(generator.Good());
            // A machine without memory, disk or descriptors, or a stop of a year, is not repaired by settings alone.
            if (code is "DOC-104" or "DOC-108" or "DOC-301" or "DOC-303" or "DOC-306" or "DOC-401")
                continue;

            Codes(Doctor.Repair(lossy)).ShouldBeEmpty($"document {document} of seed {Seed}, {code}");
        }
    }

    [Fact]
    public void Fix_OfEveryFinding_RemovesIt()
    {
        var generator = new ConfigurationGenerator(Seed);
        for (var document = 0; document < Documents; document++)
        {
            var (_, mutate) = ConfigurationGenerator.Mutations[document % ConfigurationGenerator.Mutations.Count];
            var lossy = mutate(generator.Good());
            foreach (var finding in Doctor.Examine(lossy).Findings.Where(finding => finding.Fix is not null))
                Doctor
                    .Examine(ConfigurationPatch.Apply(lossy, finding.Fix!))
                    .Findings.ShouldNotContain(
                        left => left.Code == finding.Code && left.Path == finding.Path,
                        $"document {document} of seed {Seed}, {finding.Code}"
                    );
        }
    }

    private static IReadOnlyList<string> Codes(PlatformConfiguration configuration) =>
        [.. Doctor.Examine(configuration).Of(Severity.Error).Select(finding => finding.Code).Distinct()];
}
