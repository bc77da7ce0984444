namespace Veltrix.Configuration.Tests.Differences;

/// <summary>Configurations of the right shape, with arbitrary values: some differ in one place only, many in several.</summary>
internal static class RandomConfigurations
{
    private static readonly string[] Names = ["hunts", "players", "it's", "a.b", "ü\u0001\"\\", "€"];

    public static PlatformConfiguration Next(Random random)
    {
        var start = PlatformConfiguration.Default;
        return start with
        {
            Clusters =
            [
                .. Some(random, 2)
                    .Select(name => new ClusterConfiguration(
                        name,
                        [.. Some(random, 3).Select(topic => new TopicConfiguration(topic, random.Next(1, 3)))]
                    )),
            ],
            EventTypes =
            [
                .. Some(random, 3).Select(type => new EventTypeConfiguration(type, Names[random.Next(Names.Length)])),
            ],
            Ingest = start.Ingest with { MaximumBytesInFlight = random.NextInt64(1L << 53) },
            Processor = start.Processor with { Workers = random.Next(1, 3) },
            Workflows = start.Workflows with { HuntTimeoutMinutes = random.Next(1, 3) },
        };
    }

    private static IEnumerable<string> Some(Random random, int most) =>
        Names.OrderBy(_ => random.Next()).Take(random.Next(most + 1)).ToList();
}
