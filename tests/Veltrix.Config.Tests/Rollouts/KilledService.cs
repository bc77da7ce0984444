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
    private const int BakeSeconds = RolloutRequest.ShortestBakeSeconds;

    // On a busy machine some of the reports of a second do not come; five of each side are compared at least.
    private const int BakeLongSeconds = 2 * BakeSeconds;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly RolloutWave[] OneThenAll = [new(Count: 1), new(Percent: 100)];
    private readonly Database _database;
    private readonly List<ConfiguredNode> _nodes = [];

    private readonly bool _isBad;

    private KilledService(Database database, bool isBad, int replicas)
    {
        (_database, _isBad) = (database, isBad);
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
        var service = new KilledService(await Database.NewAsync(), isBad, replicas);
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
            new RolloutRequest(proposal.Number, OneThenAll, _isBad ? BakeLongSeconds : BakeSeconds, "Try four"),
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
            drop function if exists hold cascade;
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

    /// <summary>Ends what the state <c>waiting</c> waits for.</summary>
    public Task ThawAsync() => PolicyAsync("unfreeze");

    /// <summary>kill -9 of the last replica when the rollout is about to leave a state, and its start.</summary>
    public async Task KillInAsync(string state)
    {
        await using (await HoldAsync(state))
        {
            if (state == "halted")
                Canary.Line.Cut();
            if (state == "paused")
                await CommandAsync("pause");
            if (state == "waiting")
                await PolicyAsync("freeze");
            await UntilAsync(state);
            await Last.KillAsync();
        }
        await Last.StartAsync();
        Canary.Line.Mend();
    }

    private async Task PolicyAsync(string act)
    {
        using var client = new OperatorClient(Last);
        await client.MustAsync($"{act}?reason=Test");
    }

    /// <summary>The rollout has ended like this, and after kill -9 it still has.</summary>
    public async Task ShouldHaveEndedForGoodAsync(Rollout ended, string end)
    {
        await ShouldHaveEndedAsync(ended, end);
        await Last.KillAsync();
        await Last.StartAsync();
        (await UntilAsync(_ => true)).EndedAt.ShouldBe(ended.EndedAt);
        await ShouldHaveEndedAsync(ended, end);
    }

    private async Task ShouldHaveEndedAsync(Rollout ended, string end)
    {
        ended.State.ShouldBe(end, string.Join('\n', ended.Evidence.Select(entry => entry.Text)));
        foreach (var node in Nodes)
            await node.RunsAsync(ended.RestoredBy ?? ended.Candidate);
        using var client = new OperatorClient(Last);
        (await client.VerifyAsync()).Fault.ShouldBeNull();
        var audit = await client.AuditAsync();
        audit.Count(entry => entry.Act is "rollout-complete" or "rollout-roll-back" or "rollout-abort").ShouldBe(1);
        // "Wave 1 of 2: …": none is begun twice.
        audit.Where(entry => entry.Act == "rollout-wave").Select(entry => entry.Reason).ShouldBeUnique();
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
