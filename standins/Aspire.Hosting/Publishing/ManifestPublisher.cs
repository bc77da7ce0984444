using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes the manifest and ends the application.</summary>
internal sealed partial class ManifestPublisher(
    DistributedApplicationModel model,
    DistributedApplicationExecutionContext execution,
    IConfiguration configuration,
    IHostApplicationLifetime lifetime,
    ILogger<ManifestPublisher> logger
) : IHostedService
{
    private const string DefaultFileName = "aspire-manifest.json";

    /// <exception cref="DistributedApplicationException">No path was given, or the model cannot be written.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var path = ManifestPath();
        // In memory first, so that a model that cannot be written leaves no half of a file.
        using var buffer = new MemoryStream();
        await using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            var context = new ManifestPublishingContext(execution, path, writer, cancellationToken);
            await new ManifestWriter(context).WriteAsync(model);
        }
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, buffer.ToArray(), cancellationToken);
        LogPublished(path);
        lifetime.StopApplication();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private string ManifestPath()
    {
        if (configuration["Pipeline:OutputPath"] is not { Length: > 0 } output)
            throw new DistributedApplicationException(
                "The '--output-path [path]' option was not specified even though '--publisher manifest' argument was used."
            );
        var path = Path.GetFullPath(output);
        return path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? path : Path.Combine(path, DefaultFileName);
    }

    [LoggerMessage(LogLevel.Information, "Published manifest to: {ManifestPath}")]
    private partial void LogPublished(string manifestPath);
}

internal static class ManifestPublishingExtensions
{
    /// <summary>Registers what writes the manifest; called by the builder in publish mode.</summary>
    public static void AddManifestPublishing(this IDistributedApplicationBuilder builder) =>
        builder.Services.AddHostedService<ManifestPublisher>();
}
