using System.Text.Json;
using Veltrix.Configuration.Diagnoses;
using Veltrix.Events;

namespace Veltrix.Admin.Clients;

/// <summary>A problem document (RFC 9457) as the services send it.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Code of the error catalogue, for instance <c>VX-2002</c>.</param>
/// <param name="Title">The same for every occurrence.</param>
/// <param name="Detail">What happened this time.</param>
/// <param name="Fix">What the reader can do.</param>
/// <param name="Errors">Every single error, where there are several.</param>
/// <param name="Findings">What the doctor found, where it refused.</param>
public sealed record Problem(
    int Status,
    string Code,
    string Title,
    string? Detail,
    string? Fix,
    IReadOnlyList<ProblemError> Errors,
    IReadOnlyList<Finding>? Findings = null
)
{
    /// <summary>A problem that this site found itself.</summary>
    public static Problem Of(Error error, string detail) =>
        new(error.Status, error.Code, error.Title, detail, error.Fix, []);

    /// <summary>Reads the answer's problem document; an answer without one becomes a problem, too.</summary>
    public static async Task<Problem> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var status = (int)answer.StatusCode;
        var document = await TryReadAsync(answer, cancellation);
        return new Problem(
            status,
            document?.Code ?? $"HTTP {status}",
            document?.Title ?? answer.ReasonPhrase ?? "The request failed",
            document?.Detail ?? $"{answer.RequestMessage?.RequestUri?.Host} answered {status}.",
            document?.Fix,
            document?.Errors ?? [],
            document?.Findings
        );
    }

    private static async Task<Document?> TryReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.Content.Headers.ContentType?.MediaType is not ("application/problem+json" or "application/json"))
            return null;
        try
        {
            return await answer.Content.ReadFromJsonAsync<Document>(cancellation);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Document(
        string? Code,
        string? Title,
        string? Detail,
        string? Fix,
        IReadOnlyList<ProblemError>? Errors,
        IReadOnlyList<Finding>? Findings
    );
}

/// <summary>One finding of a problem document.</summary>
/// <param name="Path">Where in the document, for instance <c>$.processor.workers</c>.</param>
/// <param name="Message">What is wrong there.</param>
/// <param name="Allowed">What would be right; null where the message says it all.</param>
public sealed record ProblemError(string? Path, string? Message, string? Allowed);
