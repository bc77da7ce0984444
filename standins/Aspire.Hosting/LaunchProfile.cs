using System.Text.Json;
using System.Text.Json.Serialization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>A profile of a project's Properties/launchSettings.json: its public addresses and its environment.</summary>
internal sealed record LaunchProfile(
    string? CommandName,
    string? ApplicationUrl,
    IReadOnlyDictionary<string, string>? EnvironmentVariables
)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    [JsonIgnore]
    public string Name { get; private init; } = "";

    public IEnumerable<Uri> ApplicationUrls =>
        (ApplicationUrl ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(url => new Uri(url));

    /// <summary>The profile of the AppHost's own name if the project has one, else the project's first that starts a project.</summary>
    /// <exception cref="DistributedApplicationException">The file is not valid JSON.</exception>
    public static LaunchProfile? Find(IConfiguration appHost, IProjectMetadata project)
    {
        var file = Path.Combine(Path.GetDirectoryName(project.ProjectPath)!, "Properties", "launchSettings.json");
        if (!File.Exists(file))
            return null;
        var profiles = Read(file).Profiles ?? [];
        var wanted = appHost["AppHost:DefaultLaunchProfileName"] ?? appHost["DOTNET_LAUNCH_PROFILE"];
        if (wanted is not null && profiles.TryGetValue(wanted, out var named) && named.StartsProject)
            return named with { Name = wanted };
        var first = profiles.FirstOrDefault(profile => profile.Value.StartsProject);
        return first.Value is null ? null : first.Value with { Name = first.Key };
    }

    private bool StartsProject => string.Equals(CommandName, "Project", StringComparison.OrdinalIgnoreCase);

    private static LaunchSettings Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<LaunchSettings>(File.ReadAllText(file), Options)!;
        }
        catch (JsonException exception)
        {
            throw new DistributedApplicationException($"'{file}' is not valid: {exception.Message}", exception);
        }
    }

    private sealed record LaunchSettings(Dictionary<string, LaunchProfile>? Profiles);
}
