using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Veltrix.Cli.Configurations;
using Veltrix.Configuration;
using Veltrix.Configuration.Diagnoses;
using Veltrix.Events;

namespace Veltrix.Cli.Diagnosing;

/// <summary>What the doctor looks at; <c>traffic</c> and <c>limits</c> stand in their places in the configuration.</summary>
internal sealed record DoctorInput(
    PlatformConfiguration Configuration,
    PlatformConfiguration? Previous,
    Topology? Topology
)
{
    /// <exception cref="CliException">A file cannot be read or does not hold what it should, in which case all errors are named; or Kafka cannot be reached.</exception>
    public static async Task<DoctorInput> ReadAsync(
        DoctorFiles files,
        CliContext context,
        CancellationToken cancellation
    )
    {
        var configuration = ReadDocument(files.Configuration, context);
        var traffic = Read(files.Traffic, context, ConfigurationJson.Default.TrafficConfiguration);
        var machine = Read(files.Machine, context, ConfigurationJson.Default.LimitsConfiguration);
        var examined = configuration with
        {
            Traffic = traffic ?? configuration.Traffic,
            Limits = machine ?? configuration.Limits,
        };
        // The document was fine by itself, so what is wrong now came from the other files.
        Refuse("--traffic and --machine", ConfigurationValidator.Validate(examined));
        var previous = files.Previous is null ? null : ReadDocument(files.Previous, context);
        return new(examined, previous, await ReadTopologyAsync(files.Topology, context, cancellation));
    }

    public Diagnosis Examine() => Doctor.Examine(Configuration, Previous, topology: Topology);

    public DoctorInput Repaired() =>
        this with
        {
            Configuration = Doctor.Repair(Configuration, Previous, topology: Topology),
        };

    private static PlatformConfiguration ReadDocument(string file, CliContext context)
    {
        var errors = ConfigurationReader.Read(DocumentFile.Read(file, context), out var configuration);
        Refuse(file, errors);
        return configuration!;
    }

    private static async Task<Topology?> ReadTopologyAsync(
        string? source,
        CliContext context,
        CancellationToken cancellation
    )
    {
        if (source is null)
            return null;
        if (RunningTopology.IsAddress(source) && !File.Exists(Path.GetFullPath(source, context.WorkingDirectory)))
            return await RunningTopology.ReadAsync(source, cancellation);
        var topology = Read(source, context, ConfigurationJson.Default.Topology);
        if (topology is { Brokers: < 1 })
            Refuse(source, [new("$.brokers", "There is at least one broker.", "1 or more")]);
        return topology;
    }

    private static T? Read<T>(string? file, CliContext context, JsonTypeInfo<T> type)
        where T : class
    {
        if (file is null)
            return null;
        try
        {
            using var document = JsonDocument.Parse(DocumentFile.Read(file, context));
            Refuse(file, ConfigurationReader.Read(document.RootElement, type, out var value));
            return value;
        }
        catch (JsonException exception)
        {
            throw new CliException(ErrorCatalogue.InvalidConfiguration, $"{file} is not JSON: {exception.Message}");
        }
    }

    private static void Refuse(string file, IReadOnlyList<ConfigurationError> errors)
    {
        if (errors.Count == 0)
            return;
        var lines = errors.Select(error =>
            $"{error.Path}: {error.Message}" + (error.Allowed is null ? "" : $" Allowed: {error.Allowed}.")
        );
        throw new CliException(ErrorCatalogue.InvalidConfiguration, $"{file}:\n  {string.Join("\n  ", lines)}");
    }
}
