using System.Globalization;
using System.Text.Json.Nodes;
using Veltrix.Configuration.Capacity;
using Veltrix.Configuration.Diagnoses;

namespace Veltrix.Cli.Diagnosing;

/// <summary>Writes a diagnosis for people.</summary>
internal static class TextReport
{
    public static void Write(TextWriter writer, DoctorReport report)
    {
        foreach (var finding in report.Findings)
            Write(writer, finding);
        Write(writer, report.Capacity);
        writer.WriteLine(
            $"{Count(report, Severity.Error)} errors, {Count(report, Severity.Warning)} warnings, "
                + $"{Count(report, Severity.Advice)} advice: {(report.Refused ? "refused" : "may be published")}"
        );
    }

    private static void Write(TextWriter writer, Finding finding)
    {
        writer.WriteLine($"{Word(finding.Severity)} {finding.Code}: {finding.Title}");
        writer.WriteLine(
            finding.Value is null or JsonArray or JsonObject
                ? $"  at       {finding.Path}"
                : $"  at       {finding.Path} = {finding.Value.ToJsonString()}"
        );
        writer.WriteLine($"  evidence {finding.Evidence}");
        writer.WriteLine($"  effect   {finding.Effect}");
        foreach (var operation in finding.Fix ?? [])
            writer.WriteLine($"  fix      {operation.Op} {operation.Path} {operation.Value?.ToJsonString()}".TrimEnd());
        writer.WriteLine($"  see      {finding.Link}");
        writer.WriteLine();
    }

    private static void Write(TextWriter writer, CapacityAnswers capacity)
    {
        writer.WriteLine($"Saturates first: {capacity.First.Name}, at {capacity.First.Arithmetic}");
        var twice = capacity.TwiceTheTraffic;
        writer.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Twice the traffic ({twice.EventsPerSecond:N0} events/s): {twice.IngestNodes} ingest nodes, "
            )
                + (
                    twice.ProcessorNodes is { } nodes
                        ? string.Create(CultureInfo.InvariantCulture, $"{nodes} processor nodes")
                        : "no number of processor nodes is enough"
                )
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $", {twice.KeptBytes / 1e9:N0} GB of records for each copy"
                )
        );
        if (capacity.BestChange is { } change)
            writer.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Helps most: {change.Path} = {change.Value}, then {change.EventsPerSecond:N0} events/s"
                )
            );
    }

    private static int Count(DoctorReport report, Severity severity) =>
        report.Findings.Count(finding => finding.Severity == severity);

    private static string Word(Severity severity) => severity.ToString().ToLowerInvariant();
}
