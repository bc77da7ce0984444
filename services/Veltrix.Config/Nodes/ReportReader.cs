using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Veltrix.Configuration;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Problems;

namespace Veltrix.Config.Nodes;

/// <summary>Reads a node's report from a request. A good one is parsed once; only a bad one is looked at member by member.</summary>
internal static class ReportReader
{
    private const int CodeCharacters = 7;
    private const int MaximumHashCharacters = 128;

    // No node has so many bytes or events; and sums of it are far from infinity, which JSON cannot write.
    private const double LargestMeasure = 1e15;

    /// <summary>As strict as <see cref="ConfigurationReader"/>: what is kept as it came has to be read by others, too.</summary>
    private static readonly ConfigurationJson Strict = new(
        new JsonSerializerOptions(ConfigurationJson.Default.Options)
        {
            PropertyNameCaseInsensitive = false,
            NumberHandling = JsonNumberHandling.Strict,
        }
    );

    /// <summary>Reads the body to its end; its size is bounded by the endpoint.</summary>
    public static async Task<(NodeReport? Report, byte[] Json, ProblemHttpResult? Problem)> ReadAsync(
        HttpRequest request
    )
    {
        try
        {
            var reader = request.BodyReader;
            var read = await reader.ReadAsync(request.HttpContext.RequestAborted);
            while (!read.IsCompleted)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                read = await reader.ReadAsync(request.HttpContext.RequestAborted);
            }
            var json = read.Buffer.ToArray();
            reader.AdvanceTo(read.Buffer.End);
            return TryRead(json, out var report) && Fault(report) is null
                ? (report, json, null)
                : (null, json, Explain(json, report));
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, [], ErrorCatalogue.RequestTooLarge.ToProblem(exception.Message));
        }
    }

    private static bool TryRead(byte[] json, [NotNullWhen(true)] out NodeReport? report)
    {
        try
        {
            report = JsonSerializer.Deserialize(json, Strict.NodeReport);
        }
        catch (JsonException)
        {
            report = null;
        }
        return report is not null;
    }

    private static ProblemHttpResult Explain(byte[] json, NodeReport? report)
    {
        if (report is not null)
            return ErrorCatalogue.InvalidRequest.ToProblem(Fault(report)!);
        try
        {
            using var document = JsonDocument.Parse(json);
            var errors = ConfigurationReader.Read(
                document.RootElement,
                ConfigurationJson.Default.NodeReport,
                out NodeReport? _
            );
            return ErrorCatalogue.InvalidRequest.ToProblem(
                "The body is not a node report.",
                new Dictionary<string, object?>(StringComparer.Ordinal) { ["errors"] = errors }
            );
        }
        catch (JsonException exception)
        {
            return ErrorCatalogue.InvalidRequest.ToProblem($"The body is not JSON: {exception.Message}");
        }
    }

    /// <summary>What is wrong with the values; null for nothing. What is taken here is kept, added up and shown to operators.</summary>
    private static string? Fault(NodeReport report) =>
        !NodeName.Is(report.Node) || !NodeName.Is(report.Service)
            ? $"node and service must have 1 to {NodeName.MaximumCharacters} characters, none of them a control character or a slash."
        : report.Hash is { } hash && !OneLine.Is(hash, MaximumHashCharacters)
            ? $"hash must have 1 to {MaximumHashCharacters} characters, none of them a control character."
        : report.Refusal is { } refusal && !OneLine.Is(refusal, NodeReport.MaximumRefusalCharacters)
            ? $"refusal must have 1 to {NodeReport.MaximumRefusalCharacters} characters, none of them a control character."
        : !IsMeasure(report.CpuCores)
        || !IsMeasure(report.EventsPerSecond)
        || !IsMeasure(report.ErrorsPerSecond)
        || !IsMeasure(report.LatencyP50Milliseconds ?? 0)
        || !IsMeasure(report.LatencyP99Milliseconds ?? 0)
        || !IsMeasure(report.WorkingSetBytes)
        || !IsMeasure(report.Queue?.Bytes ?? 0)
        || !IsMeasure(report.Queue?.Fraction ?? 0)
            ? $"Rates, times and sizes must be from 0 to {LargestMeasure}."
        : report.Latency?.IsValid() == false || report.Handling?.IsValid() == false
            ? $"A histogram has counts from 0 to {LatencyHistogram.MaximumCount} in the buckets 0 to {LatencyHistogram.Buckets.Count - 1}."
        : report.Errors is { } errors && !AreErrors(errors)
            ? $"errors has at most {NodeReport.MaximumErrorCodes} entries, each with a code VX-nnnn and a count that is not negative."
        : report.HandledTypes is { } types && !AreTypes(types)
            ? $"handledTypes has no empty entry and at most {NodeReport.MaximumHandledCharacters} characters."
        : null;

    private static bool IsMeasure(double value) => value is >= 0 and <= LargestMeasure;

    private static bool AreErrors(IReadOnlyList<ErrorCount> errors)
    {
        if (errors.Count > NodeReport.MaximumErrorCodes)
            return false;
        foreach (var error in errors)
            // The serializer lets null pass as an element.
            if (error is null || error.Count is < 0 or > LatencyHistogram.MaximumCount || !IsCode(error.Code))
                return false;
        return true;
    }

    private static bool AreTypes(IReadOnlyList<string> types) =>
        // The serializer lets null pass as an element.
        types.All(type => type is { Length: > 0 })
        && types.Sum(type => type.Length) <= NodeReport.MaximumHandledCharacters;

    private static bool IsCode(string code) =>
        code.Length == CodeCharacters
        && code.StartsWith("VX-", StringComparison.Ordinal)
        && !code.AsSpan(3).ContainsAnyExceptInRange('0', '9');
}
