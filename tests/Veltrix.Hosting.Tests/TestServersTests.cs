using Npgsql;
using Veltrix.Testing;

namespace Veltrix.Hosting.Tests;

public sealed class TestServersTests
{
    [Fact]
    public async Task PostgresAsync_CalledTwice_GivesTwoEmptyDatabasesOfOneServer()
    {
        var first = await Servers.PostgresAsync();
        var second = await Servers.PostgresAsync();

        first.ShouldNotBe(second);
        await using var connection = new NpgsqlConnection(first);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'",
            connection
        );
        (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(0L);
    }

    [Fact]
    public async Task RedisAsync_CalledTwice_GivesOneServer()
    {
        var first = await Servers.RedisAsync();

        (await Servers.RedisAsync()).ShouldBe(first);
    }
}
