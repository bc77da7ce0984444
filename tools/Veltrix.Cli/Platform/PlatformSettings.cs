namespace Veltrix.Cli.Platform;

/// <summary>What the user says about where the platform is; null means: find it.</summary>
internal sealed record PlatformSettings(
    string? Platform = null,
    Uri? Ingest = null,
    Uri? Processor = null,
    Uri? Config = null,
    string? KeyFile = null
);
