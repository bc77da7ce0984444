using System.Text.Json;
using Veltrix.Cli.Output;
using Veltrix.Events;

namespace Veltrix.Cli.Platform;

/// <summary>Finds the running platform: <c>.veltrix/resources.json</c> here or in a directory above.</summary>
internal static class PlatformLocator
{
    private const string DataDirectory = ".veltrix";
    private const string FileName = "resources.json";

    /// <summary>The file's path; null when there is none.</summary>
    public static string? FindFile(string workingDirectory, string? platformDirectory)
    {
        if (platformDirectory is null)
            return Ancestors(workingDirectory).Select(InDataDirectory).FirstOrDefault(File.Exists);
        var given = Path.GetFullPath(platformDirectory, workingDirectory);
        return new[] { InDataDirectory(given), Path.Combine(given, FileName) }.FirstOrDefault(File.Exists)
            ?? throw new CliException(
                ErrorCatalogue.PlatformNotFound,
                $"{given} holds neither {DataDirectory}/{FileName} nor {FileName}."
            );
    }

    public static PlatformFile Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), CliJson.Default.PlatformFile)
                ?? throw new JsonException("The file holds null.");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CliException(ErrorCatalogue.PlatformNotFound, $"{path} cannot be read: {exception.Message}");
        }
    }

    private static string InDataDirectory(string directory) => Path.Combine(directory, DataDirectory, FileName);

    private static IEnumerable<string> Ancestors(string directory)
    {
        for (var current = new DirectoryInfo(directory); current is not null; current = current.Parent)
            yield return current.FullName;
    }
}
