using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace Veltrix.Testing;

/// <summary>
/// A real Apache Kafka beside the repository (<see cref="KafkaDistribution"/>): a node to compare with, and the original
/// tools. It is no prerequisite: a machine without it, or without Java 17, skips what wants it, visibly.
/// </summary>
public static partial class ApacheKafka
{
    private static readonly int PortForUsers = Servers.FreePort();
    private static readonly Lazy<Task<string>> Node = new(StartAsync);
    private static readonly Lazy<Task<int>> Java = new(JavaVersionAsync);

    /// <summary>Bootstrap servers of one node that all tests of the process share. Skips the test where it cannot be had.</summary>
    public static async Task<string> ServersAsync()
    {
        await FindAsync();
        return await Node.Value;
    }

    /// <summary>
    /// Where the same node wants <see cref="Servers.KafkaUser"/> and <see cref="Servers.Password"/> by SASL/PLAIN. Skips the test
    /// where it cannot be had.
    /// </summary>
    public static async Task<string> ServersForUsersAsync()
    {
        await ServersAsync();
        return Address(PortForUsers);
    }

    /// <summary>Runs one of its tools to the end. Skips the test where it cannot be had.</summary>
    /// <param name="mainClass">The tool's class.</param>
    /// <param name="arguments">The tool's arguments.</param>
    /// <param name="input">The tool's standard input.</param>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string mainClass,
        IEnumerable<string> arguments,
        string input = ""
    )
    {
        var kafka = await FindAsync();
        return await kafka.RunAsync(mainClass, arguments, input, cancellation: TestContext.Current.CancellationToken);
    }

    /// <summary>The distribution. Skips the test where there is none, or no Java to run it.</summary>
    public static async Task<KafkaDistribution> FindAsync()
    {
        var kafka = new KafkaDistribution(SharedMaterial.Find(KafkaDistribution.Name));
        if (await Java.Value < KafkaDistribution.OldestJava)
            Assert.Skip(
                $"Java {KafkaDistribution.OldestJava} or newer is not on PATH. Type: sudo apt-get install -y openjdk-17-jre-headless"
            );
        return kafka;
    }

    private static async Task<string> StartAsync()
    {
        var server = new ApacheKafkaServer(await FindAsync(), PortForUsers);
        return Address((await ServerProcess.StartAsync("apache-kafka", server)).Port);
    }

    private static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    /// <summary>The number before the first point of <c>openjdk version "17.0.15"</c>; 0 when there is no Java.</summary>
    private static async Task<int> JavaVersionAsync()
    {
        try
        {
            var java = new NativeTool("java", new Dictionary<string, string>());
            var (_, _, errors) = await java.RunAsync(["-version"]);
            var version = Version().Match(errors);
            return version.Success ? int.Parse(version.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) : 0;
        }
        catch (Win32Exception)
        {
            return 0;
        }
    }

    [GeneratedRegex("version \"(?<number>[0-9]+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Version();
}
