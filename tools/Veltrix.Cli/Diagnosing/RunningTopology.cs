using System.Globalization;
using System.Text.RegularExpressions;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Veltrix.Configuration.Diagnoses;
using Veltrix.Events;

namespace Veltrix.Cli.Diagnosing;

/// <summary>Reads what is there from a running Kafka. The configuration service has a reader of its own, which goes on reading.</summary>
internal static partial class RunningTopology
{
    private const string Connection = "kafka";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Whether <paramref name="text"/> is a list of <c>host:port</c>, as Kafka's clients take it.</summary>
    public static bool IsAddress(string text) => BootstrapServers().IsMatch(text);

    /// <exception cref="CliException">No broker answers within ten seconds, or the client library is missing.</exception>
    public static async Task<Topology> ReadAsync(string bootstrapServers, CancellationToken cancellation)
    {
        try
        {
            // The client library blocks.
            return await Task.Run(() => ReadTopologyAsync(bootstrapServers), cancellation).WaitAsync(cancellation);
        }
        catch (KafkaException failure)
        {
            throw Unreachable(bootstrapServers, failure.Error.Reason);
        }
        catch (DllNotFoundException failure)
        {
            throw Unreachable(bootstrapServers, $"the client library librdkafka is missing: {failure.Message}");
        }
    }

    private static async Task<Topology> ReadTopologyAsync(string bootstrapServers)
    {
        // Through Aspire's client, as services do: it also knows where the native library is.
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration[$"ConnectionStrings:{Connection}"] = bootstrapServers;
        builder.AddKafkaProducer<Null, Null>(
            Connection,
            settings =>
            {
                settings.DisableHealthChecks = true;
                settings.DisableMetrics = true;
            }
        );
        using var host = builder.Build();
        using var admin = new DependentAdminClientBuilder(
            host.Services.GetRequiredService<IProducer<Null, Null>>().Handle
        ).Build();
        var metadata = admin.GetMetadata(Patience);
        var topics = metadata
            .Topics.Where(topic => !topic.Error.IsError && !topic.Topic.StartsWith("__", StringComparison.Ordinal))
            .ToList();
        var settings = await SettingsAsync(admin, topics.ConvertAll(topic => topic.Topic));
        return new Topology(metadata.Brokers.Count, topics.ConvertAll(topic => Of(topic, settings[topic.Topic])));
    }

    private static TopicTopology Of(TopicMetadata topic, Dictionary<string, ConfigEntryResult> settings) =>
        new(
            topic.Topic,
            topic.Partitions.Count,
            topic.Partitions.Min(partition => partition.Replicas.Length),
            (int)(Number(settings, "min.insync.replicas") ?? 1)
        );

    private static long? Number(Dictionary<string, ConfigEntryResult> settings, string name) =>
        settings.TryGetValue(name, out var entry)
        && long.TryParse(entry.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static async Task<Dictionary<string, Dictionary<string, ConfigEntryResult>>> SettingsAsync(
        IAdminClient admin,
        List<string> topics
    )
    {
        if (topics.Count == 0)
            return [];
        var described = await admin.DescribeConfigsAsync(
            topics.Select(topic => new ConfigResource { Type = ResourceType.Topic, Name = topic }),
            new DescribeConfigsOptions { RequestTimeout = Patience }
        );
        return described.ToDictionary(
            topic => topic.ConfigResource.Name,
            topic => topic.Entries,
            StringComparer.Ordinal
        );
    }

    private static CliException Unreachable(string bootstrapServers, string reason) =>
        new(ErrorCatalogue.ServiceUnreachable, $"Kafka at {bootstrapServers} cannot be looked at: {reason}");

    // kafka-1:9092,kafka-2:9092 or [::1]:9092
    [GeneratedRegex(
        @"^(\[[0-9a-fA-F:.]+\]|[^\s,:/\\\[\]]+):[0-9]{1,5}(,(\[[0-9a-fA-F:.]+\]|[^\s,:/\\\[\]]+):[0-9]{1,5})*\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex BootstrapServers();
}
