namespace Veltrix.Testing;

/// <summary>An unpacked Apache Kafka: nothing of it is used but its jars, which Java runs.</summary>
/// <param name="Libraries">The directory of the jars.</param>
public sealed record KafkaDistribution(string Libraries)
{
    /// <summary>Where it lies below <c>VELTRIX_SHARED</c> or ../shared.</summary>
    public const string Name = "kafka/libs";

    /// <summary>The oldest Java that runs it.</summary>
    public const int OldestJava = 17;

    private const string ServerHeap = "-Xmx512m";
    private const string ToolHeap = "-Xmx256m";

    // What a JVM does for long-lived programs costs others more than it gives.
    private static readonly string[] ShortLived = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"];
    private static readonly NativeTool Java = new("java", new Dictionary<string, string>());

    /// <summary>The one beside the repository; null when there is none.</summary>
    public static KafkaDistribution? TryFind() =>
        SharedMaterial.TryFind(Name) is { } libraries ? new KafkaDistribution(libraries) : null;

    /// <summary>Arguments of <c>java</c> that run a server.</summary>
    /// <param name="properties">The path of its properties.</param>
    /// <param name="logging">The path of Log4j's.</param>
    public IReadOnlyList<string> Server(string properties, string logging) =>
        [ServerHeap, $"-Dlog4j2.configurationFile={logging}", .. Program("kafka.Kafka"), properties];

    /// <summary>Runs one of its tools to the end.</summary>
    /// <param name="mainClass">The tool's class.</param>
    /// <param name="arguments">The tool's arguments.</param>
    /// <param name="input">The tool's standard input.</param>
    /// <param name="isLongLived">Whether it runs for so long that what it does is worth optimising.</param>
    /// <param name="cancellation">Kills it.</param>
    public Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string mainClass,
        IEnumerable<string> arguments,
        string input = "",
        bool isLongLived = false,
        CancellationToken cancellation = default
    )
    {
        var options = isLongLived ? [] : ShortLived;
        return Java.RunAsync([ToolHeap, .. options, .. Program(mainClass), .. arguments], input, cancellation);
    }

    private string[] Program(string mainClass) => ["-cp", Path.Combine(Libraries, "*"), mainClass];
}
