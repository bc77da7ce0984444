using Veltrix.Testing;

namespace Veltrix.Conformance.Tests.Tools;

/// <summary>Kafka's own Java programs against our broker.</summary>
internal static class JavaTools
{
    /// <summary>Runs one of <c>org.apache.kafka.tools</c> and gives what it printed.</summary>
    public static Task<string> ToolAsync(string name, string[] arguments, string input = "") =>
        RunAsync($"org.apache.kafka.tools.{name}", arguments, input);

    public static async Task<string> RunAsync(string mainClass, string[] arguments, string input = "")
    {
        var servers = await TestedKafka.Veltrix.ServersAsync();
        var (exitCode, output, errors) = await ApacheKafka.RunAsync(
            mainClass,
            ["--bootstrap-server", servers, .. arguments],
            input
        );
        exitCode.ShouldBe(0, $"{mainClass}\n{output}\n{errors}");
        return output;
    }

    public static Task CreateTopicAsync(string name, int partitions) =>
        ToolAsync(
            "TopicCommand",
            ["--create", "--topic", name, "--partitions", $"{partitions}", "--replication-factor", "1"]
        );
}
