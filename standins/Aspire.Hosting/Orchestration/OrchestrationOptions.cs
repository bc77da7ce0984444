using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Orchestration;

/// <summary>The configuration section <c>StandIns</c>.</summary>
internal sealed record OrchestrationOptions
{
    /// <summary>Where data, secrets and resources.json lie; .veltrix beside the AppHost's directory when not set.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Starts a process again that ended by itself.</summary>
    public bool RestartCrashedResources { get; init; }

    /// <summary>Takes free ports in the place of the fixed ones, prints nothing, and leaves signals to the test host.</summary>
    public bool Testing { get; init; }

    /// <summary>Removes the data directory at the end.</summary>
    public bool RemoveData { get; init; }

    public static OrchestrationOptions Read(IConfiguration configuration, string appHostDirectory)
    {
        var section = configuration.GetSection("StandIns");
        var directory = section["DataDirectory"] is { Length: > 0 } configured
            ? Path.GetFullPath(configured, appHostDirectory)
            : Path.Combine(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(appHostDirectory))!, ".veltrix");
        return new OrchestrationOptions
        {
            DataDirectory = directory,
            RestartCrashedResources = section.GetValue("RestartCrashedResources", defaultValue: true),
            Testing = section.GetValue("Testing", defaultValue: false),
            RemoveData = section.GetValue("RemoveData", defaultValue: false),
        };
    }
}
