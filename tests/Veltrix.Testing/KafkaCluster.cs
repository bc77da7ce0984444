using System.Diagnostics;

namespace Veltrix.Testing;

/// <summary>Nodes of an Apache Kafka on loopback, which do not outlive their disposal.</summary>
public sealed class KafkaCluster : IAsyncDisposable
{
    private readonly TestProcess[] _processes;

    private KafkaCluster(IEnumerable<KafkaNode> nodes, TestProcess[] processes)
    {
        _processes = processes;
        BootstrapServers = string.Join(',', nodes.Select(node => node.Address));
    }

    /// <summary>Where clients find the nodes.</summary>
    public string BootstrapServers { get; }

    /// <summary>The nodes' processes.</summary>
    public IReadOnlyList<TestProcess> Processes => _processes;

    /// <summary>Starts nodes with new data, and returns when all of them answer.</summary>
    /// <param name="kafka">What they run.</param>
    /// <param name="directory">For their data.</param>
    /// <param name="ports">Where clients find each node.</param>
    /// <param name="settings">Lines of properties that count over those that every cluster has.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InvalidOperationException">A node ended; the message holds what it wrote.</exception>
    public static async Task<KafkaCluster> StartAsync(
        KafkaDistribution kafka,
        string directory,
        IReadOnlyList<int> ports,
        IReadOnlyCollection<string> settings,
        CancellationToken cancellation = default
    )
    {
        var nodes = ports.Select((port, index) => new KafkaNode(index + 1, port, Servers.FreePort())).ToList();
        var commands = new List<ProcessStartInfo>();
        foreach (var node in nodes)
        {
            var home = Path.Combine(directory, $"node-{node.Id}");
            var arguments = await node.FormatAsync(kafka, home, nodes, settings, cancellation);
            commands.Add(new ProcessStartInfo("java", arguments));
        }
        var cluster = new KafkaCluster(nodes, [.. commands.Select(TestProcess.Start)]);
        try
        {
            // It listens before that, but may be told then that it is alone.
            foreach (var process in cluster.Processes)
                await process.UntilAsync(
                    () => Task.FromResult(process.Output.Contains("Kafka Server started", StringComparison.Ordinal)),
                    cancellation: cancellation
                );
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>kill -9 of one node.</summary>
    /// <param name="node">Its number, from 1.</param>
    public Task KillAsync(int node) => _processes[node - 1].KillAsync();

    /// <summary>Kills all nodes that still run.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            await process.DisposeAsync();
    }
}
