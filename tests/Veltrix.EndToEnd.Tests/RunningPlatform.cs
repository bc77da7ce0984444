using Veltrix.Testing;

namespace Veltrix.EndToEnd.Tests;

/// <summary>One platform for all tests of the collection; they keep apart by the sources and subjects of their events.</summary>
public sealed class RunningPlatform : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();

    public Platform Platform { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Platform = await Platform.StartAsync(_directory.Path);

    public async ValueTask DisposeAsync()
    {
        if (Platform is not null)
            await Platform.DisposeAsync();
        _directory.Dispose();
    }
}

[CollectionDefinition(Name)]
public sealed class RunningPlatformCollection : ICollectionFixture<RunningPlatform>
{
    public const string Name = "running platform";
}
