using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Veltrix.Config.Rollouts;
using Veltrix.Configuration;
using Veltrix.Configuration.Rollouts;
using Veltrix.ServiceDefaults.Security;
using Veltrix.Testing;

namespace Veltrix.Config.Tests.Rollouts;

/// <summary>Replicas, nodes and a clock that moves a second at a time, so that no test waits for one.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private const int MostSteps = 150;

    private static readonly Dictionary<string, string> Settings = new() { ["Rollouts:Interval"] = "1.00:00:00" };

    private readonly Database _database;
    private readonly ManualTime _time = new();
    private readonly List<Replica> _replicas = [];

    private readonly TimeSpan _apart;

    private Stage(Database database, int nodes, TimeSpan apart)
    {
        (_database, _apart) = (database, apart);
        Nodes =
        [
            .. Enumerable
                .Range(1, nodes)
                .Select(number => new SimulatedNode($"processor-{number}", "processor", _time)),
        ];
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public IReadOnlyList<SimulatedNode> Nodes { get; }

    public Replica Replica => _replicas[0];

    /// <param name="nodes">How many.</param>
    /// <param name="replicas">How many.</param>
    /// <param name="apart">How far the clock of each replica is ahead of that of the one before.</param>
    public static async Task<Stage> OpenAsync(int nodes, int replicas = 1, TimeSpan apart = default)
    {
        var stage = new Stage(await Database.NewAsync(), nodes, apart);
        for (var i = 0; i < replicas; i++)
            await stage.AddReplicaAsync();
        await stage.ConnectAsync();
        foreach (var node in stage.Nodes)
            await node.ReceiveAsync(1);
        return stage;
    }

    /// <summary>Ends the service and starts it on what is stored.</summary>
    public async Task RestartAsync()
    {
        var count = _replicas.Count;
        foreach (var replica in _replicas)
            await replica.DisposeAsync();
        _replicas.Clear();
        for (var i = 0; i < count; i++)
            await AddReplicaAsync();
        await ConnectAsync();
    }

    public Task<Rollout> StartAsync(params RolloutWave[] waves) => StartAsync(acceptsIdle: false, waves);

    public async Task<Rollout> StartAsync(bool acceptsIdle, params RolloutWave[] waves)
    {
        using var client = new OperatorClient(Replica);
        var proposal = await client.MustProposeAsync(4);
        using var response = await PostAsync(
            new RolloutRequest(proposal.Number, waves, BakeSeconds: 5, "Try four", acceptsIdle)
        );
        ((int)response.StatusCode).ShouldBe(201, await response.Content.ReadAsStringAsync(Cancellation));
        return await OperatorClient.ReadAsync(response, RolloutJson.Default.Rollout);
    }

    public async Task<HttpResponseMessage> PostAsync(RolloutRequest request)
    {
        using var client = Replica.As(Roles.Operator);
        return await client.PostAsJsonAsync("/rollouts", request, RolloutJson.Default.RolloutRequest, Cancellation);
    }

    public async Task<HttpResponseMessage> CommandAsync(string command, int number = 1)
    {
        using var client = Replica.As(Roles.Operator);
        return await client.PostAsync($"/rollouts/{number}/{command}?reason=Test", content: null, Cancellation);
    }

    public async Task<Rollout> MustAsync(string command)
    {
        using var response = await CommandAsync(command);
        ((int)response.StatusCode).ShouldBe(200);
        return await OperatorClient.ReadAsync(response, RolloutJson.Default.Rollout);
    }

    public async Task<Rollout> ReadAsync(int number = 1)
    {
        using var client = Replica.As(Roles.Operator);
        return (await client.GetFromJsonAsync($"/rollouts/{number}", RolloutJson.Default.Rollout, Cancellation))!;
    }

    public async Task<IReadOnlyList<FleetNode>> FleetAsync()
    {
        using var client = Replica.As(Roles.Operator);
        return (
            await client.GetFromJsonAsync("/fleet", ConfigurationJson.Default.IReadOnlyListFleetNode, Cancellation)
        )!;
    }

    /// <summary>Sets the clock forward, or back.</summary>
    public void SetClock(TimeSpan by) => _time.SetClock(by);

    /// <summary>One second: nodes report, each replica looks, nodes receive what is meant for them.</summary>
    public async Task<Rollout> StepAsync()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        foreach (var node in Nodes.Where(node => !node.IsSilent))
            await node.ReportAsync();
        foreach (var replica in _replicas)
            await replica.Services.GetRequiredService<RolloutDriver>().StepAsync(Cancellation);
        var rollout = await ReadAsync();
        await ReceiveAsync(rollout);
        return rollout;
    }

    /// <summary>Seconds until the rollout is in a state.</summary>
    public async Task<Rollout> UntilAsync(string state)
    {
        var rollout = await ReadAsync();
        for (var step = 0; rollout.State != state; step++)
        {
            step.ShouldBeLessThan(MostSteps, $"It stays in {rollout.State}, wave {rollout.Wave}.");
            rollout = await StepAsync();
        }
        return rollout;
    }

    /// <summary>What each node is meant to run on.</summary>
    public async Task ReceiveAsync(Rollout rollout)
    {
        var released = rollout.Nodes.Select(node => node.Node).ToHashSet();
        foreach (var node in Nodes.Where(node => !node.IsSilent))
            await node.ReceiveAsync(
                rollout.RestoredBy
                    ?? (rollout.State == "completed" || released.Contains(node.Name) ? rollout.Candidate : rollout.Base)
            );
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
            node.Dispose();
        foreach (var replica in _replicas)
            await replica.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task AddReplicaAsync() =>
        _replicas.Add(
            await Replica.StartReadyAsync(
                _database,
                Settings,
                new SkewedTime(_apart * _replicas.Count, _time),
                new StageClock(_time)
            )
        );

    private sealed class StageClock(TimeProvider time) : IRolloutClock
    {
        public Task<DateTimeOffset> NowAsync(CancellationToken cancellation) => Task.FromResult(time.GetUtcNow());
    }

    /// <summary>Every other node at another replica.</summary>
    private async Task ConnectAsync()
    {
        for (var i = 0; i < Nodes.Count; i++)
            await Nodes[i].ConnectAsync(_replicas[i % _replicas.Count]);
    }
}
