using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Veltrix.Configuration.Diagnoses;

namespace Veltrix.Configuration.Tests.Diagnoses;

/// <summary>One folder of <c>tests/Fixtures/incidents</c>.</summary>
internal sealed class Incident(string name)
{
    private readonly string _folder = Path.Combine(Root(), "tests", "Fixtures", "incidents", name);

    public TrafficConfiguration Traffic => Read("traffic.json", ConfigurationJson.Default.TrafficConfiguration)!;

    public LimitsConfiguration Machine => Read("machine.json", ConfigurationJson.Default.LimitsConfiguration)!;

    public PlatformConfiguration Configuration => Document("configuration.json")!;

    public PlatformConfiguration Repaired => Document("repaired.json")!;

    public PlatformConfiguration? Previous => Document("previous.json");

    private Topology? Topology => Read("topology.json", ConfigurationJson.Default.Topology);

    public Diagnosis Examine(PlatformConfiguration configuration) =>
        Doctor.Examine(configuration, Previous, Traffic, Machine, Topology);

    private PlatformConfiguration? Document(string file)
    {
        var configuration = Read(file, ConfigurationJson.Default.PlatformConfiguration);
        if (configuration is not null)
            ConfigurationValidator.Validate(configuration).ShouldBeEmpty();
        return configuration;
    }

    private T? Read<T>(string file, JsonTypeInfo<T> type)
        where T : class
    {
        var path = Path.Combine(_folder, file);
        if (!File.Exists(path))
            return null;
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        ConfigurationReader.Read(document.RootElement, type, out var value).ShouldBeEmpty();
        return value;
    }

    private static string Root([CallerFilePath] string here = "")
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(here)!);
        while (!File.Exists(Path.Combine(folder.FullName, "Veltrix.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("Veltrix.sln was not found above the tests.");
        return folder.FullName;
    }
}
