using Veltrix.Admin.Clients;
using Veltrix.Configuration;
using Veltrix.Configuration.History;
using Veltrix.Configuration.Rollouts;
using Veltrix.ServiceDefaults;

namespace Veltrix.Admin.Live;

/// <summary>Everything that pages show live, read once for all browsers.</summary>
internal sealed class LiveData : SteadyService
{
    private static readonly TimeSpan NodesInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OthersInterval = TimeSpan.FromSeconds(2);
    private readonly Fleet _fleet;

    public LiveData(SiteClients clients, TimeProvider time, ILogger<LiveData> logger)
        : base(time, logger)
    {
        _fleet = new Fleet(time);
        Nodes = new(ReadNodesAsync, NodesInterval, always: true, time);
        Configuration = new(
            cancellation => clients.Config().CurrentAsync(cancellation),
            OthersInterval,
            always: false,
            time
        );
        Conditions = new(cancellation => clients.Config().FleetAsync(cancellation), NodesInterval, always: false, time);
        Proposals = new(
            cancellation => clients.Proposals().ListAsync(null, ListPage<Proposal>.Size + 1, cancellation),
            OthersInterval,
            always: false,
            time
        );
        Rollouts = new(
            cancellation => clients.Rollouts().ListAsync(null, ListPage<Rollout>.Size + 1, cancellation),
            NodesInterval,
            always: false,
            time
        );
        Policy = new(cancellation => clients.Policy().PolicyAsync(cancellation), OthersInterval, always: false, time);
        Hunts = new(
            cancellation => clients.Processor().SummaryAsync(cancellation),
            OthersInterval,
            always: false,
            time
        );
        Leaderboard = new(
            cancellation => clients.Processor().LeaderboardAsync(cancellation),
            OthersInterval,
            always: false,
            time
        );

        async Task<Answer<IReadOnlyList<NodeReport>>> ReadNodesAsync(CancellationToken cancellation)
        {
            var answer = await clients.Config().NodesAsync(cancellation);
            if (answer.IsSuccess)
                _fleet.Take(answer.Value);
            else
                _fleet.Miss();
            return answer;
        }
    }

    /// <summary>What the configuration service knows about the nodes; folded into <see cref="Fleet"/>.</summary>
    public Poller<IReadOnlyList<NodeReport>> Nodes { get; }

    /// <summary>How each node stands to the version in force.</summary>
    public Poller<IReadOnlyList<FleetNode>> Conditions { get; }

    /// <summary>The current configuration.</summary>
    public Poller<ConfigurationVersion> Configuration { get; }

    /// <summary>The newest proposals, one more than a page shows.</summary>
    public Poller<IReadOnlyList<Proposal>> Proposals { get; }

    /// <summary>The newest rollouts, one more than a page shows.</summary>
    public Poller<IReadOnlyList<Rollout>> Rollouts { get; }

    /// <summary>What stands in the way of publications.</summary>
    public Poller<PublicationPolicy> Policy { get; }

    /// <summary>How many hunts are in each state.</summary>
    public Poller<IReadOnlyDictionary<string, long>> Hunts { get; }

    /// <summary>The ten players who went farthest.</summary>
    public Poller<IReadOnlyList<Standing>> Leaderboard { get; }

    /// <summary>The nodes, with their last five minutes.</summary>
    public FleetView Fleet => _fleet.View;

    protected override Task RunAsync(CancellationToken stoppingToken) =>
        RunAllAsync(
            [
                Nodes.RunAsync,
                Configuration.RunAsync,
                Conditions.RunAsync,
                Proposals.RunAsync,
                Rollouts.RunAsync,
                Policy.RunAsync,
                Hunts.RunAsync,
                Leaderboard.RunAsync,
            ],
            stoppingToken
        );
}
