using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Veltrix.Config.Acts;
using Veltrix.Configuration;
using Veltrix.Configuration.History;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Problems;

namespace Veltrix.Config.Proposals;

/// <summary>Reads the body of a proposal by its media type: a whole document, or a merge patch.</summary>
internal static class DraftBody
{
    // A patch that says two things of one member says nothing. Of a whole document all errors are told, with their paths.
    private static readonly JsonDocumentOptions PatchOptions = new() { AllowDuplicateProperties = false };

    /// <summary>What makes the proposed document of the current one, or why the body cannot be read; exactly one of the two is null.</summary>
    public static async Task<(
        Func<PlatformConfiguration, Outcome<PlatformConfiguration>>? Draft,
        ProblemHttpResult? Problem
    )> ReadAsync(HttpRequest request)
    {
        if (IsPatch(request))
            return await ReadPatchAsync(request);
        var (document, problem) = await RequestBody.ReadJsonAsync(request);
        using var body = document;
        if (problem is not null)
            return (null, problem);
        var read = DraftReader.Document(body!.RootElement);
        return (_ => read, null);
    }

    private static async Task<(
        Func<PlatformConfiguration, Outcome<PlatformConfiguration>>? Draft,
        ProblemHttpResult? Problem
    )> ReadPatchAsync(HttpRequest request)
    {
        try
        {
            var (document, problem) = await RequestBody.ReadJsonAsync(request, PatchOptions);
            using var body = document;
            var patch = body?.Deserialize<JsonNode>();
            return problem is null ? (current => DraftReader.Patch(current, patch), null) : (null, problem);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or JsonException)
        {
            // An escaped lone surrogate: JSON's grammar allows it (RFC 8259, section 8.2), Unicode does not.
            return (null, ErrorCatalogue.InvalidRequest.ToProblem($"The body is not Unicode: {exception.Message}"));
        }
    }

    private static bool IsPatch(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals(MergePatch.MediaType, StringComparison.OrdinalIgnoreCase);
}
