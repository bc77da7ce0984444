using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Veltrix.Configuration;
using Veltrix.Configuration.Diagnoses;
using Veltrix.Events;
using YamlDotNet.Core;

namespace Veltrix.Cli.Diagnosing;

/// <summary>What the doctor looks at; <c>traffic</c> and <c>limits</c> stand in their places in the configuration.</summary>
internal sealed record DoctorInput(
    PlatformConfiguration Configuration,
    PlatformConfiguration? Previous,
    Topology? Topology
)
{
    private const int LargestBytes = 16 * 1024 * 1024;

    /// <exception cref="CliException">A file cannot be read or does not hold what it should; all errors are named.</exception>
    public static DoctorInput Read(DoctorFiles files, CliContext context)
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
        var topology = Read(files.Topology, context, ConfigurationJson.Default.Topology);
        if (topology is { Brokers: < 1 })
            Refuse(files.Topology!, [new("$.brokers", "There is at least one broker.", "1 or more")]);
        return new(examined, files.Previous is null ? null : ReadDocument(files.Previous, context), topology);
    }

    public Diagnosis Examine() => Doctor.Examine(Configuration, Previous, topology: Topology);

    public DoctorInput Repaired() =>
        this with
        {
            Configuration = Doctor.Repair(Configuration, Previous, topology: Topology),
        };

    private static PlatformConfiguration ReadDocument(string file, CliContext context)
    {
        var errors = ConfigurationReader.Read(Bytes(file, context), out var configuration);
        Refuse(file, errors);
        return configuration!;
    }

    private static T? Read<T>(string? file, CliContext context, JsonTypeInfo<T> type)
        where T : class
    {
        if (file is null)
            return null;
        try
        {
            using var document = JsonDocument.Parse(Bytes(file, context));
            Refuse(file, ConfigurationReader.Read(document.RootElement, type, out var value));
            return value;
        }
        catch (JsonException exception)
        {
            throw new CliException(ErrorCatalogue.InvalidConfiguration, $"{file} is not JSON: {exception.Message}");
        }
    }

    private static byte[] Bytes(string file, CliContext context)
    {
        try
        {
            var path = Path.GetFullPath(file, context.WorkingDirectory);
            if (new FileInfo(path) is { Exists: true, Length: > LargestBytes })
                throw new IOException($"{file} is larger than {LargestBytes} bytes.");
            var bytes = File.ReadAllBytes(path);
            return YamlInput.Is(file) ? YamlInput.ToJson(bytes) : bytes;
        }
        catch (YamlException exception)
        {
            throw new CliException(
                ErrorCatalogue.InvalidConfiguration,
                $"{file} is not YAML: line {exception.Start.Line}: {exception.Message}"
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var error = ErrorCatalogue.UnreadableInput;
            throw new CliException(error.Code, error.Title, exception.Message, "Name a file that can be read.");
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
