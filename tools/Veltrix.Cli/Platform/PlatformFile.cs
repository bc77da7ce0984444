namespace Veltrix.Cli.Platform;

/// <summary>What the AppHost writes to <c>.veltrix/resources.json</c>; only what is needed here.</summary>
internal sealed record PlatformFile(PlatformFile.Host? AppHost, IReadOnlyList<PlatformFile.Resource>? Resources)
{
    internal sealed record Host(string? SecretsDirectory);

    internal sealed record Resource(string Name, IReadOnlyList<string>? Urls);

    public Uri? AddressOf(string resource) =>
        Resources?.FirstOrDefault(candidate => candidate.Name == resource)?.Urls is [var url, ..] ? new Uri(url) : null;
}
