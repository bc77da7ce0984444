using System.Globalization;
using Veltrix.Configuration;

namespace Veltrix.Cli.Fleet;

/// <summary>The fleet, and one node of it, for people.</summary>
internal static class FleetText
{
    private const string Nothing = "-";

    /// <summary>One line per node. Plain columns: the detail is a sentence, and a terminal or a pipe may be of any width.</summary>
    public static void Write(TextWriter output, IReadOnlyList<FleetNode> fleet)
    {
        if (fleet.Count == 0)
        {
            output.WriteLine("No node has reported within ten minutes.");
            return;
        }
        var name = fleet.Max(node => node.Node.Length);
        foreach (var node in fleet)
            output.WriteLine($"{node.Node.PadRight(name)}  {Standing(node)}");
    }

    /// <summary>How the node stands, its last report, and its last minutes, oldest first.</summary>
    public static void Write(TextWriter output, NodeDetail detail)
    {
        var report = detail.Node.Report;
        output.WriteLine($"{detail.Node.Node}  {Standing(detail.Node)}");
        output.WriteLine(
            Text(
                $"cpu {report.CpuCores:0.00} cores, memory {report.WorkingSetBytes >> 20} MiB, descriptors {report.FileDescriptors?.ToString() ?? Nothing}"
            )
        );
        output.WriteLine(
            Text(
                $"events {report.EventsPerSecond:0.#}/s, errors {report.ErrorsPerSecond:0.#}/s{Codes(report.Errors)}, p50 {Milliseconds(report.LatencyP50Milliseconds)}, p99 {Milliseconds(report.LatencyP99Milliseconds)}, queue {Percent(report.Queue)}"
            )
        );
        if (detail.Minutes.Count == 0)
            return;
        output.WriteLine();
        output.WriteLine("minute UTC  events/s  errors/s       p50       p99   queue  versions");
        foreach (var minute in detail.Minutes.Reverse())
            output.WriteLine(
                Text(
                    $"{minute.Minute.UtcDateTime:HH:mm}       {minute.EventsPerSecond, 8:0.#}  {minute.ErrorsPerSecond, 8:0.#}  {Milliseconds(minute.LatencyP50Milliseconds), 8}  {Milliseconds(minute.LatencyP99Milliseconds), 8}  {Percent(minute.Queue), 6}  {string.Join(' ', minute.Versions)}{Codes(minute.Errors)}"
                )
            );
    }

    private static string Standing(FleetNode node) =>
        Text($"{node.Condition, -8}  since {node.Since.UtcDateTime:HH:mm:ss} UTC  {node.Detail}");

    private static string Codes(IReadOnlyList<ErrorCount>? errors) =>
        errors is { Count: > 0 }
            ? $" ({string.Join(", ", errors.Select(error => Text($"{error.Code}: {error.Count}")))})"
            : "";

    private static string Milliseconds(double? value) => value is { } time ? Text($"{time:0.0} ms") : Nothing;

    private static string Percent(QueueOccupancy? queue) =>
        queue is null ? Nothing : Text($"{100 * queue.Fraction:0} %");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
