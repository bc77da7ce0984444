using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aspire.Hosting.Orchestration;

/// <summary>resources.json: what runs where, for the command line and for scripts.</summary>
internal sealed class ResourcesFile(string dataDirectory, string secretsDirectory)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // Read by people too: + and & need no escape in a file that no browser takes for HTML.
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };
    private readonly DateTimeOffset _startedAt = DateTimeOffset.UtcNow;
    private readonly Lock _gate = new();
    private bool _removed;

    public string FilePath { get; } = Path.Combine(dataDirectory, "resources.json");

    public void Write(IReadOnlyList<ResourceRun> resources)
    {
        lock (_gate)
        {
            if (_removed)
                return;
            var document = new
            {
                AppHost = new
                {
                    Environment.ProcessId,
                    StartedAt = _startedAt,
                    DataDirectory = dataDirectory,
                    SecretsDirectory = secretsDirectory,
                },
                Resources = resources.Select(Describe),
            };
            AtomicFile.Write(FilePath, JsonSerializer.Serialize(document, Options), durable: false);
        }
    }

    /// <summary>A platform that has stopped has no addresses.</summary>
    public void Remove()
    {
        lock (_gate)
        {
            _removed = true;
            AtomicFile.Remove(FilePath);
        }
    }

    private static object Describe(ResourceRun resource) =>
        new
        {
            resource.Name,
            resource.Kind,
            resource.State,
            resource.Health,
            resource.Urls,
            resource.ConnectionString,
            Replicas = resource.Replicas.Select(replica => new
            {
                replica.Process.Name,
                replica.Process.ProcessId,
                replica.Process.State,
                Health = replica.Process.IsHealthy switch
                {
                    null => null,
                    true => "Healthy",
                    false => "Unhealthy",
                },
                replica.Url,
            }),
            resource.Warnings,
        };
}
