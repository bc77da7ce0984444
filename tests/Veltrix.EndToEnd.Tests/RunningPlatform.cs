namespace Veltrix.EndToEnd.Tests;

/// <summary>One platform for all tests of the collection; they keep apart by the sources and subjects of their events.</summary>
public sealed class RunningPlatform : IAsyncLifetime
{
    private readonly string _dataDirectory = Directory.CreateTempSubdirectory("veltrix-end-to-end-").FullName;

    public Platform Platform { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Platform = await Platform.StartAsync(_dataDirectory);

    public async ValueTask DisposeAsync()
    {
        if (Platform is not null)
            await Platform.DisposeAsync();
        Directory.Delete(_dataDirectory, recursive: true);
    }
}

[CollectionDefinition(Name)]
public sealed class RunningPlatformCollection : ICollectionFixture<RunningPlatform>
{
    public const string Name = "running platform";
}
