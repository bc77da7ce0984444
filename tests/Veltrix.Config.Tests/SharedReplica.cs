using Veltrix.Config.Tests;

[assembly: AssemblyFixture(typeof(SharedReplica))]

namespace Veltrix.Config.Tests;

/// <summary>One replica for the tests whose requests are all refused, or only read: it stays at version 1.</summary>
public sealed class SharedReplica : IAsyncLifetime
{
    private Database? _database;
    private Replica? _replica;

    internal Replica Replica => _replica ?? throw new InvalidOperationException("The fixture has not started.");

    public async ValueTask InitializeAsync()
    {
        _database = await Database.NewAsync();
        _replica = await Replica.StartReadyAsync(_database);
    }

    public async ValueTask DisposeAsync()
    {
        if (_replica is not null)
            await _replica.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }
}
