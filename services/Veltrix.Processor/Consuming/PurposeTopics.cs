using Microsoft.Extensions.Options;
using Veltrix.Configuration;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Processor.Consuming;

/// <summary>
/// What one purpose reads: the topics that may carry an event of its types, those without a route, and those that it read
/// before. A route that moves elsewhere leaves accepted events behind, and their topic stays subscribed for as long as the
/// configuration has it; an event of another purpose is ignored.
/// </summary>
/// <param name="kafka">Where the topics are.</param>
/// <param name="configuration">What routes types to topics.</param>
/// <param name="group">The purpose's consumer group.</param>
/// <param name="types">What the purpose handles: types, or prefixes that end with <c>.*</c>.</param>
internal sealed class PurposeTopics(
    KafkaTopics kafka,
    IPlatformConfiguration configuration,
    string group,
    IReadOnlyList<string> types
)
{
    private readonly HashSet<string> _readBefore = new(StringComparer.Ordinal);
    private ConfigurationVersion? _version;
    private IReadOnlyList<string> _current = [];

    /// <summary>Waits for Kafka, has missing topics made, and asks what earlier processes of the group read.</summary>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        await kafka.EnsureAsync(cancellation);
        _readBefore.UnionWith(await kafka.ReadBeforeAsync(group, cancellation));
    }

    /// <summary>The topics of the version in force, in the order of the alphabet. For one thread at a time, and cheap.</summary>
    public IReadOnlyList<string> Current()
    {
        var version = configuration.Current;
        if (ReferenceEquals(version, _version))
            return _current;
        _version = version;
        _readBefore.UnionWith(RoutedHere(version.Configuration));
        return _current = Read(version.Configuration);
    }

    private IReadOnlyList<string> Read(PlatformConfiguration current)
    {
        var routed = current.EventTypes.Select(type => type.Topic).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. current
                .TopicsOn(ClusterConfiguration.Served)
                .Select(topic => topic.Name)
                .Where(topic => _readBefore.Contains(topic) || !routed.Contains(topic))
                .Order(StringComparer.Ordinal),
        ];
    }

    private IEnumerable<string> RoutedHere(PlatformConfiguration current) =>
        current.EventTypes.Where(routed => types.Any(routed.Overlaps)).Select(routed => routed.Topic);
}

/// <summary>Registers what a purpose reads, under the purpose's name.</summary>
internal static class PurposeTopicsExtensions
{
    public static void AddPurposeTopics(
        this IServiceCollection services,
        string purpose,
        Func<IServiceProvider, IReadOnlyList<string>> types
    ) =>
        services.AddKeyedSingleton(
            purpose,
            (provider, _) =>
                new PurposeTopics(
                    provider.GetRequiredService<KafkaTopics>(),
                    provider.GetRequiredService<IPlatformConfiguration>(),
                    provider.GetRequiredService<IOptions<ProcessorOptions>>().Value.Group(purpose),
                    types(provider)
                )
        );
}
