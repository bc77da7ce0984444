using System.Text.Json;
using System.Xml.Linq;

namespace Aspire.Hosting.Orchestration;

/// <summary>Finds garnet-server, a .NET tool that the repository's manifest names.</summary>
internal static class GarnetTool
{
    private const string Package = "garnet-server";

    /// <summary>The tool's assembly; run as <c>dotnet DLL</c> it needs no process of the SDK above it.</summary>
    public static async Task<string> FindAsync(
        string directory,
        Action<string> progress,
        CancellationToken cancellation
    )
    {
        var repository = Repository(directory);
        var version = Version(repository);
        if (Assembly(version) is { } present)
            return present;
        progress("restoring the tool garnet-server");
        await ShortCommand.RunAsync(
            new ProcessSpecification("dotnet", ["tool", "restore"]) { WorkingDirectory = repository },
            cancellation,
            progress
        );
        return Assembly(version)
            ?? throw new DistributedApplicationException(
                $"garnet-server {version} is not in the packages folder after 'dotnet tool restore' in {repository}."
            );
    }

    /// <summary>The directory at or above <paramref name="directory"/> that holds the tool manifest.</summary>
    private static string Repository(string directory)
    {
        for (var above = directory; above is not null; above = Path.GetDirectoryName(above))
        {
            if (File.Exists(Path.Combine(above, ".config", "dotnet-tools.json")))
                return above;
        }
        throw new DistributedApplicationException($"No .config/dotnet-tools.json at or above {directory}.");
    }

    private static string Version(string repository)
    {
        var manifest = Path.Combine(repository, ".config", "dotnet-tools.json");
        using var document = JsonDocument.Parse(File.ReadAllBytes(manifest));
        return document.RootElement.GetProperty("tools").GetProperty(Package).GetProperty("version").GetString()!;
    }

    private static string? Assembly(string version)
    {
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } configured
            ? configured
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var tools = Path.Combine(packages, Package, version, "tools");
        if (!Directory.Exists(tools))
            return null;
        // <DotNetCliTool><Commands><Command Name="garnet-server" EntryPoint="portable/GarnetServer.dll" …
        return Directory
            .EnumerateFiles(tools, "DotnetToolSettings.xml", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(settings =>
                Path.Combine(
                    Path.GetDirectoryName(settings)!,
                    XDocument.Load(settings).Descendants("Command").First().Attribute("EntryPoint")!.Value
                )
            )
            .LastOrDefault(File.Exists);
    }
}
