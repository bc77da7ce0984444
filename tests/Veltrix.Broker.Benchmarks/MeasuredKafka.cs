using System.Diagnostics;
using System.Globalization;
using Veltrix.Testing;

namespace Veltrix.Broker.Benchmarks;

/// <summary>One node of a real Apache Kafka (<c>kafka</c> below <c>VELTRIX_SHARED</c> or ../shared) as a process of its own.</summary>
internal sealed class MeasuredKafka : IMeasuredBroker
{
    private const string FlushEachBatch = "log.flush.interval.messages=1";
    private readonly string _program;
    private readonly string _directory;
    private readonly Process _process;

    private MeasuredKafka(string program, string name, string directory, int port)
    {
        (_program, Name, _directory, Port) = (program, name, directory, port);
        var id = File.ReadAllText(Path.Combine(directory, "node-1", "pid"));
        _process = Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture));
    }

    public string Name { get; }

    public int Port { get; }

    /// <summary>Starts a node; null where there is none to start.</summary>
    /// <param name="directory">For its data.</param>
    /// <param name="flushes">Whether it syncs every batch before it answers, as Veltrix does.</param>
    public static MeasuredKafka? TryStart(string directory, bool flushes)
    {
        if (SharedMaterial.TryFind("kafka/kafka") is not { } program)
            return null;
        var port = Servers.FreePort();
        var settings = new Dictionary<string, string?> { ["KAFKA_SETTINGS"] = flushes ? FlushEachBatch : "" };
        Run(program, ["start", "--port", $"{port}", "--dir", directory], settings);
        return new MeasuredKafka(program, flushes ? "Kafka, a flush per batch" : "Kafka", directory, port);
    }

    /// <summary>Runs one of Kafka's tools; what it printed.</summary>
    public static string Tool(params string[] arguments) =>
        Run(SharedMaterial.TryFind("kafka/kafka")!, ["tool", .. arguments], []);

    public long ResidentBytes()
    {
        _process.Refresh();
        return _process.WorkingSet64;
    }

    public TimeSpan ProcessorTime()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    public void Dispose()
    {
        Run(_program, ["stop", "--dir", _directory], []);
        _process.Dispose();
    }

    private static string Run(string program, string[] arguments, Dictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed: {output}");
    }
}
