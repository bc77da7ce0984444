using System.Net.Http.Json;
using Npgsql;
using Veltrix.Configuration.Rollouts;
using Veltrix.ServiceDefaults.Security;
using Veltrix.Testing;

namespace Veltrix.Config.Tests.Rollouts;

/// <summary>
/// Processes of the service on one database, two nodes, and a rollout that reaches one of them first. The database holds the
/// rollout in a state until the test has killed what it wants to kill.
/// </summary>
internal sealed class KilledService : IAsyncDisposable
{
    private const int HoldKey = 1;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly RolloutWave[] OneThenAll = [new(Count: 1), new(Percent: 100)];
    private readonly Database _database;
    private readonly List<ConfiguredNode> _nodes = [];

    private KilledService(Database database, int replicas)
    {
        _database = database;
        Processes = [.. Enumerable.Range(0, replicas).Select(_ => new ConfigProcess(database))];
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public IReadOnlyList<ConfigProcess> Processes { get; }

    /// <summary>The node of the first wave.</summary>
    public ConfiguredNode Canary => _nodes[0];

    public IReadOnlyList<ConfiguredNode> Nodes => _nodes;

    /// <summary>The replica that lives to the end.</summary>
    public ConfigProcess Last => Processes[^1];

    /// <param name="isBad">Whether what the rollout publishes makes nodes fail.</param>
    /// <param name="replicas">How many processes; nodes talk to the first that lives.</param>
    public static async Task<KilledService> StartAsync(bool isBad, int replicas = 1)
    {
        var service = new KilledService(await Database.NewAsync(), replicas);
        foreach (var process in service.Processes)
            await process.StartAsync();
        int[] ports = [.. service.Processes.Select(process => process.Port)];
        foreach (var instance in new[] { "1", "2" })
            service._nodes.Add(await ConfiguredNode.StartAsync(instance, ports, version => isBad && version == 2));
        return service;
    }

    public async Task StartRolloutAsync()
    {
        using var proposer = new OperatorClient(Last);
        var proposal = await proposer.MustProposeAsync(4);
        using var client = Last.As(Roles.Operator);
        using var response = await client.PostAsJsonAsync(
            "/rollouts",
            new RolloutRequest(proposal.Number, OneThenAll, BakeSeconds: 5, "Try four"),
            RolloutJson.Default.RolloutRequest,
            Cancellation
        );
        ((int)response.StatusCode).ShouldBe(201, await response.Content.ReadAsStringAsync(Cancellation));
    }

    /// <summary>From now on the rollout may enter <paramref name="state"/>, but not leave it before the answer is disposed of.</summary>
    public async Task<IAsyncDisposable> HoldAsync(string state)
    {
        // Not from the pool: the lock ends with the session.
        var connection = new NpgsqlConnection($"{_database.ConnectionString};Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(
            $"""
            select pg_advisory_lock({HoldKey});
            create function hold() returns trigger language plpgsql as $$
            begin
                perform pg_advisory_xact_lock({HoldKey});
                return new;
            end $$;
            create trigger hold before update on rollouts for each row
                when (lower(old.state) = '{state}' and old.state <> new.state) execute function hold();
            """,
            connection
        );
        await command.ExecuteNonQueryAsync(Cancellation);
        return connection;
    }

    public async Task<Rollout> UntilAsync(Func<Rollout, bool> condition)
    {
        using var client = Last.As(Roles.Operator);
        return (
            await Eventually.AnswersAsync(
                () => client.GetFromJsonAsync("/rollouts/1", RolloutJson.Default.Rollout, Cancellation),
                rollout => condition(rollout!),
                Limit
            )
        )!;
    }

    public Task<Rollout> UntilAsync(string state) => UntilAsync(rollout => rollout.State == state);

    public async Task CommandAsync(string command)
    {
        using var client = Last.As(Roles.Operator);
        using var response = await client.PostAsync($"/rollouts/1/{command}?reason=Test", content: null, Cancellation);
        ((int)response.StatusCode).ShouldBe(200, await response.Content.ReadAsStringAsync(Cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        foreach (var process in Processes)
            await process.DisposeAsync();
        await _database.DisposeAsync();
    }
}
