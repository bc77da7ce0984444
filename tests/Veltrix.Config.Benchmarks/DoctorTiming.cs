using Veltrix.Cli;
using Veltrix.Cli.Diagnosing;
using Veltrix.Cli.Load;
using Veltrix.Cli.Watchers;
using Veltrix.Configuration;
using Veltrix.Configuration.Diagnoses;
using Veltrix.Testing;
using LatencyHistogram = Veltrix.Cli.Load.LatencyHistogram;

namespace Veltrix.Config.Benchmarks;

/// <summary>How long the doctor takes for one verdict.</summary>
internal static class DoctorTiming
{
    private const int Verdicts = 1_000;

    /// <summary>The default document, and each incident. The first verdict of all is the one of a fresh process.</summary>
    public static async IAsyncEnumerable<(string Name, Spread Verdicts)> MeasureAsync()
    {
        yield return (
            "the first one of a process",
            Time(1, () => Doctor.Examine(PlatformConfiguration.Default, PlatformConfiguration.Default))
        );
        yield return (
            "default document",
            Time(Verdicts, () => Doctor.Examine(PlatformConfiguration.Default, PlatformConfiguration.Default))
        );
        foreach (
            var incident in Directory
                .EnumerateDirectories(Path.Combine(Repository.Root, "tests/Fixtures/incidents"))
                .Order(StringComparer.Ordinal)
        )
        {
            var input = await DoctorInput.ReadAsync(
                new DoctorFiles(
                    Path.Combine(incident, "configuration.json"),
                    IfExists(incident, "traffic.json"),
                    IfExists(incident, "machine.json"),
                    IfExists(incident, "topology.json"),
                    IfExists(incident, "previous.json")
                ),
                new CliContext(TextWriter.Null, Console.Error, () => Stream.Null, Environment.CurrentDirectory),
                CancellationToken.None
            );
            yield return (Path.GetFileName(incident), Time(Verdicts, () => input.Examine()));
        }
    }

    private static string? IfExists(string directory, string file) =>
        Path.Combine(directory, file) is var path && File.Exists(path) ? path : null;

    private static Spread Time(int times, Func<Diagnosis> examine)
    {
        var histogram = new LatencyHistogram();
        for (var round = 0; round < times; round++)
        {
            var started = TimeProvider.System.GetTimestamp();
            examine();
            histogram.Record((long)TimeProvider.System.GetElapsedTime(started).TotalMicroseconds);
        }
        return Spread.Of(histogram)!;
    }
}
